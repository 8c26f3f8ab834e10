/** New pictures from an autoencoder's file: from codes that nobody coded, or from a part of the codes. */
import type { Random } from "../../../lib/random.ts";
import { codeGrids } from "./convolutional.ts";
import { type ConvolutionalFile, pixelsOf } from "./convolutional_file.ts";

/**
 * Decodes random codes, [count, 32, 32]: each number is that of some image in the file, at the same place and channel,
 * drawn by itself. So every number by itself is as frequent as in the file, and what belongs together is lost.
 */
export function drawFromCodes(
  file: ConvolutionalFile,
  count: number,
  { below }: Random,
): Promise<Uint8Array> {
  const [coarse, fine] = [file.codes.coarse, file.codes.fine].map((all, g) => {
    const { places, channels } = codeGrids(file.spec)[g]!, size = places * channels;
    return Float32Array.from({ length: count * size }, (_, i) => all[below(file.images) * size + i % size]!);
  });
  return pixelsOf({ ...file, images: count, codes: { coarse: coarse!, fine: fine! } });
}

/** Decodes the coarse codes alone, [images, 32, 32]: the fine ones count as zeros. */
export function coarsePixels(file: ConvolutionalFile): Promise<Uint8Array> {
  return pixelsOf({ ...file, codes: { ...file.codes, fine: new Float32Array(file.codes.fine.length) } });
}
