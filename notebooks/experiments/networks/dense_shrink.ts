/** Making a trained dense net smaller without training: zeros, coarse numbers, and a form that skips the zeros. */
import type { DenseLayer, DenseNet } from "./dense_classifier.ts";

/** The net with that share of each layer's weights, the smallest, set to zero. */
export function pruned(net: DenseNet, share: number): DenseNet {
  return net.map((layer) => {
    const sizes = layer.weights.map(Math.abs).sort(), cut = Math.floor(share * sizes.length);
    const least = cut < sizes.length ? sizes[cut]! : Infinity;
    return { ...layer, weights: layer.weights.map((w) => Math.abs(w) < least ? 0 : w) };
  });
}

/** The net with each layer's weights rounded to whole multiples of a step, −127 … 127 of them for 8 bits. */
export function rounded(net: DenseNet, bits: number): DenseNet {
  return net.map((layer) => {
    const most = 2 ** (bits - 1) - 1, largest = layer.weights.reduce((a, w) => Math.max(a, Math.abs(w)), 0);
    const step = largest / most || 1;
    return { ...layer, weights: layer.weights.map((w) => Math.round(w / step) * step) };
  });
}

/** Weights that are not zero. */
export function nonZero(net: DenseNet): number {
  return net.reduce((sum, { weights }) => sum + weights.reduce((n, w) => n + Number(w !== 0), 0), 0);
}

/** A classifier of one sample f32[size] in plain loops → logits f32[classes]; two of them differ in their loops alone. */
export type Loops = (sample: Float32Array) => Float32Array;

/** Every weight is multiplied, the zeros, too. */
export function denseLoops(net: DenseNet): Loops {
  return through(net.map(({ rows, columns, weights, bias }) => (input) => {
    const out = bias.slice();
    for (let r = 0; r < rows; r++) {
      const x = input[r]!;
      for (let c = 0, at = r * columns; c < columns; c++) out[c]! += x * weights[at++]!;
    }
    return out;
  }));
}

/** Only weights that are not zero are kept and multiplied: for each row of a layer, where they are and what. */
export function sparseLoops(net: DenseNet): Loops {
  return through(net.map((layer) => {
    const { starts, columns, values } = compressedRows(layer), { bias, rows } = layer;
    return (input) => {
      const out = bias.slice();
      for (let r = 0; r < rows; r++) {
        const x = input[r]!;
        for (let at = starts[r]!, end = starts[r + 1]!; at < end; at++) out[columns[at]!]! += x * values[at]!;
      }
      return out;
    };
  }));
}

/** The weights that are not zero, row by row: row r has those from starts[r] to before starts[r + 1]. */
function compressedRows({ rows, columns, weights }: DenseLayer) {
  const starts = new Int32Array(rows + 1), places: number[] = [], values: number[] = [];
  for (let i = 0; i < weights.length; i++) {
    if (i % columns === 0) starts[i / columns] = values.length;
    if (weights[i] !== 0) places.push(i % columns), values.push(weights[i]!);
  }
  starts[rows] = values.length;
  return { starts, columns: Int32Array.from(places), values: Float32Array.from(values) };
}

/** Layer after layer, with relu between them. */
function through(layers: readonly Loops[]): Loops {
  return (sample) =>
    layers.reduce((h, layer, i) => {
      const out = layer(h);
      return i < layers.length - 1 ? out.map((v) => Math.max(0, v)) : out;
    }, sample);
}
