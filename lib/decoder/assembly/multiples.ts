/** Whole multiples of a step, coded with one adaptive table. */
import { code } from "./range_coder";

let table: usize; // for each of the 1024 nodes of the binary tree over multiples: zeros u16, ones u16

/** Codes the multiple q, −512 ≤ q < 512, bit by bit, each bit with the frequency seen so far (Krichevsky–Trofimov). */
export function codeMultiple(q: i32): i32 {
  let node = 1;
  const target = q + 512;
  for (let i = 9; i >= 0; i--) {
    const p = table + (node << 2);
    const zeros: i32 = load<u16>(p), ones: i32 = load<u16>(p, 2);
    const bit = code((target >> i) & 1, ((2 * zeros + 1) << 16) / (2 * (zeros + ones) + 2));
    store<u16>(p + (bit << 1), load<u16>(p + (bit << 1)) + 1);
    if (zeros + ones == 4095) { // older counts weigh less
      store<u16>(p, zeros >> 1);
      store<u16>(p, ones >> 1, 2);
    }
    node = node * 2 + bit;
  }
  return node - 1536;
}

/** Begins a table in 4096 bytes at an address. */
export function openMultiples(at: usize): void {
  table = at;
  memory.fill(table, 0, 4096);
}
