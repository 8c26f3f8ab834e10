import { checkArguments, DATASET, SEED } from "../../../lib/options.ts";
import { random, shuffled } from "../../../lib/random.ts";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";

/**
 * The same pixels in random order, within the whole set: what remains is the distribution of their values. A control
 * that must not compress beyond its entropy (section 3.3). The tiling is not kept.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const shuffled = lab.shufflePixels(set, 1);
 * assertEquals(lab.marginalEntropy(shuffled), lab.marginalEntropy(set));
 * ```
 */
export function shufflePixels(set: Dataset, seed: number): Dataset {
  checkArguments("shufflePixels", { set, seed }, { set: DATASET, seed: SEED });
  const { tiling: _, channels, ...parts } = set, symbols = set.symbols.slice();
  shuffled(symbols.length / channels, random(seed, "shuffle")).forEach((from, to) =>
    symbols.set(set.symbols.subarray(from * channels, (from + 1) * channels), to * channels)
  );
  return dataset({ ...parts, channels, name: `${set.name} shuffled`, symbols });
}

/** How often each value comes, f64[256]. */
export function histogram({ symbols }: Pick<Dataset, "symbols">): Float64Array {
  const counts = new Float64Array(256);
  for (const symbol of symbols) counts[symbol]!++;
  return counts;
}

/**
 * Entropy of the distribution of a set's symbols, in bits a symbol: what they cost when their order says nothing.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lab.marginalEntropy({ symbols: new Uint8Array([0, 0, 7, 7]) }), 1);
 * ```
 */
export function marginalEntropy(set: Pick<Dataset, "symbols">): number {
  const total = set.symbols.length;
  return histogram(set).reduce((sum, n) => n ? sum - n / total * Math.log2(n / total) : sum, 0);
}
