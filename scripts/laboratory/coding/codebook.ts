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
    for (let i = 0; i < weights.length; i++) {
      sums[indices[i]!]! += weights[i]!;
      counts[indices[i]!]!++;
    }
    for (let k = 0; k < size; k++) if (counts[k]!) values[k] = sums[k]! / counts[k]!;
  }
  assign(weights, values, indices);
  return { values, indices };
}

/** Equal parts of the range of values in which the search for the nearest one begins. */
const PARTS = 4096;

/** The nearest value of each weight; values ascend, so that it is found upwards from the first one near its part. */
function assign(weights: Float32Array, values: Float32Array, indices: Uint8Array): void {
  const last = values.length - 1, least = values[0]!, width = (values[last]! - least) / PARTS;
  const doubled = Float64Array.from({ length: last }, (_, k) => values[k]! + values[k + 1]!); // twice the middles
  const begin = new Uint8Array(PARTS);
  for (let part = 1, k = 0; part < PARTS; part++) { // a part lower, so that no rounding begins too high
    while (k < last && 2 * (least + (part - 1) * width) > doubled[k]!) k++;
    begin[part] = k;
  }
  for (let i = 0; i < weights.length; i++) {
    const twice = 2 * weights[i]!, part = Math.floor((weights[i]! - least) / width);
    let k = part > 0 ? begin[Math.min(part, PARTS - 1)]! : 0;
    while (k < last && twice > doubled[k]!) k++;
    indices[i] = k;
  }
}
