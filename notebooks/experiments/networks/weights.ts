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

/** Opens Adam (Kingma & Ba 2015) for a model that learns: its numbers are variables until they are taken. */
export function openAdam(model: Tensors) {
  const begun = openTensors(model), adam = tf.train.adam(0);
  const variables: Readonly<Record<string, tf.Variable>> = Object.fromEntries(
    Object.entries(begun).map(([name, tensor]) => [name, tf.variable(tensor)]),
  );
  tf.dispose(begun);
  return {
    variables,
    /** The loss, and one step along its gradient; call within `tf.tidy`. */
    step(loss: (weights: Weights) => tf.Scalar, rate: number): tf.Scalar {
      Object.assign(adam, { learningRate: rate });
      return adam.minimize(() => loss(variables), true, Object.values(variables))!;
    },
    /** The model as it is now. */
    async tensors(): Promise<Tensors> {
      const all = Object.entries(variables).map(async ([name, variable]) => {
        const values = await variable.data<"float32">();
        return [name, { shape: variable.shape, values: values.slice() }] as const;
      });
      return Object.fromEntries(await Promise.all(all));
    },
    dispose() {
      tf.dispose(variables);
      adam.dispose();
    },
  };
}
