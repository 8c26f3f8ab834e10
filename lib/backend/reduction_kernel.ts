/** Sums and means of the wasm backend, added in float64: the stock kernels lose digits of long float32 sums. */
import * as tf from "@tensorflow/tfjs";
import { type Heap, reshaped, type WasmKernel } from "./wasm_kernel.ts";

type Reduction = WasmKernel<{ readonly x: tf.TensorInfo }, tf.SumAttrs>;

export const sum: Reduction = ({ x }, attributes, heap, replaced) =>
  x.dtype === "float32" ? reduce(heap, x, attributes, () => 1) : replaced({ x }, attributes);

export const mean: Reduction = ({ x }, attributes, heap, replaced) =>
  x.dtype === "float32" ? reduce(heap, x, attributes, (count) => 1 / count) : replaced({ x }, attributes);

/** Sums over axes, times a factor of the number of elements in each sum. */
function reduce(
  heap: Heap,
  x: tf.TensorInfo,
  { axis, keepDims }: tf.SumAttrs,
  factor: (count: number) => number,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const [kept, summed] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const scale = factor(tf.util.sizeFromShape(summed));
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const runs = runsOf(axes, x.shape);
  let partial = x;
  runs.forEach((run, i) => {
    const result = heap.make([run.outer, run.inner]);
    sumRun(heap.floats(partial), heap.floats(result), run, i === runs.length - 1 ? scale : 1);
    if (partial !== x) heap.free(partial);
    partial = result;
  });
  return reshaped(partial, shape);
}

/** Neighbouring axes that are summed at once: [outer, length, inner] → [outer, inner]. */
interface Run {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The runs that sum over all the axes, the last axis first: what is left of it stands inside the earlier ones. */
function runsOf(axes: readonly number[], shape: readonly number[]): Run[] {
  const runs: Run[] = [], size = (sizes: readonly number[]) => tf.util.sizeFromShape([...sizes]);
  for (let end = shape.length, inner = 1; end > 0; end--) {
    if (!axes.includes(end - 1)) {
      inner *= shape[end - 1]!;
      continue;
    }
    let start = end - 1;
    while (start > 0 && axes.includes(start - 1)) start--;
    runs.push({ outer: size(shape.slice(0, start)), length: size(shape.slice(start, end)), inner });
    end = start + 1;
  }
  return runs.length ? runs : [{ outer: size(shape), length: 1, inner: 1 }]; // no axis: a copy
}

/** target[outer, inner] = scale · Σ source[outer, ·, inner] */
function sumRun(
  source: Float32Array,
  target: Float32Array,
  { outer, length, inner }: Run,
  scale: number,
): void {
  if (inner === 1) return sumRows(source, target, length, scale);
  const sums = new Float64Array(inner);
  let read = 0;
  for (let o = 0; o < outer; o++) {
    sums.fill(0);
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < inner; k++) sums[k]! += source[read++]!;
    }
    for (let k = 0; k < inner; k++) target[o * inner + k] = scale * sums[k]!;
  }
}

/** The same for rows that lie together, two times as fast. */
function sumRows(source: Float32Array, target: Float32Array, length: number, scale: number): void {
  for (let row = 0; row < target.length; row++) {
    let sum = 0;
    for (let i = row * length; i < (row + 1) * length; i++) sum += source[i]!;
    target[row] = scale * sum;
  }
}
