/** Linear least squares with what is known of its coefficients. */
import { MdlError } from "../../../lib/errors.ts";
import { t95 } from "./student.ts";

/** A value with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface LinearFit {
  readonly coefficients: readonly number[];
  /** Of the coefficients, [k][k]. */
  readonly covariance: readonly (readonly number[])[];
  /** Standard deviation of a residual. */
  readonly deviation: number;
  /** Degrees of freedom: rows less coefficients. */
  readonly freedom: number;
  /** Share of the variance of y that is explained. */
  readonly explained: number;
}

/**
 * Fits y ≈ X·coefficients.
 *
 * @param rows X, [n][k]
 * @throws {MdlError} `usage` with no more rows than coefficients, or where columns of X depend on each other
 */
export function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): LinearFit {
  const k = rows[0]?.length ?? 0, freedom = rows.length - k;
  if (freedom < 1) {
    throw new MdlError(
      "usage",
      `A fit of ${k} coefficients needs more than ${k} points, not ${rows.length}.`,
    );
  }
  const range = Array.from({ length: k }, (_, i) => i);
  const normal = range.map((i) => range.map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
  const inverse = inverted(normal),
    moments = range.map((i) => rows.reduce((sum, row, n) => sum + row[i]! * y[n]!, 0));
  const coefficients = inverse.map((row) => row.reduce((sum, v, i) => sum + v * moments[i]!, 0));
  const residuals = rows.map((row, n) => y[n]! - row.reduce((sum, v, i) => sum + v * coefficients[i]!, 0));
  const squares = residuals.reduce((sum, r) => sum + r * r, 0),
    mean = y.reduce((a, b) => a + b, 0) / y.length;
  const variance = squares / freedom;
  return {
    coefficients,
    deviation: Math.sqrt(variance),
    freedom,
    covariance: inverse.map((row) => row.map((v) => v * variance)),
    explained: 1 - squares / y.reduce((sum, v) => sum + (v - mean) ** 2, 0),
  };
}

/** One coefficient of a fit, by Student's t. */
export function coefficientOf({ coefficients, covariance, freedom }: LinearFit, index: number): Estimate {
  const value = coefficients[index]!, half = t95(freedom) * Math.sqrt(covariance[index]![index]!);
  return { value, low: value - half, high: value + half };
}

/**
 * What a fit says of a new row of X: of the mean there, or with `single` of one more measurement.
 */
export function predictionOf(fit: LinearFit, row: readonly number[], single = false): Estimate {
  const value = row.reduce((sum, v, i) => sum + v * fit.coefficients[i]!, 0);
  const variance = row.reduce(
    (sum, v, i) => sum + v * row.reduce((inner, w, j) => inner + w * fit.covariance[i]![j]!, 0),
    single ? fit.deviation ** 2 : 0,
  );
  const half = t95(fit.freedom) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}

/** Inverse by Gauss and Jordan with the largest pivot of each column; columns are brought to one scale before. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const k = matrix.length, scale = matrix.map((row, i) => 1 / Math.sqrt(row[i]!));
  const work = matrix.map((row, i) => [
    ...row.map((v, j) => v * scale[i]! * scale[j]!),
    ...row.map((_, j) => Number(i === j)),
  ]);
  for (let c = 0; c < k; c++) {
    const pivot = work.slice(c).reduce(
      (best, row, i) => Math.abs(row[c]!) > Math.abs(work[best]![c]!) ? c + i : best,
      c,
    );
    [work[c], work[pivot]] = [work[pivot]!, work[c]!];
    const divisor = work[c]![c]!;
    if (!(Math.abs(divisor) > 1e-12)) {
      throw new MdlError("usage", "These points do not determine the fit: its columns depend on each other.");
    }
    work[c] = work[c]!.map((v) => v / divisor);
    for (let r = 0; r < k; r++) {
      if (r === c) continue;
      const factor = work[r]![c]!;
      work[r] = work[r]!.map((v, j) => v - factor * work[c]![j]!);
    }
  }
  return work.map((row, i) => row.slice(k).map((v, j) => v * scale[i]! * scale[j]!));
}
