/**
 * The parameter block and the memory behind it. From the block's `heap` on lie, each at a multiple of 64: the history
 * (all items one after another, and room for what is drawn), then tables. Nothing is freed.
 */
const BLOCK: usize = 16;

/** Pairs of u32, count and bytes of items; count 0 ends them. */
export const PAIRS: usize = BLOCK + 28;

/** Bytes behind the data for an item that is drawn; items of more are cut to that. */
export const ROOM: usize = 0x10000;

/** Switches, a bit each: families of contexts, and mechanisms. */
export const ORDERS = 1; // the last 0 to 6 characters, and the second and third last
export const CHARACTERS = 2; // UTF-8: an order counts characters; off: bytes
export const WORDS = 4; // the word so far, with words before it, kinds of characters; in binary data: sparse contexts
export const LINES = 8; // where in a line of a paragraph, and what is above; in binary data: columns of a record
export const MATCH = 16; // what followed when the last bytes were the same
export const GATING = 32; // sets of mixing weights chosen by context; off: one set
export const REFINEMENT = 64; // the last probability once more by what came of it (SSE)
export const BINARY = 128; // contexts for binary data in place of those for text

export function payload(): usize {
  return load<u32>(BLOCK);
}
/** Binary logarithm of the rows that a context has. */
export function size(): i32 {
  return load<i32>(BLOCK, 4);
}
export function has(what: i32): bool {
  return (load<i32>(BLOCK, 8) & what) != 0;
}
/** A rate of the model: 0 final learning rate of the mixer in 2⁻¹⁴, 1 limit of slots, 2 a quarter of the limit of maps. */
export function rate(which: usize): i32 {
  return load<u8>(BLOCK + which, 12);
}
/** Bytes after which all that was learnt is forgotten; 0: never. */
export function forget(): i32 {
  return load<i32>(BLOCK, 16);
}
/** Length of a record of binary data; 0: none. */
export function record(): i32 {
  return load<i32>(BLOCK, 20);
}
export function heap(): usize {
  return load<u32>(BLOCK, 24);
}

let top: usize;
let first: usize;

/** Begins to take memory at an address. */
export function openMemory(from: usize): void {
  top = (from + 63) & ~63;
  first = top;
}

export function allocate(bytes: usize): usize {
  const taken = top;
  top = (top + bytes + 63) & ~63;
  return taken;
}

/** Address behind all that was taken. */
export function free(): usize {
  return top;
}

/** Sets all that was taken to zero. */
export function clear(): void {
  memory.fill(first, 0, top - first);
}
