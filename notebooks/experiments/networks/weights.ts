/** A model's tensors on the backend, and numbers that come from there. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** Tensors on the backend, by the names that they have in a file. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

/** Puts a model on the backend; the caller's to dispose. */
export function openTensors(tensors: Tensors): Weights {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
  );
}

/** The numbers of a tensor, which is disposed. */
export async function taken(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data<"float32">()).slice();
  tensor.dispose();
  return values;
}
