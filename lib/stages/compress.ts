import {
  type AnyData,
  codecOf,
  type DefaultData,
  type ModelOf,
  type PreprocessOptions,
  type SpecOf,
  type TrainedOf,
  type Way,
  WAYS,
} from "../codecs.ts";
import { threadsOf } from "../backend/threads.ts";
import { ensureBackend } from "../backend/backend.ts";
import { aboutSeconds } from "../duration.ts";
import { type Codec, type Estimate, PLANNED, type Schedule, type Weighed } from "../codec.ts";
import { MdlError } from "../errors.ts";
import { checkOptions, FLAG, FUNCTION, listOf, object, oneOf, PLAN, PRIOR, TEXT, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Context } from "../context.ts";
import { checkHeader, type RunRecord } from "../program/header.ts";
import { type Program, programFrom, storedProgram } from "../program/program.ts";
import { BATCH, type Preset, presetNames, stepsFor, VERSION } from "../run.ts";
import { MOST_SYMBOLS } from "../sources/loading.ts";
import type { Plan } from "./mechanism.ts";

/** How much work the stage compress does, and on what. */
export interface CompressOptions {
  /** How long to train: `smoke`, `quick` (the default) or `paper`. */
  readonly preset?: Preset;
  /** Training steps, from 1 on; as many as the preset has for such data by default. */
  readonly steps?: number;
  /** Symbols that a training step looks at, from 1 on; 512 by default. */
  readonly batch?: number;
  /**
   * Train the predictor of images with relaxed SIMD on the wasm backend, false by default: on one core about a sixth
   * faster, but how products are rounded is the processor's choice, so that the same seed gives the same program on like
   * machines alone. Decoders never depend on it. The program's record says so.
   */
  readonly relaxed?: boolean;
  /** Threads that train on the wasm backend; the result does not depend on it. All cores by default. */
  readonly threads?: number;
  /** Folder of checkpoints; without one, an interrupted training begins anew. */
  readonly checkpoints?: string;
  /** What preprocess was asked to do, nothing by default: the program keeps it, so that `verify` can repeat it. */
  readonly preprocess?: PreprocessOptions;
  /** Only the model as planned: no smaller one, nor storing; false by default. */
  readonly exactly?: boolean;
  /**
   * Ways of coding images that may be taken: "network", the planned model, alone by default; and, but for `exactly` and
   * `prior`, "drawing" and "photo", programs that learn while they decode, of drawings, screenshots and icons, and of few
   * photos. Of several, each is tried on a sample, those that come near the best are built, and the shortest program is kept.
   */
  readonly ways?: readonly Way[];
  /** Build only the way that was best on the sample; false by default. */
  readonly fast?: boolean;
  /** What the caller will do with the set, in seconds by name, nothing by default: said with the time of compressing. */
  afterwards?(data: AnyData): Promise<Readonly<Record<string, number>>>;
  /** Another program's model, none by default: nothing is trained, and the plan's model is left aside. */
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
 * codes weights and data. Of all else nothing is trained, unless features planned a transformer of text or bytes: the
 * program learns while it decodes. The shortest program is kept; data that no model makes shorter are stored, unless the
 * model is given (`prior`). Run, it throws `too-large` for what does not fit in memory or takes more than an hour to
 * code, and `interrupted`; a training takes as long as was asked for.
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
    relaxed: FLAG,
    threads: whole(1),
    checkpoints: TEXT,
    preprocess: object("what the stage preprocess was asked, such as { gray: true }"),
    exactly: FLAG,
    ways: listOf(`ways: ${WAYS.join(", ")}`, oneOf(WAYS)),
    fast: FLAG,
    afterwards: FUNCTION,
    prior: PRIOR,
  });
  checkTogether(options);
  const { preset = "quick", threads = threadsOf() } = options, asked = scheduleAsked(options);
  const trained = Object.entries({ preset, ...asked }).map((pair) => pair.join(" ")).join(", ");
  const stage = checked<Plan<D>, Compressed<D>>(PLAN, {
    name: "compress",
    title: "压缩结果",
    section: "2.2, 4.3 (6)",
    summary: options.prior
      ? `two-part code with the ${weightsOf(options.prior)}, entropy coded`
      : `two-part code: trained (${trained}), quantised, entropy coded`,
    active: true,
    run: async ({ dataset: data, spec }, context) => {
      const codec = codecOf<D>(data), prior = options.prior as (ModelOf<D> & Prior) | undefined;
      const asked = waysOf(options, codec, spec), trains = asked.includes(PLANNED) && codec.trains(spec) > 0;
      const made = trains && !prior ? { backend: await ensureBackend(context) } : undefined;
      const settled = { ...options, preset, threads, made, prior };
      checkHeader(codec.items(data), data.names, recordOf(data, prior?.spec ?? spec, settled, context));
      const ways = await settledWays(data, spec, asked, settled, context);
      const specs = prior
        ? [prior.spec]
        : ways.some(({ way }) => way === PLANNED)
        ? codec.candidates(spec, data, options.exactly ?? false)
        : [];
      await checkCost(data, specs, ways, settled, context);
      const built: (Attempt<D> & { readonly model: string })[] = [];
      const untrained = recordOf(data, null, { ...settled, made: undefined }, context);
      for (const { way } of ways.filter(({ way }) => way !== PLANNED)) {
        context.log(`compress: a program that learns while it decodes, ${way}`);
        const program = programFrom(data, await codec.learning!.encode(data, way, context), untrained);
        built.push({ model: way, program, ...UNTRAINED });
      }
      for (const candidate of specs) {
        const model = prior ? weightsOf(prior) : codec.describe(candidate, data);
        if (!prior) context.log(`compress: a model of ${model}`);
        built.push({ model, ...await coded(data, candidate, settled, context) });
      }
      if (!options.exactly && !prior) {
        const program = await storedProgram(data, recordOf(data, null, settled, context));
        built.push({ model: "stored", program, ...UNTRAINED });
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
    on: ({ dataset, spec }) => codecOf<D>(dataset).trains(spec) > 0 ? stage : { ...stage, summary },
  };
}

/** @throws {MdlError} `usage` for ways that could not be taken */
function checkTogether({ ways = [PLANNED], fast = false, prior, exactly = false }: CompressOptions): void {
  const alone = prior ? "prior" : exactly ? "exactly" : undefined;
  if (alone === undefined || !fast && ways.every((way) => way === PLANNED)) return;
  const text = `compress: with ${alone} the planned model is the only way: leave ways and fast away.`;
  throw new MdlError("usage", text);
}

/**
 * The ways that are asked for, each once; without other words the planned model alone.
 *
 * @throws {MdlError} `usage` for a way that this kind of data does not have, or that drops the plan's order
 */
function waysOf<D extends AnyData>(
  { ways = [] }: CompressOptions,
  { modality, learning }: Pick<Codec<D, SpecOf<D>, never, never>, "modality" | "learning">,
  spec: SpecOf<D>,
): readonly Way[] {
  const others = ways.filter((way) => way !== PLANNED);
  const foreign = others.find((way) => !learning?.ways.includes(way));
  if (foreign) {
    throw new MdlError("usage", `There is no way “${foreign}” of coding data of the kind ${modality}.`);
  }
  if (others.length > 0 && !learning!.keepOrder(spec)) {
    throw new MdlError(
      "usage",
      `The way “${others[0]}” has no scales: leave ways away, or plan raster order.`,
    );
  }
  return ways.length ? [...new Set(ways)] : [PLANNED];
}

/** A way is built when its sample says that it is at most so many times as long as the best. */
const NEAR = 1.06;

/** The ways that are worth building: of several, those that come near the best on a sample, the best two at most. */
async function settledWays<D extends AnyData>(
  data: D,
  spec: SpecOf<D>,
  asked: readonly Way[],
  settled: Settled<D>,
  context: Context,
): Promise<readonly Weighed[]> {
  const { learning } = codecOf<D>(data), { fast = false, threads } = settled;
  if (!learning || asked.length === 1 && asked[0] === PLANNED) {
    return asked.map((way) => ({ way, bytes: 0, seconds: 0 }));
  }
  const schedule = scheduleOf(data, spec, settled), begun = performance.now();
  if (asked.length > 1) context.log(`compress: tries on a sample: ${asked.join(", ")}`);
  const weighed = [...await learning.weigh(data, spec, asked, { schedule, threads }, context)]
    .sort((a, b) => a.bytes - b.bytes);
  const known = weighed.filter(({ bytes }) => bytes > 0), most = NEAR * (known[0]?.bytes ?? 0);
  const kept = fast && known.length ? [known[0]!] : weighed.filter(({ bytes }) => bytes <= most).slice(0, 2);
  const words = weighed.map(({ way, bytes }) =>
    `${way} ${bytes ? `about ${bytes.toLocaleString("en")}` : "?"}`
  );
  const seconds = Math.max(1, Math.round((performance.now() - begun) / 1000));
  const built = kept.map(({ way }) => way).join(", ");
  context.log(`compress: by a sample, in ${seconds} s, in bytes: ${words.join(", ")}; built: ${built}`);
  return kept;
}

/** One program of those that are tried. */
interface Attempt<D extends AnyData> extends Pick<Compressed<D>, "spec" | "trained"> {
  readonly program: Program<D>;
  /** Removes the training's checkpoint. */
  forget(): Promise<void>;
}

/** Of an attempt without a model. */
const UNTRAINED = { spec: null, trained: null, forget: () => Promise.resolve() };

/** What is asked, and what training was opened with: nothing where nothing is trained. */
type Settled<D extends AnyData> = Omit<CompressOptions, "prior"> & {
  readonly preset: Preset;
  readonly threads: number;
  readonly made: { readonly backend: string } | undefined;
  readonly prior: (ModelOf<D> & Prior) | undefined;
};

/** What takes more seconds than this to code is not begun; a training takes as long as was asked for. */
const MOST_SECONDS = 3600;

function weightsOf({ program }: Prior): string {
  return `weights of program ${program.slice(0, 8)}`;
}

/** What was asked in place of the preset's schedule. */
function scheduleAsked({ steps, batch, relaxed }: Pick<CompressOptions, "steps" | "batch" | "relaxed">) {
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(batch === undefined ? {} : { batch }),
    ...(relaxed ? { relaxed } : {}),
  };
}

function scheduleOf<D extends AnyData>(data: D, spec: SpecOf<D>, settled: Settled<D>): Schedule {
  const all = stepsFor(settled.preset, data.symbols.length), share = codecOf<D>(data).trains(spec);
  const steps = Math.ceil(share * all);
  return { steps, batch: BATCH, ...scheduleAsked(settled) };
}

/**
 * Says how long it will take, before it begins.
 *
 * @throws {MdlError} `too-large` over the limits, with what would do
 */
async function checkCost<D extends AnyData>(
  data: D,
  specs: readonly SpecOf<D>[],
  ways: readonly Weighed[],
  settled: Settled<D>,
  context: Context,
): Promise<void> {
  const codec = codecOf<D>(data), { prior, threads, afterwards } = settled;
  const refuse = (what: string, share: number) => {
    throw new MdlError("too-large", `${data.name}: ${what}; ${codec.smaller(share, data)}.`);
  };
  if (data.symbols.length > MOST_SYMBOLS) {
    refuse(`more than ${MOST_SYMBOLS / 1e6} MB of symbols`, MOST_SYMBOLS / data.symbols.length);
  }
  const estimates: Estimate[] = ways.filter(({ way }) => way !== PLANNED)
    .map(({ seconds }) => ({ training: 0, encoding: seconds, decoding: seconds }));
  for (const spec of specs) {
    const wanted = { schedule: scheduleOf(data, spec, settled), threads };
    estimates.push(
      prior
        ? await codec.estimateCoding(data, prior, context)
        : await codec.estimate(data, spec, wanted, context),
    );
  }
  const sum = (of: (estimate: Estimate) => number) => estimates.reduce((all, one) => all + of(one), 0);
  const training = sum((estimate) => estimate.training), encoding = sum((estimate) => estimate.encoding);
  const decoding = Math.max(...estimates.map((estimate) => estimate.decoding)); // of the program that is kept
  const all = { ...(training ? { training } : {}), encoding, decoding, ...await afterwards?.(data) };
  context.log(`compress: this will take ${aboutSeconds(all)}`);
  const coding = Math.max(encoding, decoding), hours = (coding / 3600).toFixed(1);
  if (coding <= MOST_SECONDS) return;
  refuse(`coding would take about ${hours} hours on this machine`, MOST_SECONDS / coding);
}

/** What the program says of its making. */
function recordOf<D extends AnyData>(
  data: D,
  spec: object | null,
  settled: Settled<D>,
  { seed }: Context,
): RunRecord {
  const { preset, preprocess = {}, made, prior } = settled;
  return {
    dataset: data.name,
    mdlab: VERSION,
    ...(prior ? { prior: prior.program } : made ? { seed, preset, ...scheduleAsked(settled), ...made } : {}),
    ...(Object.keys(preprocess).length ? { preprocess } : {}),
    ...(spec && (made || prior) ? { model: spec } : {}),
  };
}

/** Trains one model, unless it is given or learns while it decodes, and puts its program together. */
async function coded<D extends AnyData>(
  data: D,
  spec: SpecOf<D>,
  settled: Settled<D>,
  context: Context,
): Promise<Attempt<D>> {
  const codec = codecOf<D>(data), said = recordOf(data, spec, settled, context);
  const { threads, checkpoints, prior } = settled, schedule = scheduleOf(data, spec, settled);
  const shape = [...codec.shape(data)], items = codec.items(data);
  const identity = JSON.stringify({ ...said, schedule, shape, items, sha256: data.sha256 });
  const training = { schedule, threads, identity, ...(checkpoints === undefined ? {} : { checkpoints }) };
  const { trained, model, forget } = prior
    ? { ...UNTRAINED, model: prior }
    : await codec.fit(data, spec, training, context);
  const stopped = (cause: unknown): never => {
    if (!trained || checkpoints === undefined || !context.signal?.aborted) throw cause;
    const text = "Stopped while encoding; the same command resumes behind the training.";
    throw new MdlError("interrupted", text, { cause });
  };
  const encoded = await codec.encode(data, model, context).catch(stopped);
  return { spec, trained, program: programFrom(data, encoded, said), forget };
}
