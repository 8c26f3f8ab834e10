/** Classification by the nearest neighbour: no training, and all of its cost in the number of dimensions. */

import type { Labelled } from "../../../scripts/laboratory/measure/labelled.ts";

/** The class of the nearest known sample (Euclidean; the first of equally near ones) for each query f32[n, size]. */
export function nearestClasses({ inputs, size, labels }: Labelled, queries: Float32Array): number[] {
  return Array.from({ length: queries.length / size }, (_, q) => {
    const at = q * size;
    let found = -1, least = Infinity;
    for (let n = 0, row = 0; n < labels.length; n++, row += size) {
      let sum = 0;
      for (let d = 0; d < size; d++) {
        const difference = queries[at + d]! - inputs[row + d]!;
        sum += difference * difference;
      }
      if (sum < least) [found, least] = [n, sum];
    }
    return labels[found]!;
  });
}
