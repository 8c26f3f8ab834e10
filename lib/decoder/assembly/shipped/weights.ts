/** Weights that are in the program: whole multiples of each matrix's step, coded with one adaptive table for all. */
import { codeMultiple, openMultiples } from "../multiples";
import {
  attentionNorm,
  down,
  embedding,
  finalNorm,
  gate,
  heads,
  headWidth,
  inner,
  innerNorm,
  joining,
  layers,
  projected,
  projection,
  take,
  vocabulary,
  width,
} from "../transformer/model";
import { steps, symbols } from "./block";

let step: usize; // of the next matrix
let known: usize; // encoder: multiples of the next matrix, int8, row by row
let table: usize;

/** Takes memory. */
export function openWeights(): void {
  table = take(4096);
}

/** Codes a matrix [n, k], of which the first rows are coded and the others zero. */
function codeMatrix(matrix: usize, n: i32, k: i32, coded: i32): void {
  const scale = load<f32>(step);
  step += 4;
  for (let i = 0; i < coded; i++) {
    store<f32>(matrix + <usize> n * k + (i << 2), scale);
    const row = matrix + <usize> (i >> 3) * k * 8 + ((i & 7) << 1);
    for (let j = 0; j < k; j++) {
      const q = codeMultiple(ENCODE ? load<i8>(known++) : 0);
      store<i8>(row + (<usize> (j >> 1) << 4) + (j & 1), q);
    }
  }
}

/** A norm that has no weights. */
function codeNorm(norm: usize): void {
  for (let i = 0; i < width; i++) store<f32>(norm + (i << 2), 1);
}

/** Codes all matrices; the range coder is open. The encoder finds their multiples at an address. */
export function codeWeights(multiples: usize): void {
  openMultiples(table);
  known = multiples;
  step = steps();
  codeMatrix(embedding(), vocabulary, width, symbols());
  for (let layer = 0; layer < layers; layer++) {
    codeNorm(attentionNorm(layer));
    codeMatrix(projection(layer), projected, width, projected);
    codeMatrix(joining(layer), width, heads * headWidth, width);
    codeNorm(innerNorm(layer));
    codeMatrix(gate(layer), 2 * inner, width, 2 * inner);
    codeMatrix(down(layer), width, inner, width);
  }
  codeNorm(finalNorm());
}
