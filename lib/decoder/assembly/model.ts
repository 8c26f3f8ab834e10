/**
 * The predictor's shape and its place in memory. The parameter block (segment 0 of a program) is at a fixed address;
 * `lib/decoder/parameters.ts` writes it and documents its fields.
 */

const BLOCK: usize = 64;

export let channels: i32;
export let own: i32; // neighbours of the symbol's own channel
export let cross: i32; // neighbours of each other channel
export let width: i32;
export let blocks: i32; // residual blocks applied
export let distinct: i32; // residual blocks with weights of their own (1 when they share)
export let grid: i32; // the image is cut into grid × grid cells with a predictor each
export let groups: i32;
export let features: i32; // inputs of the network
export let cellSize: i32; // weights of one cell's predictor, counted in f32
export let weights: usize;

let heap: usize;

export function weightCode(): usize {
  return load<u32>(BLOCK, 8);
}

export function payload(): usize {
  return load<u32>(BLOCK, 12);
}

/** Quantisation step of a kind of layer: 0 input, 1 and 2 a block's first and second, 3 output. */
export function step(kind: i32): f32 {
  return load<f32>(BLOCK + (kind << 2), 20);
}

/** Field 0 count, 1 height, 2 width of a group of images. */
export function group(index: i32, field: i32): i32 {
  return load<i32>(BLOCK + index * 12 + (field << 2), 40);
}

/** Takes `bytes` of memory, aligned to 16. The builder has made the memory large enough. */
export function allocate(bytes: usize): usize {
  const p = heap;
  heap += (bytes + 15) & ~15;
  return p;
}

/** Trainer: takes memory from `p` on. */
export function moveHeap(p: usize): void {
  heap = p;
}

/** Reads the parameter block and reserves the weights. */
export function openModel(): void {
  channels = load<u8>(BLOCK);
  own = load<u8>(BLOCK, 1);
  cross = load<u8>(BLOCK, 2);
  width = load<u8>(BLOCK, 3);
  blocks = load<u8>(BLOCK, 4);
  distinct = load<u8>(BLOCK, 5);
  grid = load<u8>(BLOCK, 6);
  groups = load<i32>(BLOCK, 36);
  heap = load<u32>(BLOCK, 16);
  features = own + (channels - 1) * cross + 9 + (channels - 1);
  cellSize = channels * (features + 1) * width + distinct * 2 * (width + 1) * width + (width + 1) * 16;
  weights = allocate(<usize> (grid * grid * cellSize) << 2);
}
