/** Matrix products of the wasm backend, all of them by way of its fast kernel for two plain matrices. */
import * as tf from "@tensorflow/tfjs";
import { transpose } from "./transpose.ts";
import { type Heap, reshaped, type WasmKernel } from "./wasm_kernel.ts";

interface Operands {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
}

interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const PLAIN: Transposed = { transposeA: false, transposeB: false };

/**
 * a [.., M, K] · b [.., K, N] → [.., M, N]; leading dimensions are broadcast, the last two are swapped on request.
 * The kernel that it replaces leaves XNNPACK where anything is transposed or there is more than one pair of matrices.
 */
export const batchMatMul: WasmKernel<Operands, Transposed> = (
  { a, b },
  { transposeA, transposeB },
  heap,
  replaced,
) => {
  const [M, K] = matrix(a, transposeA), N = matrix(b, transposeB)[1];
  const leadingA = a.shape.slice(0, -2), leadingB = b.shape.slice(0, -2);
  const leading = tf.broadcast_util.assertAndGetBroadcastShape(leadingA, leadingB);
  const count = tf.util.sizeFromShape(leading);
  const shape = [...leading, M, N];
  if (tf.util.sizeFromShape(leadingB) === 1 && !transposeA) { // one b for all: the rows of all a under each other
    const left = reshaped(a, [count * M, K]);
    const right = transposeB ? copyMatrix(heap, b, 0, true) : reshaped(b, [K, N]);
    const product = replaced({ a: left, b: right }, PLAIN);
    if (transposeB) heap.free(right);
    return reshaped(product, shape);
  }
  const out = heap.make(shape);
  for (let i = 0; i < count; i++) {
    const left = copyMatrix(heap, a, broadcastIndex(i, leading, leadingA), transposeA);
    const right = copyMatrix(heap, b, broadcastIndex(i, leading, leadingB), transposeB);
    const product = replaced({ a: left, b: right }, PLAIN);
    heap.floats(out).set(heap.floats(product), i * M * N);
    for (const tensor of [left, right, product]) heap.free(tensor);
  }
  return out;
};

/** Rows and columns of a stack's matrices, after transposing. */
function matrix({ shape }: tf.TensorInfo, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

/** A copy of matrix `index` of a stack, transposed on request. */
function copyMatrix(heap: Heap, stack: tf.TensorInfo, index: number, transposed: boolean): tf.TensorInfo {
  const [rows, columns] = matrix(stack, false), size = rows * columns;
  const copy = heap.make(matrix(stack, transposed));
  const from = heap.floats(stack), to = heap.floats(copy);
  if (transposed) transpose(from, index * size, to, 0, rows, columns);
  else to.set(from.subarray(index * size, (index + 1) * size));
  return copy;
}

/** Which element of an array of shape `from`, broadcast to shape `to`, stands at place `index`. */
function broadcastIndex(index: number, to: readonly number[], from: readonly number[]): number {
  let place = 0, stride = 1;
  for (let axis = to.length - 1, own = from.length - 1; own >= 0; axis--, own--) {
    if (from[own]! > 1) place += (index % to[axis]!) * stride;
    stride *= from[own]!;
    index = Math.floor(index / to[axis]!);
  }
  return place;
}
