/**
 * Classifiers of dense layers with relu between them, of any width: one family in which parameters, FLOP, accuracy and
 * latency can be set against each other (article 9.2), on pixels or on what a dimension reduction leaves of them (9.5).
 */
import * as tf from "@tensorflow/tfjs";
import "../../../lib/backend/dense_kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Labelled } from "../../../scripts/laboratory/measure/labelled.ts";
import type { Context } from "../../../lib/context.ts";
import { runSteps } from "../../../lib/training/loop.ts";
import { classesOf, shareRight } from "./classes.ts";
import { taken } from "./weights.ts";

/** A dense layer: weights f32[rows, columns], bias f32[columns]. */
export interface DenseLayer {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The layers in order; relu between them, logits of the classes behind the last. */
export type DenseNet = readonly DenseLayer[];

/** Weights and biases. */
export function netParameters(net: DenseNet): number {
  return net.reduce((sum, { rows, columns }) => sum + (rows + 1) * columns, 0);
}

/** FLOP of classifying one sample, multiply and add counted as two. */
export function netFlop(net: DenseNet): number {
  return 2 * netParameters(net);
}

export interface Training {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
}

/**
 * Trains a classifier with Adam on the cross entropy; samples are drawn with the context's seed, the learning rate falls
 * linearly to 0.
 *
 * @returns the net and the FLOP of its training
 * @throws the signal's reason when stopped
 */
export async function trainDense(
  { inputs, size, labels }: Labelled,
  { hidden, classes, steps, batch, rate }: Training,
  context: Context,
): Promise<{ readonly net: DenseNet; readonly flop: number }> {
  await ensureBackend(context);
  const units = [size, ...hidden, classes], stream = context.random(`dense classifier ${units}`);
  const start = units.slice(1).map((columns, i) => {
    const rows = units[i]!, scale = Math.sqrt(2 / rows); // He's, for relu
    return Float32Array.from({ length: rows * columns }, () => scale * stream.normal());
  });
  const weights = tf.tidy(() =>
    start.map((values, i) => tf.variable(tf.tensor2d(values, [units[i]!, units[i + 1]!])))
  );
  const biases = tf.tidy(() =>
    units.slice(1).map((columns) => tf.variable(tf.zeros([columns]) as tf.Tensor1D))
  );
  const optimiser = tf.train.adam(rate), count = labels.length, label = `training ${units.join("-")}`;
  const rows = new Float32Array(batch * size), wanted = new Int32Array(batch);
  try {
    await runSteps({
      label,
      steps,
      step(t) {
        for (let i = 0; i < batch; i++) {
          const chosen = stream.below(count);
          rows.set(inputs.subarray(chosen * size, (chosen + 1) * size), i * size);
          wanted[i] = labels[chosen]!;
        }
        setRate(optimiser, rate * (1 - t / steps));
        tf.tidy(() => {
          const x = tf.tensor2d(rows.slice(), [batch, size]); // [B, S]
          const right = tf.oneHot(tf.tensor1d(wanted, "int32"), classes); // [B, C]
          optimiser.minimize(() =>
            tf.losses.softmaxCrossEntropy(right, logits(x, weights, biases)) as tf.Scalar
          );
        });
      },
    }, context);
    const net = await Promise.all(weights.map(async (w, i): Promise<DenseLayer> => ({
      rows: units[i]!,
      columns: units[i + 1]!,
      weights: (await w.data() as Float32Array).slice(),
      bias: (await biases[i]!.data() as Float32Array).slice(),
    })));
    return { net, flop: 3 * netFlop(net) * steps * batch };
  } finally {
    tf.dispose([...weights, ...biases]);
    optimiser.dispose();
  }
}

/** Adam has a learning rate that its type hides. */
function setRate(optimiser: tf.AdamOptimizer, rate: number): void {
  (optimiser as unknown as { learningRate: number }).learningRate = rate;
}

/** [B, S] → [B, C] */
function logits(
  x: tf.Tensor2D,
  weights: readonly tf.Tensor2D[],
  biases: readonly tf.Tensor1D[],
): tf.Tensor2D {
  return weights.reduce((h, w, i) => {
    const out = tf.add(tf.matMul(h, w), biases[i]!) as tf.Tensor2D; // [B, columns]
    return i < weights.length - 1 ? tf.relu(out) : out;
  }, x);
}

/** A net on the backend. */
export interface OpenNet {
  /** Logits f32[count, classes] of samples f32[count, size]. */
  logits(inputs: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

export function openNet(net: DenseNet): OpenNet {
  const weights = net.map(({ weights, rows, columns }) => tf.tensor2d(weights, [rows, columns]));
  const biases = net.map(({ bias }) => tf.tensor1d(bias)), size = net[0]!.rows;
  return {
    async logits(inputs) {
      return await taken(
        tf.tidy(() => logits(tf.tensor2d(inputs, [inputs.length / size, size]), weights, biases)),
      );
    },
    dispose: () => tf.dispose([...weights, ...biases]),
  };
}

/** Share of the samples whose class has the largest logit. */
export async function netAccuracy(net: DenseNet, { inputs, labels }: Labelled): Promise<number> {
  const open = openNet(net), classes = net.at(-1)!.columns;
  const found = await open.logits(inputs);
  open.dispose();
  return shareRight(classesOf(found, classes), labels);
}
