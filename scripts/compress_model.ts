/**
 * `deno task compress --prior smollm2`: files under a real language model. What is written is for a receiver who has its
 * weights, or, with --with-weights, a program that has them in it.
 */
import { join } from "node:path";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { type Files, type FilesModality, firstDifference } from "../lib/files/data.ts";
import { steps, transform } from "../lib/files/transform.ts";
import { describeFiles } from "../lib/files/data.ts";
import { detach } from "./laboratory/large_model/detached.ts";
import { programFrom } from "../lib/program/program.ts";
import type { ProgressBar } from "../lib/progress.ts";
import { VERSION } from "../lib/run.ts";
import { assertWritable, makeFolder, saveFile } from "../lib/save.ts";
import { encodeWithModel, estimateWithModel } from "./laboratory/large_model/encode.ts";
import { inParallel } from "./laboratory/large_model/decode.ts";
import { SMOLLM2, smollm2 } from "./laboratory/large_model/smollm2.ts";
import { changes, duration, loadAny, number, preprocessOptions } from "./command.ts";
import { plainName } from "./laboratory/file_names.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import { assertFree, resultsFolder } from "./outputs.ts";

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

/** What a model can take: files; those of a kind with a structure of its own as text or bytes. */
async function filesFrom(source: string, values: ModelValues, signal: AbortSignal): Promise<Files> {
  const { as } = values;
  if (as !== undefined && as !== "text" && as !== "bytes") {
    throw new MdlError("usage", `A language model takes text or bytes, not ${as} (as).`);
  }
  const loaded = await loadAny(source, {
    signal,
    ...(as && { as }),
    ...(values.recursive && { recursive: true }),
  });
  if (loaded.modality === "image") throw new MdlError("usage", "A language model codes files, not images.");
  const modality: FilesModality = loaded.modality === "table"
    ? "text"
    : loaded.modality === "audio"
    ? "bytes"
    : loaded.modality;
  return await transform({ ...loaded, modality }, preprocessOptions(values), contextOf(1, { signal }));
}

/**
 * Compresses, decodes, compares, writes.
 *
 * @throws {MdlError} `usage` for options of other kinds of data; `too-large` for what takes more than an hour
 */
export async function compressWithModel(
  source: string,
  values: ModelValues,
  signal: AbortSignal,
  bar: ProgressBar,
): Promise<void> {
  const idle = Object.keys(values).find((name) => !TAKEN.includes(name) && values[name] !== undefined);
  if (idle) throw new MdlError("usage", `--${idle} does not go with the prior ${SMOLLM2.name}.`);
  const inside = values["with-weights"] ?? false, say = values.json ? console.error : console.log;
  if (values.output === "-") throw new MdlError("usage", `With ${SMOLLM2.name}, --output takes a file.`);
  if (values.output) await assertFree(values.output, values.force);
  const run = { signal, progress: bar.report, log: say }, context = contextOf(1, run);
  const data = await filesFrom(source, values, signal), name = plainName(data.name);
  const folder = `${resultsFolder()}/${
    [name, ...changes(preprocessOptions(values)), SMOLLM2.name].join("-")
  }`;
  const output = values.output ?? join(folder, `${name}.${inside ? "wasm" : "mdl"}`);
  await makeFolder(folder);
  await assertWritable(output);
  const model = await smollm2(run);
  say(`MDLab ${VERSION}; ${SMOLLM2.citation}, ${SMOLLM2.licence}`);
  say(`${describeFiles(data)}: ${data.name}, ${data.provenance.citation}`);
  const { tokens, seconds } = await estimateWithModel(data, model, context);
  const left = tokens * seconds;
  say(
    `${number(tokens)} tokens: encoding takes about ${duration(left)}, and decoding to verify as long again`,
  );
  if (left > MOST_SECONDS) {
    const fits = number(Math.floor(data.symbols.length * MOST_SECONDS / left));
    throw new MdlError(
      "too-large",
      `That is more than an hour: take at most the first ${fits} bytes (bytes).`,
    );
  }
  const begun = performance.now(), coded = await encodeWithModel(data, model, context);
  const preprocess = preprocessOptions(values);
  const record = {
    dataset: data.name,
    mdlab: VERSION,
    model: `${SMOLLM2.package} ${SMOLLM2.version}`,
    ...(steps(preprocess).length && { preprocess }),
  };
  const program = programFrom<Files<"text">>(data as Files<"text">, coded, record),
    encoded = performance.now();
  const decoded = await inParallel(program, { weights: model.memory }).decode({
    ...run,
    timeLimit: Infinity,
  });
  const difference = firstDifference(decoded, data);
  if (difference) throw new MdlError("mismatch", difference);
  const decoding = (performance.now() - encoded) / 1000, encoding = (encoded - begun) / 1000;
  const detached = detach(program.bytes, program.info), file = inside ? program.bytes : detached;
  await saveFile(output, file);
  await bar.close();
  const { ledger: { entries } } = program, payload = coded.payloads[0]!.bytes.length;
  const counted = inside ? entries : [
    {
      name: "what is left out, by its SHA-256",
      bytes: detached.length - program.bytes.length + model.memory.length,
    },
    ...entries.filter(({ name }) => name !== "weights"),
  ];
  say(`\nLedger\n${tableBundle(counted.map(({ name, bytes }) => ({ entry: name, bytes })))["text/plain"]}`);
  const raw = data.symbols.length, rate = (bytes: number) => number(raw ? 8 * bytes / raw : 0, 3);
  say(
    `\n${output}: ${number(file.length)} bytes, of which payload ${number(payload)} (${
      rate(payload)
    } bits a byte)`,
  );
  if (!inside) {
    const size = number(SMOLLM2.file.bytes);
    say(
      `not counted: the weights, ${size} bytes as published; only who has them, or fetches them, can decode`,
    );
  }
  if (payload > raw) say("the model makes these data longer: without --prior the program is shorter");
  say(`verified: ${number(raw)} bytes identical, SHA-256 ${decoded.sha256}`);
  say(`encoded in ${duration(encoding)}, decoded in ${duration(decoding)}`);
  const said = {
    ...record,
    output,
    bytes: file.length,
    payload,
    notCounted: inside ? 0 : model.memory.length,
    raw,
    tokens,
    seconds: { encoding, decoding },
    ledger: counted,
    sha256: decoded.sha256,
  };
  await saveFile(join(folder, "run.json"), new TextEncoder().encode(JSON.stringify(said, null, 2) + "\n"));
  if (values.json) console.log(JSON.stringify(said, null, 2));
}
