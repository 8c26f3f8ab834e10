/** Bits a character of a text under a language model. */
import * as tf from "@tensorflow/tfjs";
import { costs, logitsOf, startState } from "./model.ts";
import type { LanguageSpec } from "./spec.ts";
import type { Weights } from "../networks/weights.ts";
import { windowAt } from "./windows.ts";

const STREAMS = 32; // measured side by side

/**
 * Mean cost of a text's characters in bits. The text is cut into streams; a recurrent model reads each from its
 * beginning to its end. Attention sees windows that overlap by half, and a character is measured where it stands in the
 * second half, so that at least half a window stands before it (in the first window of a stream: what there is). Call
 * within `tf.tidy` or not: nothing is left behind.
 *
 * @param length Characters of a window; for attention its context.
 */
export async function bitsPerCharacter(
  spec: LanguageSpec,
  weights: Weights,
  text: Uint8Array,
  length: number,
): Promise<number> {
  const streams = Math.min(STREAMS, Math.ceil(text.length / (2 * length)));
  const stream = Math.floor((text.length - 1) / streams); // predictions of a stream
  const stride = spec.kind === "attention" ? Math.max(1, length >> 1) : length;
  let state = startState(spec, streams), sum = 0, counted = 0;
  for (let from = 0; counted < stream * streams; from += stride) {
    const T = Math.min(length, stream - from), first = from === 0 ? 0 : length - stride;
    const [bits, ...after] = tf.tidy(() => {
      const starts = Array.from({ length: streams }, (_, b) => b * stream + from);
      const { symbols, next } = windowAt(text, starts, T), step = logitsOf(spec, weights, symbols, state);
      const own = costs(step.logits, next).slice([first, 0], [T - first, streams]);
      return [own.sum(), ...step.state.map((tensor) => tensor.clone())];
    }) as [tf.Scalar, ...tf.Tensor2D[]];
    sum += (await bits.data())[0]!;
    counted += (T - first) * streams;
    tf.dispose([bits, ...state]);
    state = after;
  }
  tf.dispose([...state]);
  return sum / counted;
}
