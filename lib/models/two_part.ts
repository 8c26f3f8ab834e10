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
  readonly payload: Part;
  /** Memory that the decoder needs in all. */
  readonly memoryBytes: number;
  /** Code length of each channel under the model, −Σ log₂ p, in bits: what the payload's bytes should come to. */
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
  const channelBits = Array.from({ length: channels }, () => 0);
  let done = 0, shown = performance.now();
  for (const { pixels, height, width } of images(set)) {
    const probabilities = encoder.encodeImage(pixels, height, width);
    for (let i = 0; i < probabilities.length; i++) channelBits[i % channels]! -= Math.log2(probabilities[i]!);
    done++;
    if (performance.now() - shown > 100 || done === set.names.length) {
      shown = performance.now();
      context.progress({ label: "encode", done, total: set.names.length, unit: "images" });
      await new Promise((resolve) => setTimeout(resolve));
      if (context.signal.aborted) {
        throw new MdlError("interrupted", "Stopped while encoding; nothing was written.");
      }
    }
  }
  const payload = encoder.closePayload();
  const weightCode = BLOCK_ADDRESS + blockSize(groups),
    payloadAt = weightCode + encoder.weightCode.length + 3;
  // the coder may read 3 bytes past its code, which must be zero
  const heap = (payloadAt + payload.length + 3 + 15) & ~15;
  const placement = { weightCode, payload: payloadAt, heap };
  return {
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(spec, channels, groups, placement, steps) },
    weights: { address: weightCode, bytes: encoder.weightCode },
    payload: { address: payloadAt, bytes: payload },
    memoryBytes: heap + heapBytes(spec, channels, groups),
    channelBits,
  };
}
