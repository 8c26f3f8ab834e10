/**
 * The gradients of conv2d, by way of what XNNPACK computes fast: another convolution, and a product of two matrices.
 * Images are [images, height, width, channels], filters [filter height, filter width, inputs, outputs].
 */
import * as tf from "@tensorflow/tfjs";
import { MdlError } from "../../../lib/errors.ts";
import { transpose } from "../../../lib/backend/transpose.ts";
import { type Heap, reshaped, type WasmKernel } from "../../../lib/backend/wasm_kernel.ts";

type Shape4 = [number, number, number, number];

/**
 * ∂loss/∂input: the filter, turned by half a turn, over ∂loss/∂output with its pixels moved apart by the stride. Where
 * input and output are of one size, the convolution itself pads.
 */
export const conv2DBackpropInput: WasmKernel<
  { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo },
  tf.Conv2DBackpropInputAttrs
> = ({ dy, filter }, attributes, heap) => {
  const info = geometry(attributes.inputShape, filter.shape as Shape4, attributes);
  const { filterHeight, filterWidth, padInfo, strideHeight, strideWidth } = info;
  const turned = turn(heap, filter), odd = filterHeight % 2 === 1 && filterWidth % 2 === 1;
  if (odd && strideHeight === 1 && strideWidth === 1 && padInfo.type === "SAME") {
    const dx = convolve(heap, dy, turned, "same");
    heap.free(turned);
    return dx;
  }
  const size = [info.inHeight + filterHeight - 1, info.inWidth + filterWidth - 1] as const;
  const origin = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left] as const;
  const spread = place(heap, dy, size, origin, [strideHeight, strideWidth]);
  const dx = convolve(heap, spread, turned, "valid");
  heap.free(spread);
  heap.free(turned);
  return dx;
};

/** From so many images on, a convolution whose channels are the images is fast enough. */
const MANY = 16;

/**
 * ∂loss/∂filter: for each tap and input what it was multiplied with at every place of every image, times ∂loss/∂output
 * there. As a convolution the images are its channels and the stride its dilation,
 * [inputs, H, W, images] ∗ [h, w, images, outputs] → [inputs, kh, kw, outputs]; with few images a product of matrices is
 * several times as fast, [kh · kw · inputs, h · w · images] · [h · w · images, outputs]: the same sums in the same order.
 */
export const conv2DBackpropFilter: WasmKernel<
  { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo },
  tf.Conv2DBackpropFilterAttrs
> = ({ x, dy }, attributes, heap) => {
  const info = geometry(x.shape as Shape4, attributes.filterShape, attributes);
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const planes = planesOf(heap, x, info), strides: [number, number] = [info.strideHeight, info.strideWidth];
  const outer = permute(heap, dy, [batchSize, outHeight * outWidth, outChannels], [1, 0, 2]);
  if (batchSize < MANY) {
    const seen = seenByTaps(heap, planes, info), places = outHeight * outWidth * batchSize;
    const dw = heap.run("BatchMatMul", { a: seen, b: reshaped(outer, [places, outChannels]) }, PLAIN);
    for (const tensor of [planes, outer, seen]) heap.free(tensor);
    return reshaped(dw, attributes.filterShape);
  }
  const filter = reshaped(outer, [outHeight, outWidth, batchSize, outChannels]);
  const swapped = convolve(heap, planes, filter, "valid", strides);
  const dw = permute(heap, swapped, [inChannels, filterHeight * filterWidth, outChannels], [1, 0, 2]);
  for (const tensor of [planes, outer, swapped]) heap.free(tensor);
  return reshaped(dw, attributes.filterShape);
};

const PLAIN = { transposeA: false, transposeB: false };

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

/** A convolution of stride 1. */
function convolve(
  heap: Heap,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  pad: "same" | "valid",
  dilations: number | [number, number] = 1,
) {
  return heap.run("Conv2D", { x, filter }, { strides: 1, pad, dataFormat: "NHWC", dilations });
}

function permute(heap: Heap, tensor: tf.TensorInfo, shape: number[], perm: number[]): tf.TensorInfo {
  return heap.run("Transpose", { x: reshaped(tensor, shape) }, { perm });
}

/** What any tap sees, a plane for each channel: [inputs, H, W, images], zeros where it lies outside of the image. */
function planesOf(heap: Heap, x: tf.TensorInfo, info: tf.backend_util.Conv2DInfo): tf.TensorInfo {
  const { batchSize: images, inHeight, inWidth, inChannels, padInfo: { top, left } } = info;
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const planes = heap.make([inChannels, height, width, images]), plane = height * width * images;
  const source = heap.floats(x), target = heap.floats(planes);
  const [rows, columns] = [Math.min(inHeight, height - top), Math.min(inWidth, width - left)];
  target.fill(0);
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      let read = (image * inHeight + row) * inWidth * inChannels;
      let first = ((row + top) * width + left) * images + image;
      for (let column = 0; column < columns; column++, first += images) {
        for (let c = 0, write = first; c < inChannels; c++, write += plane) target[write] = source[read++]!;
      }
    }
  }
  return planes;
}

/** What each tap sees of each channel at every place, [kh · kw · inputs, h · w · images]. */
function seenByTaps(heap: Heap, planes: tf.TensorInfo, info: tf.backend_util.Conv2DInfo): tf.TensorInfo {
  const { filterHeight, filterWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const [channels, height, width, images] = planes.shape as Shape4;
  const [run, runs] = strideWidth === 1 ? [outWidth * images, 1] : [images, outWidth]; // what lies side by side
  const seen = heap.make([filterHeight * filterWidth * channels, outHeight * outWidth * images]);
  const source = heap.floats(planes), target = heap.floats(seen);
  const all = new Float32Array(source.buffer), from = source.byteOffset / 4; // one heap: so it is copied fastest
  let write = target.byteOffset / 4;
  for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
    const down = Math.floor(tap / filterWidth), right = tap % filterWidth;
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < outHeight; row++) {
        const line = (channel * height + row * strideHeight + down) * width + right;
        for (let n = 0; n < runs; n++, write += run) {
          const read = from + (line + n * strideWidth) * images;
          all.copyWithin(write, read, read + run);
        }
      }
    }
  }
  return seen;
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
