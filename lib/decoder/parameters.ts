/** Segment 0 of a program: the parameter block that tells the decoder its model and where to find the rest. */
import type { ImageGroup } from "../data/dataset.ts";
import type { Layer, ModelSpec } from "../models/spec.ts";

/** Where the block lies in the memory of every module. */
export const BLOCK_ADDRESS = 64;

export const LAYER_KINDS: readonly Layer["kind"][] = ["input", "first", "second", "output"];

/** What a module needs to know besides the model's shape. Addresses are in bytes. */
export interface Placement {
  readonly weightCode: number;
  readonly payload: number;
  /** From here on the module takes memory for itself, a multiple of 16. */
  readonly heap: number;
}

/** Quantisation step of each kind of layer. */
export type Steps = Readonly<Record<Layer["kind"], number>>;

export function blockSize(groups: readonly ImageGroup[]): number {
  return 40 + 12 * groups.length;
}

/**
 * Writes the block, little-endian: u8 channels, neighbours, cross, width, blocks, blocks with weights of their own,
 * grid, 0; u32 addresses of weight code, payload, heap; f32 steps of the four kinds of layers; u32 number of groups, and
 * for each group u32 count, height, width.
 */
export function writeBlock(
  spec: ModelSpec,
  channels: number,
  groups: readonly ImageGroup[],
  placement: Placement,
  steps: Steps,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(blockSize(groups)));
  const bytes = [channels, spec.neighbours, spec.cross, spec.width, spec.blocks, spec.tied ? 1 : spec.blocks];
  [...bytes, spec.grid].forEach((value, i) => view.setUint8(i, value));
  [placement.weightCode, placement.payload, placement.heap].forEach((a, i) =>
    view.setUint32(8 + 4 * i, a, true)
  );
  LAYER_KINDS.forEach((kind, i) => view.setFloat32(20 + 4 * i, steps[kind], true));
  view.setUint32(36, groups.length, true);
  groups.forEach(({ count, height, width }, i) => {
    [count, height, width].forEach((value, j) => view.setUint32(40 + 12 * i + 4 * j, value, true));
  });
  return new Uint8Array(view.buffer);
}
