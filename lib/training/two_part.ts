/**
 * Training of weights that are going to be shipped (mode two-part): in its second half they are rounded in the forward
 * pass, as the decoder will see them, and their own code length is descended with that of the data.
 */
import * as tf from "@tensorflow/tfjs";
import type { Context } from "../context.ts";
import { MdlError } from "../errors.ts";
import type { CheckpointFile } from "./checkpoint.ts";
import { type CosineRate, cosineRate, runSteps } from "./loop.ts";
import { adamW } from "./optimiser.ts";
import { type Multiples, quantise, rateSlope } from "./quantise.ts";

const QUANTISED = 0.5; // of the steps are done before the weights are quantised in the forward pass
const PRICE = 2; // bits of the data that a bit of the weights counts for in training: 1 would be fair, 2 gives shorter files
const SAVE_EVERY = 20_000; // milliseconds between checkpoints; one more at the end

/** What weights are multiples of, by the name of their part. */
export type Quantisation = Readonly<Record<string, number>>;

/** What is trained. */
export interface TwoPartTraining {
  readonly steps: number;
  readonly rate: CosineRate;
  /** Symbols that are going to be coded. */
  readonly symbols: number;
  /** Before training, f32[n]. */
  readonly weights: Float32Array;
  /** Mean bits a symbol of the samples of step t, and their slope; called within `tf.tidy`. */
  gradient(weights: tf.Tensor1D, t: number): { readonly value: tf.Scalar; readonly grad: tf.Tensor1D };
  /** The steps that suit weights. */
  quantisation(weights: Float32Array): Quantisation;
  /** Multiples of a step that the decoder holds. */
  readonly range: Multiples;
  /** The step of every weight, f32[n]. */
  multiples(quantisation: Quantisation): Float32Array;
  /** Comes before the first step, once the state is there. */
  prepare?(): Promise<void>;
}

/** A training's result, and how it went. */
export interface TwoPartWeights {
  /** f32[n], not yet rounded to the steps. */
  readonly weights: Float32Array;
  /** What weights are multiples of, by the name of their part. */
  readonly quantisation: Quantisation;
  /** Mean bits per symbol of the samples since the point before. */
  readonly curve: readonly { readonly step: number; readonly bits: number }[];
}

/**
 * Trains on the tfjs backend that is open. The result is the same, whether it was interrupted or not.
 *
 * @throws {MdlError} `interrupted` when the context's signal aborts; a checkpoint is written first.
 */
export async function trainTwoPart(
  training: TwoPartTraining,
  context: Pick<Context, "signal" | "progress" | "log">,
  checkpoint?: CheckpointFile,
): Promise<TwoPartWeights> {
  const { steps, weights, range } = training,
    price = PRICE / training.symbols,
    resumed = await checkpoint?.load();
  if (resumed) context.log(`Training resumes at step ${resumed.step} of ${steps}.`);
  const zeros = () => new Float32Array(weights.length), from = resumed?.step ?? 0;
  const optimiser = adamW(
    resumed?.state ?? { weights, mean: zeros(), square: zeros(), average: weights },
    from,
  );
  let quantisation = resumed?.quantisation ?? null, multiples: tf.Tensor1D | null = null;
  const beginQuantising = () => (multiples = tf.tensor1d(training.multiples(quantisation!)));
  if (quantisation) beginQuantising();
  const sum = tf.tidy(() => tf.variable(tf.scalar(0))), curve: { step: number; bits: number }[] = [];
  let saved = performance.now(), counted = 0;
  try {
    await training.prepare?.();
    await runSteps({
      label: "train",
      steps,
      from,
      async step(t) {
        if (!quantisation && t >= QUANTISED * steps) {
          quantisation = training.quantisation((await optimiser.state()).average);
          beginQuantising();
        }
        tf.tidy(() => {
          const forward = multiples ? quantise(optimiser.weights, multiples, range) : optimiser.weights;
          const { value, grad } = training.gradient(forward, t);
          const slope = multiples ? grad.add(rateSlope(optimiser.weights, multiples).mul(price)) : grad;
          optimiser.step(slope as tf.Tensor1D, cosineRate(t, steps, training.rate));
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
        if (!aborted && step < steps && performance.now() - saved <= SAVE_EVERY) return;
        await checkpoint?.save({ step, state: await optimiser.state(), quantisation });
        saved = performance.now();
        if (!aborted) return;
        const goesOn = checkpoint ? "the same command resumes here" : "nothing of this training is kept";
        throw new MdlError("interrupted", `Stopped; ${goesOn}.`);
      },
    }, context);
    const { average } = await optimiser.state();
    return { weights: average, quantisation: quantisation ?? training.quantisation(average), curve };
  } finally {
    optimiser.dispose();
    sum.dispose();
    (multiples as tf.Tensor1D | null)?.dispose();
  }
}
