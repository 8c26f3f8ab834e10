/** Training of a model of attention in passes over its items. */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { rateAt } from "../language/train.ts";
import { drawWeights, type Initial, openLearner, shapedNumbers } from "../language/weights.ts";
import { runEpochs, stepsOf } from "../networks/epochs.ts";
import { taken, type Weights } from "../networks/weights.ts";

/** How it is trained. */
export interface AttentionTraining {
  readonly epochs: number;
  readonly batch: number;
  /** Learning rate at its highest. */
  readonly rate: number;
  /** Share of what is read that is hidden from it while it learns. */
  readonly hidden: number;
}

/**
 * Trains by AdamW on the backend that is open, or on the best. Everything random comes from the context's seed.
 *
 * @param item What one of the items is called.
 * @param lossOf Mean bits of the items with these indices; within `tf.tidy`. `hidden` draws whether a place is.
 */
export async function trainWeights(
  initial: Readonly<Record<string, Initial>>,
  count: number,
  training: AttentionTraining,
  item: string,
  lossOf: (weights: Weights, chosen: Int32Array, hidden: () => boolean) => tf.Scalar,
  context: Context,
): Promise<Tensors> {
  await ensureBackend(context);
  const { epochs, batch, rate } = training, steps = stepsOf(count, training);
  const learner = openLearner(initial, drawWeights(initial, context.random("weights")));
  const { uniform } = context.random("hidden"), hidden = () => uniform() < training.hidden;
  try {
    await runEpochs({
      label: "training attention",
      epochs,
      count,
      batch,
      orders: context.random("orders"),
      async step(chosen, t) {
        const loss = tf.tidy(() =>
          learner.step((weights) => lossOf(weights, chosen, hidden), rateAt(t, { steps, rate }))
        );
        return (await taken(loss))[0]!;
      },
      note: (bits) => `${bits.toFixed(3)} bits/${item}`,
    }, context);
    return shapedNumbers(initial, await learner.numbers());
  } finally {
    learner.dispose();
  }
}
