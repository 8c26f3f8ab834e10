/** Sums over segments: the gradient of gather, and so of an embedding. */
import * as tf from "@tensorflow/tfjs";
import type { WasmKernel } from "./wasm_kernel.ts";

/** out[s, ..] = Σ x[i, ..] over all i whose segmentIds[i] is s; identifiers out of range count for nothing. */
export const unsortedSegmentSum: WasmKernel<
  { readonly x: tf.TensorInfo; readonly segmentIds: tf.TensorInfo },
  tf.UnsortedSegmentSumAttrs
> = ({ x, segmentIds }, { numSegments }, heap) => {
  const inner = x.shape.slice(segmentIds.shape.length), size = tf.util.sizeFromShape(inner);
  const [view, dtype] = x.dtype === "int32"
    ? [heap.integers, "int32"] as const
    : [heap.floats, "float32"] as const;
  const out = heap.make([numSegments, ...inner], dtype);
  const source = view(x), segments = heap.integers(segmentIds), target = view(out);
  target.fill(0);
  segments.forEach((segment, i) => {
    if (segment < 0 || segment >= numSegments) return;
    for (let k = 0; k < size; k++) target[segment * size + k]! += source[i * size + k]!;
  });
  return out;
};
