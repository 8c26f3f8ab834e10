/**
 * Loss and gradient of the predictor in one pass: what tfjs would compute with some forty kernels a step, fused, with
 * the decoder's own contexts. A run of samples goes through the network together, as rows of matrices. Several
 * instances share one memory, each with scratch memory of its own, so that every core can take a part of the batch.
 */
import {
  channelAt,
  logScale,
  mean,
  openContext,
  readContext,
  recallContext,
  scale,
  setInputs,
  setPassAt,
} from "./context";
import { openImage, recallLocally } from "./image";
import { lossAndGradient } from "./loss";
import {
  allocate,
  blocks,
  cellSize,
  channels,
  distinct,
  features,
  inputLayers,
  moveHeap,
  openModel,
  weights,
  width,
} from "./model";
import { OUTPUTS, USED } from "./network";
export { setPiece, surveyPiece } from "./image";
export { openLearning, showWeights, stepWeights, sumGradients } from "./adamw";
export { clear } from "./product";
import { addGated, gate, product, rectify, transpose } from "./product";

const LANES = 32; // most samples of a run

// Activations and their gradients, f32, of a run of n samples: a row for each number, [numbers, n], for what runs through
// the network; a row for each sample, [n, numbers], for what gradients are summed over. What is multiplied by weights
// has a one behind each sample's numbers, for the bias: weights and bias are then one matrix, and so are their gradients.
let x: usize; // inputs, [n, features + 1], rows of whole vectors
let xt: usize; // the same, [features + 1, n]
let h: usize; // hidden state, [width, n]
let a: usize; // [blocks + 1] rectified hidden states, [width + 1, n]
let u: usize; // [blocks] rectified inner states, likewise
let o: usize; // outputs, then their gradients in place, [n, OUTPUTS]
let ot: usize; // the gradients, [USED, n]
let dh: usize; // [width, n]
let du: usize; // [width, n]
let rows: usize; // what is multiplied by weights, [n, width + 1], rows of whole vectors
let turned: usize; // dh or du, [n, width]
let seen: usize; // mean, scale, log-scale and symbol of each sample
let transposed: usize; // weights of a cell, each matrix but the input's transposed, at the same offsets
let firstImage: usize;
let planes: usize;
let prepared: usize; // the cell that `transposed` belongs to

/** `n` numbers and a one, in whole vectors. */
function withOne(n: i32): i32 {
  return (n + 4) & ~3;
}

/** Bytes of a row of them. */
function rowOf(n: i32): usize {
  return <usize> withOne(n) << 2;
}

/** Rows of `n` f32 for each sample, followed by a one. */
function allocateRows(n: i32): usize {
  const rows = allocate(LANES * rowOf(n));
  for (let r = 0; r < LANES; r++) store<f32>(rows + r * rowOf(n) + (<usize> n << 2), 1);
  return rows;
}

/** Reads the parameter block; scratch memory is taken from `scratch` on. Returns the address behind it. */
export function openTrainer(scratch: usize): usize {
  openModel();
  moveHeap(scratch);
  openContext();
  openImage();
  const plain = <usize> (LANES * width) << 2, wide = plain + (LANES << 2);
  x = allocateRows(features);
  xt = allocate(LANES * rowOf(features));
  rows = allocateRows(width);
  a = allocate((blocks + 1) * wide);
  u = allocate(blocks * wide);
  turned = allocate(plain);
  ot = allocate((LANES * USED) << 2);
  h = allocate(plain);
  dh = allocate(plain);
  du = allocate(plain);
  o = allocate((LANES * OUTPUTS) << 2);
  seen = allocate(LANES << 4);
  transposed = allocate(<usize> cellSize << 2);
  return allocate(0);
}

/** Where samples look: the images' first byte, and the local predictions of their symbols [symbols, local inputs]. */
export function setPlanes(images: usize, at: usize): void {
  firstImage = images;
  planes = at;
}

/** Call when the weights have changed. */
export function renewWeights(): void {
  prepared = 0;
}

/** Offsets in bytes of the layers within a cell's weights. */
function square(): usize {
  return <usize> ((width + 1) * width) << 2;
}

function block(l: i32): usize {
  return (<usize> (inputLayers * (features + 1) * width) << 2) + (distinct == 1 ? 0 : l * 2 * square());
}

function last(): usize {
  return (<usize> (inputLayers * (features + 1) * width) << 2) + distinct * 2 * square();
}

function prepare(cell: usize): void {
  if (prepared == cell) return;
  prepared = cell;
  const row = <usize> width << 2;
  for (let l = 0; l < distinct; l++) {
    const first = block(l), second = first + square();
    transpose(cell + first, row, width, width, transposed + first, row);
    transpose(cell + second, row, width, width, transposed + second, row);
  }
  transpose(cell + last(), OUTPUTS << 2, width, OUTPUTS, transposed + last(), row);
}

/** The symbol of the sample at `s`. */
function symbolAt(s: usize): i32 {
  const image: usize = load<u32>(s),
    across: i32 = load<u16>(s, 6),
    y: i32 = load<u16>(s, 8),
    x: i32 = load<u16>(s, 10);
  return load<u8>(image + (y * across + x) * channels + channelAt(position(s)));
}

/** Reads the context of the sample at `s` into `to` (f32[features]); fills mean, scale and log-scale. */
function readSample(s: usize, to: usize): void {
  const image: usize = load<u32>(s), h: i32 = load<u16>(s, 4), w: i32 = load<u16>(s, 6);
  const y: i32 = load<u16>(s, 8), x: i32 = load<u16>(s, 10), k = position(s);
  setInputs(to);
  setPassAt(y, x);
  readContext(image, h, w, y, x, k);
  recallLocally(planes, image - firstImage + <usize> ((y * w + x) * channels + channelAt(k)));
}

/** Coding position of the sample's channel. */
function position(s: usize): i32 {
  return load<u8>(s, 14) % channels;
}

/** Writes for each sample its context, mean, scale, log-scale and symbol to `to`, f32[count, features + 4]. */
export function readSamples(samples: usize, count: i32, to: usize): void {
  for (let s = samples; s < samples + (<usize> count << 4); s += 16) {
    readSample(s, to);
    to += <usize> features << 2;
    store<f32>(to, mean);
    store<f32>(to, scale, 4);
    store<f32>(to, logScale, 8);
    store<f32>(to, <f32> symbolAt(s), 12);
    to += 16;
  }
}

/** Reads the contexts of `n` samples into `x`, and what the loss needs of them into `seen`. */
function readRun(s: usize, n: i32): void {
  for (let p = 0; p < n; p++, s += 16) {
    readSample(s, x + p * rowOf(features));
    v128.store(seen + (p << 4), f32x4(mean, scale, logScale, <f32> symbolAt(s)));
  }
}

/** to [width + 1, n] = max(from, 0), and a row of ones. */
function rectifyWithOnes(from: usize, to: usize, n: i32): void {
  rectify(from, to, width * n);
  for (let i = width * n; i < (width + 1) * n; i += 4) v128.store(to + (<usize> i << 2), f32x4.splat(1));
}

/** The network on the first `n` rows of `x`, with the weights of a cell; `input` is the place of its input layer. */
function forward(n: i32, cell: usize, input: usize): void {
  const row = <usize> width << 2, lane = <usize> n << 2, next = LANES * (row + 4);
  transpose(x, rowOf(features), n, withOne(features), xt, lane);
  product(width, n, features + 1, cell + input, row, xt, lane, h, lane, false);
  for (let l = 0; l < blocks; l++) {
    const now = a + l * next, inner = u + l * next, w = cell + block(l);
    rectifyWithOnes(h, now, n);
    product(width, n, width + 1, w, row, now, lane, inner, lane, false);
    rectifyWithOnes(inner, inner, n);
    product(width, n, width + 1, w + square(), row, inner, lane, h, lane, true);
  }
  rectifyWithOnes(h, a + blocks * next, n);
  product(n, USED, width + 1, a + blocks * next, lane, cell + last(), OUTPUTS << 2, o, OUTPUTS << 2, false);
}

/** Bits of the first `n` samples; the outputs are replaced by the gradient of unit · bits. */
function losses(n: i32, unit: f32): f64 {
  let bits: f64 = 0;
  for (let p = 0; p < n; p++) {
    const from = seen + (p << 4);
    recallContext(load<f32>(from), load<f32>(from, 4), load<f32>(from, 8));
    bits += lossAndGradient(o + (<usize> (p * OUTPUTS) << 2), <i32> load<f32>(from, 12), unit);
  }
  return bits;
}

/** Adds to `g` the gradient of weights [width + 1, m], by what they were multiplied by and the slopes of what that gave. */
function addProduct(n: i32, by: usize, slopes: usize, m: i32, slope: usize, g: usize): void {
  const lane = <usize> n << 2;
  transpose(by, lane, width, n, rows, rowOf(width));
  product(width + 1, m, n, rows, rowOf(width), slopes, slope, g, slope, true);
}

/** Adds the weights' gradients to `g` (of a cell); expects those of the outputs in `o`. */
function backward(n: i32, g: usize, input: usize): void {
  const row = <usize> width << 2, lane = <usize> n << 2, next = LANES * (row + 4), out: usize = OUTPUTS << 2;
  addProduct(n, a + blocks * next, o, USED, out, g + last());
  transpose(o, out, n, USED, ot, lane);
  product(width, n, USED, transposed + last(), row, ot, lane, dh, lane, false);
  gate(a + blocks * next, dh, width * n);
  for (let l = blocks - 1; l >= 0; l--) {
    const now = a + l * next, inner = u + l * next, first = block(l), second = first + square();
    transpose(dh, lane, width, n, turned, row);
    addProduct(n, inner, turned, width, row, g + second);
    product(width, n, width, transposed + second, row, dh, lane, du, lane, false);
    gate(inner, du, width * n);
    transpose(du, lane, width, n, turned, row);
    addProduct(n, now, turned, width, row, g + first);
    product(width, n, width, transposed + first, row, du, lane, h, lane, false);
    addGated(now, h, dh, width * n);
  }
  transpose(dh, lane, width, n, turned, row);
  product(features + 1, width, n, x, rowOf(features), turned, row, g + input, row, true);
}

/** Samples from `s` on, before `end`, that belong to one cell and input layer; at most LANES. */
function runLength(s: usize, end: usize): i32 {
  const key = load<u32>(s, 12) & 0xffffff;
  let n = 1;
  for (s += 16; s < end && n < LANES && (load<u32>(s, 12) & 0xffffff) == key; s += 16) n++;
  return n;
}

/**
 * Adds the gradients of unit · bits over `count` samples to `gradients` (f32, shaped like the weights); returns the sum
 * of their bits. A sample is 16 bytes: the image's address u32; its height, width, and the sample's y and x, u16 each;
 * u16 cell; u8 input layer; u8 0. Runs of samples of one cell and input layer are multiples of 4 long; the longer, the
 * faster.
 */
export function addGradients(samples: usize, count: i32, unit: f32, gradients: usize): f64 {
  const end = samples + (<usize> count << 4);
  let bits: f64 = 0;
  for (let s = samples, n = 0; s < end; s += <usize> n << 4) {
    n = runLength(s, end);
    const offset = <usize> (load<u16>(s, 12) * cellSize) << 2;
    const input = <usize> (load<u8>(s, 14) * (features + 1) * width) << 2;
    prepare(weights + offset);
    readRun(s, n);
    forward(n, weights + offset, input);
    bits += losses(n, unit);
    backward(n, gradients + offset, input);
  }
  return bits;
}
