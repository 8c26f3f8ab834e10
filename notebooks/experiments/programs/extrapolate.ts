/**
 * Bytes an image at numbers of images that were not measured: a law is fitted to those that were, and its intervals say
 * how little is known far outside.
 */
import { MdlError } from "../../../lib/errors.ts";
import type { Size } from "../../../scripts/laboratory/measure/crossings.ts";
import {
  type Estimate,
  leastSquares,
  type LinearFit,
  predictionOf,
} from "../../../scripts/laboratory/measure/least_squares.ts";

/**
 * bytes an image = a + b·n^(−c). What is paid once (decoder, weights) falls as 1/n, what is learnt more slowly: one
 * power stands for both, and `a` for what an image costs however many there are.
 */
export interface PowerLaw {
  /** Bytes an image for ever more images. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** The law to first order around (a, b, c), in errors relative to the size. */
  readonly linear: LinearFit;
}

/** Powers that are tried. */
const LEAST_POWER = 0.02, MOST_POWER = 3;

const PARAMETERS = 3;

/**
 * The law with the least sum of squared relative errors: for each power, `a` and `b` follow by linear least squares; the
 * power is found by golden sections.
 *
 * @throws {MdlError} `usage` with fewer than four different numbers of images
 */
export function fitPowerLaw(sizes: readonly Size[]): PowerLaw {
  const counts = new Set(sizes.map(({ count }) => count)).size;
  if (counts <= PARAMETERS) {
    throw new MdlError("usage", `The law of bytes an image needs four numbers of images, not ${counts}.`);
  }
  const points = sizes.map(({ count, bytes }) => ({ count, each: bytes / count }));
  const at = (c: number) =>
    leastSquares(
      points.map(({ count, each }) => [1 / each, count ** -c / each]),
      points.map(() => 1),
    );
  const c = minimise((power) => at(power).deviation, LEAST_POWER, MOST_POWER);
  const [a, b] = at(c).coefficients as [number, number];
  const rows = points.map(({ count, each }) => slope({ b, c }, count).map((v) => v / each));
  const residuals = points.map(({ count, each }) => 1 - (a + b * count ** -c) / each);
  return { a, b, c, linear: leastSquares(rows, residuals) };
}

/** Derivatives of bytes an image by a, b and c. */
function slope({ b, c }: Pick<PowerLaw, "b" | "c">, count: number): number[] {
  return [1, count ** -c, -b * Math.log(count) * count ** -c];
}

/**
 * Bytes an image that one more measurement would give, with its 95 % prediction interval (Student's t, to first order
 * in the law's parameters). It knows nothing of a law that is the wrong one: test it on points that were held out.
 */
export function extrapolate(law: PowerLaw, count: number): Estimate {
  const value = law.a + law.b * count ** -law.c;
  const row = slope(law, count).map((v) => v / value);
  const { low, high, value: shift } = predictionOf(law.linear, row, true);
  return { value, low: value * (1 + low - shift), high: value * (1 + high - shift) };
}

/** A point that the law did not see. */
export interface HeldOut {
  readonly count: number;
  /** Bytes an image. */
  readonly measured: number;
  readonly predicted: Estimate;
  readonly inside: boolean;
}

/** Fits the law to all but the largest number of images, and predicts that one. */
export function holdOut(sizes: readonly Size[]): HeldOut {
  const sorted = [...sizes].sort((x, y) => x.count - y.count), { count, bytes } = sorted.at(-1)!;
  const predicted = extrapolate(fitPowerLaw(sorted.filter((size) => size.count < count)), count);
  const measured = bytes / count;
  return { count, measured, predicted, inside: measured >= predicted.low && measured <= predicted.high };
}

/** Numbers of images among which one law falls below another. */
export interface CrossingBand {
  /** Where the values cross; null where they do not. */
  readonly at: number | null;
  /** From which number on it can be, and from which on it must, by the 95 % intervals; null where never. */
  readonly earliest: number | null;
  readonly latest: number | null;
}

/** Steps a decade in looking for a crossing. */
const STEPS = 200;

/** From which number of images between `from` and `to` on ours stays below theirs. */
export function crossingBand(ours: PowerLaw, theirs: PowerLaw, from: number, to: number): CrossingBand {
  const steps = Math.ceil(STEPS * Math.log10(to / from));
  const counts = Array.from({ length: steps + 1 }, (_, i) => from * (to / from) ** (i / steps));
  const pairs = counts.map((count) => ({
    count,
    x: extrapolate(ours, count),
    y: extrapolate(theirs, count),
  }));
  const since = (below: (x: Estimate, y: Estimate) => boolean) => {
    const last = pairs.findLastIndex(({ x, y }) => !below(x, y));
    return last === pairs.length - 1 ? null : counts[last + 1]!;
  };
  return {
    at: since((x, y) => x.value < y.value),
    earliest: since((x, y) => x.low < y.high),
    latest: since((x, y) => x.high < y.low),
  };
}

/** Where a function with one minimum between two bounds has it, by golden sections. */
function minimise(f: (x: number) => number, low: number, high: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let step = 0; step < 80; step++) {
    const left = high - golden * (high - low), right = low + golden * (high - low);
    if (f(left) < f(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
