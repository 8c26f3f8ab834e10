/**
 * The picture's frame and its tables, read from the markers of a file whose structure the encoder has checked. A plane takes
 * 64 bytes, i32: its name, blocks across and down in a unit, blocks in a row and a column of scans of the plane alone, and of
 * others; address of the coefficients, of the quantisation table; for scans, addresses of two Huffman tables and the last DC.
 */
import { allocate } from "../text/block";

export const NAME = 0, ACROSS = 4, DOWN = 8, COLUMNS = 12, ROWS = 16, STRIDE = 20, HEIGHT = 24, VALUES = 28;
export const QUANTA = 32, DC = 36, AC = 40, LAST = 44;

let planes: usize;
export let count: i32; // of planes
export let progressive: bool;
export let across: i32; // units of scans of several planes
export let down: i32;
/** Of the picture, in samples. */
export let width: i32;
export let height: i32;
/** u8[64]: the place in rows of frequencies of each coefficient in zigzag order. */
export let order: usize;
let quanta: usize; // f32[4][64], in rows of frequencies

export function allocateFrame(): void {
  planes = allocate(4 << 6);
  order = allocate(64);
  quanta = allocate(4 << 8);
}

export function openFrame(): void {
  let at = order;
  for (let s = 0; s < 15; s++) {
    for (let j = max(0, s - 7); j <= min(s, 7); j++) {
      store<u8>(at++, s & 1 ? j << 3 | (s - j) : (s - j) << 3 | j);
    }
  }
}

export function plane(i: i32): usize {
  return planes + (<usize> i << 6);
}

export function word(p: usize): i32 {
  return <i32> bswap(load<u16>(p));
}

/** Reads the markers from `at` to the first scan; coefficients lie from `values` on. Returns how many there are. */
export function readFrame(at: usize, values: usize): i32 {
  let used = 0;
  for (at += 2; load<u8>(at, 1) != 0xda; at += load<u8>(at, 1) == 0xff ? 1 : 2 + word(at + 2)) {
    const kind = load<u8>(at, 1), end = at + 2 + word(at + 2);
    if (kind == 0xdb) readQuanta(at + 4, end);
    else if (kind >= 0xc0 && kind <= 0xc2) {
      progressive = kind == 0xc2;
      used = readPlanes(at + 5, values);
    }
  }
  return used;
}

function readQuanta(at: usize, end: usize): void {
  while (at < end) {
    const name = load<u8>(at++), table = quanta + (<usize> (name & 3) << 8);
    for (let k = 0; k < 64; k++) {
      const value = name >> 4 ? word(at) : load<u8>(at);
      at += 1 + (name >> 4);
      store<f32>(table + (<usize> load<u8>(order + k) << 2), <f32> max(1, value));
    }
  }
}

function readPlanes(at: usize, values: usize): i32 {
  height = word(at);
  width = word(at + 2);
  let most = 0, tall = 0, used = 0;
  count = load<u8>(at, 4);
  at += 5;
  for (let i = 0; i < count; i++) {
    const p = plane(i), factors = load<u8>(at, 1);
    store<i32>(p, load<u8>(at), NAME);
    store<i32>(p, factors >> 4, ACROSS);
    store<i32>(p, factors & 15, DOWN);
    store<usize>(p, quanta + (<usize> (load<u8>(at, 2) & 3) << 8), QUANTA);
    most = max(most, factors >> 4);
    tall = max(tall, factors & 15);
    at += 3;
  }
  across = (width + 8 * most - 1) / (8 * most);
  down = (height + 8 * tall - 1) / (8 * tall);
  for (let i = 0; i < count; i++) {
    const p = plane(i), h = load<i32>(p, ACROSS), v = load<i32>(p, DOWN);
    store<i32>(p, ((width * h + most - 1) / most + 7) >> 3, COLUMNS);
    store<i32>(p, ((height * v + tall - 1) / tall + 7) >> 3, ROWS);
    store<i32>(p, across * h, STRIDE);
    store<i32>(p, down * v, HEIGHT);
    store<usize>(p, values + (<usize> used << 1), VALUES);
    used += across * h * down * v << 6;
  }
  return used;
}
