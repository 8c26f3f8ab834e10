/** The gap between images that a predictor was trained on and images that it has not seen (article 3.3). */
import { ensureBackend } from "../../../lib/backend/backend.ts";
import { threadsOf } from "../../../lib/backend/threads.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { parameterCount } from "../../../lib/image/spec.ts";
import { train, trainingFlop } from "../../../lib/image/train.ts";
import { checkArguments, DATASET, listOf, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { bitsOf } from "../../../lib/image/model.ts";
import { planOf, scheduleOf, type Variant } from "../../../scripts/laboratory/measure/variant.ts";

export interface Gap {
  readonly parameters: number;
  /** Of both trainings. */
  readonly flop: number;
  /** Code length under the model, in bits a symbol: −Σ log₂ p, without the weights. An estimate of bytes, not bytes. */
  readonly seen: number;
  readonly unseen: number;
}

/** How long each training is: by FLOP, at least, or by steps. */
export type TrainingLength = { readonly flop: number } | { readonly steps: number };

/**
 * Trains on either half, and asks for the code length of both. Each half is seen once and unseen once, so that it does
 * not matter which is the harder one.
 *
 * @throws {MdlError} `usage` when the halves differ in their number of images
 */
export async function measureGap(
  halves: readonly [Dataset, Dataset],
  variant: Variant,
  length: TrainingLength,
  context: Context,
): Promise<Gap> {
  checkArguments("measureGap", { halves, context }, {
    halves: listOf("two sets of images", DATASET),
    context: WHOLE_CONTEXT,
  });
  const [a, b] = halves;
  if (a.names.length !== b.names.length) {
    throw new MdlError("usage", "A gap is measured between halves of equally many images.");
  }
  await ensureBackend(context);
  const quiet = { ...context, log: () => {} }, rates = { seen: 0, unseen: 0 };
  let flop = 0, parameters = 0;
  for (const [seen, unseen] of [[a, b], [b, a]] as const) {
    const { spec } = await planOf(seen, variant, quiet), { channels } = seen, { batch } = variant;
    const steps = "steps" in length
      ? length.steps
      : scheduleOf({ dataset: seen, spec }, batch, length.flop).steps;
    const threads = threadsOf();
    const trained = await train(seen, spec, { steps, batch }, threads, quiet);
    const model = { spec, channels, weights: trained.weights, steps: trained.quantisation };
    const rate = async (set: Dataset) =>
      (await bitsOf(model, set, quiet)).reduce((a, b) => a + b) / set.symbols.length;
    rates.seen += await rate(seen) / 2;
    rates.unseen += await rate(unseen) / 2;
    flop += trainingFlop(spec, channels, { steps, batch });
    parameters = parameterCount(spec, channels);
  }
  return { parameters, flop, ...rates };
}
