/**
 * The transformer in tfjs operations, as `lib/decoder/assembly/transformer/` computes it: root-mean-square norms
 * without gains, rotary positions, SwiGLU (Touvron et al. 2023), embedding and output tied.
 */
import * as tf from "@tensorflow/tfjs";
import "../../backend/dense_kernels.ts";
import { BASE, EPSILON, matrices, type TransformerSpec } from "./spec.ts";

const FORBIDDEN = -1e9; // a logit whose weight is 0 after the softmax

/** What does not depend on the weights, for windows of T bytes; its tensors are kept until `dispose`. */
export interface Constants {
  /** cos and sin of each position's angles, [B, T, 2 · heads, depth / 2]. */
  readonly cos: tf.Tensor4D;
  readonly sin: tf.Tensor4D;
  /** 0 up to the diagonal, above it forbidden, [B, heads, T, T]. */
  readonly past: tf.Tensor4D;
  dispose(): void;
}

export function constantsOf({ width, heads }: TransformerSpec, B: number, T: number): Constants {
  const depth = width / heads, pairs = depth / 2;
  const turn = (of: (angle: number) => number) =>
    tf.tidy(() => {
      const angles = Float32Array.from(
        { length: T * pairs },
        (_, i) => of(Math.floor(i / pairs) * BASE ** (-(i % pairs) / pairs)),
      );
      return tf.tensor4d(angles, [1, T, 1, pairs]).tile<tf.Tensor4D>([B, 1, 2 * heads, 1]);
    });
  const cos = turn(Math.cos), sin = turn(Math.sin);
  const past = tf.tidy(() =>
    tf.linalg.bandPart(tf.ones([T, T]), -1, 0).sub(1).mul(-FORBIDDEN).reshape<tf.Tensor4D>([1, 1, T, T])
      .tile<tf.Tensor4D>([B, heads, 1, 1])
  );
  return { cos, sin, past, dispose: () => tf.dispose([cos, sin, past]) };
}

/** Bits of each of `next` behind `symbols` ([B · T] int32 both) on the average; weights are f32[weightCount]. */
export function meanBits(
  spec: TransformerSpec,
  symbols: number,
  flat: tf.Tensor1D,
  { cos, sin, past }: Constants,
  [here, next]: readonly [tf.Tensor1D, tf.Tensor1D],
): tf.Scalar {
  const [B, T] = cos.shape, { width, heads } = spec, depth = width / heads;
  const all = matrices(spec, symbols);
  const parts = tf.split(flat, all.map(({ rows, columns }) => rows * columns)) as tf.Tensor1D[];
  const of = (index: number) => parts[index]!.reshape<tf.Tensor2D>([all[index]!.rows, all[index]!.columns]);
  const embedding = of(0), behind = embedding.pad([[0, 1], [0, 0]]); // the symbol before every text is zero
  let x = tf.gather(behind, here) as tf.Tensor2D; // [B·T, D]
  for (let i = 0; i < spec.layers; i++) {
    const joined = tf.matMul(normalised(x), of(1 + 4 * i)).reshape([B, T, 3 * heads, depth]);
    const [pairs, values] = tf.split(joined, [2 * heads, heads], 2) as [tf.Tensor4D, tf.Tensor4D];
    const [a, b] = tf.split(pairs, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const turned = tf.concat([a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))], 3);
    const [queries, keys] = tf.split(turned.transpose([0, 2, 1, 3]), 2, 1) as [tf.Tensor4D, tf.Tensor4D];
    const scores = tf.matMul(queries.mul(1 / Math.sqrt(depth)), keys, false, true).add(past); // [B, heads, T, T]
    const taken = tf.matMul(tf.softmax(scores), values.transpose([0, 2, 1, 3])); // [B, heads, T, depth]
    x = x.add(tf.matMul(taken.transpose([0, 2, 1, 3]).reshape<tf.Tensor2D>([B * T, width]), of(2 + 4 * i)));
    const [gate, up] = tf.split(tf.matMul(normalised(x), of(3 + 4 * i)), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    x = x.add(tf.matMul(gate.mul(gate.sigmoid()).mul<tf.Tensor2D>(up), of(4 + 4 * i)));
  }
  const logits = tf.matMul(normalised(x), embedding, false, true); // [B·T, symbols]
  const wanted = tf.oneHot(next, Math.max(2, symbols)).slice([0, 0], [B * T, symbols]); // of 1 alone tfjs makes none
  return tf.losses.softmaxCrossEntropy(wanted, logits).mul(Math.LOG2E) as tf.Scalar;
}

/** Each row over the root of its mean square. */
function normalised(x: tf.Tensor2D): tf.Tensor2D {
  return x.mul(x.square().mean(1, true).add(EPSILON).rsqrt());
}
