/** Training of the predictor on the very set that is to be compressed (mode two-part: the weights are shipped). */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../backend/backend.ts";
import { type Dataset, imageCount, thinned } from "./dataset.ts";
import type { Steps } from "./parameters.ts";
import { MdlError } from "../errors.ts";
import { paced, paceOf } from "../pace.ts";
import type { Context } from "../context.ts";
import type { Schedule } from "../codec.ts";
import type { CheckpointFile } from "../training/checkpoint.ts";
import { type FusedGradient, openFused } from "./fused.ts";
import { cosineRate, runSteps } from "../training/loop.ts";
import { adamW } from "../training/optimiser.ts";
import { composedLoss, fusedGradient, initialWeights, type Loss } from "./predictor.ts";
import { quantisationSteps, quantise, rateSlope, stepOfWeights } from "./quantise.ts";
import { drawSamples, runsOf, stepSize } from "./samples.ts";
import { flopPerSymbol, type ModelSpec } from "./spec.ts";

const RATE = { rate: 6e-3, warm: 100, last: 0.01 };
const QUANTISED = 0.5; // of the steps are done before the weights are quantised in the forward pass
export const MOST_TRAINED = 12e6; // symbols that training draws from; of larger sets, some of the images
const PRICE = 2; // bits of the data that a bit of the weights counts for in training: 1 would be fair, 2 gives shorter files
const SAVE_EVERY = 20_000; // milliseconds between checkpoints; one more at the end

/** A training's result, and how it went. */
export interface Trained {
  /** f32[cells · cellSize], not yet rounded to the steps. */
  readonly weights: Float32Array;
  /** What weights are multiples of, by kind of layer. */
  readonly quantisation: Steps;
  /** Mean bits per symbol of the samples since the point before. */
  readonly curve: readonly { readonly step: number; readonly bits: number }[];
  /** Floating-point operations, all in all. */
  readonly flop: number;
  /** How long it took. */
  readonly seconds: number;
  /** Of these, before the first step. */
  readonly surveying: number;
}

/** FLOP of a training: three times the forward pass, for every sample. */
export function trainingFlop(spec: ModelSpec, channels: number, { steps, batch }: Schedule): number {
  return 3 * flopPerSymbol(spec, channels) * steps * stepSize(runsOf(spec, channels, batch));
}

/** The learning rate of step t of `steps`. */
export function rateAt(t: number, steps: number): number {
  return cosineRate(t, steps, RATE);
}

/** Computes the local predictions of all symbols that training may see. */
async function survey(fused: FusedGradient, total: number, context: Context): Promise<void> {
  const pace = paceOf(context, { label: "survey", total, unit: "images" }, "Stopped before training began.");
  await paced(fused.survey(), pace);
}

function differentiate(loss: Loss, weights: tf.Tensor1D): { value: tf.Scalar; grad: tf.Tensor1D } {
  return tf.valueAndGrad((w) => loss(w as tf.Tensor1D))(weights) as { value: tf.Scalar; grad: tf.Tensor1D };
}

/**
 * Trains on the tfjs backend that is open, or on the best: on wasm with the fused kernel on `threads` cores, elsewhere with tfjs
 * operations. The same seed, backend and schedule give the same weights, whether it was interrupted or not, on any
 * number of cores.
 *
 * @throws {MdlError} `interrupted` when the context's signal aborts; a checkpoint is written first.
 */
export async function train(
  set: Dataset,
  spec: ModelSpec,
  schedule: Schedule,
  threads: number,
  context: Context,
  checkpoint?: CheckpointFile,
): Promise<Trained> {
  await ensureBackend(context);
  const { channels } = set, runs = runsOf(spec, channels, schedule.batch);
  const fast = tf.getBackend() === "wasm", source = thinned(set, MOST_TRAINED);
  const resumed = await checkpoint?.load();
  if (resumed) context.log(`Training resumes at step ${resumed.step} of ${schedule.steps}.`);
  const fused = await openFused(source, spec, stepSize(runs), fast ? threads : 1);
  const zeros = () => new Float32Array(fused.weights.length);
  const weights = initialWeights(spec, channels, context.seed);
  const start = resumed?.state ?? { weights, mean: zeros(), square: zeros(), average: weights };
  const optimiser = adamW(start, resumed?.step ?? 0);
  let quantisation = resumed?.quantisation ?? null, multiples: tf.Tensor1D | null = null;
  const beginQuantising = () => (multiples = tf.tensor1d(stepOfWeights(spec, channels, quantisation!)));
  if (quantisation) beginQuantising();
  const sum = tf.tidy(() => tf.variable(tf.scalar(0))), curve: { step: number; bits: number }[] = [];

  const price = PRICE / set.symbols.length;
  const valueAndGradient = (w: tf.Tensor1D) =>
    fast ? fusedGradient(fused, w) : differentiate(composedLoss(spec, channels, fused.contexts(), runs), w);

  const begun = performance.now();
  let surveying = 0, saved = begun, counted = 0;
  try {
    await survey(fused, imageCount(source.groups), context);
    surveying = (performance.now() - begun) / 1000;
    await runSteps({
      label: "train",
      steps: schedule.steps,
      from: resumed?.step ?? 0,
      async step(t) {
        if (!quantisation && t >= QUANTISED * schedule.steps) {
          quantisation = quantisationSteps(spec, channels, (await optimiser.state()).average);
          beginQuantising();
        }
        drawSamples(fused.space, spec, context.seed, t, runs, fused.records);
        tf.tidy(() => {
          const forward = multiples ? quantise(optimiser.weights, multiples) : optimiser.weights;
          const { value, grad } = valueAndGradient(forward);
          const slope = multiples ? grad.add(rateSlope(optimiser.weights, multiples).mul(price)) : grad;
          optimiser.step(slope as tf.Tensor1D, rateAt(t, schedule.steps));
          sum.assign(sum.add(value) as tf.Scalar);
        });
        counted++;
      },
      async look(step) {
        const bits = (await sum.data())[0]! / counted;
        curve.push({ step, bits });
        tf.tidy(() => sum.assign(tf.scalar(0)));
        counted = 0;
        return `${bits.toFixed(3)} bits/symbol`;
      },
      async keep(step) {
        const { aborted } = context.signal;
        if (!aborted && step < schedule.steps && performance.now() - saved <= SAVE_EVERY) return;
        await checkpoint?.save({ step, state: await optimiser.state(), quantisation });
        saved = performance.now();
        if (aborted) throw new MdlError("interrupted", "Stopped; the same command resumes here.");
      },
    }, context);
    const { average } = await optimiser.state();
    quantisation ??= quantisationSteps(spec, channels, average);
    return {
      weights: average,
      quantisation,
      curve,
      surveying,
      flop: trainingFlop(spec, channels, schedule),
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    fused.close();
    optimiser.dispose();
    sum.dispose();
    (multiples as tf.Tensor1D | null)?.dispose();
  }
}
