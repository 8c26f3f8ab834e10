/** Language models compared: every kind on every text, with the same seeds, so that differences are paired. */
import { median } from "../../../scripts/laboratory/figures/distribution.ts";
import { type LanguageJob, trainLanguages } from "../language/jobs.ts";
import type { LanguageSpec } from "../language/spec.ts";
import {
  type LanguagePoint,
  type LanguageTraining,
  type Texts,
  type TrainedLanguage,
  trainLanguage,
} from "../language/train.ts";
import {
  BYTES,
  checkArguments,
  checkOptions,
  decimal,
  type Kinds,
  listOf,
  object,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { type Interval, intervalOf, lowerEnd } from "../../../scripts/laboratory/measure/interval.ts";

/** A kind of model with the learning rate that suits it. */
export interface LanguageArm {
  readonly name: string;
  readonly spec: LanguageSpec;
  readonly rate: number;
}

/** A text to learn from, with what is unseen, and for how long. */
export interface LanguageCase {
  readonly texts: Texts;
  readonly steps: number;
}

/** What a training takes: steps and rate, which it has of its own elsewhere, may be among it. */
const TRAINING: Kinds = {
  batch: required(whole(1)),
  length: required(whole(1)),
  measurements: required(whole(1)),
  steps: whole(1),
  rate: decimal(0),
};

/** A model's runs on one text, one a seed. */
export interface LanguageOutcome {
  readonly arm: string;
  readonly text: string;
  readonly runs: readonly TrainedLanguage[];
}

/** Trains every arm on every text for seeds first, first + 1, …; runs of one seed see the same windows. */
export async function compareLanguages(
  arms: readonly LanguageArm[],
  texts: Readonly<Record<string, LanguageCase>>,
  training: Omit<LanguageTraining, "rate" | "steps">,
  seeds: number,
  context: Context,
): Promise<readonly LanguageOutcome[]> {
  checkArguments("compareLanguages", { arms, texts, seeds, context }, {
    arms: listOf("models, each with name, spec and rate", object("", "name", "spec", "rate")),
    texts: object("texts by name"),
    seeds: whole(1),
    context: WHOLE_CONTEXT,
  });
  checkOptions("compareLanguages", training, TRAINING);
  const cases = Object.keys(texts).flatMap((text) => arms.map((arm) => ({ arm, text })));
  const jobs = cases.flatMap(({ arm: { spec, rate }, text }) => {
    const { texts: own, steps } = texts[text]!;
    return Array.from({ length: seeds }, (_, s): LanguageJob => ({
      spec,
      texts: own,
      training: { ...training, steps, rate },
      seed: context.seed + s,
    }));
  });
  const trained = await trainLanguages(jobs, context);
  return cases.map(({ arm, text }, i) => ({
    arm: arm.name,
    text,
    runs: trained.slice(i * seeds, (i + 1) * seeds),
  }));
}

/** When a run is looked at: where its validation cost was lowest, or after the last step. */
export type Moment = "stopped" | "last";

/** Test bits a character, one a seed. */
export function testBits({ runs }: Pick<LanguageOutcome, "runs">, moment: Moment): number[] {
  return runs.map(({ stopped, last }) => moment === "stopped" ? stopped.test : last);
}

/** Bits a character that `better` saves on `worse`, seed by seed. */
export function saved(worse: LanguageOutcome, better: LanguageOutcome, moment: Moment): Interval {
  const theirs = testBits(worse, moment);
  return intervalOf(testBits(better, moment).map((bits, i) => theirs[i]! - bits));
}

/** True where the whole interval is above 0; a single run proves nothing. */
export const aboveZero = (interval: Interval): boolean => lowerEnd(interval) > 0;

/** Steps of a round of `stepSeconds`. */
const ROUND = 4;

/**
 * Seconds of a training step of each model on the backend that is set: the median of some rounds, in which the models
 * take turns, so that a machine that is busy for a while does not favour one.
 */
export async function stepSeconds(
  specs: readonly LanguageSpec[],
  text: Uint8Array,
  training: Pick<LanguageTraining, "batch" | "length">,
  rounds: number,
  context: Context,
): Promise<readonly number[]> {
  checkArguments("stepSeconds", { text, rounds, context }, {
    text: BYTES,
    rounds: whole(1),
    context: WHOLE_CONTEXT,
  });
  checkOptions("stepSeconds", training, { ...TRAINING, measurements: whole(1) });
  const few = text.subarray(0, 2 * training.length), texts = { train: text, validation: few, test: few };
  const times = specs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, spec] of specs.entries()) {
      const short = { ...training, steps: ROUND, rate: 0.001, measurements: 1 };
      const { seconds } = await trainLanguage(spec, texts, short, { ...context, progress: () => {} });
      times[i]!.push(seconds / ROUND);
    }
    context.progress({ label: "timing", done: round + 1, total: rounds, unit: "rounds" });
  }
  return times.map(median);
}

/** The curve that is the mean over the runs. */
export function meanCurve(runs: readonly TrainedLanguage[]): readonly LanguagePoint[] {
  const mean = (i: number, key: "train" | "validation") =>
    runs.reduce((sum, { curve }) => sum + curve[i]![key], 0) / runs.length;
  return runs[0]!.curve.map(({ step }, i) => ({
    step,
    train: mean(i, "train"),
    validation: mean(i, "validation"),
  }));
}
