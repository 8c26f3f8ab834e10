/** Whole multiples of a step, coded with one adaptive table. */
import { code } from "./range_coder";

let table: usize; // for each of the 1024 nodes of the binary tree over multiples: zeros u16, ones u16

/** Codes a bit with the frequency seen so far (Krichevsky–Trofimov): zeros u16 and ones u16 are at `p`. */
function codeCounted(p: usize, bit: i32): i32 {
  const zeros: i32 = load<u16>(p), ones: i32 = load<u16>(p, 2);
  bit = code(bit, ((2 * zeros + 1) << 16) / (2 * (zeros + ones) + 2));
  store<u16>(p + (bit << 1), load<u16>(p + (bit << 1)) + 1);
  if (zeros + ones == 4095) { // older counts weigh less
    store<u16>(p, zeros >> 1);
    store<u16>(p, ones >> 1, 2);
  }
  return bit;
}

/** Codes the multiple q, −512 ≤ q < 512, bit by bit. */
export function codeMultiple(q: i32): i32 {
  let node = 1;
  const target = q + 512;
  for (let i = 9; i >= 0; i--) node = node * 2 + codeCounted(table + (node << 2), (target >> i) & 1);
  return node - 1536;
}

/** Tells the table that there is a bit which is seldom 1. */
export function expectRare(): void {
  store<u16>(table, 4095); // there is no node 0
}

/** Codes that bit. */
export function codeRare(bit: i32): i32 {
  return codeCounted(table, bit);
}

/** Begins a table in 4096 bytes at an address. */
export function openMultiples(at: usize): void {
  table = at;
  memory.fill(table, 0, 4096);
}
