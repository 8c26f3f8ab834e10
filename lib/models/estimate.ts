/** How long compressing will take on this machine, from a trial on corners of its first images. */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, datasetOf, images, runningNames } from "../data/dataset.ts";
import { crop, type Raster } from "../data/raster.ts";
import type { Context } from "../pipeline.ts";
import { contextOf } from "../run.ts";
import type { ModelSpec } from "./spec.ts";
import { type Schedule, train } from "./train.ts";
import { encodeTwoPart } from "./two_part.ts";

const CORNER = 96; // pixels a side
const ENOUGH = 10_000; // symbols of a trial, so that its fixed costs do not count

/** Corners of the first images, as many as are enough. */
function corners(set: Dataset): Dataset {
  const { channels } = set, pictures: Raster[] = [];
  let symbols = 0;
  for (const image of images(set)) {
    const corner = crop(
      { ...image, channels },
      0,
      0,
      Math.min(CORNER, image.width),
      Math.min(CORNER, image.height),
    );
    pictures.push(corner);
    symbols += corner.pixels.length;
    if (symbols >= ENOUGH) break;
  }
  const { name, provenance } = set;
  return datasetOf(pictures, { name, channels, provenance, names: runningNames(pictures.length) });
}

/** Seconds for training one model by `schedule`, encoding with it, and decoding to verify. */
export async function estimateSeconds(
  set: Dataset,
  spec: ModelSpec,
  schedule: Schedule,
  threads: number,
  { signal }: Pick<Context, "signal">,
): Promise<number> {
  const trial = corners(set), context = contextOf(1, { signal });
  const few = tf.getBackend() === "wasm" ? 40 : 1, many = 4 * few;
  const training = (steps: number) => train(trial, spec, { ...schedule, steps }, threads, context);
  await training(few); // compiles what later steps find compiled
  const { weights, quantisation, seconds } = await training(many);
  let coding = 0;
  for (let run = 0; run < 2; run++) { // the first one warms the engine up
    const begun = performance.now();
    await encodeTwoPart(trial, spec, weights, quantisation, context);
    coding = (performance.now() - begun) / 1000;
  }
  return seconds * schedule.steps / many + 2 * coding * set.symbols.length / trial.symbols.length;
}
