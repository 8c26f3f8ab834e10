/**
 * The gradients of depthwiseConv2d, as plain loops: a depthwise layer is small beside the layers around it. Output
 * channel c · multiplier + m reads input channel c; a filter is [height, width, inputs, multiplier].
 */
import * as tf from "@tensorflow/tfjs";
import type { WasmKernel } from "../../../lib/backend/wasm_kernel.ts";

type Shape4 = [number, number, number, number];

export const depthwiseBackpropFilter: WasmKernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  tf.DepthwiseConv2dNativeBackpropFilterAttrs
> = ({ x, dy }, attributes, heap) => {
  const info = geometry(x.shape as Shape4, attributes.filterShape, attributes), multiplier = channels(info);
  const dw = heap.make(attributes.filterShape);
  const input = heap.floats(x), outer = heap.floats(dy), target = heap.floats(dw);
  const sums = new Float64Array(target.length);
  forEachTap(info, (pixel, output, tap) => {
    for (let c = 0; c < info.inChannels; c++) {
      for (let m = 0; m < multiplier; m++) sums[tap++]! += input[pixel + c]! * outer[output++]!;
    }
  });
  target.set(sums);
  return dw;
};

export const depthwiseBackpropInput: WasmKernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  tf.DepthwiseConv2dNativeBackpropInputAttrs
> = ({ dy, filter }, attributes, heap) => {
  const info = geometry(attributes.inputShape, filter.shape as Shape4, attributes),
    multiplier = channels(info);
  const dx = heap.make(attributes.inputShape);
  const outer = heap.floats(dy), weights = heap.floats(filter), target = heap.floats(dx);
  target.fill(0);
  forEachTap(info, (pixel, output, tap) => {
    for (let c = 0; c < info.inChannels; c++) {
      for (let m = 0; m < multiplier; m++) target[pixel + c]! += outer[output++]! * weights[tap++]!;
    }
  });
  return dx;
};

/** Sizes, strides, dilations and padding of the forward convolution. */
function geometry(
  inputShape: Shape4,
  filterShape: Shape4,
  { strides, dilations, pad, dimRoundingMode }:
    | tf.DepthwiseConv2dNativeBackpropFilterAttrs
    | tf.DepthwiseConv2dNativeBackpropInputAttrs,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}

/** Output channels of one input channel. */
function channels({ inChannels, outChannels }: tf.backend_util.Conv2DInfo): number {
  return outChannels / inChannels;
}

/** Calls `visit` for each output pixel and filter tap that meet inside the image, with where their channels start. */
function forEachTap(
  info: tf.backend_util.Conv2DInfo,
  visit: (pixel: number, output: number, tap: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  for (let row = 0; row < batchSize * outHeight; row++) {
    const image = Math.floor(row / outHeight), top = row % outHeight * info.strideHeight - padInfo.top;
    for (let i = 0; i < info.filterHeight; i++) {
      const y = top + i * info.dilationHeight;
      if (y < 0 || y >= inHeight) continue;
      for (let column = 0; column < outWidth; column++) {
        for (let j = 0; j < info.filterWidth; j++) {
          const x = column * info.strideWidth - padInfo.left + j * info.dilationWidth;
          if (x < 0 || x >= inWidth) continue;
          visit(
            ((image * inHeight + y) * inWidth + x) * inChannels,
            (row * outWidth + column) * outChannels,
            (i * info.filterWidth + j) * outChannels,
          );
        }
      }
    }
  }
}
