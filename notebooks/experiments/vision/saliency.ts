/**
 * Does an explanation name what the decision depends on? The gradient of the winning class points to pixels; they are
 * blanked, and what is right is counted again (the deletion test of Samek et al. 2017).
 */
import * as tf from "@tensorflow/tfjs";
import { random } from "../../../lib/random.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { classesOf, rightOf } from "../networks/classes.ts";
import { openTensors, taken } from "../networks/weights.ts";
import { type Pictures, probabilities } from "./classifier.ts";
import { type ClassifierSpec, classify, imagesOf } from "./network.ts";

/** Where the class that wins depends most on the pixels: |gradient| summed over channels, f32[count, side²]. */
export async function saliencyOf(
  spec: ClassifierSpec,
  tensors: Tensors,
  pixels: Uint8Array,
): Promise<Float32Array> {
  const weights = openTensors(tensors);
  const map = tf.tidy(() => {
    const slope = tf.grad((x: tf.Tensor) => classify(spec, weights, x as tf.Tensor4D).max(1).sum());
    return tf.abs(slope(imagesOf(pixels, spec))).sum(3);
  });
  tf.dispose(weights);
  return await taken(map);
}

/** Images with the pixels of the highest values replaced by those of the mean image; a share of all of an image's. */
export function blanked(
  pixels: Uint8Array,
  channels: number,
  values: Float32Array,
  size: number,
  share: number,
) {
  const out = pixels.slice(), count = values.length / size, mean = new Float64Array(size * channels);
  pixels.forEach((v, i) => mean[i % mean.length]! += v / count);
  for (let n = 0; n < count; n++) {
    const own = values.subarray(n * size, (n + 1) * size);
    const order = [...own.keys()].sort((a, b) => own[b]! - own[a]!).slice(0, Math.round(share * size));
    for (const pixel of order) {
      for (let c = 0; c < channels; c++) {
        out[(n * size + pixel) * channels + c] = Math.round(mean[pixel * channels + c]!);
      }
    }
  }
  return out;
}

/** What blanking costs, in percentage points of what is right. */
export interface Deletion {
  /** Of the pixels that the gradient points to. */
  readonly pointed: number;
  /** Of as many others, at random. */
  readonly random: number;
}

/** The deletion test of a classifier on some pictures. */
export async function deletionOf(
  spec: ClassifierSpec,
  tensors: Tensors,
  { pixels, labels }: Pictures,
  share: number,
  seed: number,
): Promise<Deletion> {
  const size = spec.side ** 2, { uniform } = random(seed, "blanked");
  const right = async (own: Uint8Array) =>
    rightOf(classesOf(await probabilities(spec, tensors, own), spec.classes), labels);
  const whole = await right(pixels);
  const by = async (values: Float32Array) =>
    whole - await right(blanked(pixels, spec.channels, values, size, share));
  return {
    pointed: await by(await saliencyOf(spec, tensors, pixels)),
    random: await by(Float32Array.from({ length: labels.length * size }, uniform)),
  };
}
