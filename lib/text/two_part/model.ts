/** A trained transformer, and its weights as the program has them. */
import type { Quantisation } from "../../training/two_part.ts";
import { matrices, type Matrix, type TransformerSpec } from "./spec.ts";

/** A transformer, trained. */
export interface TransformerModel {
  /** What it is made of. */
  readonly spec: TransformerSpec;
  /** The bytes that it knows, in order: the symbols. */
  readonly alphabet: readonly number[];
  /** f32, as `matrices` lays them out. */
  readonly weights: Float32Array;
  /** The step of each matrix. */
  readonly quantisation: Quantisation;
}

/** The largest multiple of its step that a weight may be. */
export const MOST = 127;

/** The bytes that occur, in order; of no text, byte 0. */
export function alphabetOf(bytes: Uint8Array): readonly number[] {
  const found = [...new Set(bytes)].sort((a, b) => a - b);
  return found.length ? found : [0];
}

/** Bytes as their places in an alphabet. */
export function symbolsOf(alphabet: readonly number[], bytes: Uint8Array): Uint8Array {
  const place = new Uint8Array(256);
  alphabet.forEach((byte, symbol) => place[byte] = symbol);
  return bytes.map((byte) => place[byte]!);
}

/** The weights as multiples of their steps, in the order in which the decoder wants them: matrix by matrix, [outputs, inputs]. */
export function multiplesOf({ spec, alphabet, weights, quantisation }: TransformerModel): Int8Array {
  const all = matrices(spec, alphabet.length), multiples = new Int8Array(weights.length);
  let to = 0;
  const write = ({ name, rows, columns, offset }: Matrix, transposed: boolean, order = (i: number) => i) => {
    const step = quantisation[name]!, [n, k] = transposed ? [columns, rows] : [rows, columns];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < k; j++) {
        const w = weights[offset + (transposed ? j * columns + order(i) : i * columns + j)]!;
        multiples[to++] = Math.max(-MOST, Math.min(MOST, Math.round(w / step)));
      }
    }
  };
  const { width, heads } = spec, depth = width / heads;
  // in training the halves of a head's queries and keys turn with each other, in the decoder neighbours
  const paired = (i: number) => i < 2 * width ? i - i % depth + (i % depth >> 1) + (i & 1) * depth / 2 : i;
  for (const matrix of all) {
    write(matrix, matrix.name !== "embedding", /Values$/.test(matrix.name) ? paired : undefined);
  }
  return multiples;
}
