/**
 * Training of weights that are going to be shipped (mode two-part): in its second half they are rounded in the forward
 * pass, as the decoder will see them, and their own code length is descended with that of the data.
 */
import type { Context } from "../context.ts";
import { MdlError } from "../errors.ts";
import type { CheckpointFile } from "./checkpoint.ts";
import { type CosineRate, cosineRate, runSteps } from "./loop.ts";
import type { OpenLearner } from "./learner.ts";

const QUANTISED = 0.5; // of the steps are done before the weights are quantised in the forward pass
export const PRICE = 2; // bits of the data that a bit of the weights counts for in training: 1 would be fair, 2 gives shorter files
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
  /** What makes the steps. */
  readonly learner: OpenLearner;
  /** The steps that suit weights. */
  quantisation(weights: Float32Array): Quantisation;
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

/** What is said to whoever stops a training, and where it goes on. */
export function stopSentence(checkpoint: CheckpointFile | undefined, where: string): string {
  const goesOn = checkpoint ? `the same command resumes ${where}` : "nothing of this training is kept";
  return `Stopped; ${goesOn}.`;
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
  const { steps, weights } = training, resumed = await checkpoint?.load();
  if (resumed) context.log(`Training resumes at step ${resumed.step} of ${steps}.`);
  const zeros = () => new Float32Array(weights.length), from = resumed?.step ?? 0;
  const start = resumed?.state ?? { weights, mean: zeros(), square: zeros(), average: weights };
  const learner = training.learner(start, from, PRICE / training.symbols);
  let quantisation = resumed?.quantisation ?? null, saved = performance.now(), counted = 0;
  if (quantisation) learner.quantise(training.multiples(quantisation));
  const curve: { step: number; bits: number }[] = [];
  try {
    await training.prepare?.();
    await runSteps({
      label: "train",
      steps,
      from,
      async step(t) {
        if (!quantisation && t >= QUANTISED * steps) {
          quantisation = training.quantisation((await learner.state()).average);
          learner.quantise(training.multiples(quantisation));
        }
        learner.step(t, cosineRate(t, steps, training.rate));
        counted++;
      },
      async look(step) {
        const bits = await learner.takeBits() / counted;
        curve.push({ step, bits });
        counted = 0;
        return `${bits.toFixed(3)} bits/symbol`;
      },
      async keep(step) {
        const { aborted } = context.signal;
        if (!aborted && step < steps && performance.now() - saved <= SAVE_EVERY) return;
        await checkpoint?.save({ step, state: await learner.state(), quantisation });
        saved = performance.now();
        if (!aborted) return;
        throw new MdlError("interrupted", stopSentence(checkpoint, "here"));
      },
    }, context);
    const { average } = await learner.state();
    return { weights: average, quantisation: quantisation ?? training.quantisation(average), curve };
  } finally {
    learner.dispose();
  }
}
