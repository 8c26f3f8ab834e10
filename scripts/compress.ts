/**
 * deno task compress: images, text or any files in, a program out, decoded and compared before it is written or anything
 * is said of its size. Without a source it is the case study of article section 4.3. With --prior nothing is trained: the set is
 * coded with another program's weights.
 */
import { resolve } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { estimateBaselines } from "./laboratory/baselines/estimate.ts";
import { type BaselineName, measureBaselines } from "./laboratory/baselines/measure.ts";
import { chain } from "../lib/chain.ts";
import { type AnyData, codecOf } from "../lib/codecs.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { sha256 } from "../lib/hash.ts";
import { plainName } from "./laboratory/file_names.ts";
import { SMOLLM2 } from "./laboratory/large_model/smollm2.ts";
import { compressWithModel } from "./compress_model.ts";
import { SCENE_BITS } from "../lib/sources/scenes.ts";
import { type Rows, tableBundle } from "./laboratory/figures/table.ts";
import { MdlError } from "../lib/errors.ts";
import { bytesWithout, OF_A_PRIOR } from "./laboratory/measure/prior.ts";
import { checkChannels, modelOf } from "../lib/image/model.ts";
import { programOf } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import { assertWritable, makeFolder, saveFile } from "../lib/save.ts";
import { scalesOf } from "../lib/image/scales.ts";
import { VERSION } from "../lib/run.ts";
import { contextOf } from "../lib/context.ts";
import {
  baselineRows,
  chainRows,
  comparisonRows,
  ledgerRows,
  sharingSentence,
} from "./laboratory/measure/chain_report.ts";
import { codecSentence, type Ways } from "./laboratory/measure/codec_report.ts";
import { compareSharing, estimateSharing } from "./laboratory/measure/comparison.ts";
import {
  asKind,
  changes,
  command,
  counted,
  duration,
  limited,
  loadAny,
  number,
  readModule,
  sourceOptions,
} from "./command.ts";
import { asked, isForPixels, planned, requestOf, unusual } from "./compress_request.ts";
import { compressShards } from "./compress_shards.ts";
import { RUNNER_OPTIONS } from "./runner.ts";
import { assertFree, otherRun, resultsFolder, writeToStdout } from "./outputs.ts";

/** What may help, as options. */
const OPTION_WAYS: Ways = {
  attention: "--attention patches",
  noFit: "--fit none",
  longer: "--preset paper",
  ownModel: "no --prior",
};

/** Other codecs are measured on sets of up to so many symbols, unless asked for: a megabyte takes them 24 s. */
const MEASURED = 5e6, comparable = ({ symbols: { length } }: AnyData) => length > 0 && length <= MEASURED;

await command(async (signal, bar) => {
  const { values, positionals } = asked();
  if (values.prior === SMOLLM2.name) {
    const [source] = positionals;
    if (source === undefined) {
      throw new MdlError("usage", "A language model needs a file, a folder or a data set.");
    }
    return await compressWithModel(source, values, signal, bar);
  }
  if (values["with-weights"]) {
    throw new MdlError("usage", `--with-weights goes with --prior ${SMOLLM2.name}.`);
  }
  const request = requestOf({ values, positionals });
  const { preset, seed, preprocess: wanted, caseStudy } = request, { force = false } = values;
  const toStdout = values.output === "-";
  if (toStdout) assertPipe(values.json ?? false);
  else if (values.output) await assertFree(values.output, force);

  const say = values.json || toStdout ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  const limit = limited(values);
  const prior = values.prior
    ? await modelOf(await readPrior(values.prior), { ...context, ...limit })
    : undefined;
  const loaded = await loadAny(request.source, {
    ...context,
    ...wanted,
    ...sourceOptions(values),
    ...asKind({ ...values, pixels: values.pixels || isForPixels(request) }),
  });
  const codec = codecOf<AnyData>(loaded), images = loaded.modality === "image";
  const { ways, trains, mechanisms } = planned(request, loaded);
  const { shards } = values,
    apart = (Object.keys(RUNNER_OPTIONS) as (keyof typeof RUNNER_OPTIONS)[]).find((one) => values[one]);
  if (apart && shards === undefined) throw new MdlError("usage", `--${apart} goes with --shards.`);
  if (shards !== undefined) {
    if (!images) {
      throw new MdlError("usage", `--shards is for images, not ${loaded.modality}.`);
    }
    const set = await codec.preprocessing.apply(loaded, wanted, context) as Dataset;
    return await compressShards(set, { ...request, mechanisms, values: { ...values, shards } }, signal, bar);
  }
  const name = plainName(loaded.name), results = resultsFolder(), checkpoints = `${results}/checkpoints`;
  if (prior) checkPrior(prior, loaded, wanted.gray);
  const { mode, only } = request, ofRun = [mode, only, ...Object.values(unusual(request))].filter((x) => x);
  const how = prior
    ? [`prior_${prior.program.slice(0, 8)}`]
    : trains
    ? [...ofRun, preset, `seed${seed}`]
    : [only ?? loaded.modality];
  const folder = `${results}/${[name, ...changes(wanted), ...how].join("-")}`;
  const program = `${folder}/${name}.wasm`;
  const output = toStdout ? program : values.output ?? program, notes = `${folder}/run.json`;
  if (resolve(output) === resolve(notes)) {
    throw new MdlError("usage", `${output} is going to hold what is said of the run: choose another name.`);
  }
  await makeFolder(folder);
  await assertWritable(output);
  const earlier = await earlierImages(folder, program);
  if (earlier) {
    const { sha256 } = await codec.preprocessing.apply(loaded, wanted, context);
    if (!force && earlier.sha256 !== sha256) throw otherRun(earlier.path);
    say(`what an earlier run has left in ${folder} is replaced`);
  }

  const backend = trains ? await openBackend(request.backend) : undefined, { provenance } = loaded;
  say(
    prior
      ? `MDLab ${VERSION}; no training, the weights are those of ${values.prior}`
      : trains
      ? `MDLab ${VERSION}, preset ${preset}, seed ${seed}; backend ${backend!.description}`
      : `MDLab ${VERSION}; nothing is trained, the program learns while it decodes`,
  );
  say(`${codec.summary(loaded)}: ${loaded.name}, ${provenance.citation}`);
  say(`source: ${provenance.source}; licence: ${provenance.licence}`);
  const begun = new Date();
  const comparing = caseStudy && !values.size && !prior, effort = values.baselines ? "slow" : "quick";
  const slowly: readonly BaselineName[] = preset === "paper" ? ["JPEG XL"] : [];
  const afterwards = async (set: AnyData) => ({
    ...(comparing ? { "comparing sharing": await estimateSharing(set as Dataset, context) } : {}),
    ...(comparable(set) || values.baselines
      ? { "other codecs": estimateBaselines(set, slowly.length && images ? "slow" : effort) }
      : {}),
  });
  const pipeline = chain<AnyData>({
    preprocess: wanted,
    ...mechanisms,
    compress: {
      preset,
      checkpoints,
      afterwards,
      ...(prior ? { prior } : images ? { ways, fast: request.fast } : {}),
    },
  });
  const { output: compressed, passages } = await pipeline.run(loaded, context);
  const set = passages[0]!.output as AnyData;
  const encoding = passages.reduce((sum, { seconds }) => sum + seconds, 0), { tried } = compressed;
  const opened = performance.now();
  const verified = await compressed.verify(set, { ...context, timeLimit: Infinity }) // it is our own
    .catch(async (error) => {
      if (!signal.aborted) throw error;
      await saveFile(output, compressed.bytes);
      throw new MdlError("interrupted", `Stopped before it was verified: the program is in ${output}.`);
    });
  const decoding = (performance.now() - opened) / 1000;
  await saveFile(output, compressed.bytes);
  const written = programOf<AnyData>(await Deno.readFile(output));
  if (sha256(written.bytes) !== sha256(compressed.bytes)) {
    throw new MdlError("mismatch", `${output} does not hold what was written: is the disk in order?`);
  }
  await bar.close();
  say(`\nThe chain\n${text(chainRows(passages, compressed))}`);
  say(`\nLedger\n${text(ledgerRows(compressed))}`);
  say(`\nTried: ${tried.map(({ model, bytes }) => `${model} ${number(bytes)} bytes`).join("; ")}`);
  const raw = set.symbols.length, size = written.bytes.length;
  say(
    `\n${output}: ${number(size)} bytes` + (raw === 0 ? "" : `, ${number(size * 8 / raw, 3)} bits/symbol, ` +
      `${number(100 * size / raw, 1)} % of the raw ${number(raw)}`),
  );
  if (provenance.bytes !== undefined) say(filesSentence(provenance.bytes, size, raw));
  say(`verified: ${counted(verified.symbols, "symbol")} identical, SHA-256 ${verified.sha256}`);
  if (toStdout) await writeToStdout(written.bytes);
  say(`encoded in ${duration(encoding)}, decoded in ${duration(decoding)}`);
  if (prior) {
    const left = number(bytesWithout(written.ledger)), entries = OF_A_PRIOR.join("” and “");
    say(`for a receiver who has ${values.prior}: ${left} bytes, the file less the ledger's “${entries}”`);
  }
  if (loaded.name === "scenes") {
    const least = set.names.length * SCENE_BITS / 8;
    say(
      `each scene is drawn from ${SCENE_BITS} random bits: no program can be expected below ${
        number(least)
      } bytes`,
    );
  }

  const silent = { signal, progress: bar.report };
  const comparison = comparing ? await compareSharing(set as Dataset, contextOf(seed, silent)) : [];
  if (comparison.length) {
    const said = `${text(comparisonRows(comparison))}\n${sharingSentence(comparison)}`;
    say(`\nSharing: the article's 1/10\n${said}`);
  }
  const measured = comparable(set) || (values.baselines && raw > 0);
  const baselines = measured ? await measureBaselines(set, { ...silent, effort, slowly, log: say }) : [];
  say(
    measured
      ? `\nAgainst other codecs (their decoders are not counted, ours is; names are left out)\n${
        text(baselineRows(set, written, baselines))
      }\n${codecSentence(compressed, baselines, OPTION_WAYS)}`
      : raw === 0
      ? "There is nothing that other codecs could shorten."
      : `Other codecs would take about ${
        duration(estimateBaselines(set, "slow"))
      } on this set: --baselines measures them.`,
  );

  const record = {
    ...written.info.record,
    ...unusual(request),
    ...(written.info.order === "pyramid" ? { scales: scalesOf(written.info) } : {}),
    source: provenance,
    ...(backend ? { adapter: backend.adapter } : {}),
    output,
    bytes: size,
    sha256: sha256(written.bytes),
    ...(prior ? { bytesForReceiverOfPrior: bytesWithout(written.ledger) } : {}),
    symbols: verified,
    begun: begun.toISOString(),
    seconds: {
      total: (Date.now() - begun.getTime()) / 1000,
      encoding,
      decoding,
      stages: passages.map(({ stage, seconds }) => ({ stage: stage.name, seconds })),
    },
    training: compressed.trained &&
      { flop: compressed.trained.flop, seconds: compressed.trained.seconds, curve: compressed.trained.curve },
    tried,
    ledger: compressed.ledger.entries,
    baselines,
    comparison,
    versions: { ...Deno.version, tfjs: tf.version.tfjs },
  };
  await saveFile(notes, new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
  say(`\nWhat was measured, with versions and hashes: ${notes}`);
  if (values.json) console.log(JSON.stringify(record, null, 2));
  await backend?.close();
});

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

/** The size of the files that a program was made of beside its own. */
function filesSentence(files: number, program: number, raw: number): string {
  const said = `the files on disk: ${number(files)} bytes`;
  if (program <= files) return `${said}; the program is ${number(100 - 100 * program / files, 1)} % shorter`;
  const ways = raw > files ? ", which hold pixels in a shorter form" : "";
  return `${said}: THE PROGRAM IS LONGER than the files${ways}`;
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

/** The SHA-256 of the images that a run's folder is of, and the file that says so; undefined when there is none. */
async function earlierImages(
  folder: string,
  program: string,
): Promise<{ readonly path: string; readonly sha256?: string } | undefined> {
  const readers = {
    [`${folder}/run.json`]: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)).symbols.sha256,
    [program]: (bytes: Uint8Array) => readProgram(bytes).sha256, // of a run that was stopped before its record
  };
  for (const [path, sha256Of] of Object.entries(readers)) {
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) continue;
    try {
      return { path, sha256: sha256Of(bytes) };
    } catch {
      return { path }; // not of ours
    }
  }
}

function text(rows: Rows): string {
  return tableBundle(rows)["text/plain"];
}
