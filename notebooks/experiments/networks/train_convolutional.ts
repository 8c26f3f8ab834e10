/** Training of the convolutional autoencoder: Adam on the mean squared error, as the article has it (5.2). */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, checkOptions, contextWith, object, required, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { random } from "../../../lib/random.ts";
import { cosineRate } from "../../../lib/training/loop.ts";
import { runEpochs, stepsOf } from "./epochs.ts";
import {
  type ConvolutionalSpec,
  convolutionFlop,
  decodeCodes,
  encodeImages,
  initialConvolution,
  layerTensors,
  SIDE,
} from "./convolutional.ts";
import { taken } from "./weights.ts";

/** How long to train. */
export interface Epochs {
  /** Passes over the images. */
  readonly epochs: number;
  /** Images a step. */
  readonly batch: number;
}

/** A trained network. */
export interface Autoencoder {
  readonly spec: ConvolutionalSpec;
  readonly seed: number;
  /** f32, in the order of `convolutionLayers`. */
  readonly weights: Float32Array;
  /** Mean squared error after each epoch's steps, in units of (1/255)². */
  readonly curve: readonly { readonly epoch: number; readonly error: number }[];
  readonly flop: number;
  readonly seconds: number;
}

const RATE = { rate: 5e-3, warm: 30, last: 0.02 };

/** All images as a tensor [images, 32, 32, 1] in [0, 1]; the caller's to dispose. */
export function imagesTensor(set: Pick<Dataset, "symbols" | "channels" | "groups">): tf.Tensor4D {
  const [group, ...others] = set.groups;
  if (others.length || group?.height !== SIDE || group.width !== SIDE || set.channels !== 1) {
    throw new MdlError(
      "usage",
      `The network takes gray images of ${SIDE}×${SIDE}: preprocess the set first.`,
    );
  }
  return tf.tidy(() => tf.tensor4d(Float32Array.from(set.symbols), [group.count, SIDE, SIDE, 1]).div(255));
}

/**
 * Trains on the tfjs backend that is open, or on the best. In place of rounding, codes get uniform noise of ±½ (Ballé et al. 2016), so
 * that the decoder learns to live with it. The same seed, backend and schedule give the same weights.
 *
 * @throws {MdlError} `usage` for images of another size, or fewer than a batch; the context's abort reason
 */
export async function trainAutoencoder(
  set: Pick<Dataset, "symbols" | "channels" | "groups">,
  spec: ConvolutionalSpec,
  schedule: Epochs,
  context: Pick<Context, "seed" | "signal" | "progress"> & Partial<Pick<Context, "log">>,
): Promise<Autoencoder> {
  checkArguments("trainAutoencoder", { set, spec, context }, {
    set: object("a set of images", "symbols", "channels", "groups"),
    spec: object("a network's shape, such as PLAIN"),
    context: contextWith("seed", "signal", "progress"),
  });
  checkOptions("trainAutoencoder", schedule, { epochs: required(whole(0)), batch: required(whole(1)) });
  const { epochs, batch } = schedule;
  await ensureBackend(context);
  const begun = performance.now(), images = imagesTensor(set), count = images.shape[0];
  if (count < batch) {
    images.dispose();
    throw new MdlError("usage", `A batch of ${batch} images cannot be taken from ${count}.`);
  }
  const weights = tf.tidy(() => tf.variable(tf.tensor1d(initialConvolution(spec, context.seed))));
  const adam = tf.train.adam(RATE.rate),
    stream = random(context.seed, "shuffle"),
    noise = random(context.seed, "noise");
  const steps = stepsOf(count, schedule);
  try {
    const errors = await runEpochs({
      label: "train",
      epochs,
      count,
      batch,
      orders: stream,
      step(chosen, t) {
        Object.assign(adam, { learningRate: cosineRate(t, steps, RATE) });
        return descend(adam, spec, weights, images, chosen, noise.uint32);
      },
      note: (error) => `MSE ${(255 ** 2 * error).toFixed(1)}`,
    }, context);
    const curve = errors.map((error, i) => ({ epoch: i + 1, error: 255 ** 2 * error }));
    return {
      spec,
      seed: context.seed,
      weights: (await weights.data<"float32">()).slice(),
      curve,
      flop: 3 * convolutionFlop(spec) * steps * batch,
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    tf.dispose([images, weights]);
    adam.dispose();
  }
}

/** One step on some of the images; the mean squared error before it. */
async function descend(
  adam: tf.Optimizer,
  spec: ConvolutionalSpec,
  weights: tf.Variable<tf.Rank.R1>,
  images: tf.Tensor4D,
  chosen: Int32Array,
  draw: () => number,
): Promise<number> {
  const error = tf.tidy(() => {
    const x = tf.gather(images, tf.tensor1d(chosen, "int32")); // [B, 32, 32, 1]
    const { value, grads } = tf.variableGrads(() => {
      const layers = layerTensors(spec, weights as unknown as tf.Tensor1D);
      const { coarse, fine } = encodeImages(spec, layers, x);
      const noisy = (code: tf.Tensor4D) =>
        code.add(tf.randomUniform(code.shape, -0.5, 0.5, "float32", 1 + draw())) as tf.Tensor4D;
      const codes = { coarse: noisy(coarse), ...(fine ? { fine: noisy(fine) } : {}) };
      return tf.mean(tf.squaredDifference(decodeCodes(spec, layers, codes), x)) as tf.Scalar;
    }, [weights]);
    adam.applyGradients(grads);
    return value;
  });
  return (await taken(error))[0]!;
}
