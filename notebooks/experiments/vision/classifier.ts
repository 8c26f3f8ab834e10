/** Classifiers of images as tasks of the laboratory: what is right, in percent, against the bytes of the file. */
import * as tf from "@tensorflow/tfjs";
import type { Context } from "../../../lib/context.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import { shrunk, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { classesOf, rightOf, trainedTask } from "../networks/classes.ts";
import { openTensors, taken, type Weights } from "../networks/weights.ts";
import { classifierLayers, type ClassifierSpec, classify, imagesOf, initialTensors } from "./network.ts";
import { type Schedule, trainTensors } from "./train.ts";

/** Images with their classes, as they are sent to a Worker. */
export interface Pictures {
  /** u8[count, side, side, channels] */
  readonly pixels: Uint8Array;
  /** One an image, from 0. */
  readonly labels: readonly number[];
}

/**
 * A set's images and classes.
 *
 * @throws {MdlError} `usage` without labels, or where images differ in size
 */
export function picturesOf({ name, symbols, labels, groups }: Dataset): Pictures {
  if (!labels || groups.length > 1 || groups[0]!.height !== groups[0]!.width) {
    throw new MdlError("usage", `${name}: a classifier needs labels, and square images of one size.`);
  }
  return { pixels: symbols, labels };
}

/** A classifier to train. */
export interface ClassifierJob {
  readonly kind: "classifier";
  readonly spec: ClassifierSpec;
  readonly train: Pictures;
  readonly schedule: Schedule;
  readonly seed: number;
}

/** Trains one by the cross-entropy; half of the steps see their images mirrored. */
export async function trainClassifier(
  { spec, train, schedule }: ClassifierJob,
  context: Pick<Context, "seed" | "signal" | "progress">,
): Promise<Tensors> {
  const images = imagesOf(train.pixels, spec), initial = initialTensors(classifierLayers(spec), context.seed);
  const loss = (weights: Weights, chosen: Int32Array, draw: () => number) => {
    const x = tf.gather(images, tf.tensor1d(chosen, "int32")); // [B, side, side, channels]
    const labels = tf.tensor1d(Array.from(chosen, (i) => train.labels[i]!), "int32");
    const seen = draw() < 0.5 ? tf.reverse(x, 2) : x;
    const wanted = tf.oneHot(labels, spec.classes); // [B, C]
    return tf.losses.softmaxCrossEntropy(wanted, classify(spec, weights, seen)) as tf.Scalar;
  };
  try {
    return await trainTensors(initial, train.labels.length, schedule, loss, context);
  } finally {
    images.dispose();
  }
}

/** Images that are classified at once. */
const MANY = 250;

/** Probabilities of the classes of each image, f32[count, classes]. */
export async function probabilities(
  spec: ClassifierSpec,
  tensors: Tensors,
  pixels: Uint8Array,
): Promise<Float32Array> {
  const weights = openTensors(tensors), size = spec.side ** 2 * spec.channels, count = pixels.length / size;
  const out = new Float32Array(count * spec.classes);
  for (let from = 0; from < count; from += MANY) {
    const part = tf.tidy(() => {
      const x = imagesOf(pixels.subarray(from * size, (from + MANY) * size), spec);
      return tf.softmax(classify(spec, weights, x));
    });
    out.set(await taken(part), from * spec.classes);
  }
  tf.dispose(weights);
  return out;
}

/** A model as it comes out of a file of that many bits a number. */
export const rounded = (tensors: Tensors, bits: number): Tensors => shrunk(tensors, { bits });

/** A classifier as a task: its models have been trained, one a seed, and its score is what is right, in percent. */
export function classifierTask(
  name: string,
  spec: ClassifierSpec,
  models: readonly Tensors[],
  test: Dataset,
  ways: readonly Way[],
): Task<readonly Tensors[], Pictures, Tensors> {
  if (test.names.length === 0) throw new MdlError("usage", `${name}: there is nothing to test on.`);
  const right = async (model: Tensors, { pixels, labels }: Pictures) =>
    rightOf(classesOf(await probabilities(spec, model, pixels), spec.classes), labels);
  return inOneLine(trainedTask(name, models, picturesOf(test), ways, right));
}

/** The task with its file as trained drawn as the first of those with codebooks. */
export function inOneLine<Train, Test, Model>(task: Task<Train, Test, Model>): Task<Train, Test, Model> {
  const lineOf = (family: string) => family === "as trained" ? "codebooks" : family;
  return {
    ...task,
    files: (model) => task.files(model).map((file) => ({ ...file, family: lineOf(file.family) })),
  };
}
