/** The gradient of maxPool. */
import * as tf from "@tensorflow/tfjs";
import type { WasmKernel } from "../../../lib/backend/wasm_kernel.ts";

type Shape4 = [number, number, number, number];

/**
 * Hands the gradient of each window to its first largest pixel. The kernel that it replaces starts its search at the
 * smallest positive number, and so drops the gradient of windows that have nothing above zero.
 */
export const maxPoolGrad: WasmKernel<
  { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo },
  tf.MaxPoolGradAttrs
> = ({ dy, input }, { filterSize, strides, pad, dimRoundingMode }, heap) => {
  const shape = input.shape as Shape4, [images, height, width, channels] = shape;
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const dx = heap.make(shape), x = heap.floats(input), outer = heap.floats(dy), target = heap.floats(dx);
  target.fill(0);
  for (let window = 0; window < images * info.outHeight * info.outWidth; window++) {
    const row = Math.floor(window / info.outWidth), image = Math.floor(row / info.outHeight);
    const top = row % info.outHeight * info.strideHeight - info.padInfo.top;
    const left = window % info.outWidth * info.strideWidth - info.padInfo.left;
    const bottom = Math.min(height, top + info.filterHeight),
      right = Math.min(width, left + info.filterWidth);
    for (let channel = 0; channel < channels; channel++) {
      let largest = -Infinity, place = -1;
      for (let y = Math.max(0, top); y < bottom; y++) {
        for (let x0 = Math.max(0, left); x0 < right; x0++) {
          const at = ((image * height + y) * width + x0) * channels + channel;
          if (x[at]! > largest) largest = x[place = at]!;
        }
      }
      if (place >= 0) target[place]! += outer[window * channels + channel]!;
    }
  }
  return dx;
};
