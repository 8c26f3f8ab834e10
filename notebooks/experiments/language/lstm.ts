/** A long short-term memory (Hochreiter & Schmidhuber 1997) over sequences, with dropout masks given from outside. */
import * as tf from "@tensorflow/tfjs";
import "./kernels.ts";

/** As `LstmInputs` in notebooks/experiments/language/lstm_kernel.ts says. */
export interface Sequence {
  /** [T, B, 4H] */
  readonly gates: tf.Tensor3D;
  /** [H, 4H] */
  readonly recurrent: tf.Tensor2D;
  /** [T, B, H] or [1, B, H] */
  readonly mask: tf.Tensor3D;
  /** [B, H] both; no gradient flows into them: backpropagation is truncated there. */
  readonly hidden: tf.Tensor2D;
  readonly cell: tf.Tensor2D;
}

/** State after each step, [T, B, H] both. */
export interface States {
  readonly hiddens: tf.Tensor3D;
  readonly cells: tf.Tensor3D;
}

tf.registerGradient({
  kernelName: "Lstm",
  inputsToSave: ["gates", "recurrent", "mask", "hidden", "cell"],
  outputsToSave: [true, true, true],
  gradFunc(outer, saved) {
    const [gates, recurrent, mask, hidden, cell, hiddens, cells, opened] = saved as tf.Tensor[];
    const inputs = { gates, recurrent, mask, hidden, cell, hiddens, cells, opened } as tf.NamedTensorMap;
    const known = { ...inputs, outer: (outer as tf.Tensor[])[0]! };
    const computed = tf.engine().runKernel("LstmGradient", known) as tf.Tensor[]; // both at once, not when asked for
    const gradient = (i: number) => () => computed[i]!.clone(); // what is returned is disposed
    const none = (like: tf.Tensor) => () => tf.zerosLike(like);
    return {
      gates: gradient(0),
      recurrent: gradient(1),
      mask: none(mask!),
      hidden: none(hidden!),
      cell: none(cell!),
    };
  },
});

/** Runs the sequence: in one kernel where the backend has it. Call within `tf.tidy`. */
export function runLstm(sequence: Sequence): States {
  return tf.getKernel("Lstm", tf.getBackend()) ? fusedLstm(sequence) : composedLstm(sequence);
}

export function fusedLstm(sequence: Sequence): States {
  const [hiddens, cells] = tf.engine().runKernel("Lstm", { ...sequence }) as tf.Tensor[];
  return { hiddens: hiddens as tf.Tensor3D, cells: cells as tf.Tensor3D };
}

/** The same in tfjs operations that every backend has. */
export function composedLstm({ gates, recurrent, mask, hidden, cell }: Sequence): States {
  const [T, B, width] = gates.shape, H = width / 4, hiddens: tf.Tensor2D[] = [], cells: tf.Tensor2D[] = [];
  let [h, c] = [hidden, cell];
  for (let t = 0; t < T; t++) {
    const factors = mask.slice([mask.shape[0] === 1 ? 0 : t, 0, 0], [1, B, H]).reshape<tf.Tensor2D>([B, H]);
    const own = gates.slice([t, 0, 0], [1, B, width]).reshape([B, width]);
    const open = own.add(tf.matMul(h.mul<tf.Tensor2D>(factors), recurrent)); // [B, 4H]
    const [i, f, g, o] = tf.split(open, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh())); // [B, H]
    h = o.sigmoid().mul(c.tanh()); // [B, H]
    hiddens.push(h);
    cells.push(c);
  }
  return { hiddens: tf.stack(hiddens) as tf.Tensor3D, cells: tf.stack(cells) as tf.Tensor3D };
}
