/**
 * Predictors that adapt within an image. Each symbol leaves a record behind: what its context looked like and what it
 * was, both in units of the local scale,
 *
 *     z = [1, nearest neighbours of each channel …, symbol, what the fit had missed]
 *
 * Stage "features": a linear prediction fitted by least squares to the records before it, weighted by e^(−distance).
 * Stage "attention": the records whose contexts resemble the symbol's say what the fit will miss: a softmax over
 * earlier patches of the image (non-local means).
 */
import { inputs, localInputs, mean, scale } from "./context";
import { exp4, log } from "./math";
import { sum4 } from "./mixture";
import { allocate, attended, channels, cross, fitted, own } from "./model";

/** Decay of a record's weight with each pixel of distance, vertical and horizontal. */
const DECAY: f32 = 0.85;
/** Weight of what all earlier images say, in records. */
const PRIOR: f32 = 12;
const RIDGE: f32 = 0.3;
/** A symbol or neighbour further from the local mean counts as this far, in local scales. */
const FAR: f32 = 8;
/** What is left of the prior from one image to the next. */
const KEPT: f32 = 0.99;
/** Attention: how fast weights fall with the squared distance of two contexts. */
const SHARPNESS: f32 = 0.3;
/** Attention: rows above and columns to both sides that are looked at. */
const REACH = 7;
const RING = REACH + 1;

let size: i32; // of a record, in f32, a multiple of 4
let stretch: usize; // the same in bytes
let nearOwn: i32; // neighbours in a record
let nearCross: i32;
let target: i32; // index of the symbol in a record: the last but one
let area: usize; // bytes of a matrix, of which only the upper triangle is used

let columns: i32; // matrices in a row of the pass
let row: i32;
let records: usize; // [RING, columns] of the last rows
let record: usize; // of the symbol
let left: usize; // [columns] matrices: Σ zzᵀ of this row up to the column, decayed
let above: usize; // [columns] matrices: Σ zzᵀ of the rows above, decayed
let right: usize; // a matrix: the same of this row behind the column
let history: usize; // bytes of all priors
let priors: usize; // [passes, channels] matrices: Σ zzᵀ of all records of earlier rows and images
let kept: usize; // encoder: a copy of them
let prior: usize; // [channels] of them, those of the pass
let system: usize; // a matrix to solve
let fitting: f32; // what the fit predicts for the symbol, in local scales

/** Takes memory for images up to `w` wide, coded in `passes` passes. */
export function openLocal(w: i32, passes: i32): void {
  if (!fitted) return;
  nearOwn = min(own, channels == 1 ? 9 : 5);
  nearCross = min(cross, 4);
  size = (nearOwn + (channels - 1) * nearCross + 6) & ~3;
  stretch = <usize> size << 2;
  target = size - 2;
  area = size * stretch;
  const most = <usize> (w * channels);
  records = allocate(RING * most * stretch);
  left = allocate(most * area);
  above = allocate(most * area);
  right = allocate(area);
  system = allocate(area);
  history = <usize> (passes * channels) * area;
  priors = allocate(history);
  forget();
  if (ENCODE) kept = allocate(history);
}

/** Forgets all images. */
export function forget(): void {
  memory.fill(priors, 0, history);
}

/** Encoder: keeps what earlier images said, and takes it up again. */
export function keep(): void {
  memory.copy(kept, priors, history);
}

export function restore(): void {
  memory.copy(priors, kept, history);
}

/** to = f·a + g·b + h·c, over the upper triangles. */
function combine(to: usize, f: f32, a: usize, g: f32, b: usize, h: f32, c: usize): void {
  for (let i = 0; i < size; i++, to += stretch, a += stretch, b += stretch, c += stretch) {
    for (let j = <usize> (i & ~3) << 2; j < stretch; j += 16) {
      const ab = f32x4.add(
        f32x4.mul(f32x4.splat(f), v128.load(a + j)),
        f32x4.mul(f32x4.splat(g), v128.load(b + j)),
      );
      v128.store(to + j, f32x4.add(ab, f32x4.mul(f32x4.splat(h), v128.load(c + j))));
    }
  }
}

/** to = f·from + zzᵀ, over the upper triangles. */
function addRecord(to: usize, f: f32, from: usize, z: usize): void {
  for (let i = 0; i < size; i++, to += stretch, from += stretch) {
    const zi = f32x4.splat(load<f32>(z + (<usize> i << 2)));
    for (let j = <usize> (i & ~3) << 2; j < stretch; j += 16) {
      const old = f32x4.mul(f32x4.splat(f), v128.load(from + j));
      v128.store(to + j, f32x4.add(old, f32x4.mul(zi, v128.load(z + j))));
    }
  }
}

/** Begins a pass over an image, with `across` pixels in its longest row. */
export function beginPass(pass: i32, across: i32): void {
  if (!fitted) return;
  columns = across * channels;
  row = 0;
  memory.fill(above, 0, <usize> columns * area);
  memory.fill(records, 0, <usize> (RING * columns) * stretch);
  prior = priors + <usize> (pass * channels) * area;
  for (let k = 0; k < channels; k++) {
    const p = prior + <usize> k * area;
    combine(p, KEPT, p, 0, p, 0, p);
  }
}

/** Ends a row of that many pixels. */
export function endRow(across: i32): void {
  if (!fitted) return;
  for (let k = 0; k < channels; k++) {
    const p = prior + <usize> k * area;
    memory.fill(right, 0, area);
    for (let x = across - 1; x >= 0; x--) {
      const slot = x * channels + k, z = recordAt(row, slot), a = above + <usize> slot * area;
      combine(a, DECAY, a, DECAY, left + <usize> slot * area, DECAY, right);
      addRecord(right, DECAY, right, z);
      addRecord(p, 1, p, z);
    }
  }
  row++;
}

function recordAt(row: i32, slot: i32): usize {
  return records + <usize> ((row % RING) * columns + slot) * stretch;
}

function clamp(x: f32): f32 {
  return max(-FAR, min(FAR, x));
}

/** Copies `n` inputs from `from` on into the record at `to`. */
function copyInputs(to: usize, from: usize, n: i32): void {
  for (; n > 0; n--, to += 4, from += 4) store<f32>(to, clamp(load<f32>(from)));
}

/** Fills the last inputs for the k-th symbol of the pass's x-th pixel in its row; its context has been read. */
export function predictLocally(x: i32, k: i32): void {
  if (!fitted) return;
  const slot = x * channels + k, to = localInputs();
  record = recordAt(row, slot);
  memory.fill(record, 0, stretch);
  store<f32>(record, 1);
  copyInputs(record + 4, inputs, nearOwn);
  for (let b = 0; b < channels - 1; b++) {
    const first = record + (<usize> (1 + nearOwn + b * nearCross) << 2);
    copyInputs(first, inputs + (<usize> (own + b * cross) << 2), nearCross);
  }
  const p = prior + <usize> k * area, l = left + <usize> (slot - channels) * area;
  const weight = PRIOR / max(<f32> 1, load<f32>(p));
  combine(system, 1, above + <usize> slot * area, x ? DECAY : 0, x ? l : right, weight, p);
  fit(to);
  if (attended) attend(x, k, to + 8);
}

/** Solves the system for the record's prediction, and says how far off it tends to be: 2 inputs at `to`. */
function fit(to: usize): void {
  const last = size - 1, weight = load<f32>(system) + 1;
  let p = system;
  for (let i = 0; i < target; i++, p += stretch) {
    const diagonal = p + (<usize> i << 2);
    store<f32>(diagonal, load<f32>(diagonal) + RIDGE);
    store<f32>(p + (<usize> last << 2), load<f32>(record + (<usize> i << 2)));
  }
  store<f32>(p + (<usize> last << 2), 0);
  // Gauss's elimination of the regressors: what is left in the last row are the prediction and its squared error
  p = system;
  for (let i = 0; i < target; i++, p += stretch) {
    const inverse = <f32> -1 / load<f32>(p + (<usize> i << 2));
    let q = p + stretch;
    for (let r = i + 1; r <= target; r++, q += stretch) {
      const f = f32x4.splat(inverse * load<f32>(p + (<usize> r << 2)));
      for (let j = <usize> (r & ~3) << 2; j < stretch; j += 16) {
        v128.store(q + j, f32x4.add(v128.load(q + j), f32x4.mul(f, v128.load(p + j))));
      }
    }
  }
  p += <usize> target << 2;
  fitting = -clamp(load<f32>(p, 4));
  store<f32>(to, fitting);
  store<f32>(to, <f32> 0.5 * log((max(<f32> 0, load<f32>(p)) + <f32> 0.5) / weight), 4);
}

/** What the records with contexts like this one's say of the fit's error, and how many there are: 2 inputs at `to`. */
function attend(x: i32, k: i32, to: usize): void {
  let total: f32 = 0.05, sum: f32 = 0;
  for (let r = max(0, row - REACH); r <= row; r++) {
    const end = r == row ? x : min(columns / channels, x + REACH + 1);
    for (let c = max(0, x - REACH); c < end; c++) {
      const z = recordAt(r, c * channels + k);
      let d = f32x4.splat(0);
      for (let j: usize = 0; j < stretch; j += 16) {
        let e = f32x4.sub(v128.load(z + j), v128.load(record + j));
        if (j + 16 == stretch) e = v128.and(e, i64x2(-1, 0)); // not the symbol, nor the fit's error
        d = f32x4.add(d, f32x4.mul(e, e));
      }
      const weight = f32x4.extract_lane(exp4(f32x4.splat(sum4(d) * -SHARPNESS)), 0);
      total += weight;
      sum += weight * load<f32>(z + stretch - 4);
    }
  }
  store<f32>(to, sum / total);
  store<f32>(to, <f32> 0.4 * log(total), 4);
}

/** Takes in the symbol for which `predictLocally` was called last. */
export function learn(symbol: i32, x: i32, k: i32): void {
  if (!fitted) return;
  const value = clamp((<f32> symbol - mean) / scale), end = record + stretch;
  store<f32>(end - 8, value);
  store<f32>(end - 4, value - fitting);
  const l = left + <usize> (x * channels + k) * area;
  addRecord(l, x ? DECAY : 0, x ? l - <usize> channels * area : right, record);
}
