import { type Dataset, datasetOf, images, type ImageView } from "./dataset.ts";

/** The images of a set with these indices, in this order; one may come several times. The tiling is not kept. */
export function select(set: Dataset, indices: readonly number[]): Dataset {
  const all = [...images(set)], { tiling: _, labels, ...parts } = set;
  return datasetOf(indices.map((i) => all[i] as ImageView), {
    ...parts,
    names: indices.map((i) => set.names[i]!),
    ...(labels ? { labels: indices.map((i) => labels[i]!) } : {}),
  });
}

/** So many images of a set, evenly spread over it; all of them when it has fewer. */
export function spread(set: Dataset, count: number): Dataset {
  const all = set.names.length, taken = Math.min(count, all);
  return select(set, Array.from({ length: taken }, (_, i) => Math.floor((i + 0.5) * all / taken)));
}
