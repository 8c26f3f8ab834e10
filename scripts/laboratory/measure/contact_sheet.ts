import { checkArguments, DATASET, whole } from "../../../lib/options.ts";
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import type { Raster } from "../../../lib/image/raster.ts";

/** White lines of this width (pixels) part the images of a sheet. */
const GAP = 2;

/**
 * All images of a set on one white sheet, row by row, `columns` to a row; cells are as large as the largest image.
 *
 * @param columns From 1 on.
 * @throws {MdlError} `usage` for what is no set
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * assertEquals(lab.contactSheet(set, 2).width, 2 + 2 * (32 + 2)); // white lines of 2 pixels
 * ```
 */
export function contactSheet(set: Pick<Dataset, "groups" | "channels" | "symbols">, columns: number): Raster {
  checkArguments("contactSheet", { set, columns }, { set: DATASET, columns: whole(1) });
  const all = [...images(set)], { channels } = set;
  const across = Math.min(columns, all.length), rows = Math.ceil(all.length / across);
  const cellWidth = GAP + all.reduce((most, i) => Math.max(most, i.width), 0);
  const cellHeight = GAP + all.reduce((most, i) => Math.max(most, i.height), 0);
  const width = across * cellWidth + GAP, height = rows * cellHeight + GAP;
  const pixels = new Uint8Array(width * height * channels).fill(255);
  all.forEach((image, n) => {
    const left = GAP + (n % across) * cellWidth, top = GAP + Math.floor(n / across) * cellHeight;
    const row = image.width * channels;
    for (let y = 0; y < image.height; y++) {
      pixels.set(image.pixels.subarray(y * row, (y + 1) * row), ((top + y) * width + left) * channels);
    }
  });
  return { width, height, channels, pixels };
}
