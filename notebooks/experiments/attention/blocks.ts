/**
 * Layers of attention (Vaswani et al. 2017) for models that read whole sequences at once: what is attended to may be another
 * sequence, and places may be closed. Normalised before each branch.
 */
import * as tf from "@tensorflow/tfjs";
import type { Initial } from "../language/weights.ts";
import type { Weights } from "../networks/weights.ts";

/** Width and number of heads, which divides it. */
export interface Heads {
  readonly width: number;
  readonly heads: number;
}

/** Width of a block's inner layer, in widths of the model. */
const INNER = 2;
const CLOSED = -1e9; // a logit whose weight is 0 after the softmax
const EPSILON = 1e-5; // added to a variance

const matrix = (inputs: number, outputs: number, scale = 1): Initial => ({
  shape: [inputs, outputs],
  deviation: scale / Math.sqrt(inputs),
});
const constant = (size: number, value = 0): Initial => ({ shape: [size], value });

/** Weights of a normalisation. */
export function normWeights(name: string, width: number): Record<string, Initial> {
  return { [`${name}Gain`]: constant(width, 1), [`${name}Bias`]: constant(width) };
}

/** Weights of one attention, its normalisation with them. */
export function attentionWeights(name: string, width: number): Record<string, Initial> {
  return {
    ...normWeights(name, width),
    [`${name}Queries`]: matrix(width, width),
    [`${name}KeysValues`]: matrix(width, 2 * width),
    [`${name}Mix`]: matrix(width, width, 0.5),
  };
}

/** Weights of the two-layer network that follows, and how wide its middle is. */
export function innerWeights(name: string, width: number, middle = INNER * width): Record<string, Initial> {
  return {
    ...normWeights(name, width),
    [`${name}In`]: matrix(width, middle),
    [`${name}Offset`]: constant(middle),
    [`${name}Out`]: matrix(middle, width, 0.5),
  };
}

/** Each row of [N, D] less its mean, over its deviation, then scaled and moved as learnt. */
export function normalise(x: tf.Tensor2D, weights: Weights, name: string): tf.Tensor2D {
  const centred = x.sub(x.mean(1, true));
  const scale = centred.square().mean(1, true).add(EPSILON).rsqrt();
  return centred.mul(scale).mul(weights[`${name}Gain`]!).add(weights[`${name}Bias`]!);
}

/** What is added to logits: 0 where a place is open (1), far below where it is closed (0). */
export function closedPlaces(open: tf.Tensor): tf.Tensor {
  return open.sub(1).mul(-CLOSED);
}

/** The same of T places that see those before them and themselves, [T, T]. */
export function laterPlaces(T: number): tf.Tensor {
  return closedPlaces(tf.linalg.bandPart(tf.ones([T, T]), -1, 0));
}

/** Keys and values of a sequence, [B, heads, S, depth] both. */
export type Memory = { // no interface, so that tfjs takes it for a container of tensors
  readonly keys: tf.Tensor4D;
  readonly values: tf.Tensor4D;
};

/** Keys and values of rows [B·S, D]. */
export function memoryOf(x: tf.Tensor2D, weights: Weights, name: string, batch: number, of: Heads): Memory {
  const joined = tf.matMul(x, weights[`${name}KeysValues`]!); // [B·S, 2D]
  const [keys, values] = tf.split(joined, 2, 1).map((part) => headsOf(part as tf.Tensor2D, batch, of));
  return { keys: keys!, values: values! };
}

/** [B·T, D] → [B, heads, T, depth] */
function headsOf(x: tf.Tensor2D, batch: number, { width, heads }: Heads): tf.Tensor4D {
  return x.reshape([batch, -1, heads, width / heads]).transpose([0, 2, 1, 3]);
}

/** What rows take from a memory, [B·T, D], and with what weights, [B, heads, T, S]. */
export interface Attended {
  readonly taken: tf.Tensor2D;
  readonly shares: tf.Tensor4D;
}

/** @param closed Added to the logits; its shape broadcasts to [B, heads, T, S]. */
export function attend(
  x: tf.Tensor2D,
  { keys, values }: Memory,
  closed: tf.Tensor,
  weights: Weights,
  name: string,
  of: Heads,
): Attended {
  const queries = headsOf(tf.matMul(x, weights[`${name}Queries`]!), keys.shape[0], of);
  const logits = tf.matMul(queries, keys, false, true).mul(1 / Math.sqrt(of.width / of.heads)).add(closed);
  const shares = tf.softmax(logits) as tf.Tensor4D;
  const taken = tf.matMul(shares, values).transpose([0, 2, 1, 3]).reshape<tf.Tensor2D>([-1, of.width]);
  return { taken: tf.matMul(taken, weights[`${name}Mix`]!), shares };
}

/** The two-layer network's branch, [N, D]. */
export function inner(x: tf.Tensor2D, weights: Weights, name: string): tf.Tensor2D {
  const hidden = tf.matMul(normalise(x, weights, name), weights[`${name}In`]!).add(weights[`${name}Offset`]!);
  return tf.matMul(hidden.relu() as tf.Tensor2D, weights[`${name}Out`]!);
}
