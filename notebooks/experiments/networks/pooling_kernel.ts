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
  const pairs = [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth].every((n) =>
    n === 2
  );
  if (pairs && height % 2 === 0 && width % 2 === 0) {
    handToPairs(x, outer, target, images * height / 2, width / 2, channels);
    return dx;
  }
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

/** The same for windows of 2×2 side by side, of `rows` rows in all with `columns` windows each: what networks have, four times as fast. */
function handToPairs(
  x: Float32Array,
  outer: Float32Array,
  target: Float32Array,
  rows: number,
  columns: number,
  channels: number,
): void {
  const below = 2 * columns * channels; // from a pixel to the one below it
  for (let row = 0, read = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let first = 2 * row * below + 2 * column * channels;
      for (let channel = 0; channel < channels; channel++, first++) {
        let place = first;
        if (x[first + channels]! > x[place]!) place = first + channels;
        if (x[first + below]! > x[place]!) place = first + below;
        if (x[first + below + channels]! > x[place]!) place = first + below + channels;
        target[place] = outer[read++]!;
      }
    }
  }
}
