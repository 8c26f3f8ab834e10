/** What is not sound: numbers that describe a file, and its bytes before and behind the samples. */
import { code } from "../range_coder";
import { allocate } from "./memory";

let shares: usize; // u16, P(0) of each context: 32 for each of 16 numbers, 16 for hits, 65,536 for other bytes
let last: usize; // i32[16], the numbers of the file before
let hits: i32; // bytes as expected in a row
let before: i32; // the last byte

export function openPlain(): void {
  shares = allocate((512 + 16 + 65536) << 1);
  for (let i: usize = 0; i < 512 + 16 + 65536; i++) store<u16>(shares + (i << 1), 32768);
  last = allocate(64);
  hits = before = 0;
}

/** Codes a bit with a share of zeros, in 65,536ths. */
export function codeBit(bit: i32, zero: i32): i32 {
  return code(bit, max(1, min(65535, zero)));
}

/** Codes a bit under an adaptive share of that context. */
function codeIn(bit: i32, context: i32): i32 {
  const at = shares + (<usize> context << 1), zero = <i32> load<u16>(at);
  bit = codeBit(bit, zero);
  store<u16>(at, zero + ((bit ? -zero : 65536 - zero) >> 4));
  return bit;
}

/** Codes the k-th number that describes a file, as its difference from that of the file before. */
export function codeNumber(n: i32, k: i32): i32 {
  const at = last + (<usize> k << 2), guess = load<i32>(at);
  const d = n - guess;
  let folded: u32 = (d << 1) ^ (d >> 31); // 0, −1, 1, −2 … become 0, 1, 2, 3 …
  let length = 0;
  while (length < 32 && codeIn(i32(folded >> length != 0), (k << 5) + length)) length++;
  let found: u32 = length ? 1 : 0;
  for (let i = length - 2; i >= 0; i--) found = (found << 1) | codeBit((folded >> i) & 1, 32768);
  n = guess + (<i32> (found >> 1) ^ -<i32> (found & 1));
  store<i32>(at, n);
  return n;
}

/** Codes a flag that tends to be what it was in the context of the last eight. */
export function codeFlag(flag: i32, history: i32): i32 {
  return codeIn(flag, 528 + (history & 255));
}

/** Codes a byte, with one that is expected (−1: none). */
export function codeByte(byte: i32, expected: i32): i32 {
  let node = 1, hit = expected >= 0;
  for (let i = 7; i >= 0; i--) {
    let bit = (byte >> i) & 1;
    const guess = (expected >> i) & 1;
    if (hit) {
      hit = !codeIn(bit ^ guess, 512 + min(hits, 15));
      bit = hit ? guess : 1 - guess;
    } else bit = codeIn(bit, 528 + (before << 8) + node);
    node = (node << 1) | bit;
  }
  hits = hit ? hits + 1 : 0;
  return (before = node & 255);
}
