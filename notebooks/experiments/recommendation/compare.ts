/** The same models by what ratings cost under them, and by how well they recommend. */
import type { Context } from "../../../lib/context.ts";
import { meanOf, movieBits, type MovieModel, starChances, type StarCost, starCost } from "./bits.ts";
import type { Expectations } from "./codec.ts";
import { learnStars, type StarTraining } from "./explicit.ts";
import { meanRanking, type Query, type Ranking, rankings } from "./queries.ts";
import type { History, Split } from "./ratings.ts";
import { expectedOf } from "./tasks.ts";

/** What a distribution of movies costs, and recommends. */
export interface MovieCost extends Ranking {
  readonly name: string;
  /** Of the next movie, mean over questions. */
  readonly bits: number;
}

/** Bits and rankings of distributions; `all` is how many movies there are. */
export function compareMovies(
  queries: readonly Query[],
  models: readonly MovieModel[],
  all: number,
): readonly MovieCost[] {
  return models.map((model) => ({
    name: model.name,
    bits: meanOf(movieBits(queries, model, all)),
    ...meanRanking(rankings(queries, model.logits)),
  }));
}

/** What the codec expected of these questions, as a distribution of all movies. */
export function codecMovies({ odds }: Expectations, queries: readonly Query[]): MovieModel {
  const rows = queries.map(({ user, history }) => odds[user]!.get(history.movies.length)!);
  const movies = rows[0]!.length, logits = new Float32Array(rows.length * movies);
  rows.forEach((row, q) => logits.set(row.map((odd) => Math.log(odd + Number.MIN_VALUE)), q * movies));
  return { name: "codec of tables", logits, unknown: 0 };
}

/** A model of stars, under a name. */
export interface NamedStars {
  readonly name: string;
  readonly training: StarTraining;
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
  context: Context,
): readonly (StarCost & { readonly name: string })[] {
  const expected = ({ train, movies, test }: Split, training: StarTraining) =>
    expectedOf(learnStars(train, movies, training, context), test, training);
  const costs = models.map(({ name, training }) => {
    const chances = starChances(earlier.test, expected(earlier, training), codec.stars);
    const own = expected(split, training).map((user) =>
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
