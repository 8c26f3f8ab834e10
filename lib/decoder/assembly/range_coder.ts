/**
 * Binary range coder. The same call works in both directions: in the decoder `code` reads a bit; in the encoder (ENCODE,
 * a compile-time constant) it writes the bit that it is given and returns it. All that is built on it is therefore
 * written once, and encoder and decoder cannot disagree.
 *
 * The code is a number in [0, 1) written in base 256. Coding a bit narrows the interval [low, low + range):
 *
 *     low                    low + bound                  low + range
 *      |------- bit 0 -----------|--------- bit 1 ------------|
 *
 * Invariants between calls: 2²⁴ ≤ range < 2³²; 1 ≤ zero < 2¹⁶, so that both parts are never empty. The decoder keeps
 * value = code − low, 0 ≤ value < range.
 *
 * In generation the bytes of the code come from a PRNG: decoding random bits draws data from the model.
 */

let at: usize; // the next byte of the code
export let range: u32;
let low: u32; // encoder: low end of the interval; what was shifted out is in memory, carries go there
let value: u32; // decoder: code − low
export let drawn: bool; // decoder: bytes are random
let state: u32; // the PRNG's counter
/** Encoder: what the code so far should come to, the sum of −log₂ of all decisions' probabilities. */
export let spent: f64;

/** Whether a model learns. From what is drawn none does: what is unlikely would become what is expected. */
// @inline
export function learning(): bool {
  return ENCODE || !drawn;
}

/** The next byte of the code: from memory, or random (a counter under MurmurHash3's finaliser). */
function pull(): u32 {
  if (!drawn) return load<u8>(at++);
  state += 0x9e3779b9;
  let z = (state ^ (state >> 16)) * 0x85ebca6b;
  z = (z ^ (z >> 13)) * 0xc2b2ae35;
  return (z ^ (z >> 16)) & 255;
}

/** Opens the code at address `from`. With `random`, its bytes are replaced by random ones of that seed. */
export function open(from: usize, random: bool, seed: u32): void {
  at = from;
  range = 0xffffffff;
  low = 0;
  if (ENCODE) spent = 0;
  else {
    drawn = random;
    state = seed * 0x632be5ab;
    value = 0;
    for (let i = 0; i < 4; i++) value = (value << 8) | pull();
  }
}

/** Decoder: puts the coder's state away at `p`, 16 bytes: each scale has a code of its own. */
export function suspend(p: usize): void {
  store<u32>(p, <u32> at);
  store<u32>(p, range, 4);
  store<u32>(p, value, 8);
  store<u32>(p, drawn, 12);
}

/** Decoder: takes up the state at `p`. */
export function resume(p: usize): void {
  at = load<u32>(p);
  range = load<u32>(p, 4);
  value = load<u32>(p, 8);
  drawn = load<u32>(p, 12) != 0;
}

/** Encoder: adds to the interval's low end; a carry runs back through the bytes already written. */
function raise(amount: u32): void {
  low += amount;
  if (low < amount) {
    let p = at - 1;
    while (load<u8>(p) == 255) store<u8>(p--, 0);
    store<u8>(p, load<u8>(p) + 1);
  }
}

/** Encoder: codes one bit that is 0 in the interval's first `bound`, which is neither empty nor all of it. */
export function narrow(bit: i32, bound: u32): void {
  if (bit) {
    raise(bound);
    range -= bound;
  } else range = bound;
  while (range < 0x1000000) {
    store<u8>(at++, low >> 24);
    low <<= 8;
    range <<= 8;
  }
}

/** Encoder: counts what a decision costs whose probability was `share` / 2¹⁶. */
export function addCost(share: u32): void {
  const bits = reinterpret<u64>(<f64> share);
  const m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000); // 1 ≤ m < 2
  const t = (m - 1) / (m + 1), t2 = t * t;
  const ln = 2 * t * (1 + t2 * (1.0 / 3 + t2 * (1.0 / 5 + t2 * (1.0 / 7 + t2 * (1.0 / 9 + t2 / 11)))));
  spent += 16 - <f64> ((bits >> 52) - 1023) - ln * 1.4426950408889634;
}

/** Codes one bit whose probability of being 0 is `zero` / 2¹⁶. */
export function code(bit: i32, zero: u32): i32 {
  const bound = (range >> 16) * zero;
  if (ENCODE) {
    addCost(bit ? 65536 - zero : zero);
    narrow(bit, bound);
    return bit;
  }
  bit = i32(value >= bound);
  if (bit) {
    value -= bound;
    range -= bound;
  } else range = bound;
  while (range < 0x1000000) {
    value = (value << 8) | pull();
    range <<= 8;
  }
  return bit;
}

/**
 * Encoder: makes room behind the code for `decisions` more. Whatever the model says, one takes at most 16 bits and what
 * `range >> 16` cuts off, 17 bits in all.
 */
export function reserve(decisions: i32): void {
  const needed = at + <usize> decisions * 17 / 8 + 64;
  const pages = <i32> ((needed + 0xffff) >> 16) - memory.size();
  if (pages > 0) memory.grow(max(pages, 64));
}

/** Encoder: ends the code; returns the address behind its last byte. The decoder may read up to 3 zero bytes more. */
export function close(): usize {
  reserve(8);
  // The interval is at least 2²⁴ long, so it holds a value whose last three bytes are zero.
  raise(((low + 0xffffff) & 0xff000000) - low);
  store<u8>(at++, low >> 24);
  return at;
}
