/**
 * A detector in one look (after Redmon et al. 2016): each place of the trunk's last map says whether the middle of a thing
 * lies in it, where exactly, how large it is, and of which class.
 */
import * as tf from "@tensorflow/tfjs";
import type { Context } from "../../../lib/context.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { distinct, type Found, meanAveragePrecision } from "./average_precision.ts";
import { trainedTask } from "../networks/classes.ts";
import { openTensors, taken, type Weights } from "../networks/weights.ts";
import { inOneLine } from "./classifier.ts";
import {
  convolve,
  imagesOf,
  initialTensors,
  type Layer,
  sidesOf,
  trunk,
  trunkLayers,
  type TrunkSpec,
} from "./network.ts";
import type { Scenes } from "./objects.ts";
import { type Schedule, trainTensors } from "./train.ts";

/** A detector: behind the trunk two convolutions of single places, as numbers of unlike size share no codebook well. */
export interface DetectorSpec extends TrunkSpec {
  readonly classes: number;
}

/** Outputs of a place besides the classes: whether, where across and down, how large across and down. */
const GEOMETRY = 5;

/** A detector to train. */
export interface DetectorJob {
  readonly kind: "detector";
  readonly spec: DetectorSpec;
  readonly train: Scenes;
  readonly schedule: Schedule;
  readonly seed: number;
}

/** Its layers in order. */
export function detectorLayers(spec: DetectorSpec): readonly Layer[] {
  const places = [sidesOf(spec.side)[2]! ** 2], wide = 2 * spec.width;
  return [
    ...trunkLayers(spec),
    { name: "box", shape: [1, 1, wide, GEOMETRY], places },
    { name: "head", shape: [1, 1, wide, spec.classes], places },
  ];
}

/** What the places should say, f32[count, grid, grid, GEOMETRY + classes]; where no middle lies, all are 0. */
export function targetsOf({ side, objects }: Scenes, classes: number): Float32Array {
  const grid = sidesOf(side)[2]!, cell = side / grid, outputs = GEOMETRY + classes;
  const out = new Float32Array(objects.length * grid * grid * outputs);
  objects.forEach((things, n) => {
    for (const { left, top, width, height, label } of things) {
      const x = (left + width / 2) / cell, y = (top + height / 2) / cell;
      const column = Math.floor(x), row = Math.floor(y), at = ((n * grid + row) * grid + column) * outputs;
      out.fill(0, at, at + outputs);
      out.set([1, x - column, y - row, Math.log(width / cell), Math.log(height / cell)], at);
      out[at + GEOMETRY + label] = 1;
    }
  });
  return out;
}

/** [B, side, side, 1] → [B, grid, grid, GEOMETRY + classes] */
function look(spec: DetectorSpec, weights: Weights, x: tf.Tensor4D): tf.Tensor4D {
  const h = trunk(spec, weights, x);
  return tf.concat([convolve(weights, "box", h, 1), convolve(weights, "head", h, 1)], 3);
}

/** Trains one by the sum of three losses: whether (cross-entropy), where and how large (squares), which (cross-entropy). */
export async function trainDetector(
  { spec, train, schedule }: DetectorJob,
  context: Pick<Context, "seed" | "signal" | "progress">,
): Promise<Tensors> {
  const grid = sidesOf(spec.side)[2]!, count = train.objects.length, outputs = GEOMETRY + spec.classes;
  const images = imagesOf(train.pixels, spec);
  const targets = tf.tensor4d(targetsOf(train, spec.classes), [count, grid, grid, outputs]);
  const parts = [1, 4, spec.classes];
  const loss = (weights: Weights, chosen: Int32Array) => {
    const indices = tf.tensor1d(chosen, "int32"), said = look(spec, weights, tf.gather(images, indices));
    const [there, box, which] = tf.split(tf.gather(targets, indices), parts, 3) as tf.Tensor4D[];
    const [logit, ownBox, ownClass] = tf.split(said, parts, 3) as tf.Tensor4D[];
    const whether = tf.relu(logit!).sub(logit!.mul(there!)).add(tf.log1p(tf.exp(tf.neg(tf.abs(logit!)))));
    const where = tf.squaredDifference(ownBox!, box!).sum(3, true);
    const named = tf.neg(tf.logSoftmax(ownClass!).mul(which!).sum(3, true));
    const things = there!.sum();
    return whether.sum().add(where.add(named).mul(there!).sum()).div(things) as tf.Scalar;
  };
  try {
    const initial = initialTensors(detectorLayers(spec), context.seed);
    return await trainTensors(initial, count, schedule, loss, context);
  } finally {
    tf.dispose([images, targets]);
  }
}

/** Scenes that are looked at together; things below this confidence are not kept. */
const MANY = 100, LEAST = 0.02;

/** What a detector finds in each scene. */
export async function detect(
  spec: DetectorSpec,
  tensors: Tensors,
  { pixels, objects, side }: Scenes,
): Promise<Found[][]> {
  const weights = openTensors(tensors), grid = sidesOf(side)[2]!, found: Found[][] = [];
  for (let from = 0; from < objects.length; from += MANY) {
    const numbers = tf.tidy(() => {
      const x = imagesOf(pixels.subarray(from * side ** 2, (from + MANY) * side ** 2), spec);
      const [logit, box, which] = tf.split(look(spec, weights, x), [1, 4, spec.classes], 3) as tf.Tensor4D[];
      const chances = tf.sigmoid(logit!).mul(tf.softmax(which!));
      return tf.concat([box!, chances], 3); // [B, grid, grid, 4 + classes]
    });
    const said = await taken(numbers);
    const one = grid * grid * (4 + spec.classes);
    for (let at = 0; at < said.length; at += one) {
      found.push(distinct(foundIn(said.subarray(at, at + one), grid, side / grid, spec.classes)));
    }
  }
  tf.dispose(weights);
  return found;
}

/** The things that a scene's places speak of, f32[grid, grid, 4 + classes]: box, then the chance of each class. */
export function foundIn(said: Float32Array, grid: number, cell: number, classes: number): Found[] {
  return Array.from({ length: grid * grid }, (_, place) => {
    const own = said.subarray(place * (4 + classes), (place + 1) * (4 + classes));
    const width = cell * Math.exp(own[2]!), height = cell * Math.exp(own[3]!);
    const left = cell * (place % grid + own[0]!) - width / 2;
    const top = cell * (Math.floor(place / grid) + own[1]!) - height / 2;
    return [...own.subarray(4)].map((score, label) => ({ left, top, width, height, label, score }));
  }).flat().filter(({ score, width, height }) => score >= LEAST && Number.isFinite(width * height));
}

/** A detector as a task: its models have been trained, one a seed, and its score is the mean average precision, in percent. */
export function detectorTask(
  name: string,
  spec: DetectorSpec,
  models: readonly Tensors[],
  test: Scenes,
  ways: readonly Way[],
): Task<readonly Tensors[], Scenes, Tensors> {
  const precision = async (model: Tensors, scenes: Scenes) =>
    meanAveragePrecision(await detect(spec, model, scenes), scenes.objects);
  return inOneLine(trainedTask(name, models, test, ways, precision));
}
