/**
 * The gradients of conv2d, each written as another convolution, which XNNPACK computes fast. Images are
 * [images, height, width, channels], filters [filter height, filter width, inputs, outputs].
 */
import * as tf from "@tensorflow/tfjs";
import { MdlError } from "../../../lib/errors.ts";
import { transpose } from "../../../lib/backend/transpose.ts";
import { type Heap, reshaped, type WasmKernel } from "../../../lib/backend/wasm_kernel.ts";

type Shape4 = [number, number, number, number];

/** ∂loss/∂input: the filter, turned by half a turn, over ∂loss/∂output with its pixels moved apart by the stride. */
export const conv2DBackpropInput: WasmKernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  tf.Conv2DBackpropInputAttrs
> = ({ dy, filter }, attributes, heap) => {
  const info = geometry(attributes.inputShape, filter.shape as Shape4, attributes);
  const { filterHeight, filterWidth, padInfo, strideHeight, strideWidth } = info;
  const size = [info.inHeight + filterHeight - 1, info.inWidth + filterWidth - 1] as const;
  const origin = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left] as const;
  const spread = place(heap, dy, size, origin, [strideHeight, strideWidth]), turned = turn(heap, filter);
  const dx = convolve(heap, spread, turned, 1);
  heap.free(spread);
  heap.free(turned);
  return dx;
};

/**
 * ∂loss/∂filter: the input convolved with ∂loss/∂output as the filter, where channels and images swap their places
 * and the stride becomes the dilation. [inputs, H, W, images] ∗ [h, w, images, outputs] → [inputs, kh, kw, outputs].
 */
export const conv2DBackpropFilter: WasmKernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  tf.Conv2DBackpropFilterAttrs
> = ({ x, dy }, attributes, heap) => {
  const info = geometry(x.shape as Shape4, attributes.filterShape, attributes);
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } =
    info;
  const height = (outHeight - 1) * info.strideHeight + filterHeight;
  const width = (outWidth - 1) * info.strideWidth + filterWidth;
  const padded = place(heap, x, [height, width], [padInfo.top, padInfo.left], [1, 1]);
  const images = permute(heap, padded, [batchSize, height * width, inChannels], [2, 1, 0]);
  const filter = permute(heap, dy, [batchSize, outHeight * outWidth, outChannels], [1, 0, 2]);
  const swapped = convolve(
    heap,
    reshaped(images, [inChannels, height, width, batchSize]),
    reshaped(filter, [outHeight, outWidth, batchSize, outChannels]),
    [info.strideHeight, info.strideWidth],
  );
  const dw = permute(heap, swapped, [inChannels, filterHeight * filterWidth, outChannels], [1, 0, 2]);
  for (const tensor of [padded, images, filter, swapped]) heap.free(tensor);
  return reshaped(dw, attributes.filterShape);
};

/** Sizes, strides and padding of the forward convolution. */
function geometry(
  inputShape: Shape4,
  filterShape: Shape4,
  { strides, pad, dimRoundingMode, dataFormat }: Pick<
    tf.Conv2DBackpropFilterAttrs,
    "strides" | "pad" | "dimRoundingMode" | "dataFormat"
  >,
): tf.backend_util.Conv2DInfo {
  if (dataFormat === "NCHW") {
    throw new MdlError("unsupported", "conv2d trains on wasm with channels last only: use dataFormat NHWC.");
  }
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}

/** A convolution of stride 1 without padding. */
function convolve(heap: Heap, x: tf.TensorInfo, filter: tf.TensorInfo, dilations: number | [number, number]) {
  return heap.run("Conv2D", { x, filter }, { strides: 1, pad: "valid", dataFormat: "NHWC", dilations });
}

function permute(heap: Heap, tensor: tf.TensorInfo, shape: number[], perm: number[]): tf.TensorInfo {
  return heap.run("Transpose", { x: reshaped(tensor, shape) }, { perm });
}

/** Lays images on a zero canvas of that size, pixel (0, 0) at `origin`, `step` apart; what sticks out is cut off. */
function place(
  heap: Heap,
  images: tf.TensorInfo,
  [height, width]: readonly [number, number],
  [top, left]: readonly [number, number],
  [stepY, stepX]: readonly [number, number],
): tf.TensorInfo {
  const [count, rows, columns, channels] = images.shape as Shape4;
  const canvas = heap.make([count, height, width, channels]);
  const source = heap.floats(images), target = heap.floats(canvas);
  target.fill(0);
  const firstColumn = Math.max(0, Math.ceil(-left / stepX));
  const endColumn = Math.min(columns, Math.ceil((width - left) / stepX));
  for (let row = 0; row < count * rows; row++) {
    const y = top + row % rows * stepY;
    if (y < 0 || y >= height) continue;
    const line = (Math.floor(row / rows) * height + y) * width + left;
    for (let column = firstColumn; column < endColumn; column++) {
      const from = (row * columns + column) * channels, to = (line + column * stepX) * channels;
      for (let c = 0; c < channels; c++) target[to + c] = source[from + c]!;
    }
  }
  return canvas;
}

/** filter[kh, kw, inputs, outputs] → [kh, kw, outputs, inputs], turned by half a turn in its plane. */
function turn(heap: Heap, filter: tf.TensorInfo): tf.TensorInfo {
  const [height, width, inputs, outputs] = filter.shape as Shape4, size = inputs * outputs;
  const turned = heap.make([height, width, outputs, inputs]);
  const source = heap.floats(filter), target = heap.floats(turned), last = height * width - 1;
  for (let tap = 0; tap <= last; tap++) {
    transpose(source, (last - tap) * size, target, tap * size, inputs, outputs);
  }
  return turned;
}
