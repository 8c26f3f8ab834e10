/**
 * What files cost under the model in a program that learns while it decodes, and what others cost that go on behind them:
 * the same model codes all of them anew, one after the other, and its −log₂ p are added up. So a file that the program drew
 * is weighed by the model that drew it, which had learnt all of the data; here it goes on to learn, and what drew did not
 * learn from what it drew. (At another temperature than 1 by the model as it is.)
 */
import { encodeAudio, readBlock as readAudio } from "../../lib/audio/engine.ts";
import type { Context } from "../../lib/context.ts";
import { readModule } from "../../lib/decoder/modules.ts";
import { MdlError } from "../../lib/errors.ts";
import { eachFile, type Files, itemsOf } from "../../lib/files/data.ts";
import { finish } from "../../lib/pace.ts";
import { ByteReader, concat, equal } from "../../lib/program/bytes.ts";
import type { ProgramInfo } from "../../lib/program/read.ts";
import * as wasm from "../../lib/program/wasm_module.ts";
import { eventsOf } from "../../lib/table/columns.ts";
import { tableOf } from "../../lib/table/csv.ts";
import { encodeAs, readBlock as readTable } from "../../lib/table/engine.ts";
import { encodeBytes, readBlock as readText } from "../../lib/text/engine.ts";

/** What is coded up to a place: bytes from the first one on, bits; of a table the bits of each column, too. */
export interface Mark {
  readonly bytes: number;
  readonly bits: number;
  readonly columns?: readonly number[];
}

/** Marks behind the program's own files, and behind what follows them; the first of each says where they begin. */
export interface CodeLengths {
  readonly own: readonly Mark[];
  readonly more: readonly Mark[];
}

/** The decoders of programs that are weighed; a table may be coded as text. */
const MODELS = {
  "text": "whole",
  "text-calls": "calls",
  "text-repeats": "repeats",
  "text-plain": "plain",
} as const;
const TEXT = Object.keys(MODELS) as (keyof typeof MODELS)[],
  TABLE = ["table", "table-groups", "table-groups-text"];
const BUILDS = { text: TEXT, bytes: TEXT, table: [...TABLE, ...TEXT], audio: ["audio"] } as const;

/** The kinds of data whose programs can be weighed. */
export type Weighable = keyof typeof BUILDS;

const isText = (build: string): build is keyof typeof MODELS => build in MODELS;

export const isWeighable = (modality: string): modality is Weighable => modality in BUILDS;

/** How far the bits of data may be from the payload that they became: rounding, and what the range coder adds at each end. */
const TOLERANCE = 0.002, ENDS = 64;

/**
 * @param info The program; it has to be one that learns while it decodes.
 * @param data Its files.
 * @param more What goes on behind them: files, of a table rows.
 * @param every Bytes between two marks, where the model is that of text; of tables, rows decide, and of sound, the encoder.
 * @param drawn Whether the program drew them: other sounds may have values that the data do not have, which are then told,
 * too, at the cost of what goes on.
 * @throws {MdlError} `unsupported` for the decoder of another version; `usage` where `more` cannot go on behind the data;
 * `interrupted`
 */
export async function codeLengths(
  info: ProgramInfo,
  data: Files<Weighable>,
  more: Pick<Files, "names" | "symbols" | "lengths">,
  { every, drawn }: { readonly every: number; readonly drawn: boolean },
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<CodeLengths> {
  const build = await buildOf(info, BUILDS[data.modality]), block = info.segments[0]!.bytes;
  const size = data.symbols.length, symbols = concat([data.symbols, more.symbols]);
  const items = [...itemsOf(data), ...itemsOf(more)], marks: Mark[] = [{ bytes: 0, bits: 0 }];
  if (isText(build)) {
    const rows = data.modality === "table", spec = readText(block, MODELS[build]);
    const isEnd = (at: number) => rows ? symbols[at - 1] === LF : (at < size ? at : at - size) % every === 0;
    await encodeBytes(symbols, items, spec, context, (bytes, bits) => {
      if (bytes === size || bytes === symbols.length || isEnd(bytes)) marks.push({ bytes, bits });
    });
  } else if (data.modality === "audio") {
    const meter = (bytes: number, bits: number) => void marks.push({ bytes, bits });
    const files = [...eachFile(data), ...eachFile(more)].map(({ bytes }) => bytes);
    await encodeAudio(files, readAudio(block), context, meter, drawn ? data.lengths.length : Infinity);
  } else await ofTable(symbols, block, context, marks);
  const edge = marks.findIndex(({ bytes }) => bytes >= size), end = marks[edge]!;
  const pays = data.modality === "audio" && !drawn; // what is told of other values makes the data cost more
  if (!pays) checkPayload(end.bits, info);
  const begin = pays ? { ...end, bits: bitsOf(payloadsOf(info)) } : end;
  return { own: marks.slice(0, edge + 1), more: [begin, ...marks.slice(edge + 1)] };
}

const LF = 10;

/** Codes the rows of a table. */
async function ofTable(
  symbols: Uint8Array,
  block: Uint8Array,
  context: Partial<Pick<Context, "signal" | "progress">>,
  marks: Mark[],
): Promise<void> {
  const { slots, switches, columns } = readTable(block), table = tableOf(symbols);
  if (table?.columns !== columns.length) {
    throw new MdlError("usage", `The rows have to go on with a table of ${columns.length} columns.`);
  }
  const events = columns[0]!.kind === "group" ? finish(eventsOf(table, columns))?.events : undefined;
  if (!events && columns[0]!.kind === "group") {
    throw new MdlError(
      "usage",
      "The rows have to go on with groups whose keys ascend, as those of the table do.",
    );
  }
  const meter = (bytes: number, bits: number, columns: Float64Array) => {
    marks.push({ bytes, bits, columns: [...columns] });
  };
  await encodeAs(table, { columns, events, switches, slots }, context, { meter });
}

/** Which build the decoder of a program is. */
async function buildOf(info: ProgramInfo, names: readonly string[]): Promise<string> {
  const own = codeOf(info.module);
  for (const name of names) {
    if (equal(codeOf(await readModule(name)), own)) return name;
  }
  throw otherVersion();
}

const CODE = 10;

/** The body of a module's code section. */
function codeOf(module: Uint8Array): Uint8Array {
  const reader = new ByteReader(module, "module", wasm.PREAMBLE.length);
  for (;;) {
    const { id, body } = wasm.readSection(reader);
    if (id === CODE) return body;
  }
}

const payloadsOf = ({ segments }: ProgramInfo) => segments.filter(({ kind }) => kind === "payload");
const bitsOf = (segments: ProgramInfo["segments"]) =>
  segments.reduce((sum, { bytes }) => sum + 8 * bytes.length, 0);

/** @throws {MdlError} `unsupported` where the data have other code lengths here than in the program */
export function checkPayload(bits: number, info: ProgramInfo): void {
  const payloads = payloadsOf(info), tolerance = TOLERANCE * bits + ENDS * payloads.length;
  if (Math.abs(bitsOf(payloads) - bits) > tolerance) throw otherVersion();
}

const otherVersion = () =>
  new MdlError(
    "unsupported",
    "The program has the decoder of another version of MDLab, whose code lengths are not known here.",
  );
