/**
 * The parameter block of a table's program, and memory. `lib/table/engine.ts` writes the block; little-endian u32 from
 * address 16 on:
 *
 *     0 payload   1 heap   2 bytes of the file   3 log2 of the slots   4 switches, a bit each   5 columns
 *     6 separator, bit 8: lines end in CRLF, bit 9: a byte-order mark
 *     7 … for each column a u32: kind | first parent << 8 | second parent << 16
 */
const BLOCK: usize = 16;

let heap: usize;

/** Bits of the block's switches. What is off is not looked at. */
export const EARLIER_ROWS = 1;
export const EARLIER_COLUMNS = 2;
export const SHARED = 4;

/** Number `index` of the parameter block. */
export function parameter(index: i32): u32 {
  return load<u32>(BLOCK + (<usize> index << 2));
}

/** Whether a switch is on. */
export function has(which: u32): bool {
  return (parameter(4) & which) != 0;
}

/** What the block says of a column: kind and parents. */
export function columnWord(column: i32): u32 {
  return parameter(7 + column);
}

/** Begins anew behind block and payload. */
export function openMemory(): void {
  heap = parameter(1);
}

/** Takes `bytes` of memory, aligned to 16, and sets them to zero. The builder has made the memory large enough. */
export function allocate(bytes: usize): usize {
  const p = heap;
  heap += (bytes + 15) & ~15;
  memory.fill(p, 0, bytes);
  return p;
}

/**
 * Encoder: tells the host an address, in the words in front of the payload: 0 the file, 1 bits of each column
 * f64[columns], 2 rows of each group, 3 keys, then of the events in the order of groups, time and key 4 items, 5 times
 * and 6 values. When all is coded, 0 is where the payload ends. Of events, what was expected: 7 odds of all items,
 * f32[items], before the last one was coded; 8 chances of all values, f32[events of the group][values]. Word 9 is the
 * host's: whether it looks at them, and wants an answer after each event.
 */
export function tell(index: i32, address: usize): void {
  if (ENCODE) store<u32>(parameter(0) - 48 + (index << 2), <u32> address);
}

/** Whether the host looks at what is expected of each event. */
export function watched(): bool {
  return load<u32>(parameter(0) - 48, 36) != 0;
}
