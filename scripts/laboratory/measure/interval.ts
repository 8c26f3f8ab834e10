/** Means with intervals of confidence, over runs that differ in their seed alone. */

import { t95 } from "./student.ts";

/** A mean, and how sure it is. */
export interface Interval {
  /** Of the values. */
  readonly mean: number;
  /** Half the width of the 95 % interval around the mean; null for a single run, which says nothing of its spread. */
  readonly half: number | null;
  /** The least value. */
  readonly least: number;
  /** The largest value. */
  readonly most: number;
}

/**
 * Mean and 95 % interval of values, by Student's t with n − 1 degrees of freedom. It holds for values that
 * scatter normally over seeds; it says nothing of how another data set would do.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const { mean, half } = lab.intervalOf([10, 12, 11]);
 * assertEquals([mean, half!.toFixed(2)], [11, "2.48"]);
 * ```
 */
export function intervalOf(values: readonly number[]): Interval {
  const n = values.length, mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return {
    mean,
    half: n > 1 ? t95(n - 1) * Math.sqrt(variance / n) : null,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/**
 * The lower end of an interval; that of a single run, which says nothing of its spread, is −∞.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const saved = lab.intervalOf([10, 12, 11]); // 11.0 ± 2.5
 * assert(lab.lowerEnd(saved) > 8 && lab.upperEnd(saved) < 14);
 * ```
 */
export const lowerEnd = ({ mean, half }: Interval): number => mean - (half ?? Infinity);

/**
 * The upper end of an interval; that of a single run is ∞.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lab.upperEnd(lab.intervalOf([10])), Infinity);
 * ```
 */
export const upperEnd = ({ mean, half }: Interval): number => mean + (half ?? Infinity);

/**
 * A mean and half the width of its interval, as they are printed; of a single run the mean alone.
 *
 * @param plus Whether a mean above 0 has its sign, as differences should.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lab.plusMinus(lab.intervalOf([-10, -12, -11]), 2), "−11.00 ± 2.48");
 * ```
 */
export function plusMinus({ mean, half }: Interval, digits = 1, plus = false): string {
  const size = Math.abs(mean).toFixed(digits), sign = mean < 0 ? "−" : plus ? "+" : "";
  return `${Number(size) === 0 ? "" : sign}${size}${half === null ? "" : ` ± ${half.toFixed(digits)}`}`;
}

/**
 * What the intervals over `runs` seeds are, for the head of a column.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lab.intervalName(3), "95 % interval (t, 3 seeds, 2 d.f.)");
 * ```
 */
export function intervalName(runs: number): string {
  return runs > 1 ? `95 % interval (t, ${runs} seeds, ${runs - 1} d.f.)` : "95 % interval (needs 2 seeds)";
}
