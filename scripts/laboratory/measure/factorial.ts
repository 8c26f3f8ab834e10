/** The full 2³ factorial of sharing, hierarchy and attention (article 2.2): eight programs for each seed. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import type { Step } from "../figures/bars.ts";
import type { Panel } from "../figures/strips.ts";
import type { Context } from "../../../lib/context.ts";
import { measureAll } from "./campaign.ts";
import { COMBINATIONS, type Levels, MECHANISMS, nameLevels, type Point } from "./effects.ts";
import { type Interval, intervalOf } from "./interval.ts";
import {
  type Design,
  type Measured,
  sharedVariant,
  unsharedVariant,
  type Variant,
  variantJob,
} from "./variant.ts";

/** A program of the factorial, with all that was measured of it. */
export type FactorialPoint = Point & Measured;

/** Each mechanism on or off; with and without sharing the predictor has the size that is best then. */
export function variantOf(set: Dataset, levels: Levels, flop: number): Variant {
  return {
    ...(levels.sharing ? sharedVariant(flop) : unsharedVariant(set)),
    hierarchy: { order: levels.hierarchy ? "pyramid" : "raster" },
    attention: { over: levels.attention ? "patches" : "none" },
  };
}

/**
 * Measures all eight combinations for each seed, with equal FLOP, seed by seed.
 *
 * @throws {MdlError} as `measureAll`
 */
export async function measureFactorial(
  set: Dataset,
  { seeds, backend, training, campaign }: Design,
  context: Context,
): Promise<readonly FactorialPoint[]> {
  const cells = seeds.flatMap((seed) => COMBINATIONS.map((levels) => ({ seed, levels })));
  const jobs = await Promise.all(
    cells.map(({ seed, levels }) =>
      variantJob(nameLevels(levels), set, variantOf(set, levels, training.flop), training, { seed, backend })
    ),
  );
  const results = await measureAll(jobs, campaign, context);
  return cells.map((cell, i) => ({ ...cell, ...results[i]! }));
}

/** One combination over all seeds. */
export interface Summary {
  readonly levels: Levels;
  readonly parameters: number;
  readonly flop: number;
  readonly bytes: Interval;
  readonly decodingSeconds: Interval;
}

/** Each combination over all seeds, in the order of `COMBINATIONS`. */
export function summarise(points: readonly FactorialPoint[]): readonly Summary[] {
  return COMBINATIONS.map((levels) => {
    const own = points.filter((point) => nameLevels(point.levels) === nameLevels(levels));
    const { parameters, flop } = own[0]!;
    return {
      levels,
      parameters,
      flop,
      bytes: intervalOf(own.map(({ bytes }) => bytes)),
      decodingSeconds: intervalOf(own.map(({ decodingSeconds }) => decodingSeconds)),
    };
  });
}

/** Every point, for a figure of strips: programs with and without sharing apart, for they lie far from each other. */
export function factorialPanels(points: readonly FactorialPoint[]): readonly Panel[] {
  return [true, false].map((sharing) => ({
    title: `whole program ${sharing ? "with" : "without"} sharing (bytes)`,
    rows: COMBINATIONS.filter((levels) => levels.sharing === sharing).map((levels) => ({
      label: nameLevels(levels),
      values: points.filter((point) => nameLevels(point.levels) === nameLevels(levels)).map((p) => p.bytes),
    })),
  }));
}

/** From raw bytes to the program with all mechanisms, switched on in their order; means over the seeds. */
export function factorialSteps(raw: number, summaries: readonly Summary[]): readonly Step[] {
  const mean = (levels: Levels) =>
    summaries.find((one) => nameLevels(one.levels) === nameLevels(levels))!.bytes.mean;
  let levels: Levels = COMBINATIONS[0]!;
  const bare = mean(levels);
  const changes = MECHANISMS.map((mechanism): Step => {
    const before = mean(levels);
    levels = { ...levels, [mechanism]: true };
    return { kind: "change", label: mechanism, bytes: mean(levels) - before };
  });
  return [
    { kind: "total", label: "raw data", bytes: raw },
    { kind: "change", label: "a predictor for each position", bytes: bare - raw },
    ...changes,
    { kind: "total", label: "program with all three", bytes: mean(levels) },
  ];
}
