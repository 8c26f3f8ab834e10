/**
 * `deno task compress --prior smollm2`: files under a real language model. What is written is for a receiver who has its
 * weights, or, with --with-weights, a program that has them in it.
 */
import { type Context, contextOf } from "../../lib/context.ts";
import { MdlError } from "../../lib/errors.ts";
import { describeFiles, type Files, type FilesModality } from "../../lib/files/data.ts";
import { steps, transform } from "../../lib/files/transform.ts";
import { detach } from "../laboratory/large_model/detached.ts";
import type { RunRecord } from "../../lib/program/header.ts";
import { type Program, programFrom } from "../../lib/program/program.ts";
import type { ProgressBar } from "../../lib/progress.ts";
import { VERSION } from "../../lib/run.ts";
import { saveFile } from "../../lib/save.ts";
import { encodeWithModel, estimateWithModel } from "../laboratory/large_model/encode.ts";
import { inParallel } from "../laboratory/large_model/decode.ts";
import type { LanguageModel } from "../laboratory/large_model/llama.ts";
import { SMOLLM2, smollm2 } from "../laboratory/large_model/smollm2.ts";
import { changes, duration, loadAny, number, preprocessOptions } from "../command.ts";
import { tableText } from "../laboratory/figures/table.ts";
import { assertFree } from "../outputs.ts";
import { placeFor, replaces } from "./place.ts";
import { saveRecord } from "./record.ts";

/** What of the command's options this takes. */
export interface ModelValues {
  readonly output?: string;
  readonly as?: string;
  readonly take?: string;
  readonly bytes?: string;
  readonly recursive?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly "with-weights"?: boolean;
  readonly [other: string]: string | boolean | undefined;
}

const TAKEN = ["prior", "output", "as", "take", "bytes", "recursive", "json", "force", "with-weights"];

/** Seconds that a coding may take. */
const MOST_SECONDS = 3600;

/** Files that have a structure of their own are text or bytes to a model. */
const AS: Partial<Readonly<Record<string, FilesModality>>> = { table: "text", audio: "bytes", jpeg: "bytes" };

/** What a model can take. */
async function filesFrom(source: string, values: ModelValues, signal: AbortSignal): Promise<Files> {
  const { as } = values;
  if (as !== undefined && as !== "text" && as !== "bytes") {
    throw new MdlError("usage", `A language model takes text or bytes, not ${as} (as).`);
  }
  const { recursive = false } = values;
  const loaded = await loadAny(source, { signal, recursive, ...(as && { as }) });
  if (loaded.modality === "image") throw new MdlError("usage", "A language model codes files, not images.");
  const files = { ...loaded, modality: AS[loaded.modality] ?? loaded.modality };
  return await transform(files, preprocessOptions(values), contextOf(1, { signal }));
}

/**
 * Says how long it will take.
 *
 * @returns the number of tokens
 * @throws {MdlError} `too-large` for more than an hour
 */
async function checkTime(data: Files, model: LanguageModel, { log, ...context }: Context): Promise<number> {
  const { tokens, seconds } = await estimateWithModel(data, model, context), left = tokens * seconds;
  log(
    `${number(tokens)} tokens: encoding takes about ${duration(left)}, and decoding to verify as long again`,
  );
  if (left <= MOST_SECONDS) return tokens;
  const fits = number(Math.floor(data.symbols.length * MOST_SECONDS / left));
  throw new MdlError("too-large", `That is more than an hour: take at most the first ${fits} bytes (bytes).`);
}

/** Encodes, decodes and compares; seconds of both. */
async function verified(data: Files, model: LanguageModel, record: RunRecord, context: Context) {
  const begun = performance.now(), coded = await encodeWithModel(data, model, context);
  const program = programFrom(data as Files<"text">, coded, record), encoded = performance.now();
  const whole = inParallel(program, { weights: model.memory });
  await whole.verify(data as Files<"text">, { ...context, timeLimit: Infinity });
  const encoding = (encoded - begun) / 1000, decoding = (performance.now() - encoded) / 1000;
  return { program, payload: coded.payloads[0]!.bytes.length, seconds: { encoding, decoding } };
}

/** The ledger of what is written: without its weights, a program says which ones are missing. */
function ledgerOf(
  { ledger: { entries } }: Pick<Program<Files>, "ledger">,
  file: Uint8Array,
  inside: boolean,
) {
  if (inside) return entries;
  const rest = entries.filter(({ name }) => name !== "weights");
  const bytes = file.length - rest.reduce((sum, entry) => sum + entry.bytes, 0);
  return [{ name: "what is left out, by its SHA-256", bytes }, ...rest];
}

/**
 * Compresses, decodes, compares, writes.
 *
 * @throws {MdlError} `usage` for options of other kinds of data; `too-large` for what takes more than an hour
 */
export async function compressWithModel(
  source: string | undefined,
  values: ModelValues,
  signal: AbortSignal,
  bar: ProgressBar,
): Promise<void> {
  if (source === undefined) {
    throw new MdlError("usage", "A language model needs a file, a folder or a data set.");
  }
  const idle = Object.keys(values).find((name) => !TAKEN.includes(name) && values[name] !== undefined);
  if (idle) throw new MdlError("usage", `--${idle} does not go with the prior ${SMOLLM2.name}.`);
  const inside = values["with-weights"] ?? false, say = values.json ? console.error : console.log;
  if (values.output === "-") throw new MdlError("usage", `With ${SMOLLM2.name}, --output takes a file.`);
  if (values.output) await assertFree(values.output, values.force);
  if (!inside && values.output?.endsWith(".wasm")) {
    const text = "Without its weights a program is no module: name it .mdl, or take --with-weights.";
    throw new MdlError("usage", text);
  }
  const context = contextOf(1, { signal, progress: bar.report, log: say });
  const preprocess = preprocessOptions(values), data = await filesFrom(source, values, signal);
  const form = { ...values, extension: inside ? "wasm" : "mdl" } as const;
  await using place = await placeFor(data.name, [...changes(preprocess), SMOLLM2.name], form);
  const { output } = place;
  if (await replaces(place, () => Promise.resolve(data.sha256), values.force ?? false)) {
    say(`what an earlier run has left in ${place.folder} is replaced`);
  }
  const model = await smollm2(context);
  say(`MDLab ${VERSION}; ${SMOLLM2.citation}, ${SMOLLM2.licence}`);
  say(`${describeFiles(data)}: ${data.name}, ${data.provenance.citation}`);
  const tokens = await checkTime(data, model, context);
  const record = {
    dataset: data.name,
    mdlab: VERSION,
    model: `${SMOLLM2.package} ${SMOLLM2.version}`,
    ...(steps(preprocess).length && { preprocess }),
  };
  const { program, payload, seconds } = await verified(data, model, record, context);
  const file = inside ? program.bytes : detach(program.bytes, program.info);
  await saveFile(output, file);
  await bar.close();
  const ledger = ledgerOf(program, file, inside), raw = data.symbols.length, { sha256 } = data;
  say(`\nLedger\n${tableText(ledger.map(({ name, bytes }) => ({ entry: name, bytes })))}`);
  const rate = number(raw ? 8 * payload / raw : 0, 3), bytes = number(file.length);
  say(`\n${output}: ${bytes} bytes, of which payload ${number(payload)} (${rate} bits a byte)`);
  if (!inside) {
    const size = number(SMOLLM2.file.bytes);
    say(
      `not counted: the weights, ${size} bytes as published; only who has them, or fetches them, can decode`,
    );
  }
  if (payload > raw) say("the model makes these data longer: without --prior the program is shorter");
  say(`verified: ${number(raw)} bytes identical, SHA-256 ${sha256}`);
  say(`encoded in ${duration(seconds.encoding)}, decoded in ${duration(seconds.decoding)}`);
  const notCounted = inside ? 0 : model.memory.length;
  const said = {
    ...record,
    output,
    bytes: file.length,
    payload,
    notCounted,
    symbols: { symbols: raw, sha256 },
    tokens,
    seconds,
    ledger,
  };
  await saveRecord(place, said, values.json);
}
