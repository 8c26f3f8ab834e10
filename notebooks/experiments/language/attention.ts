/** A language model of attention alone (Vaswani et al. 2017), normalised before each branch, positions learnt. */
import * as tf from "@tensorflow/tfjs";
import { laterPlaces, normalise } from "../attention/blocks.ts";
import type { AttentionSpec } from "./spec.ts";
import type { Weights } from "../networks/weights.ts";

/** Logits for the character after each of `symbols` ([T, B], int32; T at most the context), [T, B, symbols]. */
export function attentionLogits(spec: AttentionSpec, weights: Weights, symbols: tf.Tensor2D): tf.Tensor3D {
  const [T, B] = symbols.shape, { width } = spec;
  const position = weights["position"]!.slice([0, 0], [T, width]); // [T, D]
  const embedded = tf.gather(weights["embedding"]!, symbols.transpose()); // [B, T, D]
  const x = throughBlocks(spec, weights, embedded.add(position)); // [B·T, D]
  const logits = tf.matMul(x, weights["output"]!).add(weights["outputBias"]!);
  return logits.reshape<tf.Tensor3D>([B, T, spec.symbols]).transpose([1, 0, 2]);
}

/** What the blocks make of embedded sequences ([B, T, D]), each place knowing those before it; normalised, [B·T, D]. */
function throughBlocks(spec: AttentionSpec, weights: Weights, embedded: tf.Tensor): tf.Tensor2D {
  const [B, T, width] = embedded.shape as [number, number, number];
  const past = laterPlaces(T); // [T, T], 0 up to the diagonal
  let x = embedded.reshape<tf.Tensor2D>([B * T, width]); // [B·T, D]
  for (let i = 0; i < spec.blocks; i++) {
    x = x.add(attend(spec, weights, i, normalise(x, weights, `${i}.attention`), past, B));
    const inner = tf.matMul(normalise(x, weights, `${i}.inner`), weights[`${i}.inner`]!); // [B·T, 4D]
    x = x.add(tf.matMul(inner.add(weights[`${i}.innerOffset`]!).relu(), weights[`${i}.outer`]!));
  }
  return normalise(x, weights, "last");
}

/** What each character takes from those before it and from itself, [B·T, D]. */
function attend(
  { width, heads }: AttentionSpec,
  weights: Weights,
  block: number,
  x: tf.Tensor2D,
  past: tf.Tensor,
  B: number,
): tf.Tensor2D {
  const T = past.shape[0]!, depth = width / heads;
  const joined = tf.matMul(x, weights[`${block}.queriesKeysValues`]!); // [B·T, 3D]
  const [queries, keys, values] = tf.split(joined, 3, 1).map((part) =>
    part.reshape([B, T, heads, depth]).transpose([0, 2, 1, 3]) // [B, heads, T, depth]
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const scores = tf.matMul(queries, keys, false, true).mul(1 / Math.sqrt(depth)).add(past); // [B, heads, T, T]
  const taken = tf.matMul(tf.softmax(scores), values); // [B, heads, T, depth]
  return tf.matMul(taken.transpose([0, 2, 1, 3]).reshape([B * T, width]), weights[`${block}.mix`]!);
}
