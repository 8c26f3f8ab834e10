/**
 * Who rated what, when: a log of ratings read from its table, and cut in time. A model is learnt from users who came before
 * a day, tuned on users who came then, and tested on users who came later still: nothing that it is tested on had
 * happened when it was learnt, as it is where recommenders are used.
 */
import { MdlError } from "../../../lib/errors.ts";
import type { Context } from "../../../lib/context.ts";
import type { Files } from "../../../lib/files/data.ts";
import { finish } from "../../../lib/pace.ts";
import { random, shuffled } from "../../../lib/random.ts";
import { columnsOf, eventsOf } from "../../../lib/table/columns.ts";
import { tableOf } from "../../../lib/table/csv.ts";
import { loadFileSet } from "../../../scripts/laboratory/sets/file_sets.ts";

/** A user's ratings in the order of time; those of one second in random order. */
export interface History {
  /** Indices of the movies. */
  readonly movies: Int32Array;
  /** What each was given. */
  readonly stars: Float32Array;
  /** Seconds since 1970, ascending. */
  readonly times: Uint32Array;
}

/** All ratings. */
export interface Ratings {
  /** What the table calls each movie, ascending. */
  readonly movies: Uint32Array;
  /** Users by the time of their first rating. */
  readonly users: readonly History[];
}

/** Ratings cut in time. Movies that were rated before the moment have the first numbers: models know no others. */
export interface Split {
  /** Number of movies that are known. */
  readonly movies: number;
  /** What the table calls each movie, the known ones first. */
  readonly ids: Uint32Array;
  /** Users who came before a moment, with what they had rated until then. */
  readonly train: readonly History[];
  /** Users who came later, with what they rated until the end. */
  readonly test: readonly History[];
  /** The moment and the end, seconds since 1970. */
  readonly moments: readonly [number, number];
}

/** Loads MovieLens (Harper & Konstan 2015), 100,004 ratings; fetched at first use. */
export async function loadRatings(context: Pick<Context, "signal" | "progress" | "log">): Promise<Files> {
  return await loadFileSet("ratings", context);
}

/**
 * Reads the log.
 *
 * @throws {MdlError} `unsupported` for a table that is no log of ratings
 */
export function ratingsOf(set: Files): Ratings {
  const table = tableOf(set.symbols), found = table && finish(eventsOf(table, finish(columnsOf(table))));
  if (!found || !found.events.texts.length) {
    throw new MdlError("unsupported", `${set.name} is no table of who rated what, and when.`);
  }
  const { counts, keys, items, times, values, texts } = found.events, order = random(1, "ties");
  let at = 0;
  const users = [...counts].map((count): History => {
    const from = at, ranks = shuffled(count, order);
    at += count;
    const own = Array.from({ length: count }, (_, i) => from + i)
      .sort((a, b) => times[a]! - times[b]! || ranks[a - from]! - ranks[b - from]!);
    return {
      movies: Int32Array.from(own, (event) => items[event]!),
      stars: Float32Array.from(own, (event) => Number(texts[values[event]!])),
      times: Uint32Array.from(own, (event) => times[event]!),
    };
  });
  return { movies: keys, users: users.sort((a, b) => a.times[0]! - b.times[0]!) };
}

/** The first `count` ratings of a user. */
export function beginning({ movies, stars, times }: History, count: number): History {
  return {
    movies: movies.subarray(0, count),
    stars: stars.subarray(0, count),
    times: times.subarray(0, count),
  };
}

/** Cuts at the moment when a share of all ratings had been given; what was given after another share is left out. */
export function splitAt({ movies, users }: Ratings, share: number, end = 1): Split {
  const all = Uint32Array.from(users.flatMap(({ times }) => [...times])).sort();
  const moment = (share: number) => all[Math.floor(share * all.length)] ?? all.at(-1)! + 1;
  const from = moment(share), to = moment(end), came = ({ times }: History) => times[0]!;
  const until = (moment: number) => (user: History) =>
    beginning(user, user.times.filter((time) => time < moment).length);
  const train = users.filter((user) => came(user) < from).map(until(from));
  const test = users.filter((user) => came(user) >= from && came(user) < to).map(until(to));
  const counts = countsOf(train, movies.length), order = [...counts.keys()];
  const known = [...order.filter((movie) => counts[movie]), ...order.filter((movie) => !counts[movie])];
  const number = new Int32Array(movies.length);
  known.forEach((movie, i) => number[movie] = i);
  const numbered = (user: History) => ({ ...user, movies: user.movies.map((movie) => number[movie]!) });
  return {
    movies: counts.filter(Boolean).length,
    ids: Uint32Array.from(known, (movie) => movies[movie]!),
    train: train.map(numbered),
    test: test.map(numbered),
    moments: [from, to],
  };
}

/** The movies of a history that a model knows, of which there are so many. */
export const knownOf = ({ movies }: History, count: number): Int32Array =>
  movies.filter((movie) => movie < count);

/** Seconds of a year. */
export const YEAR = 365.25 * 86400;

/** What each user counts: a half for every `halfLife` years that the user came before the last one. */
export function recencyOf(users: readonly History[], halfLife: number): Float64Array {
  const last = Math.max(...users.map(({ times }) => times[0]!));
  return Float64Array.from(users, ({ times }) => 2 ** ((times[0]! - last) / (halfLife * YEAR)));
}

/** How often each of the first movies was rated, by users who count as `recencyOf` says. */
export function countsOf(users: readonly History[], movies: number, halfLife = Infinity): Float32Array {
  const counts = new Float32Array(movies), weights = recencyOf(users, halfLife);
  users.forEach((user, i) => user.movies.forEach((movie) => counts[movie]! += weights[i]!));
  return counts;
}

/** The users of each movie, by their numbers. */
export function usersOfMovies(users: readonly History[], movies: number): readonly (readonly number[])[] {
  const found: number[][] = Array.from({ length: movies }, () => []);
  users.forEach((user, u) => user.movies.forEach((movie) => found[movie]!.push(u)));
  return found;
}

/** What could make a test easier than the real thing. */
export interface Leaks {
  /** Ratings learnt from that are not older than the first one of the test. */
  readonly late: number;
  /** Pairs of a user learnt from and one of the test who gave the same stars to more than half of the shorter list. */
  readonly twins: number;
  /** Share of the test's ratings in the same second as the one before: their order in the file is that of the movies. */
  readonly tied: number;
  /** Share of the test's ratings within an hour of the one before: the user goes down a list that the site shows. */
  readonly sameHour: number;
  /** Share of the test's ratings of movies that nobody learnt from had rated: no model can recommend them. */
  readonly unknown: number;
}

/** Looks for leaks. */
export function leaksOf({ train, test, movies }: Split): Leaks {
  const from = Math.min(...test.map(({ times }) => times[0]!));
  const given = train.map((user) => new Map([...user.movies].map((movie, i) => [movie, user.stars[i]!])));
  const same = (stars: Map<number, number>, user: History) =>
    user.movies.filter((movie, i) => stars.get(movie) === user.stars[i]).length;
  const pairs = test.flatMap((user) =>
    given.filter((stars) => same(stars, user) > Math.min(stars.size, user.movies.length) / 2)
  );
  const total = test.reduce((sum, user) => sum + user.movies.length, 0);
  const share = (which: (user: History, i: number) => boolean) =>
    test.reduce((sum, user) => sum + user.movies.filter((_, i) => which(user, i)).length, 0) / total;
  return {
    late: train.reduce((sum, { times }) => sum + times.filter((time) => time >= from).length, 0),
    twins: pairs.length,
    tied: share(({ times }, i) => i > 0 && times[i] === times[i - 1]),
    sameHour: share(({ times }, i) => i > 0 && times[i]! - times[i - 1]! < 3600),
    unknown: share((user, i) => user.movies[i]! >= movies),
  };
}
