/**
 * One step of AdamW in one loop over the wasm backend's heap. tfjs has no such kernel: as some twenty operations the
 * step took 15 % of the time of training a small model, while all cores but one waited.
 */
import type * as tf from "@tensorflow/tfjs";
import type { WasmKernel } from "./wasm_kernel.ts";

/** f32[n] each. */
export interface AdamWInputs {
  readonly weights: tf.TensorInfo;
  readonly mean: tf.TensorInfo;
  readonly square: tf.TensorInfo;
  readonly average: tf.TensorInfo;
  readonly gradient: tf.TensorInfo;
}

/** What `lib/training/optimiser.ts` makes of its constants at one step. */
export interface AdamWAttributes {
  /** Shares of what is kept of the gradient's mean, of its square's, and of the average of the weights. */
  readonly keepMean: number;
  readonly keepSquare: number;
  readonly keepAverage: number;
  /** Norm that a gradient is shortened to. */
  readonly largest: number;
  /** Factor of the squares' mean, which starts at 0; what is added to its root. */
  readonly unbias: number;
  readonly epsilon: number;
  /** Factor of the update; share of the weights that decays. */
  readonly rate: number;
  readonly decay: number;
}

/** The next weights, mean, square and average, as new tensors. */
export const adamW: WasmKernel<AdamWInputs, AdamWAttributes> = (inputs, attributes, heap) => {
  const { weights, mean, square, average } = inputs;
  const outputs = [weights, mean, square, average].map(({ shape }) => heap.make(shape));
  const [w0, m0, s0, a0] = [weights, mean, square, average].map(heap.floats) as Float32Array[];
  const [w1, m1, s1, a1] = outputs.map(heap.floats) as Float32Array[];
  const gradient = heap.floats(inputs.gradient);
  const { keepMean, keepSquare, keepAverage, unbias, epsilon, rate, decay } = attributes;
  const clip = attributes.largest / Math.max(attributes.largest, norm(gradient));
  for (let i = 0; i < gradient.length; i++) {
    const g = clip * gradient[i]!;
    const m = keepMean * m0![i]! + (1 - keepMean) * g;
    const s = keepSquare * s0![i]! + (1 - keepSquare) * g * g;
    const w = (1 - decay) * w0![i]! - rate * m / (Math.sqrt(unbias * s) + epsilon);
    m1![i] = m;
    s1![i] = s;
    w1![i] = w;
    a1![i] = keepAverage * a0![i]! + (1 - keepAverage) * w;
  }
  return outputs;
};

function norm(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return Math.sqrt(sum);
}
