/**
 * A step of AdamW in the trainer's memory, on weights that are beside those of the network: operation by operation what
 * `lib/training/learner.ts` composes of tfjs's and `lib/backend/adamw.ts` has for its heap, with the same bits. Trainer only.
 */
import { weights } from "./model";

// f32[n] each, `size` bytes apart; `openLearning` says where
let own: usize; // the weights; the network has them as the decoder will see them
let size: usize;

const LEAST: f32 = -512; // multiples that `weights.ts` can code
const MOST: f32 = 511;

/** Weights, mean, square and average of n weights lie at `state`, f32[4, n]. */
export function openLearning(state: usize, n: i32): void {
  own = state;
  size = <usize> n << 2;
}

/**
 * Gives the network the weights from byte `i` on, before `end`: whole multiples of the steps at `quanta`, f32[n], or,
 * where that is 0, as they are.
 */
export function showWeights(i: usize, end: usize, quanta: usize): void {
  for (; i < end; i += 16) {
    const w = v128.load(own + i);
    v128.store(weights + i, quanta ? rounded(w, v128.load(quanta + i)) : w);
  }
}

function rounded(w: v128, step: v128): v128 {
  const multiple = f32x4.nearest(f32x4.div(w, step));
  return f32x4.mul(f32x4.max(f32x4.min(multiple, f32x4.splat(MOST)), f32x4.splat(LEAST)), step);
}

/** Slope of the weights' own code length, as `rateSlope` in `lib/training/quantise.ts`: tfjs has no sign for less than 2⁻²³. */
function rateSlope(w: v128, step: v128): v128 {
  const one = v128.bitselect(w, f32x4.splat(1), f32x4.splat(-0.0)), size = f32x4.abs(w); // one has the sign of w
  const sign = v128.and(one, f32x4.ge(size, f32x4.splat(1.1920928955078125e-7)));
  return f32x4.mul(f32x4.div(sign, f32x4.add(size, step)), f32x4.splat(1.44269504));
}

/**
 * g [n] += the `count` arrays that follow it, `stride` bytes apart, one after the other, and `price` times the slope of
 * the weights' own code length where they are rounded; returns the norm, its squares added one after the other.
 */
export function sumGradients(g: usize, stride: usize, count: i32, quanta: usize, price: f32): f64 {
  let squares: f64 = 0;
  for (let i: usize = 0; i < size; i += 16) {
    let sum = v128.load(g + i), from = g + i;
    for (let c = 0; c < count; c++) sum = f32x4.add(sum, v128.load(from += stride));
    if (quanta) {
      const slope = rateSlope(v128.load(own + i), v128.load(quanta + i));
      sum = f32x4.add(sum, f32x4.mul(slope, f32x4.splat(price)));
    }
    v128.store(g + i, sum);
    const low = lower(sum), high = upper(sum), first = f64x2.mul(low, low), second = f64x2.mul(high, high);
    squares += f64x2.extract_lane(first, 0);
    squares += f64x2.extract_lane(first, 1);
    squares += f64x2.extract_lane(second, 0);
    squares += f64x2.extract_lane(second, 1);
  }
  return Math.sqrt(squares);
}

function lower(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

function both(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** keep · x + fresh · y */
function blend(keep: v128, x: v128, fresh: v128, y: v128): v128 {
  return f64x2.add(f64x2.mul(keep, x), f64x2.mul(fresh, y));
}

/**
 * Steps the weights from byte `i` on, before `end`, along g [n], and shows them. `by`: what a gradient is shortened by,
 * then `AdamWAttributes`, f64 each.
 */
export function stepWeights(i: usize, end: usize, g: usize, by: usize, quanta: usize): void {
  const clip = v128.load_splat<f64>(by), one = f64x2.splat(1), keepMean = v128.load_splat<f64>(by, 8);
  const keepSquare = v128.load_splat<f64>(by, 16), keepAverage = v128.load_splat<f64>(by, 24);
  const unbias = v128.load_splat<f64>(by, 32), epsilon = v128.load_splat<f64>(by, 40);
  const rate = v128.load_splat<f64>(by, 48), kept = f64x2.sub(one, v128.load_splat<f64>(by, 56));
  const newMean = f64x2.sub(one, keepMean), newSquare = f64x2.sub(one, keepSquare);
  const newAverage = f64x2.sub(one, keepAverage);
  for (let at = i; at < end; at += 16) {
    const w = own + at, m = w + size, s = m + size, a = s + size;
    const slope = v128.load(g + at), weight = v128.load(w), mean = v128.load(m), square = v128.load(s);
    const g0 = f64x2.mul(clip, lower(slope)), g1 = f64x2.mul(clip, upper(slope));
    const m0 = blend(keepMean, lower(mean), newMean, g0), m1 = blend(keepMean, upper(mean), newMean, g1);
    const s0 = blend(keepSquare, lower(square), f64x2.mul(newSquare, g0), g0);
    const s1 = blend(keepSquare, upper(square), f64x2.mul(newSquare, g1), g1);
    const length0 = f64x2.add(f64x2.sqrt(f64x2.mul(unbias, s0)), epsilon);
    const length1 = f64x2.add(f64x2.sqrt(f64x2.mul(unbias, s1)), epsilon);
    const w0 = f64x2.sub(f64x2.mul(kept, lower(weight)), f64x2.div(f64x2.mul(rate, m0), length0));
    const w1 = f64x2.sub(f64x2.mul(kept, upper(weight)), f64x2.div(f64x2.mul(rate, m1), length1));
    v128.store(m, both(m0, m1));
    v128.store(s, both(s0, s1));
    v128.store(w, both(w0, w1));
    const average = v128.load(a);
    const a0 = blend(keepAverage, lower(average), newAverage, w0);
    v128.store(a, both(a0, blend(keepAverage, upper(average), newAverage, w1)));
  }
  showWeights(i, end, quanta);
}
