/**
 * Slots: what a context knows of one binary decision, 16 bits. The upper 12 are the probability of a 1 (with the highest
 * bit inverted, so that zero is 1/2), the lower 4 count what it has seen, up to 15. The first decisions move a
 * probability so far that each short history of them has one of its own: it is an estimate and a state at once.
 *
 * Contexts are hashed. A row of 16 slots, found by the hash of a context and the first half of the byte (or its lack), has
 * the decisions of one half byte; its first is the check that tells contexts of the same place apart.
 */
import { allocate, rate, size } from "./block";

let rates: usize; // u32[16], of a step in 2¹⁶, by count
let rows: usize; // u16[ROWS << size][16], of all contexts

const ROW = 32, ROWS = 14;

export function allocateSlots(): void {
  rates = allocate(64);
  rows = allocate(<usize> ROWS * ROW << size());
}

export function openSlots(): void {
  for (let n = 0; n < 15; n++) store<u32>(rates + (n << 2), 5 * 65536 / (5 * n + 7));
  store<u32>(rates, 65536 / rate(1), 60);
}

/** The row of a hash: its own, or that of three which knows least, emptied. */
export function findRow(hash: u32): usize {
  const place = <u32> (<u64> (hash * 0x9e3779b1) * (ROWS << size()) >> 32),
    check = hash >> 16;
  let least = 16, row: usize = 0;
  for (let k = 0; k < 3; k++) {
    const r = rows + (place ^ k) * ROW, n: i32 = load<u8>(r, 2) & 15;
    if (n && load<u16>(r) == check) return r;
    if (n < least) {
      least = n;
      row = r;
    }
  }
  memory.fill(row, 0, ROW);
  store<u16>(row, check);
  return row;
}

export function slotProbability(slot: usize): u32 {
  return (load<u16>(slot) >> 4) ^ 2048;
}

/** Moves a slot towards a decision; each step is at least one, so that runs go on to count at the ends. */
export function updateSlot(slot: usize, bit: i32): void {
  const n = load<u16>(slot) & 15, r = load<u32>(rates + (n << 2));
  let p = slotProbability(slot);
  if (bit) p += ((4095 - p) * r + 65535) >> 16;
  else p -= (p * r + 65535) >> 16;
  store<u16>(slot, ((p ^ 2048) << 4) | min(n + 1, 15));
}
