/** What happens to vectors between matrices: f32, in a fixed order. */
import { exp4, sum4 } from "../math";
import { epsilon } from "./model";

/** The largest of the four. */
export function max4(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** The factor by which k numbers become whole ones of at most `magnitude`; they are divided by it. */
export function stepOf(v: usize, k: i32, magnitude: f32): f32 {
  let m = f32x4.splat(1e-30);
  for (const end = v + (<usize> k << 2); v < end; v += 16) m = f32x4.max(m, f32x4.abs(v128.load(v)));
  return max4(m) / magnitude;
}

/** Eight numbers at v, divided by a step that is given as its inverse, as int16. */
export function whole8(v: usize, inverse: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(v), inverse))),
    i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(v, 16), inverse))),
  );
}

/** Writes k numbers as an int16 vector at x (`vectorAt`); returns their step. */
export function quantise(v: usize, k: i32, magnitude: f32, x: usize): f32 {
  const step = stepOf(v, k, magnitude), inverse = f32x4.splat(1 / step);
  for (const end = v + (<usize> k << 2); v < end; v += 32) {
    const pairs = whole8(v, inverse);
    v128.store_lane<i32>(x, pairs, 0);
    v128.store_lane<i32>(x, pairs, 1, 16);
    v128.store_lane<i32>(x, pairs, 2, 32);
    v128.store_lane<i32>(x, pairs, 3, 48);
    x += 64;
  }
  return step;
}

/** out = v / √(mean v² + ε) · weights. */
export function normalise(v: usize, k: i32, weights: usize, out: usize): void {
  let squares = f32x4.splat(0);
  const bytes = <usize> k << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(v + i);
    squares = f32x4.add(squares, f32x4.mul(x, x));
  }
  const factor = f32x4.splat(1 / sqrt<f32>(sum4(squares) / <f32> k + epsilon));
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.mul(f32x4.mul(v128.load(v + i), factor), v128.load(weights + i)));
  }
}

/** v += w. */
export function add(v: usize, w: usize, k: i32): void {
  for (const end = v + (<usize> k << 2); v < end; v += 16) {
    v128.store(v, f32x4.add(v128.load(v), v128.load(w)));
    w += 16;
  }
}

/** v = v · sigmoid(v) · w, w being the k numbers behind v. */
export function pass(v: usize, k: i32): void {
  const bytes = <usize> k << 2, one = f32x4.splat(1);
  for (const end = v + bytes; v < end; v += 16) {
    const x = v128.load(v), open = f32x4.div(x, f32x4.add(one, exp4(f32x4.neg(x))));
    v128.store(v, f32x4.mul(open, v128.load(v + bytes)));
  }
}
