/**
 * The predictor's shape and its place in memory. The parameter block (segment 0 of a program) is at a fixed address;
 * `lib/image/parameters.ts` writes it and documents its fields.
 */

const BLOCK: usize = 64;

/** Bytes of a formula of `lattice.ts`. */
export const FORMULA: usize = 68;

export let channels: i32;
export let own: i32; // neighbours of the symbol's own channel
export let cross: i32; // neighbours of each other channel
export let width: i32;
export let blocks: i32; // residual blocks applied
export let distinct: i32; // residual blocks with weights of their own (1 when they share)
export let grid: i32; // the image is cut into grid × grid cells with a predictor each
export let scales: i32 = 1; // 1: raster order; more: a pyramid
export let separate: bool = false; // each scale has predictors of its own
export let fitted: i32 = 0; // inputs that are predictions by least squares
export let attended: i32 = 0; // inputs that attention gives
export let mixed: bool = false; // other predictors are mixed with the network
export let adaptive: bool = false; // weights follow the image
export let formulas: i32; // of colours that lie on a lattice
export let groups: i32;
export let features: i32; // inputs of the network
export let inputLayers: i32; // one for each channel and, in a pyramid, for each kind of pass, unless the cell tells it
export let cellSize: i32; // weights of one cell's predictor, counted in f32
export let weights: usize;

let heap: usize;

export function weightCode(): usize {
  return load<u32>(BLOCK, 12);
}

/** Address of the payload of a scale, the coarsest first. */
export function payload(scale: i32): usize {
  return load<u32>(BLOCK + groups * 12 + (scale << 2), 40);
}

/** Address of the formulas, of `lattice.ts`. */
export function formulasAt(): usize {
  return BLOCK + groups * 12 + (scales << 2) + 40;
}

/** Of pictures that are cut into tiles: field 0 tiles beside one another, 1 above one another. */
export function tiling(field: i32): i32 {
  return load<i32>(formulasAt() + <usize> formulas * FORMULA + (field << 2));
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
  distinct = ADAPT && !ENCODE ? blocks : load<u8>(BLOCK, 5);
  grid = load<u8>(BLOCK, 6);
  if (PYRAMID) {
    scales = load<u8>(BLOCK, 7);
    separate = (MIXING ? load<u8>(BLOCK, 8) & 1 : load<u8>(BLOCK, 8)) != 0;
  }
  if (LOCAL) fitted = load<u8>(BLOCK, 9);
  if (ATTENTION) attended = load<u8>(BLOCK, 10);
  if (MIXING) mixed = (load<u8>(BLOCK, 8) & 2) != 0;
  if (ADAPT && ENCODE) adaptive = load<u8>(BLOCK, 8) > 3;
  if (LATTICE) formulas = load<u8>(BLOCK, 11);
  groups = load<i32>(BLOCK, 36);
  heap = load<u32>(BLOCK, 16);
  features = own + (channels - 1) * cross + 8 + (channels - 1) + i32(scales > 1) + fitted + attended;
  inputLayers = channels * (scales > 1 && grid == 1 ? 3 : 1);
  cellSize = inputLayers * (features + 1) * width + distinct * 2 * (width + 1) * width + (width + 1) * 16;
  weights = allocate((<usize> (cells() * cellSize) << 2) * (!ADAPT ? 1 : !ENCODE ? 3 : adaptive ? 4 : 1));
}

/** Predictors with weights of their own. */
export function cells(): i32 {
  if (ADAPT && !ENCODE) return 1;
  return grid * grid * (separate ? scales : 1);
}
