/** AdamW (Loshchilov & Hutter 2019) with clipped gradients and an average over the last steps. */
import * as tf from "@tensorflow/tfjs";
import type { AdamWAttributes } from "../backend/adamw.ts";

const BETA1 = 0.9; // of the gradient's mean
const BETA2 = 0.99; // of its square's: short, for the rate falls within a few epochs
const EPSILON = 1e-8;
const DECAY = 0.03; // of the weights, times the learning rate
const LARGEST = 0.1; // norm of a gradient; longer ones are shortened to it
const AVERAGE = 0.998; // of the weights that are kept

/** State of an optimisation: weights, both moments, average, all f32[n]. */
export const STATE = ["weights", "mean", "square", "average"] as const;
export type State = Readonly<Record<typeof STATE[number], Float32Array>>;
type Tensors = Readonly<Record<typeof STATE[number], tf.Tensor>>;

export interface Optimiser {
  readonly weights: tf.Variable<tf.Rank.R1>;
  /** Makes one step along `gradient` (f32[n]); call within `tf.tidy`. */
  step(gradient: tf.Tensor1D, rate: number): void;
  state(): Promise<State>;
  dispose(): void;
}

/** Starts at step `done` of an optimisation in that state. */
export function adamW(start: State, done: number): Optimiser {
  const variables = STATE.map((name) => tf.tidy(() => tf.variable(tf.tensor1d(start[name]))));
  const tensors = Object.fromEntries(STATE.map((name, i) => [name, variables[i]])) as unknown as Tensors;
  const next = tf.getKernel("AdamW", tf.getBackend()) ? fusedStep : composedStep;
  let t = done;
  return {
    weights: variables[0]!,
    step(gradient, rate) {
      const values = next(tensors, gradient, attributesOf(++t, rate));
      variables.forEach((variable, i) => variable.assign(values[i] as tf.Tensor1D));
    },
    async state() {
      const values = await Promise.all(variables.map((v) => v.data<"float32">()));
      return Object.fromEntries(STATE.map((name, i) => [name, values[i]!.slice()])) as unknown as State;
    },
    dispose() {
      for (const variable of variables) variable.dispose();
    },
  };
}

/** The numbers of step t = 1, 2, … */
export function attributesOf(t: number, rate: number): AdamWAttributes {
  return {
    keepMean: BETA1,
    keepSquare: BETA2,
    keepAverage: Math.min(AVERAGE, t / (t + 10)),
    largest: LARGEST,
    unbias: 1 / (1 - BETA2 ** t),
    epsilon: EPSILON,
    rate: rate / (1 - BETA1 ** t),
    decay: rate * DECAY,
  };
}

/** The next state in the order of `STATE`, in tfjs operations that every backend has. */
export function composedStep(state: Tensors, gradient: tf.Tensor, by: AdamWAttributes): tf.Tensor[] {
  const norm = gradient.square().sum().sqrt();
  const g = gradient.mul(tf.scalar(by.largest).div(tf.maximum(norm, by.largest)));
  const mean = state.mean.mul(by.keepMean).add(g.mul(1 - by.keepMean));
  const square = state.square.mul(by.keepSquare).add(g.square().mul(1 - by.keepSquare));
  const length = square.mul(by.unbias).sqrt().add(by.epsilon);
  const weights = state.weights.mul(1 - by.decay).sub(mean.div(length).mul(by.rate));
  const average = state.average.mul(by.keepAverage).add(weights.mul(1 - by.keepAverage));
  return [weights, mean, square, average];
}

/** The same in one kernel, where the backend has it. */
export function fusedStep(state: Tensors, gradient: tf.Tensor, by: AdamWAttributes): tf.Tensor[] {
  return tf.engine().runKernel("AdamW", { ...state, gradient }, { ...by });
}
