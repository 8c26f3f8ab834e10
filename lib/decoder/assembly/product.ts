/**
 * Matrix products for the trainer, all three kinds of them (forward, backward, gradient of the weights) with one loop
 * over tiles of 4 × 8 outputs: eight accumulators stay in registers, and what is loaded serves four rows.
 */

/**
 * y [n, m] = a·b, or y += that; a [n, k] is read at steps of `row` bytes and `step` bytes, so that it may lie
 * transposed; rows of b [k, m] and of y are `bRow` and `yRow` bytes apart. m is a multiple of 4.
 */
export function product(
  n: i32,
  m: i32,
  k: i32,
  a: usize,
  row: usize,
  step: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, a += 4 * row, y += 4 * yRow) {
    let j: usize = 0;
    for (; j + 32 <= <usize> m << 2; j += 32) tile4x8(k, a, row, step, b + j, bRow, y + j, yRow, add);
    if (m & 4) tile4x4(k, a, row, step, b + j, bRow, y + j, yRow, add);
  }
  for (; i < n; i++, a += row, y += yRow) {
    let j: usize = 0;
    for (; j + 64 <= <usize> m << 2; j += 64) tile1x16(k, a, step, b + j, bRow, y + j, add);
    for (; j < <usize> m << 2; j += 16) tile1x4(k, a, step, b + j, bRow, y + j, add);
  }
}

function begin(y: usize, add: bool): v128 {
  return add ? v128.load(y) : f32x4.splat(0);
}

/** y + x·p + z·q */
function addTwo(y: v128, x: v128, p: v128, z: v128, q: v128): v128 {
  return f32x4.add(f32x4.add(y, f32x4.mul(x, p)), f32x4.mul(z, q));
}

/** Two steps at once: engines keep loads of shared memory in order, and longer stretches of code hide them better. */
function tile4x8(
  k: i32,
  a: usize,
  row: usize,
  step: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  const y1 = y + yRow, y2 = y1 + yRow, y3 = y2 + yRow;
  let p0 = begin(y, add), q0 = begin(y + 16, add), p1 = begin(y1, add), q1 = begin(y1 + 16, add);
  let p2 = begin(y2, add), q2 = begin(y2 + 16, add), p3 = begin(y3, add), q3 = begin(y3 + 16, add);
  let t = 0;
  for (; t + 2 <= k; t += 2, a += 2 * step, b += 2 * bRow) {
    const p = v128.load(b), q = v128.load(b, 16), r = v128.load(b + bRow), s = v128.load(b + bRow, 16);
    let x = v128.load_splat<f32>(a), z = v128.load_splat<f32>(a + step);
    p0 = addTwo(p0, x, p, z, r);
    q0 = addTwo(q0, x, q, z, s);
    x = v128.load_splat<f32>(a + row);
    z = v128.load_splat<f32>(a + row + step);
    p1 = addTwo(p1, x, p, z, r);
    q1 = addTwo(q1, x, q, z, s);
    x = v128.load_splat<f32>(a + 2 * row);
    z = v128.load_splat<f32>(a + 2 * row + step);
    p2 = addTwo(p2, x, p, z, r);
    q2 = addTwo(q2, x, q, z, s);
    x = v128.load_splat<f32>(a + 3 * row);
    z = v128.load_splat<f32>(a + 3 * row + step);
    p3 = addTwo(p3, x, p, z, r);
    q3 = addTwo(q3, x, q, z, s);
  }
  if (t < k) {
    const p = v128.load(b), q = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    p0 = f32x4.add(p0, f32x4.mul(x, p));
    q0 = f32x4.add(q0, f32x4.mul(x, q));
    x = v128.load_splat<f32>(a + row);
    p1 = f32x4.add(p1, f32x4.mul(x, p));
    q1 = f32x4.add(q1, f32x4.mul(x, q));
    x = v128.load_splat<f32>(a + 2 * row);
    p2 = f32x4.add(p2, f32x4.mul(x, p));
    q2 = f32x4.add(q2, f32x4.mul(x, q));
    x = v128.load_splat<f32>(a + 3 * row);
    p3 = f32x4.add(p3, f32x4.mul(x, p));
    q3 = f32x4.add(q3, f32x4.mul(x, q));
  }
  v128.store(y, p0);
  v128.store(y, q0, 16);
  v128.store(y1, p1);
  v128.store(y1, q1, 16);
  v128.store(y2, p2);
  v128.store(y2, q2, 16);
  v128.store(y3, p3);
  v128.store(y3, q3, 16);
}

function tile4x4(
  k: i32,
  a: usize,
  row: usize,
  step: usize,
  b: usize,
  bRow: usize,
  y: usize,
  yRow: usize,
  add: bool,
): void {
  const y1 = y + yRow, y2 = y1 + yRow, y3 = y2 + yRow;
  let p0 = begin(y, add), p1 = begin(y1, add), p2 = begin(y2, add), p3 = begin(y3, add);
  for (let t = 0; t < k; t++, a += step, b += bRow) {
    const p = v128.load(b);
    p0 = f32x4.add(p0, f32x4.mul(v128.load_splat<f32>(a), p));
    p1 = f32x4.add(p1, f32x4.mul(v128.load_splat<f32>(a + row), p));
    p2 = f32x4.add(p2, f32x4.mul(v128.load_splat<f32>(a + 2 * row), p));
    p3 = f32x4.add(p3, f32x4.mul(v128.load_splat<f32>(a + 3 * row), p));
  }
  v128.store(y, p0);
  v128.store(y1, p1);
  v128.store(y2, p2);
  v128.store(y3, p3);
}

function tile1x16(k: i32, a: usize, step: usize, b: usize, bRow: usize, y: usize, add: bool): void {
  let p = begin(y, add), q = begin(y + 16, add), r = begin(y + 32, add), s = begin(y + 48, add);
  for (let t = 0; t < k; t++, a += step, b += bRow) {
    const x = v128.load_splat<f32>(a);
    p = f32x4.add(p, f32x4.mul(x, v128.load(b)));
    q = f32x4.add(q, f32x4.mul(x, v128.load(b, 16)));
    r = f32x4.add(r, f32x4.mul(x, v128.load(b, 32)));
    s = f32x4.add(s, f32x4.mul(x, v128.load(b, 48)));
  }
  v128.store(y, p);
  v128.store(y, q, 16);
  v128.store(y, r, 32);
  v128.store(y, s, 48);
}

function tile1x4(k: i32, a: usize, step: usize, b: usize, bRow: usize, y: usize, add: bool): void {
  let p = begin(y, add);
  for (let t = 0; t < k; t++, a += step, b += bRow) {
    p = f32x4.add(p, f32x4.mul(v128.load_splat<f32>(a), v128.load(b)));
  }
  v128.store(y, p);
}

/** to = max(x, 0) over rows of `m` f32; a NaN stays. */
export function rectify(x: usize, row: usize, to: usize, toRow: usize, n: i32, m: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < n; i++, x += row, to += toRow) {
    for (let j: usize = 0; j < <usize> m << 2; j += 16) {
      v128.store(to + j, f32x4.pmax(v128.load(x + j), zero));
    }
  }
}

/** dx = 0 where x ≤ 0. */
export function gate(x: usize, row: usize, dx: usize, dRow: usize, n: i32, m: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < n; i++, x += row, dx += dRow) {
    for (let j: usize = 0; j < <usize> m << 2; j += 16) {
      v128.store(dx + j, v128.and(v128.load(dx + j), f32x4.gt(v128.load(x + j), zero)));
    }
  }
}

/** to += dx where x > 0. */
export function addGated(x: usize, row: usize, dx: usize, to: usize, dRow: usize, n: i32, m: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < n; i++, x += row, dx += dRow, to += dRow) {
    for (let j: usize = 0; j < <usize> m << 2; j += 16) {
      const open = v128.and(v128.load(dx + j), f32x4.gt(v128.load(x + j), zero));
      v128.store(to + j, f32x4.add(v128.load(to + j), open));
    }
  }
}

/** to [m, n] = transpose of w [n, m] */
export function transpose(w: usize, n: i32, m: i32, to: usize): void {
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n; i++, to += 4) store<f32>(to, load<f32>(w + ((i * m + j) << 2)));
  }
}

/** to [n] += the `count` arrays that follow it, `stride` bytes apart, one after the other. */
export function addAll(to: usize, stride: usize, count: i32, n: i32): void {
  for (const end = to + (<usize> n << 2); to < end; to += 16) {
    let sum = v128.load(to), from = to;
    for (let c = 0; c < count; c++) sum = f32x4.add(sum, v128.load(from += stride));
    v128.store(to, sum);
  }
}

/** Zeroes n f32. In shared memory, engines fill bytes one by one. */
export function clear(to: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + (<usize> n << 2); to < end; to += 16) v128.store(to, zero);
}
