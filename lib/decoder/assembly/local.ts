/**
 * Predictors that adapt while an image is coded. Each symbol leaves a record behind: what its context looked like and
 * what it was, in units of the local scale,
 *
 *     z = [1, nearest neighbours of each channel …, symbol, what the fit had missed]
 *
 * Stage "features": a linear prediction fitted by least squares to earlier records, those nearby before all. Stage
 * "attention": earlier patches of the image whose contexts resemble the symbol's say what the fit will miss (a softmax
 * over negative squared distances: non-local means, Buades et al. 2005).
 */
import { inputs, localInputs, mean, scale } from "./context";
import { exp4, log } from "./math";
import { sum4 } from "./mixture";
import { allocate, attended, channels, cross, fitted, mixed, own } from "./model";

/**
 * What is left of a record's weight in the fit one pixel to the right, and one pixel down and to the left; the weight of
 * all earlier records together. A wide fit, which goes with mixing, looks further around and less far back.
 */
const LEFT: f32 = 0.45, LEFT_WIDE: f32 = 0.48;
const PRIOR: f32 = 20, PRIOR_WIDE: f32 = 5;
/** What is left of a record's share in the weight of all earlier ones after each later one. */
const KEPT: f32 = 0.99999;
/** At the beginning of an image, all earlier ones count as so many records in a wide fit. */
const EARLIER: f32 = 10000;
/** Added to the squares of all regressors: without evidence the prediction is the local mean. */
const RIDGE: f32 = 0.3;
/** A symbol or neighbour further from the local mean counts as this far, in local scales. */
const FAR: f32 = 8;
/** Attention: how fast weights fall with the squared distance of two contexts. */
const SHARPNESS: f32 = 0.3;
/** Attention: rows above and columns to both sides that are looked at. */
const REACH = 7;
const RING = REACH + 1;

let size: i32; // of a record, in f32, a multiple of 4
let stretch: usize; // the same in bytes
let nearOwn: i32; // neighbours in a record
let nearCross: i32;
let area: usize; // bytes of a matrix, size × size, of which only the upper triangle is used
let all: usize; // bytes of all sums

let columns: i32; // of the pass, times channels
let row: i32;
let records: usize; // [RING, columns] of the last rows
let record: usize; // of the symbol
let states: usize; // [columns] matrices Σ zzᵀ of the records nearby
let state: usize; // of the symbol
let sums: usize; // [passes, channels] matrices Σ zzᵀ of all earlier records
let sum: usize; // [channels] of them, those of the pass
let kept: usize; // encoder: a copy of all
let system: usize; // a matrix to solve
let fitting: f32; // what the fit predicts for the symbol, in local scales

/** Whether the fit is a wide one. */
function wide(): bool {
  return MIXING && (!ENCODE || mixed);
}

/** Takes memory for images up to `w` wide, coded in `passes` passes. */
export function openLocal(w: i32, passes: i32): void {
  if (!fitted) return;
  nearOwn = min(own, channels == 1 ? 9 : wide() ? 12 : 5);
  nearCross = min(cross, wide() ? 6 : 4);
  size = (nearOwn + (channels - 1) * nearCross + 6) & ~3;
  stretch = <usize> size << 2;
  area = size * stretch;
  all = <usize> (passes * channels) * area;
  records = allocate(<usize> (RING * w * channels) * stretch);
  states = allocate(<usize> (w * channels) * area);
  system = allocate(area);
  sums = allocate(all);
  memory.fill(sums, 0, all);
  if (ENCODE) kept = allocate(all);
}

/** Encoder: keeps what earlier images said, and takes it up again. */
export function keep(): void {
  memory.copy(kept, sums, all);
}

export function restore(): void {
  memory.copy(sums, kept, all);
}

/** Begins a pass over an image, with `across` pixels in its longest row. */
export function beginPass(pass: i32, across: i32): void {
  if (!fitted) return;
  columns = across * channels;
  row = 0;
  sum = sums + <usize> (pass * channels) * area;
  if (wide()) {
    for (let k = 0, s = sum; k < channels; k++, s += area) {
      combine(s, min(<f32> 1, EARLIER / load<f32>(s)), s, 0, s);
    }
  }
  memory.fill(states, 0, <usize> columns * area);
  memory.fill(records, 0, <usize> (RING * columns) * stretch);
}

/** Ends a row of the pass. */
export function endRow(): void {
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
  const slot = x * channels + k,
    left: f32 = wide() ? LEFT_WIDE : LEFT,
    s = sum + <usize> k * area,
    next = <usize> channels * area,
    to = localInputs();
  record = recordAt(row, slot);
  memory.fill(record, 0, stretch);
  store<f32>(record, 1);
  copyInputs(record + 4, inputs, nearOwn);
  for (let b = 0; b < channels - 1; b++) {
    const first = record + (<usize> (1 + nearOwn + b * nearCross) << 2);
    copyInputs(first, inputs + (<usize> (own + b * cross) << 2), nearCross);
  }
  // The state of a column is that of the row above until the symbol is known.
  state = states + <usize> slot * area;
  combine(
    state,
    x ? left : 0,
    x ? state - next : s,
    left,
    slot + channels < columns ? state + next : state,
  );
  combine(system, 1, state, (wide() ? PRIOR_WIDE : PRIOR) / max(<f32> 1, load<f32>(s)), s);
  fit(to);
  if (attended) attend(x, k, to + 8);
}

/** to = f·a + g·b for two matrices. */
function combine(to: usize, f: f32, a: usize, g: f32, b: usize): void {
  for (let j: usize = 0; j < area; j += 16) {
    const fa = f32x4.mul(f32x4.splat(f), v128.load(a + j));
    v128.store(to + j, f32x4.add(fa, f32x4.mul(f32x4.splat(g), v128.load(b + j))));
  }
}

/** p = f·p + zzᵀ with the symbol's record z, over the upper triangle. */
function addRecord(p: usize, f: f32): void {
  for (let i: usize = 0; i < stretch; i += 4, p += stretch) {
    const zi = f32x4.splat(load<f32>(record + i));
    for (let j = i & ~15; j < stretch; j += 16) {
      const old = f32x4.mul(f32x4.splat(f), v128.load(p + j));
      v128.store(p + j, f32x4.add(old, f32x4.mul(zi, v128.load(record + j))));
    }
  }
}

/** Solves the system for the record's prediction, and says how far off it tends to be: 2 inputs at `to`. */
function fit(to: usize): void {
  const last = stretch - 4, target = stretch - 8;
  let p = system;
  const weight = load<f32>(p) + 1;
  for (let i: usize = 0; i < target; i += 4, p += stretch) {
    store<f32>(p + i, load<f32>(p + i) + RIDGE);
    store<f32>(p + last, load<f32>(record + i));
  }
  store<f32>(p + last, 0);
  // Gauss's elimination of the regressors: it leaves the squared error in the last row, and the negative prediction.
  p = system;
  for (let i: usize = 0; i < target; i += 4, p += stretch) {
    const inverse = <f32> -1 / load<f32>(p + i);
    let q = p + stretch;
    for (let r = i + 4; r <= target; r += 4, q += stretch) {
      const f = f32x4.splat(inverse * load<f32>(p + r));
      for (let j = r & ~15; j < stretch; j += 16) {
        v128.store(q + j, f32x4.add(v128.load(q + j), f32x4.mul(f, v128.load(p + j))));
      }
    }
  }
  p += target;
  fitting = -clamp(load<f32>(p, 4));
  store<f32>(to, fitting);
  store<f32>(to, <f32> 0.5 * log((max(<f32> 0, load<f32>(p)) + <f32> 0.5) / weight), 4);
}

/** What the patches with contexts like this one's say of the fit's error, and how many there are: 2 inputs at `to`. */
function attend(x: i32, k: i32, to: usize): void {
  let total: f32 = 0.05, value: f32 = 0;
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
      value += weight * load<f32>(z + stretch - 4);
    }
  }
  store<f32>(to, value / total);
  store<f32>(to, <f32> 0.4 * log(total), 4);
}

/** Takes in the symbol for which `predictLocally` was called last. */
export function learn(symbol: i32, k: i32): void {
  if (!fitted) return;
  const value = clamp((<f32> symbol - mean) / scale);
  store<f32>(record + stretch - 8, value);
  store<f32>(record + stretch - 4, value - fitting);
  addRecord(state, 1);
  addRecord(sum + <usize> k * area, KEPT);
}
