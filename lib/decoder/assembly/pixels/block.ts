/**
 * The parameter block and the memory behind it. From the block's `heap` on lie what stands above the first image (zeros),
 * all images one after another, room for one that is drawn, and then tables. Nothing is freed.
 */
const BLOCK: usize = 16;

/** Triples of u32, count, height and width of images; count 0 ends them. */
export const GROUPS: usize = BLOCK + 12;
const GROUP: usize = 12;

/** Bytes a pixel. */
export let channels: i32;

/** Address of the code. */
export function payload(): usize {
  return load<u32>(BLOCK);
}
/** Binary logarithm of the rows of slots. */
export function size(): i32 {
  return load<u8>(BLOCK, 9);
}

/** Where the first image begins; room for an image that is drawn. */
export let first: usize;
export let room: usize;

let top: usize;
let tables: usize;

/** Reads the block. Above the first image are three rows of the widest, which contexts may look at. */
export function openBlock(): void {
  channels = load<u8>(BLOCK, 8);
  let widest: usize = 0, bytes: usize = 0;
  for (let g = GROUPS; load<u32>(g); g += GROUP) {
    const line = <usize> load<u32>(g, 8) * channels;
    widest = max(widest, line);
    bytes += load<u32>(g) * load<u32>(g, 4) * line;
  }
  first = <usize> load<u32>(BLOCK, 4) + 3 * widest + 64;
  room = first + bytes;
  tables = (room + load<u32>(GROUPS, 4) * load<u32>(GROUPS, 8) * channels + 127) & ~63;
  top = tables;
}

/** Takes memory, at a multiple of 64. */
export function allocate(bytes: usize): usize {
  const taken = top;
  top = (top + bytes + 63) & ~63;
  return taken;
}

/** Encoder: the address behind all that was taken. */
export function free(): usize {
  return top;
}

/** Sets all that was taken to zero. */
export function clear(): void {
  memory.fill(tables, 0, top - tables);
}
