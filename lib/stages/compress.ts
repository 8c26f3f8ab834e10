import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../backend/backend.ts";
import {
  type AnyData,
  type AnyModel,
  type AnySpec,
  type AnyTrained,
  codecOf,
  type PreprocessOptions,
} from "../codecs.ts";
import { aboutSeconds } from "../duration.ts";
import { MdlError } from "../errors.ts";
import { checkOptions, FLAG, FUNCTION, MODEL, object, oneOf, PLAN, TEXT, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Context } from "../context.ts";
import { checkHeader, packRecord, type RunRecord } from "../program/header.ts";
import { type Program, programFrom, storedProgram } from "../program/program.ts";
import { BATCH, type Preset, presetNames, stepsFor, VERSION } from "../run.ts";
import { MOST_SYMBOLS } from "../sources/loading.ts";
import type { Plan } from "./mechanism.ts";

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
  readonly afterwards?: (data: AnyData) => Promise<Readonly<Record<string, number>>>;
  /** Another program's model: nothing is trained, and the plan's model is left aside. */
  readonly prior?: Prior;
}

/** A model, and the SHA-256 of the program that it was taken from. */
export type Prior = AnyModel & { readonly program: string };

/** A program, and how it came about. */
export interface Compressed extends Program {
  /** The model in it; null when the data are stored. */
  readonly spec: AnySpec | null;
  /** What its training left; null where nothing was trained. */
  readonly trained: AnyTrained | null;
  /** Bytes of decoder code by the stage that is the reason for them; all others are features'. */
  readonly decoderBytes: Readonly<Record<string, number>>;
  /** All programs that were built, the shortest first: it is this one. */
  readonly tried: readonly { readonly model: string; readonly bytes: number }[];
}

/**
 * Compressed result (article 2.4 G, 4.3 (6)): trains the planned model and, on small sets, narrower ones, codes weights
 * and data, and keeps the shortest program; data that no model makes shorter are stored, unless the model is given (`prior`). Run, it throws `too-large` for
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
    preset: oneOf(presetNames),
    steps: whole(1),
    batch: whole(1),
    threads: whole(1),
    checkpoints: TEXT,
    preprocess: object("what the stage preprocess was asked, such as { gray: true }"),
    exactly: FLAG,
    afterwards: FUNCTION,
    prior: MODEL,
  });
  const { preset = "quick", threads = navigator.hardwareConcurrency } = options,
    asked = scheduleAsked(options);
  const trained = Object.entries({ preset, ...asked }).map((pair) => pair.join(" ")).join(", ");
  return checked(PLAN, {
    name: "compress",
    title: "压缩结果",
    section: "2.2, 4.3 (6)",
    summary: options.prior
      ? `two-part code with the weights of program ${options.prior.program.slice(0, 8)}, entropy coded`
      : `two-part code: trained (${trained}), quantised, entropy coded`,
    active: true,
    options: options.prior ? { prior: options.prior.program } : { preset, ...asked },
    run: async ({ dataset, spec }, context) => {
      const codec = codecOf(dataset), settled = { ...options, preset, threads };
      checkHeader(codec.items(dataset), dataset.names);
      packRecord(record(dataset, spec, settled, context)); // or it is refused
      if (options.prior) return await withPrior(dataset, options.prior, options, context);
      await ensureBackend(context);
      const specs = codec.candidates(spec, dataset, options.exactly ?? false);
      await checkCost(dataset, specs, settled, context);
      const built: (Attempt & { readonly model: string })[] = [];
      for (const candidate of specs) {
        const model = codec.describe(candidate, dataset);
        context.log(`compress: a model of ${model}`);
        built.push({ model, ...await twoPart(dataset, candidate, settled, context) });
      }
      if (!options.exactly) {
        const program = await storedProgram(dataset, record(dataset, null, settled, context));
        built.push({ model: "stored", spec: null, trained: null, program, forget: async () => {} });
      }
      built.sort((a, b) => a.program.bytes.length - b.program.bytes.length);
      await Promise.all(built.map(({ forget }) => forget()));
      const { program, spec: kept, trained } = built[0]!;
      const tried = built.map(({ model, program }) => ({ model, bytes: program.bytes.length }));
      const added = kept ? await codec.decoderBytes(kept) : {};
      return { ...program, spec: kept, trained, decoderBytes: added, tried };
    },
  });
}

/** One program of those that are tried. */
interface Attempt extends Pick<Compressed, "spec" | "trained"> {
  readonly program: Program;
  /** Removes the training's checkpoint. */
  forget(): Promise<void>;
}

type Settled = CompressOptions & { readonly preset: Preset };

/** What takes more seconds than this is not begun. */
const MOST_SECONDS = 3600;

/** What was asked in place of the preset's schedule. */
function scheduleAsked(
  { steps, batch }: CompressOptions,
): { readonly steps?: number; readonly batch?: number } {
  return { ...(steps === undefined ? {} : { steps }), ...(batch === undefined ? {} : { batch }) };
}

const scheduleOf = ({ symbols }: AnyData, { preset, steps, batch }: Settled) => ({
  steps: steps ?? stepsFor(preset, symbols.length),
  batch: batch ?? BATCH,
});

/**
 * Says how long it will take, before it begins.
 *
 * @throws {MdlError} `too-large` over the limits, with the number of items that would do
 */
async function checkCost(
  set: AnyData,
  specs: readonly AnySpec[],
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<void> {
  const count = set.names.length, codec = codecOf(set);
  const refuse = (what: string, share: number) => {
    const fewer = Math.max(1, Math.floor(count * share));
    const advice = count > 1
      ? `take at most ${fewer.toLocaleString("en")} (take), or make the ${codec.unit} smaller (size)`
      : `make the ${codec.unit} smaller (size)`;
    throw new MdlError("too-large", `${set.name}: ${what}; ${advice}.`);
  };
  if (set.symbols.length > MOST_SYMBOLS) {
    refuse(`more than ${MOST_SYMBOLS / 1e6} MB of symbols`, MOST_SYMBOLS / set.symbols.length);
  }
  let training = 0, encoding = 0, decoding = 0;
  for (const spec of specs) {
    const wanted = { schedule: scheduleOf(set, options), threads: options.threads };
    const estimate = await codec.estimate(set, spec, wanted, context);
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
function record(data: AnyData, spec: AnySpec | null, options: Settled, context: Context): RunRecord {
  const { preset, preprocess = {} } = options, asked = scheduleAsked(options);
  return {
    dataset: data.name,
    mdlab: VERSION,
    seed: context.seed,
    preset,
    ...asked,
    backend: tf.getBackend(),
    ...(Object.keys(preprocess).length ? { preprocess } : {}),
    ...(spec ? { model: spec } : {}),
  };
}

/** Trains one model and puts its program together. */
async function twoPart(
  data: AnyData,
  spec: AnySpec,
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<Attempt> {
  const codec = codecOf(data), said = record(data, spec, options, context);
  const schedule = scheduleOf(data, options), { threads, checkpoints } = options;
  const shape = [...codec.shape(data)], items = codec.items(data);
  const identity = JSON.stringify({ ...said, schedule, shape, items, sha256: data.sha256 });
  const training = { schedule, threads, identity, ...(checkpoints === undefined ? {} : { checkpoints }) };
  const { trained, model, forget } = await codec.fit(data, spec, training, context);
  const program = programFrom(data, await codec.encode(data, model, context), said);
  return { spec, trained, program, forget };
}

/** Codes data with another program's model; the program that comes out is complete. */
async function withPrior(
  data: AnyData,
  prior: Prior,
  { preprocess, afterwards }: CompressOptions,
  context: Context,
): Promise<Compressed> {
  const codec = codecOf(data), { spec } = prior;
  const estimate = { ...await codec.estimateCoding(data, prior, context), ...await afterwards?.(data) };
  context.log(`compress: this will take ${aboutSeconds(estimate)}`);
  const program = programFrom(data, await codec.encode(data, prior, context), {
    dataset: data.name,
    mdlab: VERSION,
    prior: prior.program,
    ...(preprocess && Object.keys(preprocess).length ? { preprocess } : {}),
    model: spec,
  });
  const model = `weights of program ${prior.program.slice(0, 8)}`;
  const tried = [{ model, bytes: program.bytes.length }];
  return { ...program, spec, trained: null, decoderBytes: await codec.decoderBytes(spec), tried };
}
