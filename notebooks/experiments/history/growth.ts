/** How fast a published quantity grows: a straight line through its logarithm. */
import {
  coefficientOf,
  type Estimate,
  leastSquares,
  predictionOf,
} from "../../../scripts/laboratory/measure/least_squares.ts";
import type { Fitted } from "../../../scripts/laboratory/figures/fits.ts";
import { type LargeModel, yearOf } from "./models.ts";

export interface Growth {
  readonly models: number;
  /** Years in which it doubles; the interval is open above where growth is not certain. */
  readonly doubling: Estimate;
  /** Doublings a year that each further year adds: growth is exponential where zero lies inside. */
  readonly bend: Estimate;
  /** Share of the variance of the logarithm that the line explains. */
  readonly explained: number;
  /** The line with the 95 % interval of its mean. */
  readonly line: Fitted;
}

/** A family's largest model, for a paper is one step of history, however many sizes it tried. */
export function largestOfFamilies(models: readonly LargeModel[]): readonly LargeModel[] {
  const families = Map.groupBy(models, ({ name, family }) => family ?? name);
  return [...families.values()].map((members) =>
    members.reduce((a, b) => b.parameters > a.parameters ? b : a)
  );
}

/** Those that had more parameters than every model before them. */
export function recordsOf(models: readonly LargeModel[]): readonly LargeModel[] {
  const sorted = [...models].sort((a, b) => yearOf(a) - yearOf(b));
  return sorted.filter((model, i) => sorted.slice(0, i).every((one) => one.parameters < model.parameters));
}

/** Points of the line in a figure. */
const POINTS = 25;

/**
 * Fits the binary logarithm of a quantity against time; models without it are left out.
 *
 * @throws {MdlError} `usage` with fewer than four models
 */
export function growthOf(
  name: string,
  models: readonly LargeModel[],
  quantity: (model: LargeModel) => number | undefined,
): Growth {
  const points = models.flatMap((model) => {
    const value = quantity(model);
    return value === undefined ? [] : [{ year: yearOf(model), log: Math.log2(value) }];
  });
  const years = points.map(({ year }) => year), logs = points.map(({ log }) => log);
  const from = Math.min(...years), to = Math.max(...years), middle = (from + to) / 2;
  const line = leastSquares(years.map((year) => [1, year - middle]), logs);
  const curve = leastSquares(years.map((year) => [1, year - middle, (year - middle) ** 2]), logs);
  const { value, low, high } = coefficientOf(line, 1), bend = coefficientOf(curve, 2);
  const x = Array.from({ length: POINTS }, (_, i) => from + (to - from) * i / (POINTS - 1));
  const means = x.map((year) => predictionOf(line, [1, year - middle]));
  return {
    models: points.length,
    doubling: { value: 1 / value, low: 1 / high, high: low > 0 ? 1 / low : Infinity },
    bend: { value: 2 * bend.value, low: 2 * bend.low, high: 2 * bend.high },
    explained: line.explained,
    line: {
      name,
      x,
      y: means.map(({ value }) => 2 ** value),
      low: means.map(({ low }) => 2 ** low),
      high: means.map(({ high }) => 2 ** high),
    },
  };
}
