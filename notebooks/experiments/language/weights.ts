/** The weights of a language model: names, shapes, and one optimiser each. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../lib/random.ts";
import { adamW, type Optimiser } from "../../../lib/training/optimiser.ts";
import { sizeOf, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { openTensors, type Weights } from "../networks/weights.ts";

/** A weight before training: normal numbers of that deviation, or a constant. */
export interface Initial {
  readonly shape: readonly number[];
  readonly deviation?: number;
  readonly value?: number;
}

/** Weights by name as plain numbers, row by row. */
export type Numbers = Readonly<Record<string, Float32Array>>;

/** Draws the weights; the order of the names is part of the result. */
export function drawWeights(initial: Readonly<Record<string, Initial>>, { normal }: Random): Numbers {
  return Object.fromEntries(
    Object.entries(initial).map(([name, { shape, deviation, value = 0 }]) => {
      const draw = deviation === undefined ? () => value : () => deviation * normal();
      return [name, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}

/** Numbers as tensors in their shapes; the caller disposes them. */
export function tensorsOf(initial: Readonly<Record<string, Initial>>, numbers: Numbers): Weights {
  return openTensors(shapedNumbers(initial, numbers));
}

/** Weights that learn. */
export interface Learner {
  /** The loss within, a scalar of bits, and one step along its gradient. */
  step(loss: (weights: Weights) => tf.Scalar, rate: number): tf.Scalar;
  /** Runs `use` on the weights as they are; afterwards they are gone. */
  with<T>(use: (weights: Weights) => Promise<T>): Promise<T>;
  numbers(): Promise<Numbers>;
  dispose(): void;
}

/** Opens one AdamW for each weight; call `step` within `tf.tidy`. */
export function openLearner(initial: Readonly<Record<string, Initial>>, start: Numbers): Learner {
  const optimisers = Object.entries(start).map(([name, weights]): [string, Optimiser] => {
    const zeros = () => new Float32Array(weights.length);
    return [name, adamW({ weights, mean: zeros(), square: zeros(), average: zeros() }, 0)];
  });
  const shaped = (): Weights =>
    Object.fromEntries(
      optimisers.map(([name, { weights }]) => [name, weights.reshape([...initial[name]!.shape])]),
    );
  return {
    step(loss, rate) {
      const { value, grads } = tf.variableGrads(() => loss(shaped()), optimisers.map(([, o]) => o.weights));
      for (const [, optimiser] of optimisers) {
        optimiser.step(grads[optimiser.weights.name] as tf.Tensor1D, rate);
      }
      return value;
    },
    async with(use) {
      const weights = shaped();
      const result = await use(weights);
      tf.dispose(weights);
      return result;
    },
    async numbers() {
      const pairs = optimisers.map(async ([name, { weights }]) =>
        [name, (await weights.data<"float32">()).slice()] as const
      );
      return Object.fromEntries(await Promise.all(pairs));
    },
    dispose() {
      for (const [, optimiser] of optimisers) optimiser.dispose();
    },
  };
}

/** Numbers with their shapes: what a file of a model is made of. */
export function shapedNumbers(initial: Readonly<Record<string, Initial>>, numbers: Numbers): Tensors {
  return Object.fromEntries(
    Object.entries(initial).map(([name, { shape }]) => [name, { shape, values: numbers[name]! }]),
  );
}
