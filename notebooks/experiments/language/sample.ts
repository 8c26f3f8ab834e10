/** Text drawn from a language model, character by character. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../lib/random.ts";
import { logitsOf, startState } from "./model.ts";
import { initialWeights, type LanguageSpec } from "./spec.ts";
import { type Numbers, tensorsOf } from "./weights.ts";

/** Continues `prompt` (at least one symbol) by `count` symbols, each drawn with its probability under the model. */
export async function sampleText(
  spec: LanguageSpec,
  numbers: Numbers,
  prompt: Uint8Array,
  count: number,
  { uniform }: Random,
): Promise<Uint8Array> {
  const weights = tensorsOf(initialWeights(spec), numbers), text = [...prompt];
  let state = startState(spec, 1), unread = text.length;
  for (let n = 0; n < count; n++) {
    const [chances, ...after] = tf.tidy(() => {
      const seen = spec.kind === "attention" ? text.slice(-spec.context) : text.slice(-unread);
      const symbols = tf.tensor2d(seen, [seen.length, 1], "int32");
      const { logits, state: next } = logitsOf(spec, weights, symbols, state);
      const last = logits.slice([seen.length - 1, 0, 0], [1, 1, spec.symbols]).reshape([spec.symbols]);
      return [tf.softmax(last), ...next.map((tensor) => tensor.clone())];
    }) as [tf.Tensor1D, ...tf.Tensor2D[]];
    text.push(drawn(await chances.data<"float32">(), uniform()));
    tf.dispose([chances, ...state]);
    state = after;
    unread = 1;
  }
  tf.dispose([weights, ...state]);
  return Uint8Array.from(text.slice(prompt.length));
}

/** The symbol in whose share of [0, 1) the number lies. */
function drawn(chances: Float32Array, at: number): number {
  let sum = 0;
  const symbol = chances.findIndex((chance) => (sum += chance) > at);
  return symbol < 0 ? chances.indexOf(Math.max(...chances)) : symbol;
}
