/**
 * The convolutional extractor of article section 5.2 as an autoencoder: its three 3×3 convolutions of 32, 64 and 128
 * channels with 2×2 max pooling between, then a code of few channels, and a decoder that mirrors them. Sharing,
 * hierarchy and attention are switches of this very network.
 *
 *     encoder 32×32×1 → 16×16×32 → 8×8×64 → 4×4×128 → code 4×4×k
 *     decoder 4×4×k → 4×4×128 → 8×8×64 → 16×16×32 → 32×32×1
 *
 * Convolutions pad with zeros. As the article writes them they do not, and then the last two rows and columns of an
 * image reach no feature at all, so that no decoder could regenerate them.
 */
import * as tf from "@tensorflow/tfjs";
import "./kernels.ts";
import { random } from "../../../lib/random.ts";

/** Pixels a side of the images that the network takes. */
export const SIDE = 32;

/** Pixels a side of the feature maps that codes are taken from: the coarse and the fine one. */
const COARSE = 4, FINE = 8;

export interface ConvolutionalSpec {
  /** Code channels at each of the 4×4 places that the article's network ends with. */
  readonly coarse: number;
  /** Hierarchy: code channels at each of the 8×8 places after the second pooling, too; 0 is without. */
  readonly fine: number;
  /** Sharing: 30 channels throughout, one 3×3 kernel for all convolutions of a side but the outermost: 1/10 of the parameters. */
  readonly shared: boolean;
  /** Attention: the decoder's 8×8 places look at one another; its first layer is narrower, so that parameters are equal. */
  readonly attention: boolean;
  /** A code is a whole number from −levels to levels. */
  readonly levels: number;
}

/** The article's network with a code of 4×4×8 numbers, and nothing added. */
export const PLAIN: ConvolutionalSpec = { coarse: 8, fine: 0, shared: false, attention: false, levels: 6 };

/** Channels of all feature maps under sharing. */
const SHARED = 30;

/** Channels of keys and queries. */
const KEYS = 16;

/** A layer of the network: a kernel [height, width, inputs, outputs] and a bias [outputs]. */
export interface ConvolutionLayer {
  readonly name: string;
  readonly side: "encoder" | "decoder";
  readonly shape: readonly [height: number, width: number, inputs: number, outputs: number];
  /** Places that one image's output has, for each time that the layer is used: what FLOP depend on. */
  readonly places: readonly number[];
}

/** The layers of a network, in the order of its weights. */
export function convolutionLayers(spec: ConvolutionalSpec): readonly ConvolutionLayer[] {
  const { coarse, fine, shared, attention } = spec;
  const [a, b, c] = shared ? [SHARED, SHARED, SHARED] : [32, 64, 128], d = attention && !shared ? 112 : c;
  const layer = (
    side: ConvolutionLayer["side"],
    name: string,
    size: number,
    inputs: number,
    outputs: number,
    ...sides: number[]
  ): ConvolutionLayer => ({
    name,
    side,
    shape: [size, size, inputs, outputs],
    places: sides.map((n) => n * n),
  });
  return [
    layer("encoder", "conv1", 3, 1, a, SIDE),
    ...(shared
      ? [layer("encoder", "conv", 3, a, a, 16, 8)]
      : [layer("encoder", "conv2", 3, a, b, 16), layer("encoder", "conv3", 3, b, c, 8)]),
    layer("encoder", "code", 1, c, coarse, COARSE),
    ...(fine ? [layer("encoder", "fine code", 1, b, fine, FINE)] : []),
    layer("decoder", "open", 1, coarse, d, COARSE),
    ...(fine ? [layer("decoder", "open fine", 1, fine, b, FINE)] : []),
    ...(attention
      ? [
        layer("decoder", "query", 1, b, KEYS, FINE),
        layer("decoder", "key", 1, b, KEYS, FINE),
        layer("decoder", "value", 1, b, b, FINE),
        layer("decoder", "attended", 1, b, b, FINE),
      ]
      : []),
    ...(shared
      ? [layer("decoder", "deconv", 3, a, a, 8, 16)]
      : [layer("decoder", "deconv3", 3, d, b, 8), layer("decoder", "deconv2", 3, b, a, 16)]),
    layer("decoder", "deconv1", 3, a, 1, SIDE),
  ];
}

const sizeOf = ({ shape: [height, width, inputs, outputs] }: ConvolutionLayer) =>
  (height * width * inputs + 1) * outputs;

/** Parameters of one side or of both. */
export function convolutionParameters(spec: ConvolutionalSpec, side?: ConvolutionLayer["side"]): number {
  return convolutionLayers(spec).reduce((n, l) => !side || l.side === side ? n + sizeOf(l) : n, 0);
}

/** FLOP (a multiplication and an addition are two) for one image, of one side or of both; training takes three times that. */
export function convolutionFlop(spec: ConvolutionalSpec, side?: ConvolutionLayer["side"]): number {
  const attended = spec.attention && side !== "encoder" ? 2 * FINE ** 4 * (KEYS + widthAtFine(spec)) : 0;
  return convolutionLayers(spec).reduce(
    (n, layer) =>
      !side || layer.side === side ? n + 2 * sizeOf(layer) * layer.places.reduce((a, b) => a + b) : n,
    attended,
  );
}

const widthAtFine = ({ shared }: ConvolutionalSpec) => shared ? SHARED : 64;

/** Where the codes of an image lie: the coarse grid, then the fine one, which without hierarchy has no channels. */
export function codeGrids({ coarse, fine }: ConvolutionalSpec) {
  return [
    { side: COARSE, places: COARSE ** 2, channels: coarse },
    { side: FINE, places: FINE ** 2, channels: fine },
  ] as const;
}

/** Numbers that code one image. */
export function codeLength(spec: ConvolutionalSpec): number {
  return codeGrids(spec).reduce((n, { places, channels }) => n + places * channels, 0);
}

/** Kernel and bias of each layer. */
export type LayerTensors = Readonly<
  Record<string, { readonly kernel: tf.Tensor4D; readonly bias: tf.Tensor1D }>
>;

/** He-normal kernels and zero biases, flat, in the order of `convolutionLayers`; attention starts by adding nothing. */
export function initialConvolution(spec: ConvolutionalSpec, seed: number): Float32Array {
  const weights = new Float32Array(convolutionParameters(spec)), { normal } = random(seed, "convolutional");
  let at = 0;
  for (const { name, shape: [height, width, inputs, outputs] } of convolutionLayers(spec)) {
    const scale = name === "attended" ? 0 : Math.sqrt(2 / (height * width * inputs));
    for (let i = 0; i < height * width * inputs * outputs; i++) weights[at++] = scale * normal();
    at += outputs;
  }
  return weights;
}

/** Cuts flat weights, f32[parameters] of one side or of both, into the layers' tensors; call within `tf.tidy`. */
export function layerTensors(
  spec: ConvolutionalSpec,
  weights: tf.Tensor1D,
  side?: ConvolutionLayer["side"],
): LayerTensors {
  const layers = convolutionLayers(spec).filter((layer) => !side || layer.side === side);
  const parts = tf.split(
    weights,
    layers.flatMap(({ shape: [h, w, i, o] }) => [h * w * i * o, o]),
  ) as tf.Tensor1D[];
  return Object.fromEntries(layers.map(({ name, shape }, n) => [name, {
    kernel: parts[2 * n]!.reshape<tf.Tensor4D>([...shape]),
    bias: parts[2 * n + 1]!,
  }]));
}

/** Codes before rounding, in (−levels, levels): coarse and, with hierarchy, fine. */
export interface Codes {
  readonly coarse: tf.Tensor4D; // [B, 4, 4, coarse]
  readonly fine?: tf.Tensor4D; // [B, 8, 8, fine]
}

/** Feature maps after each convolution and pooling. Images are [B, 32, 32, 1] in [0, 1]; call within `tf.tidy`. */
export function extractFeatures(spec: ConvolutionalSpec, layers: LayerTensors, images: tf.Tensor4D) {
  const name = (n: number) => spec.shared ? "conv" : `conv${n}`;
  const first = pooled(convolved(images.sub(0.5) as tf.Tensor4D, layers, "conv1")); // [B, 16, 16, 32]
  const second = pooled(convolved(first, layers, name(2))); // [B, 8, 8, 64]
  const third = pooled(convolved(second, layers, name(3))); // [B, 4, 4, 128]
  return [first, second, third] as const;
}

/** The encoder. Images are [B, 32, 32, 1] in [0, 1]; call within `tf.tidy`. */
export function encodeImages(spec: ConvolutionalSpec, layers: LayerTensors, images: tf.Tensor4D): Codes {
  const bounded = (x: tf.Tensor4D) => x.tanh().mul(spec.levels) as tf.Tensor4D;
  const [, second, third] = extractFeatures(spec, layers, images);
  return {
    coarse: bounded(linear(third, layers, "code")),
    ...(spec.fine ? { fine: bounded(linear(second, layers, "fine code")) } : {}),
  };
}

/** The decoder: [B, 32, 32, 1] in [0, 1] from codes; fine ones that are missing count as zeros. Call within `tf.tidy`. */
export function decodeCodes(spec: ConvolutionalSpec, layers: LayerTensors, codes: Codes): tf.Tensor4D {
  const { coarse, fine } = codes, scale = 1 / spec.levels;
  const name = (n: number) => spec.shared ? "deconv" : `deconv${n}`;
  const opened = linear(coarse.mul(scale), layers, "open").relu() as tf.Tensor4D; // [B, 4, 4, 128]
  let middle = linear(doubled(opened), layers, name(3)); // [B, 8, 8, 64]
  if (fine) middle = middle.add(linear(fine.mul(scale), layers, "open fine"));
  middle = middle.relu();
  if (spec.attention) middle = attended(middle, layers);
  const large = linear(doubled(middle), layers, name(2)).relu() as tf.Tensor4D; // [B, 16, 16, 32]
  return linear(doubled(large), layers, "deconv1").add(0.5); // [B, 32, 32, 1]
}

/** Every place takes from all places what its query finds (Vaswani et al. 2017), one head; added to what is there. */
function attended(x: tf.Tensor4D, layers: LayerTensors): tf.Tensor4D {
  const [images, height, width, channels] = x.shape;
  const rows = (name: string) => {
    const projected = linear(x, layers, name);
    return projected.reshape<tf.Tensor3D>([images, height * width, projected.shape[3]]); // [B, 64, channels]
  };
  const likeness = tf.matMul(rows("query"), rows("key"), false, true).mul(1 / Math.sqrt(KEYS)); // [B, 64, 64]
  const taken = tf.matMul(likeness.softmax() as tf.Tensor3D, rows("value")); // [B, 64, channels]
  return x.add(linear(taken.reshape([images, height, width, channels]), layers, "attended"));
}

function linear(x: tf.Tensor4D, layers: LayerTensors, name: string): tf.Tensor4D {
  const { kernel, bias } = layers[name]!;
  return tf.conv2d(x, kernel, 1, "same").add(bias);
}

const convolved = (x: tf.Tensor4D, layers: LayerTensors, name: string) =>
  linear(x, layers, name).relu() as tf.Tensor4D;

const pooled = (x: tf.Tensor4D): tf.Tensor4D => tf.maxPool(x, 2, 2, "valid");

/** Every place twice in both directions. tfjs has no gradient of resizing on wasm; concatenation has one everywhere. */
function doubled(x: tf.Tensor4D): tf.Tensor4D {
  const [images, height, width, channels] = x.shape;
  const wide = tf.concat([x, x], 3).reshape<tf.Tensor3D>([images, height, 2 * width * channels]);
  return tf.concat([wide, wide], 2).reshape([images, 2 * height, 2 * width, channels]);
}
