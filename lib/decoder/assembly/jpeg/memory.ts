/**
 * Where a file and what it is made of lie. Parameter block: that of `text/block.ts` as far as its heap, then little-endian
 * u32: number of files; of the largest one, bytes, bytes of what is coded as such, and coefficients.
 */
import { allocate, heap, openMemory } from "../text/block";

const FIELDS: usize = 44;

/** The file, byte for byte. */
export let item: usize;
/** Bytes that there is room for in a file. */
export let capacity: i32;
/** What is coded as bytes: a file that is no JPEG, or all of it but its scans; before it, u32, what it is. */
export let bytes: usize;
/** Coefficients of all planes, i16[blocks, 64] in rows of frequencies. */
export let values: usize;
/** What is known of each block, 8 bytes; see `block.ts`. */
export let summaries: usize;

/** Bytes that there is room for in a file that is drawn. */
const DRAWN = 1 << 20;
/** Bytes of its markers, at most. */
const MARKERS = 1024;

/** Switches, a bit each; see also `text/block.ts`. */
export const AROUND = 1; // look at the blocks around
export const PLANES = 2; // look at other planes
export const FORGET = 128; // between files

export function files(): i32 {
  return load<i32>(FIELDS);
}

export function openFileMemory(): void {
  openMemory(heap());
  capacity = max(load<i32>(FIELDS, 4), DRAWN);
  item = allocate(capacity);
  bytes = allocate(max(load<u32>(FIELDS, 8), MARKERS) + 4) + 4;
  values = allocate((load<u32>(FIELDS, 12) << 1) + 128) + 128; // before them a block of zeros
  summaries = allocate((load<u32>(FIELDS, 12) >> 3) + 8) + 8;
}

/** The summary of the block whose coefficients are at `block`. */
export function summaryOf(block: usize): usize {
  return summaries + (<isize> (block - values) >> 4);
}
