/** What a form of a classifier costs to compute: multiplications, all and those that are not by 0, and low rank as two layers. */
import * as tf from "@tensorflow/tfjs";
import {
  factorised,
  isMatrix,
  rankOf,
  type Tensor,
  type Tensors,
} from "../../../scripts/laboratory/task/tensors.ts";
import { openTensors } from "../networks/weights.ts";
import { type ClassifierSpec, classify, imagesOf, type Layer } from "./network.ts";

/** Multiplications for one image. */
export interface Cost {
  /** Those that the kernels carry out. */
  readonly carriedOut: number;
  /** Those whose weight is not 0: what code that skips zeros would carry out. */
  readonly notZero: number;
}

/** Counts multiplications of a network in these tensors; a kernel may be in two parts, `left` and `right`. */
export function costOf(layers: readonly Layer[], tensors: Tensors): Cost {
  const parts = layers.flatMap(({ name, places }) =>
    ["kernel", "left", "right"].flatMap((part) => {
      const values = tensors[`${name}.${part}`]?.values, times = places.reduce((a, b) => a + b);
      return values ? [{ all: values.length, some: values.filter((v) => v !== 0).length, times }] : [];
    })
  );
  return {
    carriedOut: parts.reduce((sum, { all, times }) => sum + all * times, 0),
    notZero: parts.reduce((sum, { some, times }) => sum + some * times, 0),
  };
}

/** The network with each kernel that this makes cheaper written as two, of that share of its rank. */
export function inTwo(tensors: Tensors, share: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, tensor]): [string, Tensor][] => {
      const rank = isMatrix(tensor) ? rankOf(tensor, share) : 0;
      if (!rank) return [[name, tensor]];
      const { shape } = tensor,
        { left, right } = factorised(tensor, rank),
        layer = name.replace(/\.kernel$/, "");
      const ends = shape.length > 2 ? [1, 1, rank, shape.at(-1)!] : right.shape;
      return [
        [`${layer}.left`, { shape: [...shape.slice(0, -1), rank], values: left.values }],
        [`${layer}.right`, { shape: ends, values: right.values }],
      ];
    }),
  );
}

/** A classifier on the backend that was opened, with images to classify: to be timed. */
export function openToTime(spec: ClassifierSpec, tensors: Tensors, pixels: Uint8Array) {
  const weights = openTensors(tensors), x = imagesOf(pixels, spec);
  return {
    async run() {
      const logits = tf.tidy(() => classify(spec, weights, x));
      await logits.data();
      logits.dispose();
    },
    dispose: () => tf.dispose([x, weights]),
  };
}
