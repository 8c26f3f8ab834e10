/** The article's feature extractor as section 5.2 writes it, layer by layer, to see what its code does. */
import * as tf from "@tensorflow/tfjs";
import "./kernels.ts";
import { taken } from "./weights.ts";

/**
 * Three 3×3 convolutions of 32, 64 and 128 channels without padding, each followed by 2×2 max pooling, then Flatten:
 * [B, 32, 32, channels] → [B, 512]; compiled with Adam and the mean squared error. The caller disposes of it.
 */
export function articleExtractor(channels: number, seed: number): tf.Sequential {
  const convolution = (filters: number, n: number, first: { inputShape?: number[] } = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: "relu",
      ...first,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + n }),
    });
  const pooling = () => tf.layers.maxPooling2d({ poolSize: 2 });
  const model = tf.sequential({
    layers: [
      convolution(32, 1, { inputShape: [32, 32, channels] }),
      pooling(),
      convolution(64, 2),
      pooling(),
      convolution(128, 3),
      pooling(),
      tf.layers.flatten(),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  return model;
}

/** Runs something and says how it ended: with what result, or with which error in the library's own words. */
export async function attempt(what: string, run: () => unknown): Promise<{ what: string; outcome: string }> {
  try {
    return { what, outcome: String(await run()) };
  } catch (error) {
    const { name, message } = error as Error;
    return { what, outcome: `${name}: ${message.split("\n")[0]!.trim()}` };
  }
}

/**
 * How much the features depend on each pixel: the sum of the absolute gradients of all features' squares, averaged over
 * images. Zero means that no feature sees the pixel.
 *
 * @param images [B, 32, 32, channels]; not disposed of.
 * @returns [32, 32], row by row.
 */
export async function sightOf(model: tf.Sequential, images: tf.Tensor4D): Promise<Float32Array> {
  const sight = tf.tidy(() => {
    const energy = (x: tf.Tensor) => (model.apply(x) as tf.Tensor).square().sum() as tf.Scalar;
    return tf.grad(energy)(images).abs().mean([0, 3]);
  });
  return await taken(sight);
}
