/** Training a language model on a text, with its moment to stop chosen on another. */
import * as tf from "@tensorflow/tfjs";
import "./kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import type { Random } from "../../../lib/random.ts";
import { runSteps } from "../../../lib/training/loop.ts";
import { bitsPerCharacter } from "./measure.ts";
import { costs, logitsOf, startState, type State } from "./model.ts";
import { initialWeights, languageFlop, type LanguageSpec } from "./spec.ts";
import { drawWeights, type Learner, type Numbers, openLearner, tensorsOf } from "./weights.ts";
import { type Place, places, windowAt } from "./windows.ts";

/** Texts as symbols of one alphabet. */
export interface Texts {
  readonly train: Uint8Array;
  readonly validation: Uint8Array;
  readonly test: Uint8Array;
}

export interface LanguageTraining {
  readonly steps: number;
  /** Streams side by side, and characters of a window. */
  readonly batch: number;
  readonly length: number;
  /** Learning rate at its highest, after the first steps; it falls to a tenth. */
  readonly rate: number;
  /** How often the texts are measured on the way. */
  readonly measurements: number;
}

/** A point of the curve, bits a character. */
export interface LanguagePoint {
  readonly step: number;
  /** On (the beginning of) the training text, with nothing left out. */
  readonly train: number;
  readonly validation: number;
}

export interface TrainedLanguage {
  readonly spec: LanguageSpec;
  readonly curve: readonly LanguagePoint[];
  /** The step with the lowest validation cost, its weights, and what the test text costs with them. */
  readonly stopped: { readonly step: number; readonly test: number; readonly weights: Numbers };
  /** The test text after the last step. */
  readonly last: number;
  /** Spent on the steps alone. */
  readonly seconds: number;
  readonly flop: number;
}

const WARMING = 0.05; // share of the steps in which the rate rises
const LOWEST = 0.1; // of the rate, at the end

/** The rate at step t = 0, 1, … */
export function rateAt(t: number, { steps, rate }: Pick<LanguageTraining, "steps" | "rate">): number {
  const warm = Math.max(1, WARMING * steps);
  if (t < warm) return rate * (t + 1) / (warm + 1);
  const left = 0.5 * (1 + Math.cos(Math.PI * (t - warm) / Math.max(1, steps - warm)));
  return rate * (LOWEST + (1 - LOWEST) * left);
}

/**
 * Trains on the backend that is open, or on the best. Everything random comes from the context's seed.
 *
 * @throws what the signal was aborted with
 */
export async function trainLanguage(
  spec: LanguageSpec,
  texts: Texts,
  training: LanguageTraining,
  context: Context,
): Promise<TrainedLanguage> {
  await ensureBackend(context);
  const { steps, batch, length, measurements } = training, initial = initialWeights(spec);
  const learner = openLearner(initial, drawWeights(initial, context.random("weights")));
  const draw = context.random("dropout"), curve: LanguagePoint[] = [];
  const ring = places(texts.train.length, batch, length, context.random("places"));
  const sample = texts.train.subarray(0, texts.validation.length);
  const bits = (text: Uint8Array) => learner.with((weights) => bitsPerCharacter(spec, weights, text, length));
  let state = startState(spec, batch), seconds = 0, best: { step: number; weights: Numbers } | undefined;
  try {
    await runSteps({
      label: "training",
      steps,
      step(t) {
        const begun = performance.now();
        state = takeStep(spec, learner, texts.train, ring.next().value as Place, {
          length,
          state,
          draw,
          rate: rateAt(t, training),
        });
        seconds += (performance.now() - begun) / 1000;
      },
      due: (done) => done % Math.max(1, Math.round(steps / measurements)) === 0,
      async look(step) {
        const point = { step, train: await bits(sample), validation: await bits(texts.validation) };
        if (curve.every(({ validation }) => point.validation < validation)) {
          best = { step, weights: await learner.numbers() };
        }
        curve.push(point);
        return `${point.validation.toFixed(3)} bits/character`;
      },
    }, context);
    const last = await bits(texts.test);
    const { step, weights } = best!;
    const test = step === steps ? last : await measureNumbers(spec, weights, texts.test, length);
    const flop = 3 * languageFlop(spec) * steps * batch * length;
    return { spec, curve, stopped: { step, test, weights }, last, seconds, flop };
  } finally {
    tf.dispose([...state]);
    learner.dispose();
  }
}

/** One step on one window; returns the state after it and disposes the one before. */
function takeStep(
  spec: LanguageSpec,
  learner: Learner,
  text: Uint8Array,
  { starts, fresh }: Place,
  { length, state, draw, rate }: {
    readonly length: number;
    readonly state: State;
    readonly draw: Random;
    readonly rate: number;
  },
): State {
  const after = tf.tidy(() => {
    const { symbols, next } = windowAt(text, starts, length);
    const before = fresh ? startState(spec, starts.length) : state;
    let kept: State = [];
    learner.step((weights) => {
      const step = logitsOf(spec, weights, symbols, before, draw);
      kept = step.state.map((tensor) => tf.keep(tensor.clone()));
      return costs(step.logits, next).mean();
    }, rate);
    return kept as tf.Tensor2D[];
  });
  tf.dispose([...state]);
  return after;
}

/** Bits a character under weights given as numbers. */
export async function measureNumbers(
  spec: LanguageSpec,
  numbers: Numbers,
  text: Uint8Array,
  length: number,
): Promise<number> {
  const weights = tensorsOf(initialWeights(spec), numbers);
  const bits = await bitsPerCharacter(spec, weights, text, length);
  tf.dispose(weights);
  return bits;
}
