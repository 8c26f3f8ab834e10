/** AdamW (Loshchilov & Hutter 2019) with clipped gradients and an average over the last steps. */
import * as tf from "@tensorflow/tfjs";

const BETA1 = 0.9; // of the gradient's mean
const BETA2 = 0.99; // of its square's: short, for the rate falls within a few epochs
const EPSILON = 1e-8;
const DECAY = 0.03; // of the weights, times the learning rate
const LARGEST = 1; // norm of a gradient; longer ones are shortened to it
const AVERAGE = 0.998; // of the weights that are kept

/** State of an optimisation: weights, both moments, average, all f32[n]. */
export const STATE = ["weights", "mean", "square", "average"] as const;
export type State = Readonly<Record<typeof STATE[number], Float32Array>>;

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
  const [weights, mean, square, average] = variables as [tf.Variable<tf.Rank.R1>, ...tf.Variable[]];
  let t = done;
  return {
    weights,
    step(gradient, rate) {
      t++;
      const norm = gradient.square().sum().sqrt();
      const g = gradient.mul(tf.scalar(LARGEST).div(tf.maximum(norm, LARGEST)));
      mean!.assign(mean!.mul(BETA1).add(g.mul(1 - BETA1)));
      square!.assign(square!.mul(BETA2).add(g.square().mul(1 - BETA2)));
      const length = square!.div(1 - BETA2 ** t).sqrt().add(EPSILON);
      const update = mean!.div(length).mul(rate / (1 - BETA1 ** t));
      weights.assign(weights.mul(1 - rate * DECAY).sub(update));
      const keep = Math.min(AVERAGE, t / (t + 10));
      average!.assign(average!.mul(keep).add(weights.mul(1 - keep)));
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
