/** What all language models have in common: logits for the next character, and what the true one costs. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../lib/random.ts";
import { attentionLogits } from "./attention.ts";
import { emptyState, recurrentLogits } from "./recurrent.ts";
import type { LanguageSpec } from "./spec.ts";
import type { Weights } from "../networks/weights.ts";

/** What a model remembers from one window to the next: h and c of a recurrent one, nothing of attention. */
export type State = readonly tf.Tensor2D[];

/** The state of `batch` streams before their first character; the caller disposes it. */
export function startState(spec: LanguageSpec, batch: number): State {
  return spec.kind === "recurrent" ? emptyState(spec, batch) : [];
}

/**
 * Logits of the character after each of `symbols` ([T, B] int32) as [T, B, symbols]. With `draw` it learns: what the
 * specification leaves out then is drawn there. Call within `tf.tidy`.
 */
export function logitsOf(
  spec: LanguageSpec,
  weights: Weights,
  symbols: tf.Tensor2D,
  state: State,
  draw?: Random,
): { readonly logits: tf.Tensor3D; readonly state: State } {
  if (spec.kind === "attention") return { logits: attentionLogits(spec, weights, symbols), state };
  return recurrentLogits(spec, weights, symbols, state as [tf.Tensor2D, tf.Tensor2D], draw);
}

/** −log₂ of what each of `next` ([T, B] int32) was given by its logits, bits, [T, B]. */
export function costs(logits: tf.Tensor3D, next: tf.Tensor2D): tf.Tensor2D {
  const [T, B, symbols] = logits.shape;
  const chosen = tf.oneHot(next.reshape([T * B]) as tf.Tensor1D, symbols); // [T·B, symbols]
  const logs = tf.logSoftmax(logits.reshape([T * B, symbols])); // nats
  return logs.mul(chosen).sum(1).mul(-Math.LOG2E).reshape([T, B]);
}
