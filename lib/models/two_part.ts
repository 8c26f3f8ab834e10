/**
 * The two-part code (mode `two-part`): the model, then the data under the model. Here both become the segments of a
 * program.
 */
import { type Dataset, images } from "../data/dataset.ts";
import { heapBytes, openEncoder } from "../decoder/encoder.ts";
import { BLOCK_ADDRESS, blockSize, type Steps, writeBlock } from "../decoder/parameters.ts";
import { MdlError } from "../errors.ts";
import type { Context } from "../pipeline.ts";
import type { ModelSpec } from "./spec.ts";

/** A stretch of a program's memory that its file fills. */
export interface Part {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface TwoPartCode {
  readonly parameters: Part;
  readonly weights: Part;
  /** Of each scale, the coarsest first. */
  readonly payloads: readonly Part[];
  /** Memory that the decoder needs in all. */
  readonly memoryBytes: number;
  /** Code length of each scale under the model, −Σ log₂ p, in bits: what its payload's bytes should come to. */
  readonly scaleBits: readonly number[];
  /** The same of each channel under the model. */
  readonly channelBits: readonly number[];
}

/**
 * Codes a set with trained weights; shows progress by images.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeTwoPart(
  set: Dataset,
  spec: ModelSpec,
  weights: Float32Array,
  steps: Steps,
  context: Context,
): Promise<TwoPartCode> {
  const { channels, groups } = set;
  const encoder = await openEncoder(spec, channels, groups, weights, steps);
  const channelBits = Array.from({ length: channels }, () => 0), codes: Uint8Array[] = [];
  const scaleBits: number[] = [];
  let done = 0, shown = performance.now();
  const total = set.names.length * spec.scales;
  for (let scale = 0; scale < spec.scales; scale++) {
    let bits = 0;
    for (const { pixels, height, width } of images(set)) {
      const probabilities = encoder.encodeScale(pixels, height, width, scale);
      eachOfScale(spec.scales, scale, height, width, channels, (i) => {
        const own = -Math.log2(probabilities[i]!);
        bits += own;
        channelBits[i % channels]! += own;
      });
      done++;
      if (performance.now() - shown > 100 || done === total) {
        shown = performance.now();
        context.progress({
          label: "encode",
          done: done / spec.scales,
          total: set.names.length,
          unit: "images",
        });
        await new Promise((resolve) => setTimeout(resolve));
        if (context.signal.aborted) {
          throw new MdlError("interrupted", "Stopped while encoding; nothing was written.");
        }
      }
    }
    scaleBits.push(bits);
    codes.push(encoder.closePayload());
  }
  const weightCode = BLOCK_ADDRESS + blockSize(groups, spec.scales);
  // the coder may read 3 bytes past its code, which must be zero
  const ends = [weightCode + encoder.weightCode.length + 3];
  for (const code of codes) ends.push(ends.at(-1)! + code.length + 3);
  const heap = (ends.at(-1)! + 15) & ~15, payloads = ends.slice(0, -1);
  const placement = { weightCode, payloads, heap };
  return {
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(spec, channels, groups, placement, steps) },
    weights: { address: weightCode, bytes: encoder.weightCode },
    payloads: codes.map((bytes, scale) => ({ address: payloads[scale]!, bytes })),
    memoryBytes: heap + heapBytes(spec, channels, groups),
    scaleBits,
    channelBits,
  };
}

/** Calls `visit` with the index of every symbol of an image that a scale adds to it. */
function eachOfScale(
  scales: number,
  scale: number,
  height: number,
  width: number,
  channels: number,
  visit: (index: number) => void,
): void {
  const stride = 2 ** (scales - 1 - scale);
  for (let y = 0; y < height; y += stride) {
    for (let x = 0; x < width; x += stride) {
      if (scale && y % (2 * stride) === 0 && x % (2 * stride) === 0) continue;
      for (let c = 0; c < channels; c++) visit((y * width + x) * channels + c);
    }
  }
}
