/**
 * Slots, found by hash: what a context knows of a binary decision, as `../text/maps.ts` has it (a probability and a
 * count). A row of eight has the seven decisions of a tree of three levels; its first is the check that tells contexts of
 * the same place apart.
 */
import { size } from "./block";

/** A slot that has seen nothing: one half. */
const NEW: u32 = 0x80000000;

/** The row of a hash, of u32[2^size][8] at `rows`: its own, or that of two which knows less, emptied. */
export function findRow(rows: usize, hash: u32): usize {
  const check = hash << 8 | 1;
  let row = rows + (<usize> (hash >> (32 - size())) << 5);
  if (load<u32>(row) == check) return row;
  const other = row ^ 32;
  if (load<u32>(other) == check) return other;
  if ((load<u32>(other, 4) & 1023) < (load<u32>(row, 4) & 1023)) row = other;
  v128.store(row, i32x4.splat(NEW));
  v128.store(row, i32x4.splat(NEW), 16);
  store<u32>(row, check);
  return row;
}
