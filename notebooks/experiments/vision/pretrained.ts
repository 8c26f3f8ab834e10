/**
 * A network that others have trained, and that comes inside a package: MobileNetV2 (Sandler et al. 2018) of nsfwjs, which
 * tells drawings from photographs and ordinary pictures from others. Its files are read, not run.
 */
import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { resize, toColour } from "../../../lib/image/raster.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";
import type { Context } from "../../../lib/context.ts";
import { decodeTensors, encodeTensors } from "../../../scripts/laboratory/task/tensor_file.ts";
import { classesOf, rightOf } from "../networks/classes.ts";
import { taken } from "../networks/weights.ts";
import { sizeOf, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";

const PACKAGE = "nsfwjs@4.4.0", FOLDER = "dist/models/mobilenet_v2";

/** What its outputs stand for, in the words of the package. */
export const PRETRAINED_CLASSES = ["Drawing", "Hentai", "Neutral", "Porn", "Sexy"] as const;

/** Pixels a side of its pictures. */
const SIDE = 224;

/** A network as it came. */
export interface Pretrained {
  readonly topology: object;
  /** Its numbers by name. */
  readonly tensors: Tensors;
  /** Bytes of its weights in the package: one a number, with a smallest value and a step for each tensor. */
  readonly shipped: number;
}

/** What a package's model.json says. */
interface Manifest {
  readonly modelTopology: object;
  readonly weightsManifest: readonly [{
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly quantization: { readonly min: number; readonly scale: number; readonly dtype: "uint8" };
    }[];
  }];
}

/**
 * Fetches the package at first use, and reads the network.
 *
 * @throws {MdlError} as `packageFolder`; `unreadable`
 */
export async function loadPretrained(context: Pick<Context, "signal" | "log">): Promise<Pretrained> {
  const folder = join(await packageFolder(PACKAGE, context), FOLDER);
  const [model, weights] = await Promise.all(
    ["model", "group1-shard1of1"].map((name) => Deno.readTextFile(join(folder, `${name}.min.js`))),
  );
  const { modelTopology, weightsManifest } = objectIn(model!) as Manifest;
  const [, base64] = /exports="([A-Za-z0-9+/=]+)"/.exec(weights!) ?? [];
  if (!base64) throw new MdlError("unreadable", `${PACKAGE} holds no weights where they should be.`);
  const bytes = Uint8Array.fromBase64(base64);
  let at = 0;
  const tensors = weightsManifest[0].weights.map(({ name, shape, quantization: { min, scale } }) => {
    const count = sizeOf(shape), own = bytes.subarray(at, at += count);
    return [name, { shape, values: Float32Array.from(own, (v) => v * scale + min) }] as const;
  });
  if (at !== bytes.length) {
    throw new MdlError("unreadable", `${PACKAGE}: the weights do not fit their names.`);
  }
  return { topology: modelTopology, tensors: Object.fromEntries(tensors), shipped: bytes.length };
}

/** The object that a script exports as a literal, its names without quotes, `!0` for true, and `.5` for 0.5. */
export function objectIn(script: string): unknown {
  const [, literal] = /exports=(\{.*\})\},\{\}\]\},\{\},\[1\]\)/s.exec(script) ?? [];
  if (!literal) throw new MdlError("unreadable", `${PACKAGE} holds no model where it should be.`);
  const json = literal.replace(
    /"[^"]*"|([A-Za-z_]\w*):|!([01])|(?<![\w.])\.(\d)/g,
    (token, name?: string, truth?: string, digit?: string) => {
      if (name) return `"${name}":`;
      if (truth) return truth === "0" ? "true" : "false";
      return digit ? `0.${digit}` : token;
    },
  );
  return JSON.parse(json);
}

/** Kernels that few numbers make, and that much depends on: each channel's own, and those behind which nothing is cut off. */
const SENSITIVE = /depthwise_kernel|_project\/kernel|^Conv1\/|^dense/;

/**
 * The network's file with so many bits a number (0: f32, as it came), everywhere or but for the sensitive kernels, which
 * have 8.
 */
export function fileOf({ tensors }: Pretrained, bits: number, careful: boolean): Uint8Array {
  return encodeTensors(tensors, (name) => ({ bits: careful && SENSITIVE.test(name) ? 8 : bits }));
}

/** Pictures of a set in the network's size and colours, u8[count, 224, 224, 3]. */
export function enlarged(set: Dataset): Uint8Array {
  const one = SIDE * SIDE * 3, out = new Uint8Array(set.names.length * one);
  [...images(set)].forEach((image, n) => {
    const { pixels } = toColour(resize({ ...image, channels: set.channels }, SIDE, SIDE));
    out.set(pixels, n * one);
  });
  return out;
}

/** Pictures that go through the network together. */
const MANY = 16;

/** Probabilities of the classes that the network gives to pictures, f32[count, 5], by the numbers in a file. */
export async function answersOf(
  { topology }: Pretrained,
  file: Uint8Array,
  pictures: Uint8Array,
): Promise<Float32Array> {
  const tensors = Object.entries(decodeTensors(file)), one = SIDE * SIDE * 3;
  const data = tensors.map(([, { values }]) => values.slice().buffer);
  const model = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: topology,
    weightSpecs: tensors.map(([name, { shape }]) => ({ name, shape: [...shape], dtype: "float32" as const })),
    weightData: data,
  }));
  const count = pictures.length / one, out = new Float32Array(count * PRETRAINED_CLASSES.length);
  for (let from = 0; from < count; from += MANY) {
    const part = tf.tidy(() => {
      const own = pictures.subarray(from * one, (from + MANY) * one);
      const x = tf.tensor4d(new Float32Array(own), [own.length / one, SIDE, SIDE, 3]);
      return model.predict(x.div(255)) as tf.Tensor;
    });
    out.set(await taken(part), from * PRETRAINED_CLASSES.length);
  }
  model.dispose();
  return out;
}

/** How far answers are from those of the network as it came. */
export interface Change {
  /** Pictures whose most probable class is the same, in percent. */
  readonly agreeing: number;
  /** Mean Kullback–Leibler divergence of the answers from the first ones, in bits. */
  readonly divergence: number;
}

/** Compares answers p(first) and q(second), f32[count, classes] each. */
export function changeOf(first: Float32Array, second: Float32Array, classes: number): Change {
  const count = first.length / classes, least = 1e-7; // of a probability in f32
  const bits = first.reduce(
    (sum, own, i) => sum + (own > 0 ? own * Math.log2(own / Math.max(second[i]!, least)) : 0),
    0,
  );
  return {
    agreeing: rightOf(classesOf(second, classes), classesOf(first, classes)),
    divergence: bits / count,
  };
}
