/**
 * Products of int8 matrices with int16 vectors. Sums are exact integers, so that neither their order nor which vectors
 * share a call changes a bit.
 *
 * A matrix [n, k] lies in blocks of 8 rows; within a block come pairs of columns, and for each pair the 8 rows:
 *
 *     [n / 8][k / 2][8 rows][2 columns] int8
 *
 * Vectors lie in groups of 4; within a group come pairs of places, and for each pair the 4 vectors:
 *
 *     [rows / 4][k / 2][4 vectors][2 places] int16
 */

/** The largest magnitude of a vector of k places that keeps sums of products with 127 below 2³¹. */
export function most(k: i32): f32 {
  return <f32> min(32000, 16909320 / k);
}

/** Where a vector's first pair lies; the next pairs are 16 bytes apart. */
export function vectorAt(x: usize, row: i32, k: i32): usize {
  return x + <usize> (row >> 2) * k * 8 + ((row & 3) << 2);
}

/**
 * out[row, i] = Σ matrix[i, j] · vector[row, j] · scales[i] · factors[row]. Rows are made four at a time, so that up to
 * three more than asked for are written.
 *
 * @param block bytes from one block of 8 rows of the matrix to the next
 * @param stride bytes from one row of `out` to the next
 */
export function multiply(
  matrix: usize,
  block: usize,
  n: i32,
  k: i32,
  scales: usize,
  rows: i32,
  x: usize,
  factors: usize,
  out: usize,
  stride: usize,
): void {
  for (let i = 0; i < n; i += 8) {
    for (let row = 0; row < rows; row += 4) {
      const at = x + <usize> row * k * 2, to = out + <usize> row * stride + (<usize> i << 2);
      if (row + 1 == rows) one(matrix, k, scales, at, factors + (row << 2), to);
      else four(matrix, k, scales, at, factors + (row << 2), to, stride);
    }
    matrix += block;
    scales += 32;
  }
}

function four(w: usize, k: i32, scales: usize, x: usize, factors: usize, out: usize, stride: usize): void {
  let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (const end = w + (<usize> k << 3); w < end; w += 16) {
    const w0 = v128.load_ext<i8>(w), w1 = v128.load_ext<i8>(w, 8);
    let t = v128.load_splat<i32>(x);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w0, t));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w1, t));
    t = v128.load_splat<i32>(x, 4);
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w0, t));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w1, t));
    t = v128.load_splat<i32>(x, 8);
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(w0, t));
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(w1, t));
    t = v128.load_splat<i32>(x, 12);
    d0 = i32x4.add(d0, i32x4.dot_i16x8_s(w0, t));
    d1 = i32x4.add(d1, i32x4.dot_i16x8_s(w1, t));
    x += 16;
  }
  const s0 = v128.load(scales), s1 = v128.load(scales, 16);
  put(out, a0, a1, s0, s1, factors);
  put(out + stride, b0, b1, s0, s1, factors + 4);
  put(out + 2 * stride, c0, c1, s0, s1, factors + 8);
  put(out + 3 * stride, d0, d1, s0, s1, factors + 12);
}

function one(w: usize, k: i32, scales: usize, x: usize, factors: usize, out: usize): void {
  let a0 = i32x4.splat(0), a1 = a0;
  for (const end = w + (<usize> k << 3); w < end; w += 16) {
    const t = v128.load_splat<i32>(x);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(w), t));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(w, 8), t));
    x += 16;
  }
  put(out, a0, a1, v128.load(scales), v128.load(scales, 16), factors);
}

function put(out: usize, a0: v128, a1: v128, s0: v128, s1: v128, factor: usize): void {
  const f = v128.load_splat<f32>(factor);
  v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(a0), s0), f));
  v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(a1), s1), f), 16);
}
