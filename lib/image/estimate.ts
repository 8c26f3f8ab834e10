/** How long compressing will take on this machine, from a trial on corners of its first images. */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, datasetOf, images, largest } from "./dataset.ts";
import { crop, type Raster } from "./raster.ts";
import { type Context, contextOf } from "../context.ts";
import type { Progress } from "../progress.ts";
import { followedSymbols } from "./follow.ts";
import { adapts, type ModelSpec } from "./spec.ts";
import type { Estimate, Training } from "../codec.ts";
import type { ProgramModel } from "./model.ts";
import { MOST_TRAINED, train } from "./train.ts";
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
  return datasetOf(pictures, { name, channels, provenance });
}

/** Symbols that training looks at before its first step. */
function surveyed({ groups, channels, symbols }: Dataset): number {
  return Math.min(symbols.length, Math.max(MOST_TRAINED, largest(groups, channels)));
}

/** For training one model by `schedule`, encoding with it, and decoding. */
export async function estimateSeconds(
  set: Dataset,
  spec: ModelSpec,
  { schedule, threads }: Pick<Training, "schedule" | "threads">,
  { signal }: Pick<Context, "signal">,
): Promise<Estimate> {
  const trial = corners(set), reports: { readonly done: number; readonly time: number }[] = [];
  const progress = ({ label, done }: Progress) => {
    if (label === "train") reports.push({ done, time: performance.now() });
  };
  const context = contextOf(1, { signal, progress }),
    [few, many] = tf.getBackend() === "wasm" ? [40, 480] : [1, 4];
  const training = (steps: number) => train(trial, spec, { ...schedule, steps }, threads, context);
  await training(few); // compiles what later steps find compiled
  reports.length = 0;
  const { weights, quantisation, surveying } = await training(many);
  const end = reports.at(-1)!; // all threads are there after some of the steps
  const from = reports.find(({ done }) => done >= many / 4 && done < many) ?? reports[0]!;
  const aStep = (end.time - from.time) / 1000 / (end.done - from.done);
  const coding = await estimateCoding(set, { spec, weights, steps: quantisation }, context);
  const following = adapts(spec)
    ? coding.encoding * followedSymbols(set, schedule.steps) / set.symbols.length
    : 0;
  return {
    ...coding,
    training: aStep * schedule.steps + surveying * surveyed(set) / trial.symbols.length + following,
  };
}

/** For coding with a model that is there. */
export async function estimateCoding(
  set: Dataset,
  { spec, weights, steps }: Pick<ProgramModel, "spec" | "weights" | "steps">,
  { signal }: Pick<Context, "signal">,
): Promise<Estimate> {
  const trial = corners(set), context = contextOf(1, { signal });
  let seconds = 0;
  for (let run = 0; run < 2; run++) { // the first one warms the engine up
    const begun = performance.now();
    await encodeTwoPart(trial, spec, weights, steps, context);
    seconds = (performance.now() - begun) / 1000;
  }
  const coding = seconds * set.symbols.length / trial.symbols.length;
  return { training: 0, encoding: coding, decoding: coding };
}
