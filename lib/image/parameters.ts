/** Segment 0 of a program: the parameter block that tells the decoder its model and where to find the rest. */
import { type ImageGroup, widest } from "./dataset.ts";
import { coefficientsOf, sharesOf } from "./lattice.ts";
import { adapts, cellSize, type Layer, localInputs, mixes, type ModelSpec, tilingOf } from "./spec.ts";

/** Where the block lies in the memory of every module. */
export const BLOCK_ADDRESS = 64;

export const LAYER_KINDS: readonly Layer["kind"][] = ["input", "first", "second", "output"];

/** What a module needs to know besides the model's shape. Addresses are in bytes. */
export interface Placement {
  readonly weightCode: number;
  /** Of each scale, the coarsest first. */
  readonly payloads: readonly number[];
  /** From here on the module takes memory for itself, a multiple of 16. */
  readonly heap: number;
}

/** Quantisation step of each kind of layer. */
export type Steps = Readonly<Record<Layer["kind"], number>>;

/** Bytes of a formula of colours. */
const FORMULA = 68;

/** Bytes of a tiling. */
const TILING = 8;

export function blockSize(spec: ModelSpec, groups: readonly ImageGroup[]): number {
  const formulas = FORMULA * sharesOf(spec.lattice).length;
  return 40 + 12 * groups.length + 4 * spec.scales + formulas + (tilingOf(spec) ? TILING : 0);
}

/**
 * Writes the block, little-endian: u8 channels, neighbours, cross, width, blocks, blocks with weights of their own,
 * grid, scales, 1 where each scale has predictors of its own + 2 where decisions are mixed + 4 where weights follow the
 * image, inputs by least squares, inputs by attention, number of formulas of colours; u32 addresses of weight code and heap; f32 steps of the four kinds
 * of layers; u32 number of groups, and for each group u32 count, height, width; for each scale u32 address of its
 * payload; for each formula u32 share of its images in 65,536ths and f32 coefficients
 * (`lib/decoder/assembly/lattice.ts`); where the images are cut out of pictures, whose the groups then are, u32 tiles
 * beside and above one another.
 */
export function writeBlock(
  spec: ModelSpec,
  channels: number,
  groups: readonly ImageGroup[],
  placement: Placement,
  steps: Steps,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(blockSize(spec, groups)));
  const { fitted, attended } = localInputs(spec), { neighbours, cross, width, blocks, grid, scales } = spec;
  const distinct = spec.tied ? 1 : blocks;
  const flags = Number(!spec.shareScales) + 2 * Number(mixes(spec)) + 4 * Number(adapts(spec));
  [
    channels,
    neighbours,
    cross,
    width,
    blocks,
    distinct,
    grid,
    scales,
    flags,
    fitted,
    attended,
    sharesOf(spec.lattice).length,
  ].forEach((value, i) => view.setUint8(i, value));
  [placement.weightCode, placement.heap].forEach((a, i) => view.setUint32(12 + 4 * i, a, true));
  LAYER_KINDS.forEach((kind, i) => view.setFloat32(20 + 4 * i, steps[kind], true));
  view.setUint32(36, groups.length, true);
  groups.forEach(({ count, height, width }, i) => {
    [count, height, width].forEach((value, j) => view.setUint32(40 + 12 * i + 4 * j, value, true));
  });
  placement.payloads.forEach((a, i) => view.setUint32(40 + 12 * groups.length + 4 * i, a, true));
  sharesOf(spec.lattice).forEach(([name, share], i) => {
    const at = 40 + 12 * groups.length + 4 * scales + FORMULA * i;
    view.setUint32(at, 256 * share, true);
    coefficientsOf(name).forEach((x, j) => view.setFloat32(at + 4 + 4 * j, x, true));
  });
  const tiling = tilingOf(spec);
  if (tiling) {
    view.setUint32(view.byteLength - TILING, tiling.columns, true);
    view.setUint32(view.byteLength - 4, tiling.rows, true);
  }
  return new Uint8Array(view.buffer);
}

/**
 * Bytes that `lib/decoder/assembly/local.ts` takes for images of the sizes in `groups`; in the encoder its prior is there
 * twice.
 */
export function localBytes(spec: ModelSpec, channels: number, groups: readonly ImageGroup[]): number {
  if (localInputs(spec).fitted === 0) return 0;
  const near = Math.min(spec.neighbours, channels === 1 ? 9 : 12) + (channels - 1) * Math.min(spec.cross, 6);
  const size = (near + 6) & ~3, matrix = 4 * size * size, rows = 8;
  const passes = 2 * spec.scales - 1;
  return widest(groups) * channels * (4 * size * rows + matrix) + matrix * (1 + 2 * passes * channels) + 256;
}

/** Bytes that `lib/decoder/assembly/mixer.ts` takes for images of the sizes in `groups`. */
export function mixerBytes(spec: ModelSpec, groups: readonly ImageGroup[]): number {
  if (!mixes(spec)) return 0;
  const predictors = 4 * 32, sets = (4 + 2 * 16) * 8 * 3, filter = 4 * 128;
  return predictors * (9 * widest(groups) + sets + 6) + filter + 16;
}

/** Bytes that weights which follow the image take besides them, and the network for their sake. */
export function adaptingBytes(spec: ModelSpec, channels: number): number {
  if (!adapts(spec)) return 0;
  return 4 * (2 * cellSize(spec, channels) + (2 * spec.blocks + 1) * spec.width) + 2 ** 13 + 64;
}
