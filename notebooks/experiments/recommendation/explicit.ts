/**
 * Stars by factors: mean + the user's offset + the movie's offset + a product of two vectors, learnt by alternating least
 * squares (Koren, Bell, Volinsky 2009). A user who is not known gets an offset and a vector by the same least squares from
 * what was rated so far: the model's file holds no users. With vectors of no numbers, the two offsets are left.
 */
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import type { Context } from "../../../lib/context.ts";
import { addProduct, solve } from "./linear.ts";
import type { History } from "./ratings.ts";

/** How stars are learnt. */
export interface StarTraining {
  /** Numbers of a vector; 0: offsets alone. */
  readonly width: number;
  /** How often users and movies take turns. */
  readonly rounds: number;
  /** Ratings' worth of belief that an offset is 0: of users, of movies. */
  readonly userOffset: number;
  readonly movieOffset: number;
  /** The same of a vector. */
  readonly vector: number;
}

/** First numbers of a vector. */
const DEVIATION = 0.1;

/** One side of all pairs: whose they are, and how far each is above the mean. */
interface Side {
  readonly pairs: readonly { readonly others: ArrayLike<number>; readonly above: ArrayLike<number> }[];
  /** Belief that an offset is 0. */
  readonly offset: number;
}

/**
 * The best offsets and vectors of one side, f64[count, 1 + width] with the offset first, given those of the other side.
 * An unknown of a pair is told by above − other's offset = offset + vector · other's vector.
 */
function solveSide(
  into: Float64Array,
  others: ArrayLike<number>,
  { pairs, offset }: Side,
  vector: number,
): void {
  const size = into.length / pairs.length, row = new Float64Array(size), a = new Float64Array(size * size);
  pairs.forEach(({ others: own, above }, n) => {
    const b = into.subarray(n * size, (n + 1) * size).fill(0);
    a.fill(0);
    for (let i = 0; i < size; i++) a[i * size + i] = i ? vector : offset;
    for (let e = 0; e < own.length; e++) {
      const at = own[e]! * size, left = above[e]! - others[at]!;
      row[0] = 1;
      for (let i = 1; i < size; i++) row[i] = others[at + i]!;
      addProduct(a, row, 0, size);
      for (let i = 0; i < size; i++) b[i]! += left * row[i]!;
    }
    solve(a, b, size);
  });
}

/** A model: the mean, and of each movie its offset, f32[movies, 1], and vector, f32[movies, width]. */
export function learnStars(
  users: readonly History[],
  movies: number,
  training: StarTraining,
  context: Pick<Context, "random" | "signal">,
): Tensors {
  const { width, rounds, userOffset, movieOffset, vector } = training, size = 1 + width;
  const { normal } = context.random("stars"), all = users.flatMap(({ stars }) => [...stars]);
  const mean = all.reduce((sum, stars) => sum + stars, 0) / all.length;
  const ofUsers = users.map(({ movies, stars }) => ({
    others: movies,
    above: stars.map((own) => own - mean),
  }));
  const ofMovies = Array.from({ length: movies }, () => ({ others: [] as number[], above: [] as number[] }));
  ofUsers.forEach(({ others, above }, user) =>
    others.forEach((movie, i) => {
      ofMovies[movie]!.others.push(user);
      ofMovies[movie]!.above.push(above[i]!);
    })
  );
  const movieSide = Float64Array.from(
    { length: movies * size },
    (_, i) => i % size ? DEVIATION * normal() : 0,
  );
  const userSide = new Float64Array(users.length * size);
  for (let round = 0; round < rounds; round++) {
    context.signal.throwIfAborted();
    solveSide(userSide, movieSide, { pairs: ofUsers, offset: userOffset }, vector);
    solveSide(movieSide, userSide, { pairs: ofMovies, offset: movieOffset }, vector);
  }
  const column = (from: number, count: number) =>
    Float32Array.from(
      { length: movies * count },
      (_, i) => movieSide[Math.floor(i / count) * size + from + i % count]!,
    );
  return {
    mean: { shape: [1], values: Float32Array.of(mean) },
    offsets: { shape: [movies, 1], values: column(0, 1) },
    ...(width ? { vectors: { shape: [movies, width], values: column(1, width) } } : {}),
  };
}

/** What a model expects of each of a user's ratings, from those before it; f32[ratings], in stars. */
export function expectedStars(
  { mean, offsets, vectors }: Tensors,
  user: History,
  { userOffset, vector }: Pick<StarTraining, "userOffset" | "vector">,
): Float32Array {
  const width = vectors?.shape[1] ?? 0, size = 1 + width, middle = mean!.values[0]!;
  const a = new Float64Array(size * size), b = new Float64Array(size), row = new Float64Array(size);
  for (let i = 0; i < size; i++) a[i * size + i] = i ? vector : userOffset;
  return Float32Array.from(user.movies, (movie, k) => {
    const own = b.slice();
    solve(a.slice(), own, size);
    row[0] = 1;
    for (let i = 0; i < width; i++) row[1 + i] = vectors!.values[movie * width + i] ?? 0; // 0 of an unknown movie
    const base = middle + (offsets!.values[movie] ?? 0), left = user.stars[k]! - base;
    addProduct(a, row, 0, size);
    for (let i = 0; i < size; i++) b[i]! += left * row[i]!;
    return Math.min(5, Math.max(0.5, base + own.reduce((sum, value, i) => sum + value * row[i]!, 0)));
  });
}
