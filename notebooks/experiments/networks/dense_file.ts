/**
 * Images as 16 numbers each, in a real file: the autoencoder's decoder and the features, both quantised to 8 bits, then
 * brotli. Reading the file gives the pictures that the decoder makes of them: near the originals, never equal to all.
 *
 *     u32 images, u16 width, u16 height, u8 layers; for each layer u16 rows, u16 columns, f32 step of the kernel,
 *     f32 step of the bias; f32[16] steps of the features; then i8 kernels and biases, layer by layer, and
 *     u8 features, one after another for all images. Little-endian.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { type Dataset, dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { DENSE, type DenseTrained, type DenseWeights, FEATURES } from "./dense.ts";

const HEAD = 9, LAYER = 12, SIGNED = 127, UNSIGNED = 255;

/** The decoder's part of a trained autoencoder. */
const decoderOf = ({ layers }: Pick<DenseTrained, "layers">) => layers.slice(DENSE.length);

/** The file of a set of gray images of one size. */
export function encodeDense(
  { groups: [group] }: Pick<Dataset, "groups">,
  trained: Pick<DenseTrained, "layers" | "features">,
): Uint8Array {
  const layers = decoderOf(trained), { features } = trained;
  const size = layers.reduce((n, { kernel, bias }) => n + LAYER + kernel.length + bias.length, 0);
  const bytes = new Uint8Array(HEAD + size + 4 * FEATURES + features.length),
    view = new DataView(bytes.buffer);
  view.setUint32(0, group!.count, true);
  view.setUint16(4, group!.width, true);
  view.setUint16(6, group!.height, true);
  view.setUint8(8, layers.length);
  let at = HEAD;
  const stepOf = (values: ArrayLike<number>, most: number) => {
    const step = Math.fround(largest(values) / most) || 1;
    view.setFloat32(at, step, true);
    at += 4;
    return step;
  };
  const steps = layers.map(({ rows, columns, kernel, bias }) => {
    view.setUint16(at, rows, true);
    view.setUint16(at + 2, columns, true);
    at += 4;
    return [stepOf(kernel, SIGNED), stepOf(bias, SIGNED)] as const;
  });
  const planes = Array.from({ length: FEATURES }, (_, k) => features.filter((_, i) => i % FEATURES === k));
  const featureSteps = planes.map((plane) => stepOf(plane, UNSIGNED));
  const put = (values: Float32Array, step: number, most: number) => {
    for (const v of values) bytes[at++] = Math.max(-most, Math.min(most, Math.round(v / step))); // i8 wraps as wanted
  };
  layers.forEach(({ kernel, bias }, i) => {
    put(kernel, steps[i]![0], SIGNED);
    put(bias, steps[i]![1], SIGNED);
  });
  planes.forEach((plane, k) => put(plane, featureSteps[k]!, UNSIGNED));
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((a, v) => Math.max(a, Math.abs(v)), 0);

/**
 * Reads a file of `encodeDense` and runs its decoder, in double precision. What comes out can differ by one grey value
 * between engines, whose `Math.exp` differ.
 *
 * @param like The set that the file is of: name, names and provenance are taken from it, nothing else.
 * @throws {MdlError} `damaged`
 */
export function decodeDense(file: Uint8Array, like: Dataset): Dataset {
  const { count, width, height, layers, features } = contentOf(file);
  const symbols = new Uint8Array(count * width * height);
  for (let image = 0; image < count; image++) {
    const code = features.subarray(image * FEATURES, (image + 1) * FEATURES);
    const gray = layers.reduce<Float64Array>(
      (x, layer, i) => forward(layer, x, i === layers.length - 1),
      code,
    );
    for (let p = 0; p < gray.length; p++) symbols[image * gray.length + p] = Math.round(255 * gray[p]!);
  }
  const { name, names, provenance } = like;
  return dataset({ name, names, provenance, channels: 1, groups: [{ count, height, width }], symbols });
}

/** @throws {MdlError} `damaged` */
function contentOf(file: Uint8Array) {
  try {
    return parse(brotliDecompressSync(file)); // of a file that was cut, Deno's brotli gives the beginning
  } catch (cause) {
    throw new MdlError("damaged", "The file of features is damaged or was cut.", { cause });
  }
}

function parse(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(0, true), width = view.getUint16(4, true), height = view.getUint16(6, true);
  let at = HEAD;
  const heads = Array.from({ length: view.getUint8(8) }, () => {
    const head = {
      rows: view.getUint16(at, true),
      columns: view.getUint16(at + 2, true),
      kernelStep: view.getFloat32(at + 4, true),
      biasStep: view.getFloat32(at + 8, true),
    };
    at += LAYER;
    return head;
  });
  const featureSteps = Array.from({ length: FEATURES }, (_, k) => view.getFloat32(at + 4 * k, true));
  at += 4 * FEATURES;
  const take = (n: number, step: number) => Float64Array.from({ length: n }, () => step * view.getInt8(at++));
  const layers = heads.map(({ rows, columns, kernelStep, biasStep }) => ({
    rows,
    columns,
    kernel: take(rows * columns, kernelStep),
    bias: take(columns, biasStep),
  }));
  const features = new Float64Array(count * FEATURES);
  for (let k = 0; k < FEATURES; k++) {
    for (let i = 0; i < count; i++) features[i * FEATURES + k] = featureSteps[k]! * view.getUint8(at++);
  }
  if (at !== bytes.length) throw new RangeError(`The content is ${bytes.length} bytes long, not ${at}.`);
  return { count, width, height, layers, features };
}

type Layer = Omit<DenseWeights, "kernel" | "bias"> & {
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
};

/** A dense layer with its activation: relu, or the sigmoid of the last layer. */
function forward({ rows, columns, kernel, bias }: Layer, x: Float64Array, last: boolean): Float64Array {
  const y = bias.slice();
  for (let i = 0; i < rows; i++) {
    const v = x[i]!;
    if (v === 0) continue; // relu leaves many
    for (let j = 0; j < columns; j++) y[j]! += v * kernel[i * columns + j]!;
  }
  return y.map((v) => last ? 1 / (1 + Math.exp(-v)) : Math.max(0, v));
}
