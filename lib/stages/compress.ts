import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../backend/backend.ts";
import type { Dataset } from "../image/dataset.ts";
import { MOST_SYMBOLS } from "../sources/loading.ts";
import { candidates } from "../image/candidates.ts";
import { MdlError } from "../errors.ts";
import { type CheckpointFile, checkpointFile } from "../training/checkpoint.ts";
import { aboutSeconds, estimateCoding, estimateSeconds } from "../image/estimate.ts";
import { checkSpec, type ModelSpec, parameterCount } from "../image/spec.ts";
import { type Schedule, train, type Trained } from "../image/train.ts";
import { encodeTwoPart } from "../image/two_part.ts";
import { checkOptions, FLAG, FUNCTION, MODEL, object, oneOf, PLAN, TEXT, whole } from "../options.ts";
import { checked, type Context, type Stage } from "../pipeline.ts";
import { buildProgram } from "../program/build.ts";
import { checkHeader, type RunRecord } from "../program/header.ts";
import { payloadName } from "../program/ledger.ts";
import { checkChannels, type ProgramModel } from "../image/model.ts";
import { type Program, programOf } from "../program/program.ts";
import { storedProgram } from "../image/stored.ts";
import { BATCH, type Preset, PRESETS, stepsFor, VERSION } from "../run.ts";
import { decoderBytes, decoderFor } from "../image/decoders.ts";
import type { Plan } from "./features.ts";
import type { PreprocessOptions } from "./preprocess.ts";

/** How much work the stage compress does, and on what. */
export interface CompressOptions {
  /** How long to train: `smoke`, `quick` (the default) or `paper`. */
  readonly preset?: Preset;
  /** Training steps in place of the preset's, from 1 on. */
  readonly steps?: number;
  /** Symbols a training step looks at; 512 by default. */
  readonly batch?: number;
  /** Threads that train on the wasm backend; the result does not depend on it. All cores by default. */
  readonly threads?: number;
  /** Folder of checkpoints; without one, an interrupted training begins anew. */
  readonly checkpoints?: string;
  /** What preprocess was asked to do: the program keeps it, so that `verify` can repeat it. */
  readonly preprocess?: PreprocessOptions;
  /** Only the model as planned: no smaller one, nor storing; false by default. */
  readonly exactly?: boolean;
  /** What the caller is going to do with the set, in seconds by name: it is said with the time that compressing takes. */
  readonly afterwards?: (set: Dataset) => Promise<Readonly<Record<string, number>>>;
  /** Another program's model: nothing is trained, and the plan's model is left aside. */
  readonly prior?: ProgramModel;
}

/** A program, and how it came about. */
export interface Compressed extends Program {
  /** The model in it; null when the data are stored. */
  readonly spec: ModelSpec | null;
  /** Its training; null when the data are stored, or coded with another program's model. */
  readonly trained: Trained | null;
  /** Bytes of decoder code by the stage that is the reason for them; all others are features'. */
  readonly decoderBytes: Readonly<Record<string, number>>;
  /** All programs that were built, the shortest first: it is this one. */
  readonly tried: readonly { readonly model: string; readonly bytes: number }[];
}

/**
 * Compressed result (article 2.4 G, 4.3 (6)): trains the planned model and, on small sets, narrower ones, codes weights
 * and data, and keeps the shortest program; data that no model makes shorter are stored. Run, it throws `too-large` for
 * what does not fit in memory or takes more than an hour, and `interrupted`.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ preset: "smoke" }));
 * const { output } = await chain.run(set, mdl.contextOf(1));
 * assert(output.bytes.length < set.symbols.length);
 * await output.verify(set); // every symbol
 * console.log(output.tried); // the models that were built, the shortest program first
 * ```
 */
export function compress(options: CompressOptions = {}): Stage<Plan, Compressed> {
  checkOptions("compress", options, {
    preset: oneOf(Object.keys(PRESETS)),
    steps: whole(1),
    batch: whole(1),
    threads: whole(1),
    checkpoints: TEXT,
    preprocess: object("what the stage preprocess was asked, such as { gray: true }"),
    exactly: FLAG,
    afterwards: FUNCTION,
    prior: MODEL,
  });
  const { preset = "quick", threads = navigator.hardwareConcurrency } = options;
  return checked(PLAN, {
    name: "compress",
    title: "压缩结果",
    section: "2.2, 4.3 (6)",
    summary: options.prior
      ? `two-part code with the weights of program ${options.prior.program.slice(0, 8)}, entropy coded`
      : `two-part code: trained (preset ${preset}), quantised, entropy coded`,
    active: true,
    options: options.prior ? { prior: options.prior.program } : { preset },
    run: async ({ dataset, spec }, context) => {
      checkHeader(dataset);
      if (options.prior) return await withPrior(dataset, options.prior, options, context);
      await ensureBackend(context);
      const specs = options.exactly ? [spec] : candidates(spec, dataset.symbols.length);
      specs.forEach(checkSpec);
      const settled = { ...options, preset, threads };
      await checkCost(dataset, specs, settled, context);
      const built: { model: string; spec: ModelSpec | null; trained: Trained | null; program: Program }[] =
        [];
      const checkpoints: CheckpointFile[] = [];
      for (const candidate of specs) {
        const model = `${parameterCount(candidate, dataset.channels).toLocaleString("en")} parameters`;
        context.log(`compress: a model of ${model}`);
        const { checkpoint, ...made } = await twoPart(dataset, candidate, settled, context);
        built.push({ model, spec: candidate, ...made });
        if (checkpoint) checkpoints.push(checkpoint);
      }
      if (!options.exactly) {
        const program = await storedProgram(dataset, record(dataset, null, settled, context));
        built.push({ model: "stored", spec: null, trained: null, program });
      }
      built.sort((a, b) => a.program.bytes.length - b.program.bytes.length);
      await Promise.all(checkpoints.map((checkpoint) => checkpoint.remove()));
      const { program, ...best } = built[0]!;
      const tried = built.map(({ model, program }) => ({ model, bytes: program.bytes.length }));
      const added = best.spec ? await decoderBytes(best.spec) : {};
      return { ...program, spec: best.spec, trained: best.trained, decoderBytes: added, tried };
    },
  });
}

type Settled = CompressOptions & { readonly preset: Preset };

/** What takes more seconds than this is not begun. */
const MOST_SECONDS = 3600;

const scheduleOf = (set: Dataset, { preset, steps, batch }: Settled): Schedule => ({
  steps: steps ?? stepsFor(preset, set.symbols.length),
  batch: batch ?? BATCH,
});

/**
 * Says how long it will take, before it begins.
 *
 * @throws {MdlError} `too-large` over the limits, with the number of images that would do
 */
async function checkCost(
  set: Dataset,
  specs: readonly ModelSpec[],
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<void> {
  const count = set.names.length;
  const refuse = (what: string, share: number) => {
    const fewer = Math.max(1, Math.floor(count * share));
    const advice = count > 1
      ? `take at most ${fewer.toLocaleString("en")} (take), or make the images smaller (size)`
      : "make the image smaller (size)";
    throw new MdlError("too-large", `${set.name}: ${what}; ${advice}.`);
  };
  if (set.symbols.length > MOST_SYMBOLS) {
    refuse(`more than ${MOST_SYMBOLS / 1e6} MB of pixels`, MOST_SYMBOLS / set.symbols.length);
  }
  let training = 0, encoding = 0, decoding = 0;
  for (const spec of specs) {
    const estimate = await estimateSeconds(set, spec, scheduleOf(set, options), options.threads, context);
    training += estimate.training;
    encoding += estimate.encoding;
    decoding = Math.max(decoding, estimate.decoding); // of the program that is kept
  }
  const seconds = training + encoding + decoding, later = await options.afterwards?.(set);
  context.log(`compress: this will take ${aboutSeconds({ training, encoding, decoding, ...later })}`);
  if (seconds > MOST_SECONDS) {
    const what = `compressing would take about ${(seconds / 3600).toFixed(1)} hours on this machine`;
    refuse(what, MOST_SECONDS / seconds);
  }
}

/** What the program says of its making. */
function record(dataset: Dataset, spec: ModelSpec | null, options: Settled, context: Context): RunRecord {
  const { preset, preprocess = {} } = options;
  return {
    ...{ dataset: dataset.name, mdlab: VERSION, seed: context.seed, preset, backend: tf.getBackend() },
    ...(Object.keys(preprocess).length ? { preprocess } : {}),
    ...(spec ? { model: spec } : {}),
  };
}

/** Trains one model and puts its program together. */
async function twoPart(
  dataset: Dataset,
  spec: ModelSpec,
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<{ trained: Trained; program: Program; checkpoint: CheckpointFile | undefined }> {
  const said = record(dataset, spec, options, context);
  const schedule = scheduleOf(dataset, options);
  const identity = JSON.stringify({ ...said, schedule, sha256: dataset.sha256 });
  const checkpoint = options.checkpoints ? checkpointFile(options.checkpoints, identity) : undefined;
  const trained = await train(dataset, spec, schedule, options.threads, context, checkpoint);
  const { weights, quantisation } = trained;
  const program = await twoPartProgram(dataset, { spec, weights, steps: quantisation }, said, context);
  return { trained, program, checkpoint };
}

/** Codes a set with another program's model; the program that comes out is complete. */
async function withPrior(
  dataset: Dataset,
  prior: ProgramModel,
  { preprocess, afterwards }: CompressOptions,
  context: Context,
): Promise<Compressed> {
  checkChannels(prior.channels, dataset);
  const estimate = { ...await estimateCoding(dataset, prior, context), ...await afterwards?.(dataset) };
  context.log(`compress: this will take ${aboutSeconds(estimate)}`);
  const said = {
    ...{ dataset: dataset.name, mdlab: VERSION, prior: prior.program },
    ...(preprocess && Object.keys(preprocess).length ? { preprocess } : {}),
    model: prior.spec,
  };
  const program = await twoPartProgram(dataset, prior, said, context);
  const model = `weights of program ${prior.program.slice(0, 8)}`;
  const added = await decoderBytes(prior.spec);
  return {
    ...program,
    spec: prior.spec,
    trained: null,
    decoderBytes: added,
    tried: [{ model, bytes: program.bytes.length }],
  };
}

/** Puts the program of a set and a trained model together. */
async function twoPartProgram(
  dataset: Dataset,
  { spec, weights, steps }: Pick<ProgramModel, "spec" | "weights" | "steps">,
  said: RunRecord,
  context: Context,
): Promise<Program> {
  const code = await encodeTwoPart(dataset, spec, weights, steps, context);
  const bytes = buildProgram({
    decoder: await decoderFor(spec),
    memoryBytes: code.memoryBytes,
    ...{ mode: "two-part", order: spec.scales > 1 ? "pyramid" : "raster", dataset, record: said },
    segments: [
      { kind: "parameters", ...code.parameters },
      { kind: "weights", ...code.weights },
      ...code.payloads.map((part) => ({ kind: "payload" as const, ...part })),
    ],
  });
  const estimated = code.scaleBits.map((bits, scale) => [payloadName(scale, spec.scales), bits]);
  return programOf(bytes, Object.fromEntries(estimated));
}
