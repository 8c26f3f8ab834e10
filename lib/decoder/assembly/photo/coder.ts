/**
 * The range coder of few photos, as short as a decoder's can be: that of `../range_coder.ts`, whose interval is 2²⁴ long at
 * the beginning. Thus a decoder begins with a range of 1 and no bytes, and reads when it has to. Its code lies backwards
 * in memory.
 */
import * as encoder from "../range_coder";

let at: usize; // the byte that was read last
let range: u32 = 1;
let value: u32; // code − low
/** Of the generator whose bytes stand for the code when something is drawn (Lehmer 1951); 0 before. */
export let state: u32;

/** Decoder: opens the code that is before `end`. */
export function open(end: usize): void {
  at = end;
}

/** Decoder: from here on the code is random. */
export function draw(seed: u32): void {
  state = (seed << 1) | 1;
  range = 1;
  value = 0;
}

/** Encoder: opens the code at `from`; the byte before it becomes 0. */
export function openBehind(from: usize): void {
  encoder.open(from - 1, false, 0);
  encoder.narrow(0, 0x1000000);
}

/** Where the interval is cut for a bit that is 0 with a probability of `part` in `all`, which has at most 24 bits. */
export function cut(part: u32, all: u32): u32 {
  if (ENCODE) return encoder.range / all * part;
  while (range < 0x1000000) {
    range <<= 8;
    value = (value << 8) | (state ? (state *= 0x915f77f5) >>> 24 : <u32> load<u8>(--at));
  }
  return range / all * part;
}

/** Decoder: whether the bit is 1. */
export function isAbove(cut: u32): bool {
  return value >= cut;
}

/** The bit is 1. */
export function above(cut: u32): void {
  if (ENCODE) encoder.narrow(1, cut);
  value -= cut;
  range -= cut;
}

/** The bit is 0. */
export function below(cut: u32): void {
  if (ENCODE) encoder.narrow(0, cut);
  range = cut;
}
