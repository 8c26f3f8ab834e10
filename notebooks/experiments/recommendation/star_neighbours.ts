/**
 * Stars by neighbours: what two offsets expect of a movie, and how far the user was above that on the movies most like it
 * (item–item; Sarwar et al. 2001, with the shrunk correlations of Koren 2008).
 */
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import type { History } from "./ratings.ts";

/** What is tuned. */
export interface StarNeighbours {
  /** Movies that are asked. */
  readonly most: number;
  /** Common users' worth of belief that two movies have nothing to do with each other. */
  readonly shrinkage: number;
  /** Likeness that the user's offset counts as, beside the movies that are asked. */
  readonly belief: number;
}

/** How far a user's stars are above the mean and the movies' offsets, and what the user's own offset is after each. */
function aboveOf({ mean, offsets }: Tensors, user: History, userOffset: number) {
  const bases = Float32Array.from(user.movies, (movie) => mean!.values[0]! + (offsets!.values[movie] ?? 0));
  const above = user.stars.map((own, i) => own - bases[i]!), owns = new Float32Array(above.length + 1);
  let sum = 0;
  above.forEach((own, i) => owns[i + 1] = (sum += own) / (userOffset + i + 1));
  return { bases, above, owns };
}

/** Who rated a movie: a user's number, and how far the user's stars are above two offsets. */
type Raters = readonly { readonly user: number; readonly above: number }[];

/**
 * What is expected of each of a test user's ratings, from those before it: f32[ratings] for each user, in stars.
 *
 * @param offsets The model of two offsets of the same users (explicit.ts).
 */
export function starsByNeighbours(
  train: readonly History[],
  test: readonly History[],
  movies: number,
  offsets: Tensors,
  userOffset: number,
  options: StarNeighbours,
): readonly Float32Array[] {
  const raters: { user: number; above: number }[][] = Array.from({ length: movies }, () => []);
  const given = train.map((user, u) => {
    const { above, owns } = aboveOf(offsets, user, userOffset), left = above.map((own) => own - owns.at(-1)!);
    user.movies.forEach((movie, i) => raters[movie]!.push({ user: u, above: left[i]! }));
    return { movies: user.movies, left };
  });
  return test.map((user) => {
    const { bases, above, owns } = aboveOf(offsets, user, userOffset),
      alike = likeness(given, movies, options);
    return Float32Array.from(user.movies, (movie, k) => {
      const own = owns[k]!, before = user.movies.subarray(0, k);
      const near = movie < movies ? alike(raters[movie]!, before) : [];
      const best = near.sort((a, b) => b.like - a.like).slice(0, options.most);
      const sum = best.reduce((sum, { like, at }) => sum + like * (above[at]! - own), 0);
      const all = best.reduce((sum, { like }) => sum + like, options.belief);
      return Math.min(5, Math.max(0.5, bases[k]! + own + sum / all));
    });
  });
}

/** Finds the movies of a history that a movie of these raters is like, and how like: a shrunk correlation above 0. */
function likeness(
  given: readonly { readonly movies: Int32Array; readonly left: Float32Array }[],
  movies: number,
  { shrinkage }: StarNeighbours,
) {
  const place = new Int32Array(movies).fill(-1);
  return (raters: Raters, history: Int32Array) => {
    const sums = new Float64Array(4 * history.length); // count, product, square of either
    history.forEach((movie, at) => movie < movies && (place[movie] = at));
    for (const { user, above } of raters) {
      const { movies: others, left } = given[user]!;
      for (let i = 0; i < others.length; i++) {
        const at = 4 * place[others[i]!]!, other = left[i]!;
        if (at < 0) continue;
        sums[at]!++;
        sums[at + 1]! += above * other;
        sums[at + 2]! += above ** 2;
        sums[at + 3]! += other ** 2;
      }
    }
    for (const movie of history) if (movie < movies) place[movie] = -1;
    return Array.from(history, (_, at) => {
      const [count, product, a, b] = sums.subarray(4 * at, 4 * at + 4);
      return { at, like: a! * b! > 0 ? product! / Math.sqrt(a! * b!) * count! / (count! + shrinkage) : 0 };
    }).filter(({ like }) => like > 0);
  };
}
