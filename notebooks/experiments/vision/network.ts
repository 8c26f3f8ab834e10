/**
 * The convolutional networks of section 6.1, as functions of named tensors, which are what a file holds: 3×3
 * convolutions between which pixels become fewer, then residual ones of one size, then a head.
 *
 *     trunk  side×side×channels → side/2 × w, pooled → side/4 × 2w, pooled → side/8 × (residual block) × depth
 *
 * The first has stride 2; behind it pixels are pooled and not left out, as gradients of strides are slow on wasm.
 */
import * as tf from "@tensorflow/tfjs";
import "../networks/kernels.ts";
import { random } from "../../../lib/random.ts";
import type { Weights } from "../networks/weights.ts";
import { sizeOf, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** The part that a classifier and a detector have in common. */
export interface TrunkSpec {
  /** Pixels a side of the images. */
  readonly side: number;
  /** 1 gray, 3 colour. */
  readonly channels: number;
  /** Channels behind the first convolution; behind the second, and of the blocks, twice as many. */
  readonly width: number;
  /** Residual blocks of one convolution. */
  readonly depth: number;
  /** One block's weights serve all of them. */
  readonly shared: boolean;
}

/** A classifier: behind the trunk a dense layer of all that it gives. */
export interface ClassifierSpec extends TrunkSpec {
  readonly classes: number;
}

/** A layer of a network: what its tensors are called, the shape of its kernel, and at how many places it is computed. */
export interface Layer {
  readonly name: string;
  /** [height, width, inputs, outputs] of a convolution, [inputs, outputs] of a dense layer. */
  readonly shape: readonly number[];
  /** Of one image, for each time that the layer is used. */
  readonly places: readonly number[];
}

/** Pixels a side behind the first convolution, and behind each pooling. */
export const sidesOf = (side: number): readonly number[] => [2, 4, 8].map((part) => Math.ceil(side / part));

/** The trunk's layers in order. */
export function trunkLayers({ side, channels, width, depth, shared }: TrunkSpec): readonly Layer[] {
  const places = sidesOf(side).map((n) => n * n), wide = 2 * width, last = places[2]!;
  const first = [[channels, width], [width, wide]].map((ends, i): Layer => ({
    name: `conv${i + 1}`,
    shape: [3, 3, ...ends],
    places: [places[i]!],
  }));
  const blocks = Array.from({ length: shared ? Math.min(1, depth) : depth }, (_, i): Layer => ({
    name: `block${i + 1}`,
    shape: [3, 3, wide, wide],
    places: shared ? Array(depth).fill(last) : [last],
  }));
  return [...first, ...blocks];
}

/** A classifier's layers in order. */
export function classifierLayers(spec: ClassifierSpec): readonly Layer[] {
  const inputs = sidesOf(spec.side)[2]! ** 2 * 2 * spec.width;
  return [...trunkLayers(spec), { name: "head", shape: [inputs, spec.classes], places: [1] }];
}

/** Initial numbers of layers: kernels by He's rule, blocks and head smaller; biases 0. */
export function initialTensors(layers: readonly Layer[], seed: number): Tensors {
  const { normal } = random(seed, "vision");
  return Object.fromEntries(layers.flatMap(({ name, shape }) => {
    const inputs = sizeOf(shape.slice(0, -1)), gain = name.startsWith("conv") ? 2 : 0.5;
    const values = Float32Array.from({ length: sizeOf(shape) }, () => Math.sqrt(gain / inputs) * normal());
    const bias = { shape: [shape.at(-1)!], values: new Float32Array(shape.at(-1)!) };
    return [[`${name}.kernel`, { shape, values }], [`${name}.bias`, bias]];
  }));
}

/** Multiplications for one image. */
export const multiplications = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { shape, places }) => sum + sizeOf(shape) * places.reduce((a, b) => a + b), 0);

/** Images u8[count, side, side, channels] as f32 from −½ to ½; the caller's to dispose. */
export function imagesOf(pixels: Uint8Array, { side, channels }: TrunkSpec): tf.Tensor4D {
  const shape: [number, number, number, number] = [
    pixels.length / (side * side * channels),
    side,
    side,
    channels,
  ];
  return tf.tidy(() => tf.tensor4d(new Float32Array(pixels), shape).div(255).sub(0.5));
}

/**
 * A convolution with its bias; where its kernel is written as two (`name.left`, `name.right`), both are computed, the
 * second at single pixels.
 */
export function convolve(weights: Weights, name: string, x: tf.Tensor4D, strides: number): tf.Tensor4D {
  const bias = weights[`${name}.bias`]!, whole = weights[`${name}.kernel`] as tf.Tensor4D | undefined;
  if (whole) return tf.conv2d(x, whole, strides, "same").add(bias);
  const thin = tf.conv2d(x, weights[`${name}.left`] as tf.Tensor4D, strides, "same");
  return tf.conv2d(thin, weights[`${name}.right`] as tf.Tensor4D, 1, "same").add(bias);
}

/** [B, side, side, channels] → [B, side/8, side/8, 2w] */
export function trunk({ depth, shared }: TrunkSpec, weights: Weights, x: tf.Tensor4D): tf.Tensor4D {
  let h = tf.maxPool(tf.relu(convolve(weights, "conv1", x, 2)), 2, 2, "same");
  h = tf.maxPool(tf.relu(convolve(weights, "conv2", h, 1)), 2, 2, "same");
  for (let i = 1; i <= depth; i++) h = h.add(tf.relu(convolve(weights, `block${shared ? 1 : i}`, h, 1)));
  return h;
}

/** Logits of the classes: [B, side, side, channels] → [B, classes] */
export function classify(spec: ClassifierSpec, weights: Weights, x: tf.Tensor4D): tf.Tensor2D {
  const h = trunk(spec, weights, x), flat = h.reshape([x.shape[0], -1]);
  const head = weights["head.kernel"];
  const out = head
    ? tf.matMul(flat, head)
    : tf.matMul(tf.matMul(flat, weights["head.left"]!), weights["head.right"]!);
  return out.add(weights["head.bias"]!);
}
