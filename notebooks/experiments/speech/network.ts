/**
 * A small network that hears half a second: one convolution over time whose strongest answers in four parts of the sound
 * are kept (a time-delay network; Waibel et al. 1989), and two dense layers.
 */
import * as tf from "@tensorflow/tfjs";
import "../../../lib/backend/dense_kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import type { Random } from "../../../lib/random.ts";
import { cosineRate, runSteps } from "../../../lib/training/loop.ts";
import { eachSeed } from "../../../scripts/laboratory/task/task.ts";
import type { Tensor, Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { openAdam, openTensors, taken, type Weights } from "../networks/weights.ts";
import { BANDS } from "./mel.ts";

/** Frames of a sound that the network takes. */
export const FRAMES_IN = 32;

/** Numbers of a sound: f32[FRAMES_IN, BANDS]. */
export const INPUTS = FRAMES_IN * BANDS;

/** Frames that the convolution looks at, places where it does, parts of the sound. */
const SPAN = 5, PLACES = FRAMES_IN - SPAN + 1, PARTS = 4;

/** Filters, if nothing else is asked for; the hidden layer has twice as many units. */
const FILTERS = 32;

/** How often each matrix is multiplied with a vector for one sound. */
export const USES: Readonly<Record<string, number>> = { convolution: PLACES, hidden: 1, output: 1 };

/** Sounds with what they are. */
export interface Sounds {
  /** f32[count, INPUTS] */
  readonly inputs: Float32Array;
  /** The class of each. */
  readonly labels: ArrayLike<number>;
}

export interface Training {
  readonly classes: number;
  readonly steps: number;
  /** Of the convolution: how wide the network is; 32 by default. */
  readonly filters?: number;
}

/** Sounds of a step, and at most of a prediction. */
const BATCH = 64, MANY = 512;
const RATE = { rate: 3e-3, warm: 50, last: 0.02 };

/** Noise on the inputs while training (in units of the inputs), and the share of hidden units that are left out. */
const NOISE = 0.2, LEFT_OUT = 0.3;

/** Weights drawn for relu (He). */
function fresh(classes: number, filters: number, { normal }: Random): Tensors {
  const matrix = (rows: number, columns: number): Tensor => ({
    shape: [rows, columns],
    values: Float32Array.from({ length: rows * columns }, () => Math.sqrt(2 / rows) * normal()),
  });
  const zeros = (length: number): Tensor => ({ shape: [length], values: new Float32Array(length) });
  return {
    convolution: matrix(SPAN * BANDS, filters),
    "convolution bias": zeros(filters),
    hidden: matrix(PARTS * filters, 2 * filters),
    "hidden bias": zeros(2 * filters),
    output: matrix(2 * filters, classes),
    "output bias": zeros(classes),
  };
}

/** [B, FRAMES_IN, BANDS] → hidden units [B, 2 F] of a network with F filters */
function hiddenUnits(x: tf.Tensor3D, weights: Weights): tf.Tensor2D {
  const [count] = x.shape, filters = weights.convolution!.shape[1]!;
  const shifted = Array.from({ length: SPAN }, (_, k) => x.slice([0, k, 0], [count, PLACES, BANDS]));
  const heard = tf.concat(shifted, 2).reshape([count * PLACES, SPAN * BANDS]) // [B · PLACES, SPAN · BANDS]
    .matMul(weights.convolution!).add(weights["convolution bias"]!).relu(); // [B · PLACES, F]
  const strongest = heard.reshape([count * PARTS, PLACES / PARTS, filters]).max(1); // [B · PARTS, F]
  return strongest.reshape([count, PARTS * filters]).matMul(weights.hidden!).add(weights["hidden bias"]!)
    .relu();
}

const answers = (hidden: tf.Tensor2D, weights: Weights): tf.Tensor2D =>
  hidden.matMul(weights.output!).add(weights["output bias"]!); // [B, classes]

/**
 * Trains one network with Adam on the cross entropy; sounds, noise and what is left out are drawn from the seed.
 *
 * @throws the context's abort reason
 */
async function trainNetwork(
  { inputs, labels }: Sounds,
  { classes, steps, filters = FILTERS }: Training,
  context: Context,
): Promise<Tensors> {
  await ensureBackend(context);
  const learner = openAdam(fresh(classes, filters, context.random("speech network")));
  const draw = context.random("speech training");
  const chosen = new Float32Array(BATCH * INPUTS), wanted = new Int32Array(BATCH);
  const kept = new Float32Array(BATCH * 2 * filters);
  try {
    await runSteps({
      label: `train a network, seed ${context.seed}`,
      steps,
      step(t) {
        for (let i = 0; i < BATCH; i++) {
          const one = draw.below(labels.length);
          for (let k = 0; k < INPUTS; k++) {
            chosen[i * INPUTS + k] = inputs[one * INPUTS + k]! + NOISE * (draw.uniform() - 0.5) * 3.46;
          }
          wanted[i] = labels[one]!;
        }
        for (let k = 0; k < kept.length; k++) kept[k] = draw.uniform() < LEFT_OUT ? 0 : 1 / (1 - LEFT_OUT);
        tf.tidy(() => {
          const x = tf.tensor3d(chosen, [BATCH, FRAMES_IN, BANDS]),
            mask = tf.tensor2d(kept, [BATCH, 2 * filters]);
          const target = tf.oneHot(tf.tensor1d(wanted, "int32"), classes);
          learner.step((weights) => {
            const hidden = hiddenUnits(x, weights).mul(mask) as tf.Tensor2D;
            return tf.losses.softmaxCrossEntropy(target, answers(hidden, weights)) as tf.Scalar;
          }, cosineRate(t, steps, RATE));
        });
      },
    }, context);
    return await learner.tensors();
  } finally {
    learner.dispose();
  }
}

/** Networks that differ in their seed alone. */
export const trainNetworks = (
  sounds: Sounds,
  training: Training,
  seeds: readonly number[],
  context: Context,
): Promise<readonly Tensors[]> => eachSeed(seeds, context, (own) => trainNetwork(sounds, training, own));

/** FLOP of training: forward and backward are three times forward, a multiplication and an addition are two. */
export function trainingFlop({ classes, steps, filters = FILTERS }: Training): number {
  const each = PLACES * SPAN * BANDS * filters + 2 * PARTS * filters ** 2 + 2 * filters * classes;
  return 6 * BATCH * steps * each;
}

/** Logarithms of the probabilities of each sound's classes, f32[count, classes]. */
export async function logProbabilities(
  model: Tensors,
  inputs: Float32Array,
  context: Context,
): Promise<Float32Array> {
  await ensureBackend(context);
  const weights = openTensors(model), count = inputs.length / INPUTS, classes = model.output!.shape[1]!;
  const out = new Float32Array(count * classes);
  try {
    for (let at = 0; at < count; at += MANY) {
      const here = Math.min(MANY, count - at);
      const logs = tf.tidy(() => {
        const x = tf.tensor3d(inputs.slice(at * INPUTS, (at + here) * INPUTS), [here, FRAMES_IN, BANDS]);
        return tf.logSoftmax(answers(hiddenUnits(x, weights), weights));
      });
      out.set(await taken(logs), at * classes);
    }
    return out;
  } finally {
    tf.dispose(weights);
  }
}
