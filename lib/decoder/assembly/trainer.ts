/**
 * Loss and gradient of the predictor in one pass, four samples at a time: what tfjs would compute with some forty
 * kernels a step, fused, with the decoder's own contexts and forward pass. Several instances share one memory, each
 * with scratch memory of its own, so that every core can take a part of the batch.
 */
import {
  channelAt,
  inputs,
  logScale,
  mean,
  mirror,
  mirrored,
  openContext,
  readContext,
  scale,
  setInputs,
} from "./context";
import { lossAndGradient } from "./loss";
import {
  allocate,
  blocks,
  cellSize,
  channels,
  distinct,
  features,
  grid,
  moveHeap,
  openModel,
  weights,
  width,
} from "./model";
import { dense, OUTPUTS } from "./network";

const LANES = 4; // samples at a time

// activations and their gradients, [LANES, …] f32
let x: usize; // inputs
let h: usize; // [blocks + 1] hidden states
let u: usize; // [blocks] inner states
let o: usize; // outputs, then their gradients in place
let dh: usize;
let du: usize;
let transposed: usize; // weights of a cell, each matrix transposed, with a zero row in the place of the bias
let prepared: usize; // the cell that `transposed` belongs to

/** Reads the parameter block; scratch memory is taken from `scratch` on. Returns the address behind it. */
export function openTrainer(scratch: usize): usize {
  openModel();
  moveHeap(scratch);
  openContext();
  const row = <usize> (LANES * width) << 2;
  x = allocate(<usize> (LANES * features) << 2);
  h = allocate(row * (blocks + 1));
  u = allocate(row * blocks);
  o = allocate((LANES * OUTPUTS) << 2);
  dh = allocate(row);
  du = allocate(row);
  transposed = allocate(<usize> cellSize << 2);
  return allocate(0);
}

/** Call when the weights have changed. */
export function renewWeights(): void {
  prepared = 0;
}

/** to [m, n], zero [n] = transpose of w [n, m] */
function transpose(w: usize, n: i32, m: i32, to: usize): void {
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++) {
      store<f32>(to, load<f32>(w + ((i * m + j) << 2)));
      to += 4;
    }
  }
  memory.fill(to, 0, n << 2);
}

/** Offsets in bytes of the layers within a cell's weights; the transposed ones lie at the same offsets. */
function square(): usize {
  return <usize> ((width + 1) * width) << 2;
}

function block(l: i32): usize {
  return (<usize> (channels * (features + 1) * width) << 2) + (distinct == 1 ? 0 : l * 2 * square());
}

function last(): usize {
  return (<usize> (channels * (features + 1) * width) << 2) + distinct * 2 * square();
}

function prepare(cell: usize): void {
  if (prepared == cell) return;
  prepared = cell;
  for (let l = 0; l < distinct; l++) {
    transpose(cell + block(l), width, width, transposed + block(l));
    transpose(cell + block(l) + square(), width, width, transposed + block(l) + square());
  }
  transpose(cell + last(), width, OUTPUTS, transposed + last());
}

/** g += Σ over samples of max(x, floor)ᵀ·dy for the weights [n, m], and of dy for the bias behind them. */
function accumulate(x: usize, n: i32, floor: f32, dy: usize, m: i32, g: usize): void {
  const row = <usize> m << 2, stride = <usize> n << 2;
  const d1 = dy + row, d2 = d1 + row, d3 = d2 + row;
  for (let i = 0; i < n; i++, x += 4) {
    const a = f32x4.splat(max(load<f32>(x), floor)), b = f32x4.splat(max(load<f32>(x + stride), floor));
    const c = f32x4.splat(max(load<f32>(x + 2 * stride), floor));
    const d = f32x4.splat(max(load<f32>(x + 3 * stride), floor));
    for (let j: usize = 0; j < row; j += 16, g += 16) {
      const ab = f32x4.add(f32x4.mul(a, v128.load(dy + j)), f32x4.mul(b, v128.load(d1 + j)));
      const cd = f32x4.add(f32x4.mul(c, v128.load(d2 + j)), f32x4.mul(d, v128.load(d3 + j)));
      v128.store(g, f32x4.add(v128.load(g), f32x4.add(ab, cd)));
    }
  }
  for (let j: usize = 0; j < row; j += 16, g += 16) {
    const ab = f32x4.add(v128.load(dy + j), v128.load(d1 + j)),
      cd = f32x4.add(v128.load(d2 + j), v128.load(d3 + j));
    v128.store(g, f32x4.add(v128.load(g), f32x4.add(ab, cd)));
  }
}

/** dx = 0 where x ≤ 0, over `n` f32. */
function gate(x: usize, dx: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < n; i += 4, x += 16, dx += 16) {
    v128.store(dx, v128.and(v128.load(dx), f32x4.gt(v128.load(x), zero)));
  }
}

/** The symbol of the sample at `s`. */
function symbolAt(s: usize): i32 {
  const image: usize = load<u32>(s),
    across: i32 = load<u16>(s, 6),
    y: i32 = load<u16>(s, 8),
    x: i32 = load<u16>(s, 10);
  const column = mirrored ? across - 1 - x : x;
  return load<u8>(image + (y * across + column) * channels + channelAt(load<u8>(s, 12)));
}

/** Reads the context of the sample at `s` into `to` (f32[features]); fills mean, scale and log-scale. */
function readSample(s: usize, to: usize): void {
  mirror(load<u8>(s, 15) != 0);
  setInputs(to);
  readContext(
    load<u32>(s),
    load<u16>(s, 4),
    load<u16>(s, 6),
    load<u16>(s, 8),
    load<u16>(s, 10),
    load<u8>(s, 12),
  );
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

/**
 * Adds the gradients of unit · bits over `count` samples to `gradients` (f32, shaped like the weights); returns the sum
 * of their bits. A sample is 16 bytes: the image's address u32; its height, width, and the sample's y and x, u16 each;
 * u8 coding position of the channel; u8 cell row; u8 cell column; u8 1 = mirrored. Samples come in runs of four of
 * one cell and coding position.
 */
export function addGradients(samples: usize, count: i32, unit: f32, gradients: usize): f64 {
  const row = <usize> (LANES * width) << 2, stride = <usize> width << 2;
  let bits: f64 = 0;
  for (let s = samples; s < samples + (<usize> count << 4); s += LANES << 4) {
    const k = load<u8>(s, 12);
    const offset = <usize> ((<i32> load<u8>(s, 13) * grid + load<u8>(s, 14)) * cellSize) << 2;
    const cell = weights + offset, g = gradients + offset;
    const input = <usize> (k * (features + 1) * width) << 2;
    prepare(cell);
    for (let p = 0; p < LANES; p++) {
      readSample(s + (p << 4), x + (<usize> (p * features) << 2));
      const hidden = h + p * stride, output = o + (<usize> (p * OUTPUTS) << 2);
      dense(inputs, features, -Infinity, cell + input, width, hidden, false);
      for (let l = 0; l < blocks; l++) {
        const now = hidden + l * row, then = now + row, inner = u + l * row + p * stride;
        dense(now, width, 0, cell + block(l), width, inner, false);
        memory.copy(then, now, stride);
        dense(inner, width, 0, cell + block(l) + square(), width, then, true);
      }
      dense(hidden + blocks * row, width, 0, cell + last(), OUTPUTS, output, false);
      bits += lossAndGradient(output, symbolAt(s + (p << 4)), unit);
    }
    for (let p = 0; p < LANES; p++) {
      dense(
        o + (<usize> (p * OUTPUTS) << 2),
        OUTPUTS,
        -Infinity,
        transposed + last(),
        width,
        dh + p * stride,
        false,
      );
    }
    accumulate(h + blocks * row, width, 0, o, OUTPUTS, g + last());
    gate(h + blocks * row, dh, LANES * width);
    for (let l = blocks - 1; l >= 0; l--) {
      const now = h + l * row, inner = u + l * row;
      accumulate(inner, width, 0, dh, width, g + block(l) + square());
      for (let p = 0; p < LANES; p++) {
        dense(
          dh + p * stride,
          width,
          -Infinity,
          transposed + block(l) + square(),
          width,
          du + p * stride,
          false,
        );
      }
      gate(inner, du, LANES * width);
      accumulate(now, width, 0, du, width, g + block(l));
      // dh += gate(h, du · W1ᵀ)
      for (let p = 0; p < LANES; p++) {
        dense(du + p * stride, width, -Infinity, transposed + block(l), width, inner + p * stride, false);
      }
      gate(now, inner, LANES * width);
      for (let i: usize = 0; i < row; i += 16) {
        v128.store(dh + i, f32x4.add(v128.load(dh + i), v128.load(inner + i)));
      }
    }
    accumulate(x, features, -Infinity, dh, width, g + input);
  }
  return bits;
}
