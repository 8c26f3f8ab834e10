/** The predictor: dense layers over one symbol's context, vectorised over outputs so that no batch is needed. */
import { inputs, kind, octave } from "./context";
import {
  allocate,
  blocks,
  cellSize,
  channels,
  distinct,
  features,
  grid,
  inputLayers,
  scales,
  separate,
  weights,
  width,
} from "./model";

/** Outputs of the network, f32[16]: logits, means and log-scales of 4 logistics; the last four are unused. */
export let outputs: usize;
/**
 * Outputs of the input layer and, block by block, of the two layers of each, f32[width]. Only where weights follow the
 * image are all kept; elsewhere the first is added to, and `inner` serves all blocks.
 */
export let hidden: usize;
let inner: usize;

export const OUTPUTS = 16;
/** Where weights follow the image: bytes of a vector of gradients. The outputs begin one, and one more is behind it. */
export const VECTOR: usize = 4096;
/** Of these in use; the rest of the output layer is zero and is not coded. */
export const USED = 12;

export function openNetwork(): void {
  hidden = allocate((<usize> width << 2) * (ADAPT ? 2 * blocks + 1 : 1));
  if (!ADAPT) inner = allocate(<usize> width << 2);
  outputs = allocate(ADAPT ? 2 * VECTOR : OUTPUTS << 2);
}

/**
 * What happens to a layer's inputs. Shifted by 23 bits these are the bits of the least value that they keep: −∞ or 0.
 * (Written this way, the decoder is the shortest.)
 */
const LINEAR = -1;
const RECTIFIED = 0;

/**
 * y = b + max(x, least)·W, or y += that. `w` holds W [n, m] and then b [m]; m is a multiple of 4. Four accumulators of
 * four outputs each hide the latency of the additions.
 */
function dense(x: usize, n: i32, kind: i32, w: usize, m: i32, y: usize, add: bool): void {
  const row = <usize> m << 2, end = x + (<usize> n << 2), bias = w + n * row, least = i32x4.splat(kind << 23);
  let j: usize = 0;
  for (; j + 64 <= row; j += 64) {
    let a = v128.load(bias + j),
      b = v128.load(bias + j, 16),
      c = v128.load(bias + j, 32),
      d = v128.load(bias + j, 48);
    if (add) {
      a = f32x4.add(a, v128.load(y + j));
      b = f32x4.add(b, v128.load(y + j, 16));
      c = f32x4.add(c, v128.load(y + j, 32));
      d = f32x4.add(d, v128.load(y + j, 48));
    }
    let q = w + j;
    for (let p = x; p < end; p += 4, q += row) {
      const v = f32x4.pmax(v128.load_splat<f32>(p), least);
      a = f32x4.add(a, f32x4.mul(v, v128.load(q)));
      b = f32x4.add(b, f32x4.mul(v, v128.load(q, 16)));
      c = f32x4.add(c, f32x4.mul(v, v128.load(q, 32)));
      d = f32x4.add(d, f32x4.mul(v, v128.load(q, 48)));
    }
    v128.store(y + j, a);
    v128.store(y + j, b, 16);
    v128.store(y + j, c, 32);
    v128.store(y + j, d, 48);
  }
  for (; j < row; j += 16) {
    let a = v128.load(bias + j);
    if (add) a = f32x4.add(a, v128.load(y + j));
    let q = w + j;
    for (let p = x; p < end; p += 4, q += row) {
      a = f32x4.add(a, f32x4.mul(f32x4.pmax(v128.load_splat<f32>(p), least), v128.load(q)));
    }
    v128.store(y + j, a);
  }
}

/** The weights of the predictor that serves pixel (y, x) of an h × w image in the present pass. */
export function cellWeights(h: i32, w: i32, y: i32, x: i32): usize {
  if (ADAPT && !ENCODE) return weights; // there is one
  const scale = !separate ? 0 : kind ? scales - 1 - octave : 0;
  const cell = (scale * grid + (y * grid) / h) * grid + (x * grid) / w;
  return weights + (<usize> (cell * cellSize) << 2);
}

/** The input layer for the k-th symbol of a pixel in the present pass. */
function inputLayer(k: i32): i32 {
  return (grid == 1 ? kind * channels : 0) + k;
}

/** Runs the predictor with weights `cell` on `inputs` for the k-th symbol of a pixel; fills `outputs`. */
export function predict(cell: usize, k: i32): void {
  const square = (width + 1) * width << 2, input = (features + 1) * width << 2;
  dense(inputs, features, LINEAR, cell + inputLayer(k) * input, width, hidden, false);
  const first = cell + inputLayers * input;
  const row = <usize> width << 2;
  let x: usize = 0;
  if (ADAPT) x = hidden;
  for (let l = 0; l < blocks; l++) {
    const w = first + (distinct == 1 && (!ADAPT || ENCODE) ? 0 : l * 2 * square);
    if (ADAPT) memory.copy(x + 2 * row, x, row);
    dense(ADAPT ? x : hidden, width, RECTIFIED, w, width, ADAPT ? x += row : inner, false);
    dense(ADAPT ? x : inner, width, RECTIFIED, w + square, width, ADAPT ? x += row : hidden, true);
  }
  dense(ADAPT ? x : hidden, width, RECTIFIED, first + distinct * 2 * square, OUTPUTS, outputs, false);
}
