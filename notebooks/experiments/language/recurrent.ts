/** A recurrent language model: embedding, long short-term memory, logits. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../lib/random.ts";
import { runLstm } from "./lstm.ts";
import type { Dropout, RecurrentSpec } from "./spec.ts";
import type { Weights } from "../networks/weights.ts";

/** h and c, [B, H] both. */
export type RecurrentState = readonly [tf.Tensor2D, tf.Tensor2D];

export function emptyState({ hidden }: RecurrentSpec, batch: number): RecurrentState {
  return [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])];
}

/**
 * Logits for the character after each of `symbols` ([T, B], int32), and the state after the last. With `draw`, the
 * model learns: a part is left out, if its specification says so.
 */
export function recurrentLogits(
  spec: RecurrentSpec,
  weights: Weights,
  symbols: tf.Tensor2D,
  [hidden, cell]: RecurrentState,
  draw?: Random,
): { readonly logits: tf.Tensor3D; readonly state: RecurrentState } {
  const [T, B] = symbols.shape, { embedding, hidden: H } = spec;
  const masked = (x: tf.Tensor3D) =>
    // [T, B, any]
    draw && spec.dropout ? x.mul<tf.Tensor3D>(maskOf(spec.dropout, x.shape, draw)) : x;
  const seen = masked(tf.gather(weights["embedding"]!, symbols) as tf.Tensor3D); // [T, B, E]
  const { inputGate, forgetGate, candidate, outputGate } = weights;
  const bias = tf.concat([inputGate!, forgetGate!, candidate!, outputGate!]); // [4H]
  const gates = tf.matMul(seen.reshape([T * B, embedding]), weights["input"]!).add(bias); // [T·B, 4H]
  const { hiddens, cells } = runLstm({
    gates: gates.reshape([T, B, 4 * H]),
    recurrent: weights["recurrent"] as tf.Tensor2D,
    mask: draw && spec.dropout ? maskOf(spec.dropout, [T, B, H], draw) : tf.ones([1, B, H]),
    hidden,
    cell,
  });
  const last = (states: tf.Tensor3D) => states.slice([T - 1, 0, 0], [1, B, H]).reshape<tf.Tensor2D>([B, H]);
  const logits = tf.matMul(masked(hiddens).reshape([T * B, H]), weights["output"]!).add(
    weights["outputBias"]!,
  );
  return { logits: logits.reshape([T, B, spec.symbols]), state: [last(hiddens), last(cells)] };
}

/** Factors 0 or 1 / (1 − rate): [T, B, size], or [1, B, size] where one mask serves the sequence. */
export function maskOf(
  { rate, mask }: Dropout,
  [T, B, size]: readonly [number, number, number],
  { uniform }: Random,
): tf.Tensor3D {
  const steps = mask === "per sequence" ? 1 : T, kept = 1 / (1 - rate);
  const factors = Float32Array.from({ length: steps * B * size }, () => uniform() < rate ? 0 : kept);
  return tf.tensor3d(factors, [steps, B, size]);
}
