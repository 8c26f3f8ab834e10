/**
 * deno task compress: images, text or any files in, a program out, decoded and compared before it is written or anything
 * is said of its size. Without a source it is the case study of article section 4.3. With --prior nothing is trained: the set is
 * coded with another program's weights.
 */
import { resolve } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { BACKENDS, openBackend } from "../lib/backend/backend.ts";
import { estimateBaselines } from "./laboratory/baselines/estimate.ts";
import { type BaselineName, measureBaselines } from "./laboratory/baselines/measure.ts";
import { chain } from "../lib/chain.ts";
import { PLANNED } from "../lib/codec.ts";
import { type AnyData, codecOf, type Way, WAYS } from "../lib/codecs.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { sha256 } from "../lib/hash.ts";
import { plainName } from "./laboratory/file_names.ts";
import { SMOLLM2 } from "./laboratory/large_model/smollm2.ts";
import { compressWithModel } from "./compress_model.ts";
import { SCENE_BITS } from "../lib/sources/scenes.ts";
import { type Rows, tableBundle } from "./laboratory/figures/table.ts";
import { MdlError } from "../lib/errors.ts";
import { ATTENTIONS } from "../lib/image/spec.ts";
import { bytesWithout, OF_A_PRIOR } from "./laboratory/measure/prior.ts";
import { checkChannels, modelOf } from "../lib/image/model.ts";
import { programOf } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import { assertWritable, makeFolder, saveFile } from "../lib/save.ts";
import { scalesOf } from "../lib/image/scales.ts";
import { presetNames, VERSION } from "../lib/run.ts";
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
import { ORDERS } from "../lib/program/header.ts";
import { TEXT_MODES } from "../lib/text/mechanisms.ts";
import {
  asKind,
  changes,
  command,
  counted,
  duration,
  KIND_OPTIONS,
  LIMIT_OPTION,
  limited,
  loadAny,
  number,
  oneOf,
  options,
  PREPROCESS_OPTIONS,
  preprocessOptions,
  readModule,
  sourceOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { compressShards } from "./compress_shards.ts";
import { RUNNER_OPTIONS } from "./runner.ts";
import { assertFree, FORCE, otherRun, resultsFolder, writeToStdout } from "./outputs.ts";

const TASK: Task = {
  start: "deno task compress",
  about: "Turns images, text or any files, or a data set, into a program that regenerates them bit for bit.",
  takes: "[FOLDER|FILE|DATASET]",
  least: 0,
  most: 1,
  example: "deno task compress pics --output pics.wasm",
};

/** Section 4.3: 1000 images of 128×128×3 → gray, 32×32. */
const CASE_STUDY = {
  source: "set:photos",
  preprocess: { gray: true, size: { width: 32, height: 32 } },
} as const;

const FITS = ["local", "none"] as const;

const OPTIONS = {
  output: {
    type: "string",
    short: "o",
    value: "x.wasm",
    help: "where the program goes, - for stdout; in results/ when left out",
  },
  ...KIND_OPTIONS,
  preset: {
    type: "string",
    value: presetNames.join("|"),
    help: "where there is training: how long (quick when left out)",
  },
  seed: { type: "string", value: "N", help: "seed of the training (1 when left out)" },
  order: { type: "string", value: ORDERS.join("|"), help: "pixel after pixel, or scale after scale" },
  attention: { type: "string", value: ATTENTIONS.join("|"), help: "look at similar patches, or not" },
  fit: { type: "string", value: FITS.join("|"), help: "fit nearby pixels first, or save its code" },
  mode: {
    type: "string",
    value: TEXT_MODES.join("|"),
    help: "of text: learn while decoding, or ship weights",
  },
  only: {
    type: "string",
    value: WAYS.join("|"),
    help: "of images: this way of coding, in place of the shortest of all",
  },
  fast: { type: "boolean", help: "of images: build only the way that is best on a sample" },
  prior: {
    type: "string",
    value: "other.wasm|smollm2",
    help: "train nothing: take another program's weights, or of files a language model's",
  },
  "with-weights": { type: "boolean", help: "with smollm2: the program has the model's weights in it" },
  backend: {
    type: "string",
    value: ["auto", ...BACKENDS].join("|"),
    help: "what trains (auto when left out)",
  },
  ...PREPROCESS_OPTIONS,
  bytes: { type: "string", value: "N", help: "only the first N bytes of files" },
  shards: {
    type: "string",
    value: "N",
    help: "of images: N programs that share a model, each a job of its own",
  },
  ...RUNNER_OPTIONS,
  baselines: { type: "boolean", help: "measure other codecs at their slowest efforts, too" },
  json: { type: "boolean", help: "print the run as JSON on stdout, all else on stderr" },
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

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
  const { values, positionals } = options(TASK, OPTIONS);
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
  const { force = false } = values, preset = oneOf("preset", values.preset ?? "quick", presetNames);
  const seed = wholeNumber("seed", values.seed ?? "1", 0);
  const request = oneOf("backend", values.backend ?? "auto", ["auto", ...BACKENDS]);
  const order = values.order === undefined ? undefined : oneOf("order", values.order, ORDERS);
  const over = values.attention === undefined ? undefined : oneOf("attention", values.attention, ATTENTIONS);
  const fit = values.fit === undefined ? undefined : oneOf("fit", values.fit, FITS);
  const mode = values.mode === undefined ? undefined : oneOf("mode", values.mode, TEXT_MODES);
  if (values.prior && (order ?? over ?? fit ?? mode)) {
    throw new MdlError(
      "usage",
      "A prior brings its own order, attention, fit and mode: leave those options away.",
    );
  }
  const source = positionals[0] ?? CASE_STUDY.source, caseStudy = positionals.length === 0;
  const wanted = { ...(caseStudy ? CASE_STUDY.preprocess : {}), ...preprocessOptions(values) };
  const toStdout = values.output === "-";
  if (toStdout) assertPipe(values.json ?? false);
  else if (values.output) await assertFree(values.output, force);

  const say = values.json || toStdout ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  const limit = limited(values);
  const prior = values.prior
    ? await modelOf(await readPrior(values.prior), { ...context, ...limit })
    : undefined;
  const loaded = await loadAny(source, {
    ...context,
    ...wanted,
    ...sourceOptions(values),
    ...asKind({
      ...values,
      pixels: values.pixels || Boolean(prior ?? order ?? over ?? fit ?? values.shards ?? values.only),
    }),
  });
  const codec = codecOf<AnyData>(loaded), images = loaded.modality === "image";
  const only = values.only === undefined ? undefined : oneOf("only", values.only, WAYS);
  const network = caseStudy || prior || (order ?? over ?? fit ?? values.shards) !== undefined; // they describe it
  if (network && (only !== undefined && only !== PLANNED || values.fast)) {
    throw new MdlError(
      "usage",
      `A prior, order, attention, fit and shards are the ${PLANNED}'s: leave --only and --fast away.`,
    );
  }
  const ways: readonly Way[] = network ? [PLANNED] : only ? [only] : WAYS;
  const trains = images ? ways.includes(PLANNED) : mode === "two-part";
  const ofImages = ["order", "attention", "fit", "only", "fast"] as const,
    ofTraining = ["preset", "seed", "backend"] as const;
  const idle = [...images ? [] : ofImages, ...trains ? [] : ofTraining].find((name) => values[name]);
  if (idle) {
    const kinds = (ofImages as readonly string[]).includes(idle) ? "images" : "images and --mode two-part";
    const untrained = images ? `the way ${only}` : loaded.modality;
    const instead = loaded.modality === "jpeg" ? " (--pixels takes JPEG files as images)" : "";
    throw new MdlError(
      "usage",
      `--${idle} is for ${kinds}${instead}: nothing is trained for ${untrained}.`,
    );
  }
  const mechanisms = {
    features: {
      ...fit && { leastSquares: fit !== "none" },
      ...mode && { mode },
      ...loaded.modality === "image" && loaded.channels === 3 && !wanted.gray && { mixing: true },
    },
    hierarchy: order === undefined ? {} : { order },
    attention: over === undefined ? {} : { over },
  };
  const { shards } = values,
    apart = (Object.keys(RUNNER_OPTIONS) as (keyof typeof RUNNER_OPTIONS)[]).find((one) => values[one]);
  if (apart && shards === undefined) throw new MdlError("usage", `--${apart} goes with --shards.`);
  if (shards !== undefined) {
    if (!images) {
      throw new MdlError("usage", `--shards is for images: nothing is trained for ${loaded.modality}.`);
    }
    const set = await codec.preprocessing.apply(loaded, wanted, context) as Dataset;
    const asked = {
      values: { ...values, shards },
      preprocess: wanted,
      mechanisms,
      preset,
      seed,
      backend: request,
    };
    return await compressShards(set, asked, signal, bar);
  }
  const name = plainName(loaded.name), results = resultsFolder(), checkpoints = `${results}/checkpoints`;
  if (prior) checkPrior(prior, loaded, wanted.gray);
  const chosen = {
    ...(order === "pyramid" ? { order } : {}),
    ...(over === "patches" ? { attention: over } : {}),
    ...(fit === "none" ? { fit: "nofit" } : {}),
  };
  const how = prior
    ? [`prior_${prior.program.slice(0, 8)}`]
    : trains
    ? [...mode ? [mode] : [], ...only ? [only] : [], ...Object.values(chosen), preset, `seed${seed}`]
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

  const backend = trains ? await openBackend(request) : undefined, { provenance } = loaded;
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
      ...(prior ? { prior } : images ? { ways, fast: values.fast ?? false } : {}),
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
    ...chosen,
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
