/**
 * The end of the training of weights that follow the image (`adapts`): what is descended until then is the code length
 * at the weights as they are trained; here it is that of weights which have followed the image up to each symbol, as
 * the encoder has it. Its gradient at those weights is taken for the one at the trained ones (first-order MAML: Finn et
 * al. 2017, of dynamic evaluation: Krause et al. 2018).
 */
import * as tf from "@tensorflow/tfjs";
import { type Dataset, images } from "./dataset.ts";
import { type Encoder, openEncoder } from "./encoder.ts";
import { MULTIPLES, stepOfWeights } from "./quantise.ts";
import type { ModelSpec } from "./spec.ts";
import type { Context } from "../context.ts";
import type { Steps } from "./parameters.ts";
import { paceOf } from "../pace.ts";
import { type Random, random, shuffled } from "../random.ts";
import { crop, type Raster } from "./raster.ts";
import { cosineRate } from "../training/loop.ts";
import { adamW } from "../training/optimiser.ts";
import { quantise, rateSlope } from "../training/quantise.ts";
import { PRICE } from "../training/two_part.ts";

const RATE = { rate: 3e-3, warm: 10, last: 0.01 };
/** Symbols that a step sees, or some more: of whole images, or of places in those that are larger than this. */
const BATCH = 2 ** 14, LARGE = 2 * BATCH;
/**
 * One of these steps for so many of the training before, or more where they go through a small part of the set only, and
 * the most of them: 600 brought no more.
 */
const STEPS_EACH = 250, PART = 8, MOST_STEPS = 400;

/** Symbols that are gone through behind so many steps of training, about. */
export function followedSymbols(
  { symbols, names }: Pick<Dataset, "symbols" | "names">,
  trainingSteps: number,
): number {
  const mean = symbols.length / names.length, one = mean > LARGE ? BATCH - 1 : mean; // a place is just below a batch
  return Math.ceil(BATCH / one) * one * stepsBehind(symbols.length, trainingSteps);
}

function stepsBehind(symbols: number, trainingSteps: number): number {
  const steps = Math.max(trainingSteps / STEPS_EACH, symbols / (PART * BATCH));
  return Math.min(MOST_STEPS, Math.ceil(steps));
}

/**
 * Trains on images, or places in them, in random order, by the context's seed: weights begin anew in each of them.
 *
 * @param weights f32[n], as trained so far.
 * @param quantisation What they are multiples of.
 * @param behind How many steps brought them there, and what the error says.
 * @returns f32[n], not rounded, and how many symbols it went through
 * @throws {MdlError} `interrupted`
 */
export async function trainFollowing(
  set: Dataset,
  spec: ModelSpec,
  weights: Float32Array,
  quantisation: Steps,
  { steps: trainingSteps, stopped }: { readonly steps: number; readonly stopped: string },
  context: Pick<Context, "seed" | "signal" | "progress">,
): Promise<{ readonly weights: Float32Array; readonly symbols: number }> {
  const encoder = await openEncoder(spec, set.channels, set.groups, weights, quantisation);
  const steps = stepsBehind(set.symbols.length, trainingSteps), zeros = new Float32Array(weights.length);
  const optimiser = adamW({ weights, mean: zeros, square: zeros, average: weights }, 0);
  const multiples = tf.tensor1d(stepOfWeights(spec, set.channels, quantisation));
  const pace = paceOf(context, { label: "follow", total: steps, unit: "steps" }, stopped);
  let t = 0, seen = 0, all = 0;
  const step = async () => {
    const scale = 1 / (Math.LN2 * seen), slope = encoder.takeGradients().map((sum) => sum * scale);
    tf.tidy(() => {
      const price = rateSlope(optimiser.weights, multiples).mul(PRICE / set.symbols.length);
      optimiser.step(tf.tensor1d(slope).add(price), cosineRate(t, steps, RATE));
    });
    const rounded = tf.tidy(() => quantise(optimiser.weights, multiples, MULTIPLES));
    encoder.moveWeights(await rounded.data<"float32">());
    rounded.dispose();
    seen = 0;
    t++;
  };
  try {
    for (const symbols of goThrough(encoder, set, context.seed)) {
      seen += symbols;
      all += symbols;
      if (seen >= BATCH) await step();
      await pace(t);
      if (t === steps) break;
    }
    return { weights: (await optimiser.state()).average, symbols: all };
  } finally {
    optimiser.dispose();
    multiples.dispose();
  }
}

/**
 * Goes through images in random order, over and over again; yields how many symbols it went through. Of a large one it is
 * a random place: all of it would be many steps in one picture.
 */
function* goThrough(encoder: Encoder, set: Dataset, seed: number): Generator<number> {
  const all = [...images(set)], stream = random(seed, "follow");
  for (;;) {
    for (const i of shuffled(all.length, stream)) {
      const image = { ...all[i]!, channels: set.channels };
      const { pixels, height, width } = image.pixels.length > LARGE ? placeIn(image, stream) : image;
      yield* encoder.learnInPieces(pixels, height, width);
    }
  }
}

/** A random place of about a batch of symbols, as square as the image allows. */
function placeIn(image: Raster, { below }: Random): Raster {
  const pixels = Math.floor(BATCH / image.channels);
  const height = Math.min(Math.floor(Math.sqrt(pixels)), image.height);
  const width = Math.min(Math.floor(pixels / height), image.width);
  return crop(image, below(image.width - width + 1), below(image.height - height + 1), width, height);
}
