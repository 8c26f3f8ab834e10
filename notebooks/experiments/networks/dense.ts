/**
 * The dense extractor of article section 3.2, 128-64-32-16 with relu, Adam and the mean squared error, in tfjs layers:
 * as written, and as the encoder of an autoencoder, which is what the text around it means.
 */
import * as tf from "@tensorflow/tfjs";
import "../../../lib/backend/dense_kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, contextWith, DATASET, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { type Random, random } from "../../../lib/random.ts";
import { runEpochs } from "./epochs.ts";
import { taken } from "./weights.ts";

/** Units of the extractor's layers: 16 numbers an image come out. */
export const DENSE = [128, 64, 32, 16] as const;

/** Numbers that the extractor makes of an image. */
export const FEATURES = DENSE[3];

/** Passes over the images in the article. */
export const ARTICLE_EPOCHS = 10;

/** Images a step: what `fit` takes where, as in the article, nothing is said. */
const BATCH = 32;

/** Parameters (kernels and biases) of dense layers with these numbers of units, the input first. */
export function denseParameters(units: readonly number[]): number {
  return units.slice(1).reduce((n, to, i) => n + (units[i]! + 1) * to, 0);
}

/** FLOP of one pass over one image (a multiplication and an addition are two). */
const flopOf = (units: readonly number[]) => 2 * denseParameters(units);

/** Layers of the extractor and then of its mirror image, whose outputs are grey values between 0 and 1. */
export function autoencoderUnits(inputs: number): readonly number[] {
  return [inputs, ...DENSE, ...DENSE.slice(0, -1).reverse(), inputs];
}

/** tfjs takes the seed 0 for none. */
const seedOf = (stream: Random) => 1 + stream.below(2 ** 31 - 1);

function denseLayers(units: readonly number[], last: "relu" | "sigmoid", seed: number): tf.layers.Layer[] {
  const stream = random(seed, "dense");
  return units.slice(1).map((to, i) =>
    tf.layers.dense({
      units: to,
      activation: i === units.length - 2 ? last : "relu",
      ...(i === 0 ? { inputShape: [units[0]!] } : {}),
      kernelInitializer: tf.initializers.glorotUniform({ seed: seedOf(stream) }),
    })
  );
}

const compiled = (layers: tf.layers.Layer[]): tf.Sequential => {
  const model = tf.sequential({ layers });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  return model;
};

/** The extractor as written, compiled: [B, inputs] → [B, 16]. The caller disposes it. */
export function denseExtractor(inputs: number, seed: number): tf.Sequential {
  return compiled(denseLayers([inputs, ...DENSE], "relu", seed));
}

/** The extractor, a mirrored decoder behind it, compiled: [B, inputs] → [B, inputs]. The caller disposes it. */
export function denseAutoencoder(inputs: number, seed: number): tf.Sequential {
  return compiled(denseLayers(autoencoderUnits(inputs), "sigmoid", seed));
}

/**
 * Gray images of one size as rows of numbers between 0 and 1, [images, pixels]. The caller disposes it.
 *
 * @throws {MdlError} `usage` for colour or several sizes
 */
function rowsOf({ channels, groups, symbols }: Dataset): tf.Tensor2D {
  if (channels !== 1 || groups.length !== 1) {
    throw new MdlError("usage", "The dense network takes gray images of one size: preprocess the set first.");
  }
  const { count } = groups[0]!;
  return tf.tidy(() => tf.tensor2d(Float32Array.from(symbols), [count, symbols.length / count]).div(255));
}

/**
 * What `fit` says when it is given what the article gives it: the data, and no target; and when it is given the data
 * as their own target, which is what the text asks for. Nothing is trained.
 */
export async function fitAsWritten(
  set: Dataset,
  seed: number,
): Promise<{ readonly withoutTarget: string; readonly dataAsTarget: string }> {
  const rows = rowsOf(set), model = denseExtractor(rows.shape[1], seed);
  const said = async (target?: tf.Tensor) => {
    try {
      await model.fit(rows, target as tf.Tensor, { epochs: ARTICLE_EPOCHS, verbose: 0 });
      return "no error";
    } catch (error) {
      return (error as Error).message;
    }
  };
  try {
    return { withoutTarget: await said(), dataAsTarget: await said(rows) };
  } finally {
    model.dispose();
    rows.dispose();
  }
}

/** A dense layer's numbers: a kernel, [rows, columns] row by row, and a bias, [columns]. */
export interface DenseWeights {
  readonly rows: number;
  readonly columns: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** A trained autoencoder, outside of tfjs. */
export interface DenseTrained {
  readonly seed: number;
  /** Encoder and decoder, from the first layer to the last. */
  readonly layers: readonly DenseWeights[];
  /** The same before training. */
  readonly initial: readonly DenseWeights[];
  /** The 16 features of each image, [images, 16]. */
  readonly features: Float32Array;
  /** Mean squared error after each epoch's steps, of values between 0 and 1. */
  readonly curve: readonly { readonly epoch: number; readonly error: number }[];
  readonly flop: number;
  readonly seconds: number;
}

/**
 * Trains the autoencoder on the backend that is open, or on the best, in steps of 32 images whose order is drawn anew for each epoch.
 * Seed, backend and epochs fix the result.
 *
 * @throws {MdlError} `usage` as `rowsOf`; the context's abort reason
 */
export async function trainDense(
  set: Dataset,
  epochs: number,
  context: Pick<Context, "seed" | "signal" | "progress"> & Partial<Pick<Context, "log">>,
): Promise<DenseTrained> {
  checkArguments("trainDense", { set, epochs, context }, {
    set: DATASET,
    epochs: whole(0),
    context: contextWith("seed", "signal", "progress"),
  });
  await ensureBackend(context);
  const begun = performance.now(), { seed } = context, stream = random(seed, "dense order");
  const rows = rowsOf(set), [count, inputs] = rows.shape, model = denseAutoencoder(inputs, seed);
  try {
    const initial = await weightsOf(model);
    const errors = await runEpochs({
      label: `dense, seed ${seed}`,
      epochs,
      count,
      batch: BATCH,
      rest: true,
      orders: stream,
      step: (chosen) => step(model, rows, chosen),
      note: (error) => `MSE ${error.toFixed(4)}`,
    }, context);
    const curve = errors.map((error, i) => ({ epoch: i + 1, error }));
    return {
      seed,
      initial,
      layers: await weightsOf(model),
      features: await featuresOf(model, rows),
      curve,
      flop: 3 * flopOf(autoencoderUnits(inputs)) * count * epochs,
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    model.optimizer.dispose();
    model.dispose();
    rows.dispose();
  }
}

/** One step on some of the rows; the loss before it. */
async function step(model: tf.Sequential, rows: tf.Tensor2D, chosen: Int32Array): Promise<number> {
  const batch = tf.tidy(() => tf.gather(rows, tf.tensor1d(chosen, "int32"))); // [B, inputs]
  try {
    return await model.trainOnBatch(batch, batch) as number;
  } finally {
    batch.dispose();
  }
}

/** Activations of the extractor's last layer, [images, 16]. */
async function featuresOf(model: tf.Sequential, rows: tf.Tensor2D): Promise<Float32Array> {
  const features = tf.tidy(() =>
    model.layers.slice(0, DENSE.length).reduce((x, layer) => layer.apply(x) as tf.Tensor, rows as tf.Tensor)
  );
  return await taken(features);
}

async function weightsOf(model: tf.Sequential): Promise<DenseWeights[]> {
  return await Promise.all(model.layers.map(async (layer) => {
    const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D]; // the layer's own: not to be disposed
    const [rows, columns] = kernel.shape;
    return {
      rows,
      columns,
      kernel: (await kernel.data<"float32">()).slice(),
      bias: (await bias.data<"float32">()).slice(),
    };
  }));
}

/** Which of the 16 features are 0 for every image: relu units that no image wakes. */
export function deadFeatures(features: Float32Array): readonly number[] {
  return Array.from({ length: FEATURES }, (_, k) => k)
    .filter((k) => features.every((value, i) => i % FEATURES !== k || value === 0));
}
