/** Training of the predictor on the very set that is to be compressed (mode two-part: the weights are shipped). */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../backend/backend.ts";
import { type Dataset, thinned } from "./dataset.ts";
import { planesOf } from "./lattice.ts";
import type { Steps } from "./parameters.ts";
import { paced, paceOf } from "../pace.ts";
import type { Context } from "../context.ts";
import type { Schedule } from "../codec.ts";
import type { CheckpointFile } from "../training/checkpoint.ts";
import { trainFollowing } from "./follow.ts";
import { openFused } from "./fused.ts";
import { fusedLearner } from "./fused_learner.ts";
import { composedLearner, gradientOf } from "../training/learner.ts";
import { stopSentence, trainTwoPart, type TwoPartWeights } from "../training/two_part.ts";
import { composedLoss, initialWeights } from "./predictor.ts";
import { MULTIPLES, quantisationSteps, stepOfWeights } from "./quantise.ts";
import { drawSamples, runsOf, stepSize } from "./samples.ts";
import { adapts, flopPerSymbol, type ModelSpec } from "./spec.ts";

/** The learning rate. */
export const RATE = { rate: 6e-3, warm: 100, last: 0.01 };
export const MOST_TRAINED = 12e6; // symbols that training draws from; of larger sets, some of the images

/** A training's result, and how it went. */
export interface Trained extends TwoPartWeights {
  /** What weights are multiples of, by kind of layer. */
  readonly quantisation: Steps;
  /** Floating-point operations, all in all. */
  readonly flop: number;
  /** How long it took. */
  readonly seconds: number;
  /** Of these, before the first step. */
  readonly surveying: number;
}

/** FLOP of a training: three times the forward pass, for every sample, and for every symbol that weights `followed`. */
export function trainingFlop(
  spec: ModelSpec,
  channels: number,
  { steps, batch }: Schedule,
  followed = 0,
): number {
  const samples = steps * stepSize(runsOf(spec, channels, batch));
  return 3 * flopPerSymbol(spec, channels) * (samples + followed);
}

/**
 * Trains on the tfjs backend that is open, or on the best: on wasm with the fused kernel on `threads` cores, elsewhere
 * with tfjs operations. The same seed, backend and schedule give the same weights, whether it was interrupted or not, on
 * any number of cores.
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
  const fast = tf.getBackend() === "wasm", chosen = thinned(set, MOST_TRAINED);
  const counted = { total: chosen.names.length, unit: "images" };
  const before = (label: string) => paceOf(context, { label, ...counted }, "Stopped before training began.");
  const source = await paced(planesOf(chosen, spec.lattice), before("lattice"));
  const fused = await openFused(source, spec, stepSize(runs), fast ? threads : 1, schedule.relaxed);
  const draw = (t: number) => drawSamples(fused.space, spec, context.seed, t, runs, fused.records);
  const begun = performance.now();
  let surveying = 0;
  try {
    const trained = await trainTwoPart(
      {
        steps: schedule.steps,
        rate: RATE,
        symbols: set.symbols.length,
        weights: initialWeights(spec, channels, context.seed),
        async prepare() {
          await paced(fused.survey(), before("survey"));
          surveying = (performance.now() - begun) / 1000;
        },
        learner: fast ? fusedLearner(fused, draw) : composedLearner(
          gradientOf((t) => {
            draw(t);
            return composedLoss(spec, channels, fused.contexts(), runs);
          }),
          MULTIPLES,
        ),
        quantisation: (weights) => quantisationSteps(spec, channels, weights),
        multiples: (steps) => stepOfWeights(spec, channels, steps as Steps),
      },
      context,
      checkpoint,
    );
    const quantisation = trained.quantisation as Steps;
    const behind = {
      steps: schedule.steps,
      stopped: stopSentence(checkpoint, "where weights begin to follow"),
    };
    const { weights, symbols } = adapts(spec)
      ? await trainFollowing(set, spec, trained.weights, quantisation, behind, context)
      : { ...trained, symbols: 0 };
    return {
      ...trained,
      weights,
      quantisation,
      surveying,
      flop: trainingFlop(spec, channels, schedule, symbols),
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    fused.close();
  }
}
