/** How much of a set is left in another one that stands for it. */
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { psnr } from "./psnr.ts";
import { ssim } from "./ssim.ts";

/** The pixels of a set. */
export type Pixels = Pick<Dataset, "groups" | "channels" | "symbols">;

/** What is left of a set. */
export interface Quality {
  /** dB, over all symbols of the set; Infinity when nothing is lost. */
  readonly psnr: number;
  /** Mean over the images; 1 when nothing is lost. */
  readonly ssim: number;
}

/**
 * Compares a set with what a lossy coding made of it.
 *
 * @throws {MdlError} `usage` when the two differ in number, sizes or channels, or an image is too small for SSIM.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * assertEquals(lab.qualityOf(set, set), { psnr: Infinity, ssim: 1 });
 * ```
 */
export function qualityOf(original: Pixels, decoded: Pixels): Quality {
  const { channels } = original, copies = images(decoded);
  if (original.symbols.length !== decoded.symbols.length || channels !== decoded.channels) {
    throw new MdlError("usage", "Two sets can be compared only when their images have the same sizes.");
  }
  let sum = 0, count = 0;
  for (const image of images(original)) {
    sum += ssim({ ...image, channels }, { ...copies.next().value!, channels });
    count++;
  }
  return { psnr: psnr(original.symbols, decoded.symbols), ssim: sum / count };
}
