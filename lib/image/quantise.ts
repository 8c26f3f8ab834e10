/** The steps that weights are whole multiples of: sharing by a common codebook (Han et al. 2016). */
import type { Multiples } from "../training/quantise.ts";
import { LAYER_KINDS, type Steps } from "./parameters.ts";
import { cellCount, cellSize, layers, type ModelSpec } from "./spec.ts";

/** Multiples of a step that the decoder holds; `lib/decoder/assembly/adamw.ts` has them, too. */
export const MULTIPLES: Multiples = [-512, 511];

/** The step of each kind of layer: 1.2 · 2^(2 − bits) of the RMS of its weights, biases left out. */
export function quantisationSteps(spec: ModelSpec, channels: number, weights: Float32Array): Steps {
  const squares = { input: 0, first: 0, second: 0, output: 0 }, counts = { ...squares };
  const size = cellSize(spec, channels), places = layers(spec, channels);
  for (let cell = 0; cell < weights.length; cell += size) {
    for (const { kind, rows, columns, used, offset } of places) {
      const layer = weights.subarray(cell + offset, cell + offset + rows * columns);
      const square = layer.reduce((sum, w) => sum + w * w, 0);
      squares[kind] += square;
      if (square > 0) counts[kind] += rows * used; // the others are never used
    }
  }
  const steps = { input: 1, first: 1, second: 1, output: 1 };
  for (const kind of LAYER_KINDS) {
    const rms = Math.sqrt(squares[kind] / Math.max(1, counts[kind]));
    if (rms > 0) steps[kind] = Math.fround(1.2 * 2 ** (2 - spec.bits) * rms);
  }
  return steps;
}

/** The step of every weight, f32[cells · cellSize]. */
export function stepOfWeights(spec: ModelSpec, channels: number, steps: Steps): Float32Array {
  const size = cellSize(spec, channels), every = new Float32Array(cellCount(spec) * size);
  for (let cell = 0; cell < every.length; cell += size) {
    for (const { kind, rows, columns, offset } of layers(spec, channels)) {
      every.fill(steps[kind], cell + offset, cell + offset + (rows + 1) * columns);
    }
  }
  return every;
}
