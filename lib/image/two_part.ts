/**
 * The two-part code (mode `two-part`): the model, then the data under the model. Here both become the segments of a
 * program.
 */
import { type Dataset, images } from "./dataset.ts";
import type { Code } from "../codec.ts";
import { heapBytes, openEncoder } from "./encoder.ts";
import type { PlaneFinder } from "./lattice.ts";
import { BLOCK_ADDRESS, blockSize, type Steps, writeBlock } from "./parameters.ts";
import { align } from "../decoder/memory.ts";
import { encodingPace, paced } from "../pace.ts";
import type { Context } from "../context.ts";
import type { ModelSpec } from "./spec.ts";

/**
 * Codes a set with trained weights; shows progress by images. `find` is as in `openEncoder`.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodeTwoPart(
  set: Dataset,
  spec: ModelSpec,
  weights: Float32Array,
  steps: Steps,
  context: Context,
  find?: PlaneFinder,
): Promise<Code> {
  const { channels, groups } = set;
  const encoder = await openEncoder(spec, channels, groups, weights, steps, find);
  const codes: { readonly bytes: Uint8Array; readonly estimatedBits: number }[] = [];
  const pace = encodingPace(context, set.names.length, "images");
  let done = 0;
  for (let scale = 0; scale < spec.scales; scale++) {
    for (const { pixels, height, width } of images(set)) {
      const work = encoder.encodeInPieces(pixels, height, width, scale);
      await paced(work, (share) => pace((done + share) / spec.scales));
      done++;
    }
    const estimatedBits = encoder.spent();
    codes.push({ bytes: encoder.closePayload(), estimatedBits });
  }
  const weightCode = BLOCK_ADDRESS + blockSize(spec, groups);
  // the coder may read 3 bytes past its code, which must be zero
  const ends = [weightCode + encoder.weightCode.length + 3];
  for (const { bytes } of codes) ends.push(ends.at(-1)! + bytes.length + 3);
  const heap = align(ends.at(-1)!, 16), payloads = ends.slice(0, -1);
  const placement = { weightCode, payloads, heap };
  return {
    mode: "two-part",
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(spec, channels, groups, placement, steps) },
    weights: { address: weightCode, bytes: encoder.weightCode },
    payloads: codes.map((code, scale) => ({ address: payloads[scale]!, ...code })),
    memoryBytes: heap + heapBytes(spec, channels, groups),
  };
}
