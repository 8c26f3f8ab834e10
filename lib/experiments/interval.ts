/** Means with intervals of confidence, over runs that differ in their seed alone. */

/** Student's t for 95 % on both sides, by degrees of freedom from 1. */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Most runs that an interval is computed for. */
export const MOST_RUNS = T95.length + 1;

export interface Interval {
  readonly mean: number;
  /** Half the width of the 95 % interval around the mean; null for a single run, which says nothing of its spread. */
  readonly half: number | null;
  readonly least: number;
  readonly most: number;
}

/**
 * Mean and 95 % interval of 1 to 10 values, by Student's t with n − 1 degrees of freedom. It holds for values that
 * scatter normally over seeds; it says nothing of how another data set would do.
 */
export function intervalOf(values: readonly number[]): Interval {
  const n = values.length, mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return {
    ...{ mean, half: n > 1 ? T95[n - 2]! * Math.sqrt(variance / n) : null },
    ...{ least: Math.min(...values), most: Math.max(...values) },
  };
}

/** What the intervals over `runs` seeds are, for the head of a column. */
export function intervalName(runs: number): string {
  return runs > 1 ? `95 % interval (t, ${runs} seeds, ${runs - 1} d.f.)` : "95 % interval (needs 2 seeds)";
}
