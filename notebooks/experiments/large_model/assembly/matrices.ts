/**
 * Products of f32 matrices, and weights rounded so that what is lost on given inputs is little. All columns, and rows of
 * what is multiplied, are multiples of 4.
 */

/** Weights of a row that share a line: quantise.ts has the same. */
const GROUP: i32 = 32;

/** Rounds in which a group's line and what its weights become are fitted to one another. */
const FITS: i32 = 3;

// @inline
function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) +
    f32x4.extract_lane(v, 3);
}

/** Products of 4 rows of a with 2 rows of b, k places each; `ak`, `bk` and `row` are bytes from a row to the next. */
function dots(a: usize, ak: usize, b: usize, bk: usize, k: i32, out: usize, row: usize): void {
  const zero = f32x4.splat(0), b1 = b + bk, a1 = a + ak, a2 = a1 + ak, a3 = a2 + ak;
  let p0 = zero, p1 = zero, p2 = zero, p3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
  for (let at: usize = 0, end = <usize> k << 2; at < end; at += 16) {
    const p = v128.load(b + at), q = v128.load(b1 + at);
    const w0 = v128.load(a + at), w1 = v128.load(a1 + at), w2 = v128.load(a2 + at), w3 = v128.load(a3 + at);
    p0 = f32x4.add(p0, f32x4.mul(w0, p));
    p1 = f32x4.add(p1, f32x4.mul(w1, p));
    p2 = f32x4.add(p2, f32x4.mul(w2, p));
    p3 = f32x4.add(p3, f32x4.mul(w3, p));
    q0 = f32x4.add(q0, f32x4.mul(w0, q));
    q1 = f32x4.add(q1, f32x4.mul(w1, q));
    q2 = f32x4.add(q2, f32x4.mul(w2, q));
    q3 = f32x4.add(q3, f32x4.mul(w3, q));
  }
  pair(out, sum(p0), sum(q0));
  pair(out + row, sum(p1), sum(q1));
  pair(out + 2 * row, sum(p2), sum(q2));
  pair(out + 3 * row, sum(p3), sum(q3));
}

function pair(out: usize, p: f32, q: f32): void {
  store<f32>(out, p);
  store<f32>(out, q, 4);
}

/** out [m, n] = a [m, k] · b [n, k]ᵀ. */
export function multiply(a: usize, b: usize, m: i32, n: i32, k: i32, out: usize): void {
  const places = <usize> k << 2, row = <usize> n << 2;
  for (let j = 0; j < n; j += 2) {
    for (let i = 0; i < m; i += 4) {
      dots(a + i * places, places, b + j * places, places, k, out + i * row + (j << 2), row);
    }
  }
}

/** out [k, k] = x [k, rows] · xᵀ, on the diagonal and left of it. */
export function gram(x: usize, k: i32, rows: i32, out: usize): void {
  const places = <usize> rows << 2, row = <usize> k << 2;
  for (let j = 0; j < k; j += 2) {
    for (let i = j & ~3; i < k; i += 4) {
      dots(x + i * places, places, x + j * places, places, rows, out + i * row + (j << 2), row);
    }
  }
}

/**
 * h [k, k] = U D Uᵀ with ones on U's diagonal and nothing left of it: row c of h becomes column c of U, then D's element.
 * Of h only what `gram` makes is read.
 */
export function factor(h: usize, k: i32): void {
  const row = <usize> k << 2, floor = load<f32>(h + (k - 1) * row + ((k - 1) << 2)) * 1e-6;
  for (let c = k - 1; c >= 0; c--) {
    const to = h + c * row, end = to + (<usize> (c + 1) << 2), place = <usize> c << 2;
    for (let m = c + 1; m < k; m++) {
      const from = h + m * row, part = load<f32>(from + place) * load<f32>(from + (<usize> m << 2));
      const times = f32x4.splat(part);
      for (let p = to, q = from; p < end; p += 16, q += 16) {
        v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(times, v128.load(q))));
      }
    }
    const d = max(load<f32>(to + place), floor), inverse = f32x4.splat(1 / d);
    for (let p = to; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), inverse));
    store<f32>(to + place, d);
  }
}

/** As numbers of 16 bits would be: 11 bits of fraction. */
function half(x: f32): f32 {
  return reinterpret<f32>((reinterpret<u32>(x) + 0x1000) & 0xffffe000);
}

/** The index of the nearest of so many ascending values. */
function nearest(x: f32, values: usize, count: i32): i32 {
  let i = 0;
  while (i + 1 < count && x + x > load<f32>(values + (i << 2)) + load<f32>(values + (i << 2), 4)) i++;
  return i;
}

let start: f32, reach: f32;

/** A group's line: the numbers at t are start + reach · values, nearly; what `weights` says counts. */
function fit(t: usize, n: i32, weights: usize, values: usize, count: i32): void {
  let least: f32 = Infinity, largest: f32 = -Infinity;
  for (let i = 0; i < n; i++) {
    const x = load<f32>(t + (i << 2));
    least = min(least, x);
    largest = max(largest, x);
  }
  start = least;
  reach = largest - least;
  for (let round = 0; round < FITS && reach > 0; round++) {
    let all: f64 = 0, codes: f64 = 0, numbers: f64 = 0, squares: f64 = 0, products: f64 = 0;
    for (let i = 0; i < n; i++) {
      const x: f64 = load<f32>(t + (i << 2)), weight: f64 = load<f32>(weights + (i << 2));
      const code = nearest((<f32> x - start) / reach, values, count);
      const value: f64 = load<f32>(values + (code << 2));
      all += weight;
      codes += weight * value;
      numbers += weight * x;
      squares += weight * value * value;
      products += weight * value * x;
    }
    const spread = all * squares - codes * codes, slope = (all * products - codes * numbers) / spread;
    if (!(spread > 1e-9 * all * squares) || !(slope > 0)) break;
    reach = <f32> slope;
    start = <f32> ((numbers - slope * codes) / all);
  }
  start = half(start);
  reach = half(reach);
}

/**
 * Every weight of w [n, k] as one of `count` values on its group's line. With `u`, as `factor` makes it, each column is
 * first moved by what the columns before it have lost, so that the loss on the inputs is least. Codes u8 [n, k]; of each
 * group start and reach f32; `room` for 4 · (k + 32) f32.
 */
export function round(
  w: usize,
  n: i32,
  k: i32,
  u: usize,
  weights: usize,
  values: usize,
  count: i32,
  codes: usize,
  lines: usize,
  room: usize,
): void {
  const row = <usize> k << 2, group = <usize> GROUP << 2, lost = room + 4 * group;
  const groups = (k + GROUP - 1) / GROUP;
  for (let first = 0; first < n; first += 4) {
    for (let g = 0; g < groups; g++) {
      const from = g * GROUP, size = min(GROUP, k - from);
      memory.fill(room, 0, 4 * group);
      for (let c = 0; u != 0 && from > 0 && c < size; c += 2) {
        dots(lost, row, u + (from + c) * row, row, from, room + (c << 2), group);
      }
      for (let r = 0; r < 4; r++) {
        const t = room + r * group, e = lost + r * row, own = w + (first + r) * row + (from << 2);
        for (let c = 0; c < size; c++) {
          store<f32>(t + (c << 2), load<f32>(t + (c << 2)) + load<f32>(own + (c << 2)));
        }
        fit(t, size, weights + (from << 2), values, count);
        const line = lines + (<usize> ((first + r) * groups + g) << 3);
        store<f32>(line, start);
        store<f32>(line, reach, 4);
        for (let c = 0; c < size; c++) {
          let x = load<f32>(t + (c << 2));
          if (u != 0) {
            const column = u + (from + c) * row;
            for (let j = from; j < from + c; j++) x += load<f32>(e + (j << 2)) * load<f32>(column + (j << 2));
          }
          const code = reach > 0 ? nearest((x - start) / reach, values, count) : 0;
          const value = start + reach * load<f32>(values + (code << 2));
          store<f32>(e + (from + c << 2), load<f32>(own + (c << 2)) - value);
          store<u8>(codes + (first + r) * k + from + c, code);
        }
      }
    }
  }
}
