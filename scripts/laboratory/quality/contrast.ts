import { type Dataset, images } from "../../../lib/image/dataset.ts";

/**
 * Contrast: the standard deviation of the symbols within an image, in levels (0–255), its mean over a set's images.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const flat = { ...set, symbols: new Uint8Array(set.symbols.length) };
 * assert(lab.contrastOf(set) > lab.contrastOf(flat));
 * ```
 */
export function contrastOf(set: Pick<Dataset, "groups" | "channels" | "symbols">): number {
  let sum = 0, count = 0;
  for (const { pixels } of images(set)) {
    const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
    sum += Math.sqrt(pixels.reduce((a, b) => a + (b - mean) ** 2, 0) / pixels.length);
    count++;
  }
  return sum / count;
}
