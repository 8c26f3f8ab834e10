/** Quantisation of weights to whole multiples of a step: sharing by a common codebook (Han et al. 2016). */
import * as tf from "@tensorflow/tfjs";

/** The least and the largest multiple that a decoder holds. */
export type Multiples = readonly [least: number, most: number];

/** Rounds weights to multiples of their steps, as the decoder will see them. */
export function quantise(weights: tf.Tensor1D, steps: tf.Tensor1D, [least, most]: Multiples): tf.Tensor1D {
  return tf.tidy(() => tf.round(weights.div(steps)).clipByValue(least, most).mul(steps));
}

/**
 * Slope of the weights' own code length, in bits per unit of each weight, were a multiple q coded in log₂(1 + |q|) bits
 * and a constant: the two-part code is the sum of both parts, and so is what training descends.
 */
export function rateSlope(weights: tf.Tensor1D, steps: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => tf.sign(weights).div(tf.abs(weights).add(steps)).mul(1 / Math.LN2));
}
