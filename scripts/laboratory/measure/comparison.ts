/**
 * What sharing across positions is worth (article 2.2 (1), 4.3 (3): "to 1/10"): a shared predictor against one for each
 * of 32 × 32 positions, both really trained, with equal FLOP, both programs decoded and compared.
 */
import type { Dataset } from "../../../lib/image/dataset.ts";
import { threadsOf } from "../../../lib/backend/threads.ts";
import {
  type Measured,
  measureVariant,
  planOf,
  scheduleOf,
  sharedVariant,
  unsharedVariant,
} from "./variant.ts";
import { checkArguments, DATASET, decimal, PART_OF_CONTEXT } from "../../../lib/options.ts";
import { estimateSeconds } from "../../../lib/image/estimate.ts";
import { type Context, inContext } from "../../../lib/context.ts";

/** Parameters of the article's convolutional encoder (5.2): 3×3 kernels, 3 → 32 → 64 → 128 channels, with biases. */
export const ARTICLE_ENCODER = (9 * 3 + 1) * 32 + (9 * 32 + 1) * 64 + (9 * 64 + 1) * 128;

/** FLOP of each training by default: enough for both to be close to where they end. */
const FLOP = 3e10;

export interface SharingMeasured extends Measured {
  readonly name: "shared" | "unshared";
}

/** Seconds that `compareSharing` will take. */
export async function estimateSharing(set: Dataset, context: Context, flop = FLOP): Promise<number> {
  const threads = threadsOf(), quiet = { ...context, log: () => {} };
  let sum = 0;
  for (const variant of [sharedVariant(flop), unsharedVariant(set)]) {
    const plan = await planOf(set, variant, quiet), schedule = scheduleOf(plan, variant.batch, flop);
    const parts = await estimateSeconds(set, plan.spec, { schedule, threads }, context);
    sum += parts.training + parts.encoding + parts.decoding;
  }
  return sum;
}

/** Trains and codes both on images of one size with about `flop` each; every program is verified. */
export async function compareSharing(
  set: Dataset,
  context?: Partial<Context>,
  flop = FLOP,
): Promise<readonly SharingMeasured[]> {
  checkArguments("compareSharing", { set, context, flop }, {
    set: DATASET,
    context: PART_OF_CONTEXT,
    flop: decimal(1),
  });
  return await inContext(context, async (context) => [
    { name: "shared", ...await measureVariant(set, sharedVariant(flop), { flop }, context) },
    { name: "unshared", ...await measureVariant(set, unsharedVariant(set), { flop }, context) },
  ]);
}
