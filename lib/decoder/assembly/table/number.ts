/** Whole numbers as decisions: how many bits, then the bits (Elias gamma), the highest four under the caller's contexts. */
import { codeBit, decide } from "./mix";

/** The first of its 1,216 sets of weights; kinds of numbers are below 20. */
const SETS: i32 = 2816;
const MODELLED: i32 = 4;

/** Codes a number below 2³² − 1; contexts have been named. `kind` picks weights. */
export function codeNumber(value: u32, kind: i32): u32 {
  const plus = value + 1, b = SETS + 544 + (kind << 5);
  let bits = 0;
  while (bits < 31 && decide(i32(plus >> bits > 1), bits + 1, SETS + bits, b + bits, SETS + 1184 + bits)) {
    bits++;
  }
  let found: u32 = 1;
  for (let i = bits - 1; i >= 0; i--) {
    const known = bits - 1 - i, bit = plus >> i & 1;
    const node = 32 + (bits << 4) + (1 << known) - 1 + (found & ((1 << known) - 1));
    found = found << 1 |
      (known < MODELLED ? decide(bit, node, SETS + node, b + bits, SETS + 1184 + known) : codeBit(bit, 0.5));
  }
  return found - 1;
}

/** The bits of a number: 0 of 0, else 1 + ⌊log₂⌋. */
export function bitsOf(n: u32): u32 {
  return 32 - clz(n);
}

/** A number's size in steps of half an octave. */
export function sizeOf(n: u32): u32 {
  if (n < 6) return n;
  const octave = 31 - clz(n);
  return octave << 1 | (n >> (octave - 1) & 1);
}
