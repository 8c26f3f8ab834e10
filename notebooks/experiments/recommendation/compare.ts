/** The same models by what ratings cost under them, and by how well they recommend. */
import { type ByUser, byUser } from "./agreement.ts";
import {
  calibrated,
  logitsOf,
  meanOf,
  movieBits,
  type MovieModel,
  starChances,
  type StarCost,
  starCost,
} from "./bits.ts";
import type { Expectations } from "./codec.ts";
import { meanRanking, type Query, type Ranking, rankings } from "./queries.ts";
import type { History, Split } from "./ratings.ts";

/** What a recommender says: scores, f32[queries, movies], and what is known of each movie before, f32[movies]. */
export interface Said {
  readonly answers: Float32Array;
  readonly prior: Float32Array;
}

/** A recommender as the distribution that costs the tuning users least, which said `before` to their questions. */
export function distributionOf(
  name: string,
  tuning: readonly Query[],
  before: Said,
  now: Said,
  all: number,
): MovieModel {
  const fitted = calibrated(tuning, before.answers, before.prior, all);
  return { name, logits: logitsOf(now.answers, now.prior, fitted), unknown: fitted.unknown };
}

/** What a distribution of movies costs, and recommends. */
export interface MovieCost extends Ranking {
  readonly name: string;
  /** Of the next movie, mean over questions. */
  readonly bits: number;
  /** Bits, and what is missing to an NDCG@10 of 1. */
  readonly users: ByUser;
}

/** Bits and rankings of distributions; `all` is how many movies there are. */
export function compareMovies(
  queries: readonly Query[],
  models: readonly MovieModel[],
  all: number,
): readonly MovieCost[] {
  return models.map((model) => {
    const bits = movieBits(queries, model, all), each = rankings(queries, model.logits);
    const users = byUser(queries.map(({ user }) => user), bits, each.map(({ ndcg }) => 1 - ndcg));
    return { name: model.name, bits: meanOf(bits), ...meanRanking(each), users };
  });
}

/** What the codec expected of these questions, as a distribution of all movies. */
export function codecMovies({ odds }: Expectations, queries: readonly Query[]): MovieModel {
  const rows = queries.map(({ user, history }) => odds[user]!.get(history.movies.length)!);
  const movies = rows[0]!.length, logits = new Float32Array(rows.length * movies);
  rows.forEach((row, q) => logits.set(row.map((odd) => Math.log(odd + Number.MIN_VALUE)), q * movies));
  return { name: "codec of tables", logits, unknown: 0 };
}

/** A model of stars: what it expects of a split's test users, when it has learnt from its first ones. */
export interface NamedStars {
  readonly name: string;
  expected(split: Split): readonly Float32Array[];
}

/**
 * Bits and errors of models of stars: each is learnt on an earlier split, where it is counted which stars come with which
 * expectation, and again on the split.
 */
export function compareStars(
  models: readonly NamedStars[],
  earlier: Split,
  split: Split,
  codec: Expectations,
): readonly (StarCost & { readonly name: string })[] {
  const costs = models.map(({ name, expected }) => {
    const chances = starChances(earlier.test, expected(earlier), codec.stars);
    const own = expected(split).map((user) =>
      Float32Array.from([...user].flatMap((one) => [...chances(one)]))
    );
    return { name, ...starCost(split.test, own, codec.stars) };
  });
  return [...costs, { name: "codec of tables", ...starCost(split.test, codec.chances, codec.stars) }];
}

/** Root mean square error by how many ratings were known: from each number up to the next, in stars. */
export function errorsByKnown(
  users: readonly History[],
  expected: readonly Float32Array[],
  from: readonly number[],
): readonly number[] {
  return from.map((least, n) => {
    const most = from[n + 1] ?? Infinity;
    const squares = users.flatMap(({ stars }, u) =>
      [...stars].flatMap((own, i) => i >= least && i < most ? [(expected[u]![i]! - own) ** 2] : [])
    );
    return Math.sqrt(meanOf(squares));
  });
}
