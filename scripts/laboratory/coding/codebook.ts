/** Sharing by a codebook (Han, Mao, Dally 2016, "Deep Compression"): every weight becomes the nearest of few values. */

/** Values in ascending order, and for every weight which one it shares. */
export interface Codebook {
  readonly values: Float32Array;
  readonly indices: Uint8Array;
}

const ROUNDS = 12;

/**
 * 2^bits values, or a few fewer, for some weights by k-means in one dimension, begun with values evenly spread over their
 * range.
 */
export function codebookOf(weights: Float32Array, bits: number, fewer = 0): Codebook {
  const size = 2 ** bits - fewer, values = new Float32Array(size), indices = new Uint8Array(weights.length);
  const least = weights.reduce((a, b) => Math.min(a, b), Infinity);
  const most = weights.reduce((a, b) => Math.max(a, b), -Infinity);
  for (let k = 0; k < size; k++) values[k] = least + (most - least) * (k + 0.5) / size;
  for (let round = 0; round < ROUNDS; round++) {
    assign(weights, values, indices);
    const sums = new Float64Array(size), counts = new Float64Array(size);
    indices.forEach((k, i) => {
      sums[k]! += weights[i]!;
      counts[k]!++;
    });
    for (let k = 0; k < size; k++) if (counts[k]!) values[k] = sums[k]! / counts[k]!;
  }
  assign(weights, values, indices);
  return { values, indices };
}

/** The nearest value of each weight; values ascend, so that a bisection of the middles between them finds it. */
function assign(weights: Float32Array, values: Float32Array, indices: Uint8Array): void {
  for (let i = 0; i < weights.length; i++) {
    let low = 0, high = values.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (2 * weights[i]! > values[middle]! + values[middle + 1]!) low = middle + 1;
      else high = middle;
    }
    indices[i] = low;
  }
}
