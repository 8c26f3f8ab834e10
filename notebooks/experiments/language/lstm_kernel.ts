/**
 * A long short-term memory over a whole sequence in one kernel, forwards and backwards. As tfjs operations a time step
 * is twenty of them on small tensors, and takes four times as long as its one matrix product with its exponentials.
 *
 * Gates lie side by side, H columns each: input i, forget f, candidate g, output o.
 *
 *     [i f g o] = gates[t] + (h[t−1] ∘ mask[t]) · U,   i, f, o through a sigmoid, g through tanh
 *     c[t] = f ∘ c[t−1] + i ∘ g,   h[t] = o ∘ tanh c[t]
 */
import type * as tf from "@tensorflow/tfjs";
import { type Heap, reshaped, type WasmKernel } from "../../../lib/backend/wasm_kernel.ts";

/** Sequences of T steps in batches of B, with H cells. */
export interface LstmInputs {
  /** What the input adds to the gates, [T, B, 4H]. */
  readonly gates: tf.TensorInfo;
  /** U, [H, 4H]. */
  readonly recurrent: tf.TensorInfo;
  /** Factors of the state that is fed back, [T, B, H]; or [1, B, H], the same at every step. */
  readonly mask: tf.TensorInfo;
  /** h and c before the first step, [B, H]. */
  readonly hidden: tf.TensorInfo;
  readonly cell: tf.TensorInfo;
}

const PLAIN = { transposeA: false, transposeB: false };

/** Sizes of a call; `repeat` is true where one mask serves all steps. */
function sizes({ gates, mask }: Pick<LstmInputs, "gates" | "mask">) {
  const [T, B, width] = gates.shape as [number, number, number];
  return { T, B, H: width / 4, repeat: mask.shape[0] === 1 };
}

/** target[B, H] = h[t − 1] ∘ mask[t], where `hiddens` holds h[0] and what follows. */
function maskState(
  heap: Heap,
  { mask, hidden }: Pick<LstmInputs, "mask" | "hidden">,
  hiddens: tf.TensorInfo,
  t: number,
  target: tf.TensorInfo,
) {
  const out = heap.floats(target), size = out.length, factors = heap.floats(mask);
  const shift = mask.shape[0] === 1 ? 0 : t * size;
  const h = t ? heap.floats(hiddens).subarray((t - 1) * size, t * size) : heap.floats(hidden);
  for (let n = 0; n < size; n++) out[n] = h[n]! * factors[shift + n]!;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const tanh = (x: number) => 2 / (1 + Math.exp(-2 * x)) - 1;

/** h and c after each step, [T, B, H] both, and the gates after their nonlinearities, [T, B, 4H]. */
export const lstm: WasmKernel<LstmInputs, unknown> = (inputs, _, heap) => {
  const { T, B, H } = sizes(inputs), size = B * H;
  const hiddens = heap.make([T, B, H]), cells = heap.make([T, B, H]), opened = heap.make([T, B, 4 * H]);
  const masked = heap.make([B, H]);
  for (let t = 0; t < T; t++) {
    maskState(heap, inputs, hiddens, t, masked);
    const product = heap.run("BatchMatMul", { a: masked, b: inputs.recurrent }, PLAIN); // [B, 4H]
    const [fed, gates, open, h, c] = [product, inputs.gates, opened, hiddens, cells].map(
      heap.floats,
    ) as Float32Array[];
    const before = t ? c!.subarray((t - 1) * size, t * size) : heap.floats(inputs.cell);
    for (let b = 0; b < B; b++) {
      for (let j = 0; j < H; j++) {
        const at = 4 * b * H + j, all = 4 * t * size + at, n = b * H + j;
        const i = sigmoid(gates![all]! + fed![at]!), f = sigmoid(gates![all + H]! + fed![at + H]!);
        const g = tanh(gates![all + 2 * H]! + fed![at + 2 * H]!);
        const o = sigmoid(gates![all + 3 * H]! + fed![at + 3 * H]!);
        const next = f * before[n]! + i * g;
        open![all] = i;
        open![all + H] = f;
        open![all + 2 * H] = g;
        open![all + 3 * H] = o;
        c![t * size + n] = next;
        h![t * size + n] = o * tanh(next);
      }
    }
    heap.free(product);
  }
  heap.free(masked);
  return [hiddens, cells, opened];
};

/** What `lstm` computed, and the gradient of what follows by every h, [T, B, H]. */
export interface LstmGradientInputs extends LstmInputs {
  readonly hiddens: tf.TensorInfo;
  readonly cells: tf.TensorInfo;
  readonly opened: tf.TensorInfo;
  readonly outer: tf.TensorInfo;
}

/** Gradients by `gates`, [T, B, 4H], and by `recurrent`, [H, 4H]; the first state counts as a constant. */
export const lstmGradient: WasmKernel<LstmGradientInputs, unknown> = (inputs, _, heap) => {
  const { T, B, H, repeat } = sizes(inputs), size = B * H;
  const gradient = heap.make([T, B, 4 * H]), step = heap.make([B, 4 * H]), fed = heap.make([T * B, H]);
  const across = heap.run("Transpose", { x: inputs.recurrent }, { perm: [1, 0] }); // [4H, H]
  const [dh, dc] = [new Float32Array(size), new Float32Array(size)];
  for (let t = T - 1; t >= 0; t--) {
    const [opened, cells, outer, all, own] = [inputs.opened, inputs.cells, inputs.outer, gradient, step]
      .map(heap.floats) as Float32Array[];
    const before = t ? cells!.subarray((t - 1) * size, t * size) : heap.floats(inputs.cell);
    for (let b = 0; b < B; b++) {
      for (let j = 0; j < H; j++) {
        const at = 4 * b * H + j, open = 4 * t * size + at, n = b * H + j;
        const i = opened![open]!, f = opened![open + H]!, g = opened![open + 2 * H]!;
        const o = opened![open + 3 * H]!;
        const bent = tanh(cells![t * size + n]!), down = dh[n]! + outer![t * size + n]!;
        const inner = dc[n]! + down * o * (1 - bent * bent);
        own![at] = inner * g * i * (1 - i);
        own![at + H] = inner * before[n]! * f * (1 - f);
        own![at + 2 * H] = inner * i * (1 - g * g);
        own![at + 3 * H] = down * bent * o * (1 - o);
        dc[n] = inner * f;
      }
    }
    all!.set(own!, 4 * t * size);
    const product = heap.run("BatchMatMul", { a: step, b: across }, PLAIN); // [B, H]
    const [back, mask] = [product, inputs.mask].map(heap.floats) as [Float32Array, Float32Array];
    const h = t ? heap.floats(inputs.hiddens).subarray((t - 1) * size, t * size) : heap.floats(inputs.hidden);
    const factors = repeat ? mask : mask.subarray(t * size, (t + 1) * size), rows = heap.floats(fed);
    for (let n = 0; n < size; n++) {
      dh[n] = back[n]! * factors[n]!;
      rows[t * size + n] = h[n]! * factors[n]!;
    }
    heap.free(product);
  }
  const weights = heap.run(
    "BatchMatMul",
    { a: fed, b: reshaped(gradient, [T * B, 4 * H]) },
    { transposeA: true, transposeB: false },
  );
  for (const tensor of [step, fed, across]) heap.free(tensor);
  return [gradient, weights];
};
