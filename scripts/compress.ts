/**
 * deno task compress: images, text or any files in, a program out, decoded and compared before it is written or anything
 * is said of its size. Without a source it is the case study of article section 4.3. With --prior nothing is trained: the set is
 * coded with another program's weights.
 */
import { openBackend } from "../lib/backend/backend.ts";
import { chain, type ChainOptions } from "../lib/chain.ts";
import { type AnyData, codecOf } from "../lib/codecs.ts";
import { type Context, contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { checkChannels, modelOf } from "../lib/image/model.ts";
import { programOf } from "../lib/program/program.ts";
import { saveFile } from "../lib/save.ts";
import type { Compressed } from "../lib/stages/compress.ts";
import {
  asKind,
  assertPixels,
  command,
  limited,
  loadAny,
  readModule,
  sourceOptions,
  wholeRows,
} from "./command.ts";
import { besideOf, estimateBeside, measureBeside } from "./compress/beside.ts";
import { compressWithModel } from "./compress/model.ts";
import { placeFor, replaces } from "./compress/place.ts";
import { recordOf, saveRecord } from "./compress/record.ts";
import { beginning, type Made, summary } from "./compress/report.ts";
import { asked, howMade, isForPixels, planned, requestOf } from "./compress/request.ts";
import { compressShards } from "./compress/shards.ts";
import { SMOLLM2 } from "./laboratory/large_model/smollm2.ts";
import { assertFree, resultsFolder, writeToStdout } from "./outputs.ts";

await command(async (signal, bar) => {
  const { values, positionals } = asked();
  if (values.prior === SMOLLM2.name) return await compressWithModel(positionals[0], values, signal, bar);
  if (values["with-weights"]) {
    throw new MdlError("usage", `--with-weights goes with --prior ${SMOLLM2.name}.`);
  }
  const request = requestOf({ values, positionals }), { preset, seed, shards } = request;
  const { force = false, json = false, output: file } = values, toStdout = file === "-";
  if (toStdout) assertPipe(json);
  else if (file) await assertFree(file, force);

  const say = json || toStdout ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  const prior = request.prior === undefined
    ? undefined
    : await modelOf(await readPrior(request.prior), { ...context, ...limited(values) });
  const loaded = await loadAny(request.source, {
    ...context,
    ...request.preprocess,
    ...sourceOptions(values),
    ...asKind({ ...values, pixels: values.pixels || isForPixels(request) }),
  });
  assertPixels(request.source, values.pixels, loaded);
  const preprocess = wholeRows(loaded, request.preprocess, say);
  const preprocessed = () => codecOf<AnyData>(loaded).preprocessing.apply(loaded, preprocess, context);
  const { ways, trains, mechanisms } = planned(request, loaded);
  if (shards !== undefined) {
    const set = await preprocessed() as Dataset;
    return await compressShards(set, shards, { request, mechanisms, values }, context, bar);
  }
  if (prior) checkPrior(prior, loaded, preprocess.gray);
  const how = howMade(request, loaded, { trains, prior });
  await using place = await placeFor(loaded.name, how, toStdout ? {} : values);
  if (await replaces(place, async () => (await preprocessed()).sha256, force)) {
    say(`what an earlier run has left in ${place.folder} is replaced`);
  }

  const backend = trains && !prior ? await openBackend(request.backend) : undefined;
  say(beginning(loaded, request, backend));
  const beside = besideOf(request, values);
  const made = await make(loaded, place.output, {
    preprocess,
    ...mechanisms,
    compress: {
      preset,
      checkpoints: `${resultsFolder()}/checkpoints`,
      afterwards: (set) => estimateBeside(set, beside, context),
      ...prior
        ? { prior }
        : loaded.modality === "image"
        ? { ways, fast: request.fast, relaxed: request.relaxed }
        : {},
    },
  }, context);
  await bar.close();
  say(summary(made, request));
  if (toStdout) await writeToStdout(made.written.bytes);
  const others = await measureBeside(made, beside, context);
  await saveRecord(place, recordOf(made, request, others, backend), json);
  say(`\nWhat was measured, with versions and hashes: ${place.notes}`);
  await backend?.close();
});

/**
 * Runs the chain, decodes its program, compares, and writes it.
 *
 * @throws {MdlError} `interrupted` with the program written where it is not yet verified; `mismatch`; as the chain
 */
async function make(
  loaded: AnyData,
  output: string,
  options: ChainOptions,
  context: Context,
): Promise<Made> {
  const begun = new Date(),
    { output: compressed, passages } = await chain<AnyData>(options).run(loaded, context);
  const set = passages[0]!.output as AnyData, opened = performance.now();
  const verified = await compressed.verify(set, { ...context, timeLimit: Infinity }) // it is our own
    .catch(async (error) => {
      if (!context.signal.aborted) throw error;
      await saveFile(output, compressed.bytes);
      throw new MdlError("interrupted", `Stopped before it was verified: the program is in ${output}.`);
    });
  const decoding = (performance.now() - opened) / 1000;
  const encoding = passages.reduce((sum, { seconds }) => sum + seconds, 0);
  const written = await saved(output, compressed);
  return {
    loaded,
    set,
    compressed,
    passages,
    output,
    written,
    verified,
    begun,
    seconds: { encoding, decoding },
  };
}

/** Writes a program, and reads it from its file. */
async function saved(output: string, { bytes }: Pick<Compressed, "bytes">) {
  await saveFile(output, bytes);
  const written = programOf<AnyData>(await Deno.readFile(output));
  if (sha256(written.bytes) === sha256(bytes)) return written;
  throw new MdlError("mismatch", `${output} does not hold what was written: is the disk in order?`);
}

/** @throws {MdlError} as `readModule` */
async function readPrior(path: string): Promise<Uint8Array> {
  try {
    return await readModule(path);
  } catch (error) {
    if (!(error instanceof MdlError && error.code === "not-found")) throw error;
    const text = `There is no file ${path}: a prior is a program of images, or the name ${SMOLLM2.name}.`;
    throw new MdlError("not-found", text);
  }
}

/** @throws {MdlError} `usage` for a prior of other data */
function checkPrior({ channels }: { readonly channels: 1 | 3 }, data: AnyData, gray = false): void {
  if (data.modality !== "image") {
    throw new MdlError("usage", "A prior is for images: nothing is trained for files.");
  }
  checkChannels(channels, gray ? { ...data, channels: 1 } : data);
}

/** @throws {MdlError} `usage` where a program cannot go to stdout */
function assertPipe(json: boolean): void {
  const instead = json ? "--json goes there, too" : Deno.stdout.isTerminal() ? "it is a terminal" : undefined;
  if (instead) throw new MdlError("usage", `--output - writes the program to stdout, but ${instead}.`);
}
