/**
 * What sharing across positions is worth (article 2.2 (1), 4.3 (3): "to 1/10"): a shared predictor against one for each
 * of 32 × 32 positions, both really trained, with equal FLOP, both programs decoded and compared.
 */
import type { Dataset } from "../data/dataset.ts";
import { parameterCount } from "../models/spec.ts";
import { trainingFlop } from "../models/train.ts";
import { type Context, pipe } from "../pipeline.ts";
import { BATCH } from "../run.ts";
import { compress, type Compressed } from "./compress.ts";
import { type FeatureOptions, features, type Plan } from "./features.ts";
import { sharing, type SharingOptions } from "./sharing.ts";

/** Parameters of the article's convolutional encoder (5.2): 3×3 kernels, 3 → 32 → 64 → 128 channels, with biases. */
export const ARTICLE_ENCODER = (9 * 3 + 1) * 32 + (9 * 32 + 1) * 64 + (9 * 64 + 1) * 128;

/** FLOP of each training by default: enough for both to be close to where they end. */
const FLOP = 3e10;

interface Rival {
  readonly name: string;
  readonly features: FeatureOptions;
  readonly sharing: SharingOptions;
  readonly batch: number;
}

/** Each at its best width, with so little training, of those tried on S1 (`lib/models/README.md`). */
const RIVALS: readonly Rival[] = [
  { name: "shared", features: { width: 32 }, sharing: {}, batch: BATCH },
  {
    name: "unshared",
    features: { width: 4, blocks: 0, neighbours: 12 },
    sharing: { positions: false, bits: 5 },
    batch: 4096,
  },
];

export interface SharingMeasured {
  readonly name: string;
  readonly parameters: number;
  readonly flop: number;
  /** Whole file, weights and payload, in bytes. */
  readonly bytes: number;
  readonly weights: number;
  readonly payload: number;
}

/**
 * Trains and codes both on images of one size, at least 32 × 32, with about `flop` each; every program is verified.
 */
export async function compareSharing(
  set: Dataset,
  context: Context,
  flop = FLOP,
): Promise<readonly SharingMeasured[]> {
  const measured: SharingMeasured[] = [];
  for (const rival of RIVALS) {
    const plan = await planOf(set, rival, context);
    const flopAStep = trainingFlop(plan.spec, set.channels, { steps: 1, batch: rival.batch });
    const steps = Math.ceil(flop / flopAStep);
    const stage = compress({ steps, batch: rival.batch, exactly: true });
    const program: Compressed = await stage.run(plan, context);
    await program.verify(set, context);
    const entry = (name: string) => program.ledger.entries.find((e) => e.name === name)!.bytes;
    measured.push({
      ...{ name: rival.name, parameters: parameterCount(plan.spec, set.channels), flop: flopAStep * steps },
      ...{ bytes: program.bytes.length, weights: entry("weights"), payload: entry("payload") },
    });
  }
  return measured;
}

async function planOf(set: Dataset, rival: Rival, context: Context): Promise<Plan> {
  return (await pipe(features(rival.features), sharing(rival.sharing)).run(set, context)).output;
}
