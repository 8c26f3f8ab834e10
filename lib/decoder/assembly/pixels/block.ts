/**
 * The parameter block, at BLOCK. Before it is room for small tables, at addresses of the models' own; behind it the host
 * puts the code, the images one after another (below them zeros, which are what is above the first), room for one that
 * is drawn, and large tables. All memory is zero at the beginning; an instance is started once.
 */
const BLOCK: usize = 0x8000;

/** Triples of u32, count, height and width of images; count 0 ends them. */
export const GROUPS: usize = BLOCK + 20;

/** Bytes a pixel. */
export let channels: i32;

/** Address of the code. */
export function payload(): usize {
  return load<u32>(BLOCK);
}
/** Where the first image begins. */
export function first(): usize {
  return load<u32>(BLOCK, 4);
}
/** Where an image lies that is drawn. */
export function room(): usize {
  return load<u32>(BLOCK, 8);
}
/** Where large tables lie. */
export function tables(): usize {
  return load<u32>(BLOCK, 12);
}
/** Binary logarithm of the rows of slots. */
export function size(): i32 {
  return load<u8>(BLOCK, 17);
}

export function openBlock(): void {
  channels = load<u8>(BLOCK, 16);
}
