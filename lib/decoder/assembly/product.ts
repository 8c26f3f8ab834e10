/**
 * Matrix products for the trainer, all three kinds of them (forward, backward, gradient of the weights) as sums of outer
 * products, with one loop over tiles of 4 × 8 outputs: eight accumulators stay in registers, and three loads serve 32
 * multiplications. Engines that reserve no guard pages check the bounds of each load, so that loads are what to save.
 */

/**
 * y [n, m] = aᵀ·b, or y += that, summed over the rows of a [k, n] and b [k, m] in their order; rows are `aRow`, `bRow`
 * and `yRow` bytes apart. m is a multiple of 4; n is rounded up to one for reading, of a's rows and of y, not for writing.
 */
export function product(
  n: i32,
  m: i32,
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  const end = <usize> m << 2;
  for (let i = 0; i < n; i += 4, a += 16, y += 4 * yRow) {
    let j: usize = 0;
    for (; j + 32 <= end; j += 32) tile4x8(n - i, k, a, aRow, b + j, bRow, y + j, yRow, add);
    if (j < end) tile4x4(n - i, k, a, aRow, b + j, bRow, y + j, yRow, add);
  }
}

function begin(y: usize, add: bool): v128 {
  return add ? v128.load(y) : f32x4.splat(0);
}

/** y + x · p; with relaxed SIMD in one operation where the processor has it, which rounds once. */
function plus(y: v128, x: v128, p: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(x, p, y) : f32x4.add(y, f32x4.mul(x, p));
}

/** The first `n` rows of a tile. */
function tile4x8(
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  const y1 = y + yRow, y2 = y1 + yRow, y3 = y2 + yRow;
  let p0 = begin(y, add), q0 = begin(y + 16, add), p1 = begin(y1, add), q1 = begin(y1 + 16, add);
  let p2 = begin(y2, add), q2 = begin(y2 + 16, add), p3 = begin(y3, add), q3 = begin(y3 + 16, add);
  for (let t = 0; t < k; t++, a += aRow, b += bRow) {
    const v = v128.load(a), p = v128.load(b), q = v128.load(b, 16);
    let x = v128.shuffle<f32>(v, v, 0, 0, 0, 0);
    p0 = plus(p0, x, p);
    q0 = plus(q0, x, q);
    x = v128.shuffle<f32>(v, v, 1, 1, 1, 1);
    p1 = plus(p1, x, p);
    q1 = plus(q1, x, q);
    x = v128.shuffle<f32>(v, v, 2, 2, 2, 2);
    p2 = plus(p2, x, p);
    q2 = plus(q2, x, q);
    x = v128.shuffle<f32>(v, v, 3, 3, 3, 3);
    p3 = plus(p3, x, p);
    q3 = plus(q3, x, q);
  }
  v128.store(y, p0);
  v128.store(y, q0, 16);
  if (n < 2) return;
  v128.store(y1, p1);
  v128.store(y1, q1, 16);
  if (n < 3) return;
  v128.store(y2, p2);
  v128.store(y2, q2, 16);
  if (n < 4) return;
  v128.store(y3, p3);
  v128.store(y3, q3, 16);
}

function tile4x4(
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  const y1 = y + yRow, y2 = y1 + yRow, y3 = y2 + yRow;
  let p0 = begin(y, add), p1 = begin(y1, add), p2 = begin(y2, add), p3 = begin(y3, add);
  for (let t = 0; t < k; t++, a += aRow, b += bRow) {
    const v = v128.load(a), p = v128.load(b);
    p0 = plus(p0, v128.shuffle<f32>(v, v, 0, 0, 0, 0), p);
    p1 = plus(p1, v128.shuffle<f32>(v, v, 1, 1, 1, 1), p);
    p2 = plus(p2, v128.shuffle<f32>(v, v, 2, 2, 2, 2), p);
    p3 = plus(p3, v128.shuffle<f32>(v, v, 3, 3, 3, 3), p);
  }
  v128.store(y, p0);
  if (n > 1) v128.store(y1, p1);
  if (n > 2) v128.store(y2, p2);
  if (n > 3) v128.store(y3, p3);
}

/** to [m, n] = transpose of w [n, m], both multiples of 4; rows are `row` and `toRow` bytes apart. */
export function transpose(w: usize, row: usize, n: i32, m: i32, to: usize, toRow: usize): void {
  for (let j = 0; j < m; j += 4, w += 16, to += 4 * toRow) {
    let from = w;
    for (let i: usize = 0; i < <usize> n << 2; i += 16, from += 4 * row) {
      const a = v128.load(from), b = v128.load(from + row);
      const c = v128.load(from + 2 * row), d = v128.load(from + 3 * row);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(to + i, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
      v128.store(to + i + toRow, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
      v128.store(to + i + 2 * toRow, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
      v128.store(to + i + 3 * toRow, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
    }
  }
}

/** to [n] = max(x, 0); a NaN stays. */
export function rectify(x: usize, to: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + (<usize> n << 2); to < end; to += 16, x += 16) {
    v128.store(to, f32x4.pmax(v128.load(x), zero));
  }
}

/** dx [n] = 0 where x ≤ 0. */
export function gate(x: usize, dx: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (const end = dx + (<usize> n << 2); dx < end; dx += 16, x += 16) {
    v128.store(dx, v128.and(v128.load(dx), f32x4.gt(v128.load(x), zero)));
  }
}

/** to [n] += dx where x > 0. */
export function addGated(x: usize, dx: usize, to: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + (<usize> n << 2); to < end; to += 16, x += 16, dx += 16) {
    const open = v128.and(v128.load(dx), f32x4.gt(v128.load(x), zero));
    v128.store(to, f32x4.add(v128.load(to), open));
  }
}

/** Zeroes n f32. In shared memory, engines fill bytes one by one. */
export function clear(to: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + (<usize> n << 2); to < end; to += 16) v128.store(to, zero);
}
