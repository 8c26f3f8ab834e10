/**
 * The predictor's initial weights, and its loss as a composition of tfjs operations, for every backend: a function of the
 * flat weights that can be differentiated. A test holds it and the fused kernel to each other.
 */
import * as tf from "@tensorflow/tfjs";
import { random } from "../random.ts";
import type { Loss } from "../training/learner.ts";
import { type Run, stepSize } from "./samples.ts";
import {
  cellCount,
  cellSize,
  featureCount,
  inputLayers,
  type Layer,
  layers,
  type ModelSpec,
  PADDED_OUTPUTS,
  usesInput,
} from "./spec.ts";

/** Share of the probability that every value gets, as in `lib/decoder/assembly/mixture.ts`. */
const FLOOR = 2e-6;

/**
 * Seeded initial weights: normal with deviation gain / √rows; biases of zero, but for the output layer, whose four
 * logistics begin side by side and at different widths.
 */
export function initialWeights(spec: ModelSpec, channels: number, seed: number): Float32Array {
  const gains = { input: 1, first: 1.2, second: 0.5, output: 0.3 };
  const { normal } = random(seed, "weights"), size = cellSize(spec, channels);
  const weights = new Float32Array(cellCount(spec) * size);
  for (let cell = 0; cell < cellCount(spec); cell++) {
    for (const [l, { kind, rows, columns, used, offset }] of layers(spec, channels).entries()) {
      if (kind === "input" && !usesInput(spec, channels, cell, l)) continue;
      const at = cell * size + offset, deviation = gains[kind] / Math.sqrt(rows);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < used; j++) weights[at + i * columns + j] = deviation * normal();
      }
      if (kind === "output") {
        const bias = at + rows * columns;
        weights.set([-0.8, -0.8 / 3, 0.8 / 3, 0.8], bias + 4);
        weights.set([-1.2, -0.7, -0.2, 0.3], bias + 8);
      }
    }
  }
  return weights;
}

/**
 * The loss composed of tfjs operations, of weights f32[cells · cellSize].
 *
 * @param contexts f32[B, features + 4] as `FusedTraining.contexts` gives them, in the order of `runs`
 */
export function composedLoss(
  spec: ModelSpec,
  channels: number,
  contexts: Float32Array,
  runs: readonly Run[],
): Loss {
  const D = featureCount(spec, channels), size = cellSize(spec, channels), all = cellCount(spec);
  const B = contexts.length / (D + 4), places = layers(spec, channels);
  const together = spec.shareScales ? all : 1; // cells that have the same runs
  return (weights) =>
    tf.tidy(() => {
      const columns = tf.tensor2d(contexts, [B, D + 4]);
      const [inputs, mean, scale, logScale, symbol] = tf.split(columns, [D, 1, 1, 1, 1], 1) as tf.Tensor2D[];
      const outputs: tf.Tensor[] = [];
      for (let cell = 0, from = 0; cell < all; cell += together) {
        const own = runs.filter((run) => run.cell === cell), count = stepSize(own), G = together;
        const cells = weights.reshape([all, size]).slice([cell, 0], [G, size]);
        const x = inputs!.slice([from, 0], [G * count, D]).reshape([G, count, D]);
        outputs.push(network(spec, channels, places, cells, x, own).reshape([G * count, PADDED_OUTPUTS]));
        from += G * count;
      }
      return mixtureBits(tf.concat(outputs, 0), mean!, scale!, logScale!, symbol!);
    });
}

/** Outputs [G, n, 16] of G cells' predictors, weights [G, size], for inputs x [G, n, D], whose runs are given. */
function network(
  spec: ModelSpec,
  channels: number,
  places: readonly Layer[],
  cells: tf.Tensor,
  x: tf.Tensor,
  runs: readonly Run[],
): tf.Tensor {
  const [G, , D] = x.shape as [number, number, number];
  const dense = (x: tf.Tensor, layer: number) => {
    const { rows, columns, offset } = places[layer]!;
    const w = cells.slice([0, offset], [G, (rows + 1) * columns]).reshape([G, rows + 1, columns]);
    return tf.matMul(x, w.slice([0, 0, 0], [G, rows, columns])).add(w.slice([0, rows, 0], [G, 1, columns]));
  };
  let from = 0;
  const hidden = runs.map(({ layer, count }) => {
    from += count;
    return dense(x.slice([0, from - count, 0], [G, count, D]), layer);
  });
  let h = tf.concat(hidden, 1); // [G, n, W]
  for (let l = 0; l < spec.blocks; l++) {
    const first = inputLayers(spec, channels) + (spec.tied ? 0 : 2 * l);
    h = h.add(dense(tf.relu(dense(tf.relu(h), first)), first + 1));
  }
  return dense(tf.relu(h), places.length - 1);
}

/** Mean bits of symbols [B, 1] under mixtures of four logistics; see `lib/decoder/assembly/loss.ts`. */
function mixtureBits(
  outputs: tf.Tensor,
  mean: tf.Tensor,
  scale: tf.Tensor,
  logScale: tf.Tensor,
  symbol: tf.Tensor,
): tf.Scalar {
  const [logits, means, spreads] = tf.split(outputs, 4, 1); // [B, 4] each
  const slope = tf.exp(tf.neg(spreads!.add(logScale).sub(1).clipByValue(-3, 6)));
  const distance = symbol.sub(mean).sub(means!.mul(scale));
  const far = tf.onesLike(distance).mul(80);
  const value = symbol.tile([1, 4]);
  const upper = tf.where(value.equal(255), far, distance.add(0.5).mul(slope));
  const lower = tf.where(value.equal(0), far.neg(), distance.sub(0.5).mul(slope));
  // mirrored to the side where differences do not cancel
  const sign = tf.step(upper.add(lower)).mul(-2).add(1);
  const part = sign.mul(tf.sigmoid(upper.mul(sign)).sub(tf.sigmoid(lower.mul(sign))));
  const share = tf.softmax(logits!).mul(part).sum(1);
  return tf.log(share.mul(1 - 256 * FLOOR).add(FLOOR)).mean().mul(-1 / Math.LN2) as tf.Scalar;
}
