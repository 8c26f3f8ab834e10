/** Training of a network given by its tensors and a loss: Adam, passes over the images in a seeded order. */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import { random } from "../../../lib/random.ts";
import { cosineRate } from "../../../lib/training/loop.ts";
import { isMatrix, pruned, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { runEpochs, stepsOf } from "../networks/epochs.ts";
import { openAdam, taken, type Weights } from "../networks/weights.ts";

/** How long, and how fast. */
export interface Schedule {
  /** Passes over the images. */
  readonly epochs: number;
  /** Images a step. */
  readonly batch: number;
  /** Highest learning rate; it rises over 20 steps and falls along a cosine. */
  readonly rate: number;
  /** Share of each matrix's numbers, those nearest to 0, that are 0 from half of the steps on; none by default. */
  readonly zeros?: number;
}

/**
 * Trains on the backend that is open, or on the best. The same seed and backend give the same numbers.
 *
 * @param lossOf Mean loss of the images with these indices; within `tf.tidy`. `draw` gives numbers from 0 to 1.
 * @returns the tensors behind the last step
 * @throws the context's abort reason
 */
export async function trainTensors(
  initial: Tensors,
  count: number,
  schedule: Schedule,
  lossOf: (weights: Weights, chosen: Int32Array, draw: () => number) => tf.Scalar,
  context: Pick<Context, "seed" | "signal" | "progress"> & Partial<Pick<Context, "log">>,
): Promise<Tensors> {
  await ensureBackend(context);
  const { epochs, batch, rate, zeros = 0 } = schedule, steps = stepsOf(count, schedule);
  const learner = openAdam(initial), { uniform } = random(context.seed, "variation");
  let masks: readonly Mask[] = [];
  try {
    await runEpochs({
      label: "training",
      epochs,
      count,
      batch,
      orders: random(context.seed, "orders"),
      async step(chosen, t) {
        const own = cosineRate(t, steps, { rate, warm: 20, last: 0.02 });
        if (zeros && t === steps >> 1) masks = await masksOf(Object.values(learner.variables), zeros);
        const loss = tf.tidy(() => {
          const mean = learner.step((weights) => lossOf(weights, chosen, uniform), own);
          for (const { variable, kept } of masks) variable.assign(variable.mul(kept));
          return mean;
        });
        return (await taken(loss))[0]!;
      },
      note: (mean) => `loss ${mean.toFixed(3)}`,
    }, context);
    return await learner.tensors();
  } finally {
    tf.dispose(masks.map(({ kept }) => kept));
    learner.dispose();
  }
}

/** A matrix that learns; 1 where a number stays, 0 where it becomes 0. */
interface Mask {
  readonly variable: tf.Variable;
  readonly kept: tf.Tensor;
}

async function masksOf(variables: readonly tf.Variable[], zeros: number): Promise<Mask[]> {
  return await Promise.all(
    variables.filter(isMatrix).map(async (variable) => {
      const { shape } = variable,
        { values } = pruned({ shape, values: await variable.data<"float32">() }, zeros);
      return { variable, kept: tf.tensor(values.map((v) => Number(v !== 0)), shape) };
    }),
  );
}
