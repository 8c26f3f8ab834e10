/** Weights that learn in mode two-part: what a training steps, on any backend composed of tfjs operations. */
import * as tf from "@tensorflow/tfjs";
import { adamW, type State } from "./optimiser.ts";
import { type Multiples, quantise, rateSlope } from "./quantise.ts";

/** Weights, their optimiser, and what they learn from. */
export interface Learner {
  /** Makes step t = 0, 1, … at a learning rate. */
  step(t: number, rate: number): void;
  /** Rounds the weights to multiples of their steps, f32[n], in the forward pass from now on, and descends their code length, too. */
  quantise(steps: Float32Array): void;
  /** The mean bits per symbol of all steps since the last call, added up. */
  takeBits(): Promise<number>;
  state(): Promise<State>;
  dispose(): void;
}

/** Opens a learner at step `done` of an optimisation; `price` is what a bit of the weights counts against one of the mean. */
export type OpenLearner = (start: State, done: number, price: number) => Learner;

/** Mean bits a symbol of the samples of step t, and their slope; called within `tf.tidy`. */
export type Gradient = (
  weights: tf.Tensor1D,
  t: number,
) => { readonly value: tf.Scalar; readonly grad: tf.Tensor1D };

/** Mean bits a symbol, of weights. */
export type Loss = (weights: tf.Tensor1D) => tf.Scalar;

/** The gradient of what is a loss of each step. */
export function gradientOf(lossAt: (t: number) => Loss): Gradient {
  return (weights, t) =>
    tf.valueAndGrad(lossAt(t) as (x: tf.Tensor) => tf.Scalar)(weights) as ReturnType<Gradient>;
}

/** A learner of tfjs operations; `range` are the multiples that the decoder holds. */
export function composedLearner(gradient: Gradient, range: Multiples): OpenLearner {
  return (start, done, price) => {
    const optimiser = adamW(start, done), sum = tf.tidy(() => tf.variable(tf.scalar(0)));
    let multiples: tf.Tensor1D | null = null;
    return {
      step(t, rate) {
        tf.tidy(() => {
          const forward = multiples ? quantise(optimiser.weights, multiples, range) : optimiser.weights;
          const { value, grad } = gradient(forward, t);
          const slope = multiples ? grad.add(rateSlope(optimiser.weights, multiples).mul(price)) : grad;
          optimiser.step(slope as tf.Tensor1D, rate);
          sum.assign(sum.add(value) as tf.Scalar);
        });
      },
      quantise: (steps) => void (multiples = tf.tensor1d(steps)),
      async takeBits() {
        const bits = (await sum.data())[0]!;
        tf.tidy(() => sum.assign(tf.scalar(0)));
        return bits;
      },
      state: () => optimiser.state(),
      dispose() {
        optimiser.dispose();
        sum.dispose();
        multiples?.dispose();
      },
    };
  };
}
