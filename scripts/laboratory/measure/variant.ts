/** One variant of the chain, really built: trained with a given number of FLOP, coded, decoded and compared. */
import { planning } from "../../../lib/chain.ts";
import type {
  AnyData,
  AttentionOptions,
  FeatureOptions,
  HierarchyOptions,
  MechanismOptions,
  SharingOptions,
} from "../../../lib/codecs.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import { parameterCount } from "../../../lib/image/spec.ts";
import { trainingFlop } from "../../../lib/image/train.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { BATCH, type Preset, stepsFor, VERSION } from "../../../lib/run.ts";
import type { Plan } from "../../../lib/stages/mechanism.ts";
import type { Campaign, Job } from "./campaign.ts";
import { buildVerified } from "./verified.ts";
import type { Identity } from "./keep.ts";

/** What the stages are asked for. */
export interface Variant {
  readonly features: FeatureOptions;
  readonly sharing: SharingOptions;
  readonly hierarchy?: HierarchyOptions;
  readonly attention?: AttentionOptions;
  /** Symbols of a training step. */
  readonly batch: number;
}

/** Trainings with fewer FLOP than this do better with a narrower network (`lib/image/README.md`). */
const SHORT = 1e11;

/** One predictor for all positions, at the width that is best for that many FLOP. */
export function sharedVariant(flop: number): Variant {
  return { features: flop < SHORT ? { width: 32 } : {}, sharing: {}, batch: BATCH };
}

const CELLS = 32;

/** Cells a side of an unshared predictor: a position each for 32 × 32 pixels, never more than an image has. */
export function cellsOf({ groups }: Dataset): number {
  return Math.min(CELLS, ...groups.map(({ height, width }) => Math.min(height, width)));
}

/** A predictor for each position, at its best width: its FLOP are spent in larger, fewer steps. */
export function unsharedVariant(set: Dataset): Variant {
  const cells = cellsOf(set);
  return {
    features: { width: 4, blocks: 0, neighbours: 12 },
    sharing: { positions: false, cells, bits: 5 },
    batch: 4096,
  };
}

/** How a variant is to be trained. */
export interface Training {
  /** The least number of FLOP; it is exceeded by less than one step. */
  readonly flop: number;
  readonly preset?: Preset;
  /** Folder of checkpoints. */
  readonly checkpoints?: string;
}

/** What an experiment with equal FLOP measures, and where it keeps it. */
export interface Design {
  readonly seeds: readonly number[];
  readonly backend: string;
  readonly training: Training;
  readonly campaign: Campaign;
}

/** What came of a variant. */
export interface Measured {
  readonly parameters: number;
  readonly steps: number;
  readonly flop: number;
  /** Whole file, weights and payload (of all scales), in bytes. */
  readonly bytes: number;
  readonly weights: number;
  readonly payload: number;
  readonly trainingSeconds: number;
  /** For decoding the whole set. */
  readonly decodingSeconds: number;
  /** SHA-256 of the program. */
  readonly program: string;
}

/** What a variant asks of the mechanisms. */
export function mechanismsOf({ batch: _, ...mechanisms }: Variant): MechanismOptions {
  return mechanisms;
}

/** The model that a variant trains. */
export async function planOf(set: Dataset, variant: Variant, context: Context): Promise<Plan> {
  return (await planning(mechanismsOf(variant)).run(set, context)).output;
}

/** Steps of a training with at least `flop`, and the FLOP that they come to. */
export function scheduleOf({ dataset, spec }: Plan, batch: number, flop: number) {
  const flopAStep = trainingFlop(spec, dataset.channels, { steps: 1, batch });
  const steps = Math.ceil(flop / flopAStep);
  return { steps, batch, flop: steps * flopAStep };
}

/** Trains a variant, builds its program, and verifies it. */
export async function measureVariant(
  set: Dataset,
  variant: Variant,
  training: Training,
  context: Context,
): Promise<Measured> {
  const plan = await planOf(set, variant, context), { flop: least, ...options } = training;
  const { flop, ...schedule } = scheduleOf(plan, variant.batch, least);
  const asked = { ...mechanismsOf(variant), compress: { ...options, ...schedule, exactly: true } };
  const { program, decodingSeconds } = await buildVerified(set, asked, context);
  const bytes = (entry: string) =>
    program.ledger.entries.reduce((sum, { name, bytes }) => name.startsWith(entry) ? sum + bytes : sum, 0);
  return {
    parameters: parameterCount(plan.spec, set.channels),
    steps: schedule.steps,
    flop,
    bytes: program.bytes.length,
    weights: bytes("weights"),
    payload: bytes("payload"),
    trainingSeconds: program.trained!.seconds,
    decodingSeconds,
    program: sha256(program.bytes),
  };
}

/** All that `measureVariant` depends on. */
export async function variantIdentity(
  set: Dataset,
  variant: Variant,
  { flop, preset }: Training,
  backend: string,
  context: Context,
): Promise<Identity> {
  const plan = await planOf(set, variant, context), { steps, batch } = scheduleOf(plan, variant.batch, flop);
  return {
    what: "variant",
    set: setIdentity(set),
    spec: plan.spec,
    preset: preset ?? null,
    steps,
    batch,
    seed: context.seed,
    backend,
    mdlab: VERSION,
    decoder: await decoderHashes(),
  };
}

/** What a program depends on in data: its symbols, their layout, and the names that it keeps. */
export function setIdentity(data: AnyData): Identity {
  const { name, names, sha256: symbols } = data,
    hash = (text: string) => sha256(new TextEncoder().encode(text));
  const namesHash = hash(names.join("\0"));
  if (data.modality === "image") {
    const { channels, groups } = data;
    return { name, channels, groups, symbols, names: namesHash };
  }
  const { modality, lengths } = data;
  return { name, modality, lengths: hash(lengths.join()), symbols, names: namesHash };
}

/** Modules that only programs of files have. */
const OF_FILES = /^(?:text|table|audio|jpeg|shipped)/;

/** SHA-256 of each of the decoder's modules that have a part in programs of images, or of files, by file name. */
export async function decoderHashes(
  modality: AnyData["modality"] = "image",
): Promise<Readonly<Record<string, string>>> {
  const folder = new URL("../../../lib/decoder/", import.meta.url), hashes: Record<string, string> = {};
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith(".wasm") && (name === "stored.wasm" || OF_FILES.test(name) === (modality !== "image"))
  );
  for (const name of files.sort()) hashes[name] = sha256(await Deno.readFile(new URL(name, folder)));
  return hashes;
}

/** The variant as one measurement of a campaign, under a seed; it costs GFLOP. */
export async function variantJob(
  label: string,
  set: Dataset,
  variant: Variant,
  training: Training,
  { seed, backend }: { readonly seed: number; readonly backend: string },
): Promise<Job<Measured>> {
  return {
    label: `${label}, seed ${seed}`,
    identity: await variantIdentity(set, variant, training, backend, contextOf(seed)),
    cost: training.flop / 1e9,
    measure: (context) =>
      measureVariant(set, variant, training, contextOf(seed, { ...context, log: () => {} })),
  };
}

/**
 * Most FLOP of one training by preset: a predictor for each position makes a step of 4 MFLOP in 4 ms, so that equal FLOP
 * cost it 15 times the hours of a shared one.
 */
const MOST_FLOP: Readonly<Record<Preset, number>> = { smoke: 6e9, quick: 3e10, paper: 5e11 };

/** What a preset spends on one program of this set: its steps on the default model, within those limits. */
export async function flopOf(set: Dataset, preset: Preset): Promise<number> {
  const { spec } = await planOf(set, { features: {}, sharing: {}, batch: BATCH }, contextOf(0));
  const steps = stepsFor(preset, set.symbols.length);
  return Math.min(MOST_FLOP[preset], trainingFlop(spec, set.channels, { steps, batch: BATCH }));
}
