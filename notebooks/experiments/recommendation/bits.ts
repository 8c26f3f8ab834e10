/** What the next movie, and its stars, cost under a recommender that was made a distribution: the link to compression. */
import { type ByUser, byUser } from "./agreement.ts";
import type { Query } from "./queries.ts";
import type { History } from "./ratings.ts";

/** How scores become chances of the next movie: a softmax of scale · score + lift · what is known before, calibrated. */
export interface Calibration {
  readonly scale: number;
  readonly lift: number;
  /** Chance that the next movie is one that nobody is known to have rated. */
  readonly unknown: number;
}

/** Ratings that every movie has besides its own, before the logarithm is taken. */
export const ADDED = 0.3;

/** What is tried for scale and lift. */
const SCALES = [0, 0.25, 0.5, 0.7, 1, 1.4, 2, 4, 8, 16], LIFTS = [0.5, 0.75, 1];

/** A recommender as a distribution of the next movie. */
export interface MovieModel {
  readonly name: string;
  /** Logits of the movies that it knows, f32[queries, movies]. */
  readonly logits: Float32Array;
  /** Chance of all others together. */
  readonly unknown: number;
}

/** What scores become under a calibration; `prior` is what is known of each movie before, a logarithm. */
export function logitsOf(
  answers: Float32Array,
  prior: Float32Array,
  { scale, lift }: Pick<Calibration, "scale" | "lift">,
): Float32Array {
  return answers.map((score, i) => scale * score + lift * prior[i % prior.length]!);
}

/** Logarithms of counts, to which a little is added. */
export const logCounts = (counts: Float32Array): Float32Array =>
  counts.map((count) => Math.log(count + ADDED));

/** Bits of the next movie of each question, of which there are `all`; those that were rated are impossible. */
export function movieBits(
  queries: readonly Query[],
  { logits, unknown }: Omit<MovieModel, "name">,
  all: number,
): number[] {
  const movies = logits.length / queries.length;
  return queries.map(({ history, targets }, q) => {
    const target = targets[0]!, strange = history.movies.filter((movie) => movie >= movies).length;
    if (target >= movies) return -Math.log2(unknown / (all - movies - strange));
    const row = logits.slice(q * movies, (q + 1) * movies);
    let most = -Infinity, sum = 0;
    for (const movie of history.movies) row[movie] = -Infinity;
    for (let m = 0; m < movies; m++) most = Math.max(most, row[m]!);
    for (let m = 0; m < movies; m++) sum += Math.exp(row[m]! - most);
    return -Math.log2((1 - unknown) * Math.exp(row[target]! - most) / sum);
  });
}

/** Share of the questions whose next movie is not among the known ones. */
export const unknownShare = (queries: readonly Query[], movies: number): number =>
  queries.filter(({ targets }) => targets[0]! >= movies).length / queries.length;

/** Finds the calibration that costs these questions least; the model has not seen their users. */
export function calibrated(
  queries: readonly Query[],
  answers: Float32Array,
  prior: Float32Array,
  all: number,
): Calibration {
  const unknown = unknownShare(queries, prior.length), lifts = prior.some(Boolean) ? LIFTS : [0];
  let best: Calibration = { scale: 0, lift: 0, unknown }, least = Infinity;
  for (const scale of SCALES) {
    for (const lift of lifts) {
      const logits = logitsOf(answers, prior, { scale, lift });
      const sum = meanOf(movieBits(queries, { logits, unknown }, all));
      if (sum < least) [best, least] = [{ scale, lift, unknown }, sum];
    }
  }
  return best;
}

/** The mean. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** Chances of the possible stars given what a model expects: how often they came with like expectations. */
export type StarChances = (expected: number) => Float32Array;

/** Expectations in steps of that many stars, and ratings' worth of belief in how often stars come on the whole. */
const STEP = 0.25, BELIEF = 5;

/** Counts which stars came with which expectation, of users that the model has not seen. */
export function starChances(
  users: readonly History[],
  expected: readonly Float32Array[],
  stars: readonly number[],
): StarChances {
  const steps = Math.ceil(Math.max(...stars) / STEP) + 1, overall = new Float64Array(stars.length).fill(1);
  const of = Array.from({ length: steps }, () => new Float64Array(stars.length));
  users.forEach((user, u) =>
    user.stars.forEach((own, i) => {
      overall[stars.indexOf(own)]!++;
      of[Math.round(expected[u]![i]! / STEP)]![stars.indexOf(own)]!++;
    })
  );
  const sum = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0), all = sum(overall);
  const chances = of.map((counts) =>
    Float32Array.from(counts, (count, s) => (count + BELIEF * overall[s]! / all) / (sum(counts) + BELIEF))
  );
  return (expectation) => chances[Math.round(expectation / STEP)]!;
}

/** Mean bits of ratings, and the root mean square of how far the mean of the chances is off, in stars. */
export interface StarCost {
  readonly bits: number;
  readonly rmse: number;
  /** Bits and squared errors. */
  readonly users: ByUser;
}

/** What ratings cost; `chances` are of each user's ratings, f32[ratings][stars]. */
export function starCost(
  users: readonly History[],
  chances: readonly Float32Array[],
  stars: readonly number[],
): StarCost {
  const each = users.flatMap((user, u) =>
    [...user.stars].map((own, i) => {
      const row = chances[u]!.subarray(i * stars.length, (i + 1) * stars.length);
      const mean = row.reduce((mean, chance, s) => mean + chance * stars[s]!, 0);
      return { u, bits: -Math.log2(row[stars.indexOf(own)]!), square: (mean - own) ** 2 };
    })
  );
  const bits = each.map(({ bits }) => bits), squares = each.map(({ square }) => square);
  const own = byUser(each.map(({ u }) => u), bits, squares);
  return { bits: meanOf(bits), rmse: Math.sqrt(meanOf(squares)), users: own };
}

/**
 * How often a rank correlation at least as far from 0 comes about when one of two orders is drawn at random: exact, over
 * all orders, for up to nine different values.
 */
export function chanceOfCorrelation(found: number, count: number): number {
  const order = Array.from({ length: count }, (_, i) => i), scale = 6 / (count * (count ** 2 - 1));
  let extreme = 0, all = 0;
  const visit = (at: number, squares: number) => {
    if (at === count) {
      all++;
      if (Math.abs(1 - scale * squares) >= Math.abs(found) - 1e-9) extreme++;
      return;
    }
    for (let i = at; i < count; i++) {
      [order[at], order[i]] = [order[i]!, order[at]!];
      visit(at + 1, squares + (order[at]! - at) ** 2);
      [order[at], order[i]] = [order[i]!, order[at]!];
    }
  };
  visit(0, 0);
  return extreme / all;
}
