/**
 * deno task inspect: what a program says of itself: ledger, scales, sizes, seed, hashes. Nothing of it is run, but with
 * --columns and --planes, which decode a table, or JPEG files, and code them again to tell what each part takes.
 */
import { type Rows, tableText } from "./laboratory/figures/table.ts";
import type { Coded } from "../lib/codec.ts";
import { codecOf } from "../lib/codecs.ts";
import type { Context } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { contentsOf, type Files } from "../lib/files/data.ts";
import { encodeFiles } from "../lib/jpeg/encode.ts";
import { DEFAULT_SPEC } from "../lib/jpeg/engine.ts";
import type { ImageGroup } from "../lib/image/dataset.ts";
import { byteCount, itemCount } from "../lib/items.ts";
import { readShape } from "../lib/image/shape.ts";
import { codedWith, type ModelSpec } from "../lib/image/spec.ts";
import { sha256 } from "../lib/hash.ts";
import { ledgerOf } from "../lib/program/ledger.ts";
import { printable } from "../lib/printable.ts";
import { programOf } from "../lib/program/program.ts";
import { isDetached, readDetached } from "./laboratory/large_model/detached.ts";
import { type ProgramInfo, readFront, readProgram } from "../lib/program/read.ts";
import { tableOf } from "../lib/table/csv.ts";
import { encodeTable, SWITCHES } from "../lib/table/engine.ts";
import { type Scale, scalesOf } from "../lib/image/scales.ts";
import {
  command,
  counted,
  LIMIT_OPTION,
  limited,
  number,
  options,
  readFile,
  refuseIdle,
  type Task,
} from "./command.ts";

const TASK: Task = {
  start: "deno task inspect",
  about:
    "Says what is in a program: ledger, scales, sizes, seed, hashes. Without --columns or --planes nothing is run.",
  takes: "x.wasm",
  least: 1,
  example: "deno task inspect pics.wasm",
};

/** What there is to ask of a program that can be run. */
const OF_MODULES = {
  partial: { type: "boolean", help: "take a file that was cut off" },
  columns: { type: "boolean", help: "of a table: bytes of each column (decodes it, and codes it again)" },
  planes: { type: "boolean", help: "of JPEG files: bytes of headers and planes (likewise)" },
  ...LIMIT_OPTION,
} as const;
const OPTIONS = { ...OF_MODULES, json: { type: "boolean", help: "print JSON" } } as const;

/** So many names of files are shown. */
const NAMED = 20;

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const file = await readFile(positionals[0]!);
  if (isDetached(file)) {
    refuseIdle(values, OF_MODULES, "a program that has its weights");
    return console.log(withoutWeights(file, values.json ?? false));
  }
  const info = readProgram(file, { prefix: values.partial ?? false });
  const { modality, mode, order, record, sha256, memoryBytes, complete, items } = info;
  codecOf(info).checkShape(info.shape, items);
  const pictures = modality === "image" ? readShape(info) : undefined;
  const ledger = ledgerOf(info), bytes = file.length, scales = pictures ? scalesOf(info) : [];
  const entries = complete ? ledger.entries : [
    ...ledger.entries,
    { name: "a part of the next scale", bytes: bytes - ledger.bytes },
  ];
  const symbols = byteCount(items), count = itemCount(items), unit = codecOf(info).unit;
  const run = { signal, progress: bar.report, ...limited(values) };
  if (values.columns && modality !== "table") throw withoutParts("column", "its data are no table");
  if (values.planes && modality !== "jpeg") throw withoutParts("plane", "its data are no JPEG files");
  const decoded = values.columns || values.planes ? await programOf<Files>(file).decode(run) : undefined;
  const columns = decoded && values.columns ? await columnRows(info, decoded, run) : undefined;
  const planes = decoded && values.planes ? await planeRows(info, decoded, run) : undefined;
  await bar.close();
  if (values.json) {
    const said = { modality, mode, order, ...pictures, [unit]: count, symbols, memoryBytes, sha256, record };
    return console.log(
      JSON.stringify({ ...said, complete, bytes, ledger: entries, scales, columns, planes }, null, 2),
    );
  }
  const way = pictures ? `, ${order} order` : "";
  console.log(`${positionals[0]}: ${number(bytes)} bytes, ${modality}, ${mode}${way}`);
  if (!pictures && count <= NAMED) console.log(printable(`files: ${info.names.join(", ")}`));
  if (!complete) {
    const whole = info.segments.at(-1)!.scale + 1;
    console.log(
      `cut short: of its ${info.scales} scales ${
        whole === 1 ? "the first is" : `the first ${whole} are`
      } whole`,
    );
  }
  const shape = pictures ? ` (${sizes(pictures.groups)})` : "";
  console.log(`regenerates ${counted(count, unit.slice(0, -1))}${shape}, ${counted(symbols, "symbol")}`);
  const ways = pictures ? codedWith({ ...record.model as ModelSpec }).join(", ") : "";
  if (ways) console.log(`coded with ${ways}`);
  console.log(`symbols' SHA-256 ${sha256}`);
  console.log(`memory ${number(memoryBytes)} bytes`);
  for (const [field, value] of Object.entries(record)) {
    console.log(printable(`${field}: ${typeof value === "object" ? JSON.stringify(value) : value}`));
  }
  const rows = entries.map(({ name, bytes }) => ({ entry: name, bytes }));
  console.log(tableText([...rows, { entry: complete ? "program" : "this file", bytes }]));
  if (columns) console.log(`\nColumns\n${tableText(columns)}`);
  if (planes) console.log(`\nPlanes\n${tableText(planes)}`);
  if (order === "pyramid") console.log(`\nScales\n${tableText(scales.map(scaleRow))}`);
});

/**
 * What each column of a table takes: its code lengths, found by coding the table again.
 *
 * @throws {MdlError} `unsupported` for what is no table, or comes to another payload now
 */
async function columnRows(info: ProgramInfo, { symbols }: Files, run: Partial<Context>): Promise<Rows> {
  const coded = await encodeTable(symbols, SWITCHES, { signal: run.signal!, progress: run.progress! });
  const table = coded && tableOf(symbols);
  if (!table) throw withoutParts("column", "its data are no table, or more than one");
  const share = sharesOf(info, coded, "column", "as text, ");
  return coded.columnBits.map((bits, i) => ({
    column: new TextDecoder().decode(symbols.subarray(table.starts[i]!, table.ends[i]!)),
    "coded as": coded.columns[i]!.kind,
    ...share(bits),
  }));
}

/**
 * What headers and planes of JPEG files take: their code lengths, found by coding the files again.
 *
 * @throws {MdlError} `unsupported` for what comes to another payload now
 */
async function planeRows(info: ProgramInfo, files: Files, run: Partial<Context>): Promise<Rows> {
  const coded = await encodeFiles(contentsOf(files), DEFAULT_SPEC, run),
    share = sharesOf(info, coded, "plane");
  return coded.parts.map(({ part, bits }) => ({ part, ...share(bits) }));
}

function withoutParts(what: "column" | "plane", why: string): MdlError {
  return new MdlError("unsupported", `No ${what} of this program has bytes of its own: ${why}.`);
}

/** How code lengths of a payload that was coded again are shown, if it is that of the program. */
function sharesOf(
  { segments }: ProgramInfo,
  { payloads: [again] }: Pick<Coded, "payloads">,
  what: "column" | "plane",
  otherwise = "",
) {
  const payload = segments.at(-1)!.bytes;
  if (sha256(again!.bytes) !== sha256(payload)) {
    throw new MdlError(
      "unsupported",
      `The bytes of each ${what} are found by coding the data again, which gives another payload here: the program ` +
        `was made ${otherwise}with other options, or by an encoder of another version.`,
    );
  }
  return (bits: number) => ({
    bytes: Math.round(bits / 8),
    "%": Number((100 * bits / 8 / payload.length).toFixed(1)),
  });
}

function scaleRow({ scale, stride, groups, bytes, prefix }: Scale) {
  return {
    scale,
    "every n-th pixel, n": stride,
    pictures: sizes(groups),
    "payload, bytes": bytes,
    "file as far as here, bytes": prefix,
  };
}

function sizes(groups: readonly ImageGroup[]): string {
  const shown = groups.slice(0, 3).map((g) => `${number(g.count)} of ${g.width}×${g.height}`);
  return `${shown.join(", ")}${groups.length > 3 ? ", …" : ""}`;
}

/** What a program without its weights says of itself. */
function withoutWeights(file: Uint8Array, json: boolean): string {
  const { sha256: weights, length, rest } = readDetached(file), front = readFront(rest);
  const { modality, items, sha256, memoryBytes } = front,
    count = itemCount(items),
    symbols = byteCount(items);
  if (json) {
    const said = { modality, items: count, symbols, memoryBytes, sha256, bytes: file.length };
    return JSON.stringify({ ...said, weights: { sha256: weights, bytes: length } }, null, 2);
  }
  return [
    `a program without its weights: ${number(file.length)} bytes`,
    `not in it: ${number(length)} bytes of weights, SHA-256 ${weights}`,
    `with them it gives ${counted(count, "item")} of ${modality}, ${
      number(symbols)
    } bytes, SHA-256 ${sha256}`,
  ].join("\n");
}
