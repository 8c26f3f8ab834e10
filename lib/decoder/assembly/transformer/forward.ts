/**
 * The forward pass: a step takes rows, each a token at a position of a window, and gives for each the logits of what comes
 * next. Windows go side by side, so that weights are read once for all of them; a row's logits do not depend on the others.
 */
import { add, normalise, pass, quantise } from "./activation";
import { attend, openAttention } from "./attention";
import { most, multiply, vectorAt } from "./matrix";
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
  openAngles,
  openModel,
  output,
  projected,
  projection,
  rows,
  take,
  vocabulary,
  width,
} from "./model";

/** Of each row, i32: token, position, lane (the window's place among those side by side). */
export let tokens: usize;
export let places: usize;
export let windows: usize;
/** f32 [rows, vocabulary]. */
export let logits: usize;

let x: usize; // f32 [rows, width]
let y: usize; // f32 [rows, the widest of what is between]
let h: usize; // f32 [rows, width]
let vectors: usize; // int16
let factors: usize;
let wide: usize; // bytes of a row of y

/** Reads the block, and takes memory behind what it says. */
export function openForward(block: usize): void {
  openModel(block);
  openAngles();
  openAttention();
  const padded = <usize> (rows + 3) & ~3;
  wide = <usize> max(projected, 2 * inner) << 2;
  tokens = take(padded * 4);
  places = take(padded * 4);
  windows = take(padded * 4);
  x = take(padded * width * 4);
  h = take(padded * width * 4);
  y = take(padded * wide);
  vectors = take(padded * max(max(width, inner), heads * headWidth) * 2);
  factors = take(padded * 4);
  logits = take(padded * vocabulary * 4);
}

/** Rows 0 … count − 1. */
export function step(count: i32): void {
  const bytes = <usize> width << 2;
  for (let row = 0; row < count; row++) embed(load<i32>(tokens + (row << 2)), x + row * bytes);
  for (let layer = 0; layer < layers; layer++) {
    normal(attentionNorm(layer), count);
    apply(projection(layer), projected, width, count, y, wide);
    for (let row = 0; row < count; row++) {
      const v = y + row * wide;
      attend(v, layer, load<i32>(places + (row << 2)), load<i32>(windows + (row << 2)));
      vector(v, heads * headWidth, row);
    }
    apply(joining(layer), width, heads * headWidth, count, h, bytes);
    add(x, h, count * width);
    normal(innerNorm(layer), count);
    apply(gate(layer), 2 * inner, width, count, y, wide);
    for (let row = 0; row < count; row++) {
      pass(y + row * wide, inner);
      vector(y + row * wide, inner, row);
    }
    apply(down(layer), width, inner, count, h, bytes);
    add(x, h, count * width);
  }
  normal(finalNorm(), count);
  apply(output(), vocabulary, width, count, logits, <usize> vocabulary << 2);
}

/** A token's row of the embedding, as numbers. */
function embed(token: i32, to: usize): void {
  const matrix = embedding(), scale = load<f32>(matrix + <usize> vocabulary * width + (token << 2));
  let pair = matrix + <usize> (token >> 3) * width * 8 + ((token & 7) << 1);
  for (const end = to + (<usize> width << 2); to < end; to += 8) {
    store<f32>(to, <f32> load<i8>(pair) * scale);
    store<f32>(to, <f32> load<i8>(pair, 1) * scale, 4);
    pair += 16;
  }
}

function vector(v: usize, k: i32, row: i32): void {
  store<f32>(factors + (row << 2), quantise(v, k, most(k), vectorAt(vectors, row, k)));
}

/** The rows of x, normalised, as vectors. */
function normal(weights: usize, count: i32): void {
  const bytes = <usize> width << 2;
  for (let row = 0; row < count; row++) {
    normalise(x + row * bytes, width, weights, h);
    vector(h, width, row);
  }
}

function apply(matrix: usize, n: i32, k: i32, count: i32, out: usize, stride: usize): void {
  const scales = matrix + <usize> n * k;
  multiply(matrix, <usize> k << 3, n, k, scales, count, vectors, factors, out, stride);
}
