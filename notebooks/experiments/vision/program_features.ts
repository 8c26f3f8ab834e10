/**
 * What a program's network has learnt, as features of images: what its last layer reads at every pixel, averaged over a
 * grid. The network was trained to predict pixels, and has never seen a label.
 */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { openFused } from "../../../lib/image/fused.ts";
import { initialWeights } from "../../../lib/image/predictor.ts";
import { featureCount, layers, type ModelSpec } from "../../../lib/image/spec.ts";
import { SAMPLE_BYTES } from "../../../lib/image/samples.ts";
import { MdlError } from "../../../lib/errors.ts";
import type { Labelled } from "../../../scripts/laboratory/measure/labelled.ts";
import { taken } from "../networks/weights.ts";
import { type Components, project } from "../pca/pca.ts";

/** A network: its shape and its weights, laid out as in a program's model. */
export interface Network {
  readonly spec: ModelSpec;
  /** f32 */
  readonly weights: Float32Array;
}

/** The network as it was before it was trained. */
export const untrained = ({ spec }: Network, seed: number): Network => ({
  spec,
  weights: initialWeights(spec, 1, seed),
});

/** Samples go through the kernel in multiples of this. */
const UNIT = 32;

/**
 * Features of each image: means of the hidden values over `cells` × `cells` parts, f32[count, cells² · width].
 *
 * @throws {MdlError} `usage` for images in colour or of several sizes, or a model that is not one predictor in raster order
 */
export async function programFeatures(
  { spec, weights }: Network,
  set: Dataset,
  cells: number,
): Promise<Labelled> {
  const [group, ...others] = set.groups, { labels } = set;
  if (
    !labels || others.length || set.channels !== 1 || spec.grid > 1 || spec.scales > 1 || spec.leastSquares
  ) {
    throw new MdlError(
      "usage",
      `${set.name}: features are read of gray labelled images of one size, and of one predictor in raster order.`,
    );
  }
  const { height, width, count } = group!, pixels = height * width, batch = UNIT * Math.ceil(pixels / UNIT);
  const size = cells * cells * spec.width, inputs = new Float32Array(count * size);
  const fused = await openFused(set, spec, batch, 1), model = tf.tensor1d(weights);
  const mean = tf.tensor2d(meansOver(height, width, cells, batch), [cells * cells, batch]);
  for (const [n] of [...images(set)].entries()) {
    recordsOf(fused.records, fused.space.address + n * pixels, height, width);
    const features = tf.tidy(() => tf.matMul(mean, hiddenOf(spec, model, fused.contexts())) // [cells², W]
    );
    inputs.set(await taken(features), n * size);
  }
  tf.dispose([model, mean]);
  fused.close();
  return { inputs, size, labels };
}

/** What the last layer of one gray predictor reads, f32[B, width], of contexts f32[B, features + 4] in raster order. */
function hiddenOf(spec: ModelSpec, weights: tf.Tensor1D, contexts: Float32Array): tf.Tensor2D {
  const D = featureCount(spec, 1), places = layers(spec, 1), count = contexts.length / (D + 4);
  const dense = (x: tf.Tensor2D, layer: number) => {
    const { rows, columns, offset } = places[layer]!;
    const own = weights.slice(offset, (rows + 1) * columns).reshape([rows + 1, columns]);
    return tf.matMul(x, own.slice(0, rows)).add(own.slice(rows, 1)) as tf.Tensor2D; // [B, columns]
  };
  return tf.tidy(() => {
    let h = dense(tf.tensor2d(contexts, [count, D + 4]).slice([0, 0], [count, D]), 0);
    for (let l = 0; l < spec.blocks; l++) {
      const first = spec.tied ? 1 : 1 + 2 * l;
      h = h.add(dense(tf.relu(dense(tf.relu(h), first)), first + 1));
    }
    return tf.relu(h);
  });
}

/** The records of all pixels of the image at an address, in raster order; what is left of the batch repeats the first. */
function recordsOf(records: DataView, address: number, height: number, width: number): void {
  for (let at = 0; at * SAMPLE_BYTES < records.byteLength; at++) {
    const pixel = at < height * width ? at : 0, to = at * SAMPLE_BYTES;
    records.setUint32(to, address, true);
    records.setUint16(to + 4, height, true);
    records.setUint16(to + 6, width, true);
    records.setUint16(to + 8, Math.floor(pixel / width), true);
    records.setUint16(to + 10, pixel % width, true);
  }
}

/** A matrix [cells², batch] that averages over the pixels of each part of an image. */
function meansOver(height: number, width: number, cells: number, batch: number): Float32Array {
  const out = new Float32Array(cells * cells * batch), counts = new Float32Array(cells * cells);
  const partOf = (pixel: number) =>
    Math.floor(Math.floor(pixel / width) * cells / height) * cells +
    Math.floor(pixel % width * cells / width);
  for (let pixel = 0; pixel < height * width; pixel++) counts[partOf(pixel)]!++;
  for (let pixel = 0; pixel < height * width; pixel++) {
    out[partOf(pixel) * batch + pixel] = 1 / counts[partOf(pixel)]!;
  }
  return out;
}

/** Coefficients of the first components as features. */
export function componentFeatures(components: Components, set: Dataset, dimensions: number): Labelled {
  const coefficients = project(components, set, dimensions);
  return {
    inputs: Float32Array.from(coefficients),
    size: coefficients.length / set.labels!.length,
    labels: set.labels!,
  };
}

/** Features brought to mean 0 and deviation 1 by those that are learnt from, so that every kind learns at one rate. */
export function standardised(train: Labelled, test: Labelled): readonly [Labelled, Labelled] {
  const { size } = train, count = train.labels.length;
  const mean = new Float64Array(size), square = new Float64Array(size);
  train.inputs.forEach((v, i) => {
    mean[i % size]! += v / count;
    square[i % size]! += v * v / count;
  });
  const deviation = square.map((v, d) => Math.sqrt(Math.max(0, v - mean[d]! ** 2)) || 1);
  const scaled = (own: Labelled): Labelled => ({
    ...own,
    inputs: own.inputs.map((v, i) => (v - mean[i % size]!) / deviation[i % size]!),
  });
  return [scaled(train), scaled(test)];
}
