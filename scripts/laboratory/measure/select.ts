import { checkArguments, DATASET, listOf, whole } from "../../../lib/options.ts";
import { type Dataset, datasetOf, images } from "../../../lib/image/dataset.ts";

/**
 * The images of a set with these indices, in this order; one may come several times. The tiling is not kept.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * assertEquals(lab.select(set, [3, 0]).names, ["000003", "000000"]);
 * ```
 */
export function select(set: Dataset, indices: readonly number[]): Dataset {
  checkArguments("select", { set, indices }, {
    set: DATASET,
    indices: listOf("indices of images", whole(0, set?.names?.length - 1)),
  });
  const all = [...images(set)], { tiling: _, labels, ...parts } = set;
  return datasetOf(indices.map((i) => all[i]!), {
    ...parts,
    names: indices.map((i) => set.names[i]!),
    ...(labels ? { labels: indices.map((i) => labels[i]!) } : {}),
  });
}

/**
 * Indices of so many images, evenly spread over a set; of all when it has fewer.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * assertEquals(lab.spread(set, 2), [1, 3]);
 * ```
 */
export function spread(set: Dataset, count: number): number[] {
  checkArguments("spread", { set, count }, { set: DATASET, count: whole(0) });
  return evenly(set.names.length, count);
}

/** Likewise of any things, of which there are so many. */
export function evenly(length: number, count: number): number[] {
  const taken = Math.min(count, length);
  return Array.from({ length: taken }, (_, i) => Math.floor((i + 0.5) * length / taken));
}
