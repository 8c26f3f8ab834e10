import {
  type AnyData,
  codecOf,
  type DefaultData,
  type ModelOf,
  type PreprocessOptions,
  type SpecOf,
  type TrainedOf,
} from "../codecs.ts";
import { aboutSeconds } from "../duration.ts";
import type { Estimate } from "../codec.ts";
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
  afterwards?(data: AnyData): Promise<Readonly<Record<string, number>>>;
  /** Another program's model: nothing is trained, and the plan's model is left aside. */
  readonly prior?: Prior;
}

/** A model, and the SHA-256 of the program that it was taken from. */
export type Prior = ModelOf<DefaultData> & { readonly program: string };

/** A program, and how it came about. */
export interface Compressed<D extends AnyData = DefaultData> extends Program<D> {
  /** The model in it; null when the data are stored. */
  readonly spec: SpecOf<D> | null;
  /** What its training left; null where nothing was trained. */
  readonly trained: TrainedOf<D> | null;
  /** Bytes of decoder code by the stage that is the reason for them; all others are features'. */
  readonly decoderBytes: Readonly<Record<string, number>>;
  /** All programs that were built, the shortest first: it is this one. */
  readonly tried: readonly { readonly model: string; readonly bytes: number }[];
}

/**
 * Compressed result (article 2.4 G, 4.3 (6)). Of images: trains the planned model and, on small sets, narrower ones, and
 * codes weights and data. Of all else nothing is trained: the program learns while it decodes. The shortest program is
 * kept; data that no model makes shorter are stored, unless the model is given (`prior`). Run, it throws `too-large`
 * for what does not fit in memory or takes more than an hour, and `interrupted`.
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
export function compress<D extends AnyData = DefaultData>(
  options: CompressOptions = {},
): Stage<Plan<D>, Compressed<D>> {
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
  const stage = checked<Plan<D>, Compressed<D>>(PLAN, {
    name: "compress",
    title: "压缩结果",
    section: "2.2, 4.3 (6)",
    summary: options.prior
      ? `two-part code with the weights of program ${options.prior.program.slice(0, 8)}, entropy coded`
      : `two-part code: trained (${trained}), quantised, entropy coded`,
    active: true,
    options: options.prior ? { prior: options.prior.program } : { preset, ...asked },
    run: async ({ dataset, spec }, context) => {
      const codec = codecOf<D>(dataset);
      checkHeader(codec.items(dataset), dataset.names);
      if (options.prior) {
        return await withPrior(dataset, options.prior as ModelOf<D> & Prior, options, context);
      }
      const settled = { ...options, preset, threads, made: await codec.prepare?.(context) };
      packRecord(recordOf(dataset, spec, settled, context)); // or it is refused before the work
      const specs = codec.candidates(spec, dataset, options.exactly ?? false);
      await checkCost(dataset, specs, settled, context);
      const built: (Attempt<D> & { readonly model: string })[] = [];
      for (const candidate of specs) {
        const model = codec.describe(candidate, dataset);
        context.log(`compress: a model of ${model}`);
        built.push({ model, ...await coded(dataset, candidate, settled, context) });
      }
      if (!options.exactly) {
        const program = await storedProgram(dataset, recordOf(dataset, null, settled, context));
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
  const summary = "prequential code: the program learns while it decodes, entropy coded";
  return {
    ...stage,
    on: ({ dataset }) => codecOf<D>(dataset).prepare ? stage : { ...stage, summary, options: {} },
  };
}

/** One program of those that are tried. */
interface Attempt<D extends AnyData> extends Pick<Compressed<D>, "spec" | "trained"> {
  readonly program: Program<D>;
  /** Removes the training's checkpoint. */
  forget(): Promise<void>;
}

/** What is asked, and what training was opened with: nothing where nothing is trained. */
type Settled = CompressOptions & {
  readonly preset: Preset;
  readonly made?: { readonly backend: string } | undefined;
};

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
 * @throws {MdlError} `too-large` over the limits, with what would do
 */
async function checkCost<D extends AnyData>(
  data: D,
  specs: readonly SpecOf<D>[],
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<void> {
  if (data.symbols.length > MOST_SYMBOLS) {
    refuse(data, `more than ${MOST_SYMBOLS / 1e6} MB of symbols`, MOST_SYMBOLS / data.symbols.length);
  }
  const codec = codecOf<D>(data), wanted = { schedule: scheduleOf(data, options), threads: options.threads };
  const estimates: Estimate[] = [];
  for (const spec of specs) estimates.push(await codec.estimate(data, spec, wanted, context));
  const sum = (of: (estimate: Estimate) => number) => estimates.reduce((all, one) => all + of(one), 0);
  await announce(
    data,
    {
      training: sum(({ training }) => training),
      encoding: sum(({ encoding }) => encoding),
      decoding: Math.max(...estimates.map(({ decoding }) => decoding)), // of the program that is kept
    },
    options,
    context,
  );
}

/** Says how long it will take. Throws as `checkCost`. */
async function announce(
  data: AnyData,
  estimate: Estimate,
  { afterwards }: CompressOptions,
  context: Context,
): Promise<void> {
  const { training, encoding, decoding } = estimate, seconds = training + encoding + decoding;
  const all = { ...(training ? { training } : {}), encoding, decoding, ...await afterwards?.(data) };
  context.log(`compress: this will take ${aboutSeconds(all)}`);
  if (seconds <= MOST_SECONDS) return;
  const what = `compressing would take about ${(seconds / 3600).toFixed(1)} hours on this machine`;
  refuse(data, what, MOST_SECONDS / seconds);
}

/** Only a share of the data could be compressed. */
function refuse<D extends AnyData>(data: D, what: string, share: number): never {
  throw new MdlError("too-large", `${data.name}: ${what}; ${codecOf<D>(data).smaller(share, data)}.`);
}

/** What the program says of its making. */
function recordOf(
  data: AnyData,
  spec: object | null,
  options: Settled,
  context: Context,
): RunRecord {
  const { preset, preprocess = {}, made } = options, asked = scheduleAsked(options);
  const training = { seed: context.seed, preset, ...asked, ...made };
  return {
    dataset: data.name,
    mdlab: VERSION,
    ...(made ? training : {}),
    ...(Object.keys(preprocess).length ? { preprocess } : {}),
    ...(spec && made ? { model: spec } : {}),
  };
}

/** Trains one model, where there is one to train, and puts its program together. */
async function coded<D extends AnyData>(
  data: D,
  spec: SpecOf<D>,
  options: Settled & { readonly threads: number },
  context: Context,
): Promise<Attempt<D>> {
  const codec = codecOf<D>(data), said = recordOf(data, spec, options, context);
  const schedule = scheduleOf(data, options), { threads, checkpoints } = options;
  const shape = [...codec.shape(data)], items = codec.items(data);
  const identity = JSON.stringify({ ...said, schedule, shape, items, sha256: data.sha256 });
  const training = { schedule, threads, identity, ...(checkpoints === undefined ? {} : { checkpoints }) };
  const { trained, model, forget } = await codec.fit(data, spec, training, context);
  const program = programFrom(data, await codec.encode(data, model, context), said);
  return { spec, trained, program, forget };
}

/** Codes data with another program's model; the program that comes out is complete. */
async function withPrior<D extends AnyData>(
  data: D,
  prior: ModelOf<D> & Prior,
  options: CompressOptions,
  context: Context,
): Promise<Compressed<D>> {
  const codec = codecOf<D>(data), { spec } = prior, { preprocess } = options;
  await announce(data, await codec.estimateCoding(data, prior, context), options, context);
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
