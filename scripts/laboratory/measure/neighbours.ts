/** Nearest neighbours over pixels: is an image a copy of another? */
import { checkArguments, contextWith, DATASET, NUMBERS, optional } from "../../../lib/options.ts";
import { paceOf } from "../../../lib/pace.ts";
import type { Context } from "../../../lib/context.ts";
import { type Dataset, images, type ImageView } from "../../../lib/image/dataset.ts";

/** An image of a set, and how far it is from the one that was asked for. */
export interface Neighbour {
  /** Index in the set; −1 when it has no other image of that size. */
  readonly index: number;
  /** Root mean square of the differences of all symbols, in levels (0–255). */
  readonly distance: number;
}

/** The nearest of `all` that has the picture's size, other than the one at `except`. */
function nearest({ height, width, pixels }: ImageView, all: readonly ImageView[], except: number): Neighbour {
  let index = -1, least = Infinity;
  for (const [i, other] of all.entries()) {
    if (i === except || other.height !== height || other.width !== width) continue;
    let sum = 0;
    for (let at = 0; at < pixels.length && sum < least;) {
      for (const end = Math.min(pixels.length, at + 64); at < end; at++) {
        sum += (pixels[at]! - other.pixels[at]!) ** 2;
      }
    }
    if (sum < least) [index, least] = [i, sum];
  }
  return { index, distance: Math.sqrt(least / pixels.length) };
}

/**
 * The nearest neighbour in `data` of each image of `set`; both have the same channels. Images with the same place in
 * `own` (indices in `data`, one an image of `set`) are not their own neighbours.
 *
 * @throws {MdlError} `interrupted`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const found = await lab.neighboursOf(set, set);
 * assertEquals(found[2], { index: 2, distance: 0 }); // each is its own
 * ```
 */
export async function neighboursOf(
  set: Dataset,
  data: Dataset,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
  own: readonly number[] = [],
): Promise<readonly Neighbour[]> {
  checkArguments("neighboursOf", { set, data, context, own }, {
    set: DATASET,
    data: DATASET,
    context: optional(contextWith()),
    own: NUMBERS,
  });
  const all = [...images(data)], found: Neighbour[] = [];
  const counted = { label: `neighbours of ${set.name}`, total: set.names.length, unit: "images" };
  const pace = paceOf(context, counted, "Stopped while looking for neighbours.");
  for (const image of images(set)) {
    found.push(nearest(image, all, own[found.length] ?? -1));
    await pace(found.length);
  }
  return found;
}
