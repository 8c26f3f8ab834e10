/**
 * Recommending by factors: which movies a user rates is a product of a vector of the user's and one of each movie, learnt
 * by alternating least squares over all pairs, those that did not happen weighing little (Hu, Koren, Volinsky 2008; with
 * the regularisation of Rendle et al. 2022). A user who is not known gets a vector by the same least squares: the
 * model's file holds no users.
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor, Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import type { Context } from "../../../lib/context.ts";
import { taken } from "../networks/weights.ts";
import { addProduct, solve } from "./linear.ts";
import { type History, knownOf, recencyOf, usersOfMovies } from "./ratings.ts";

/** How factors are learnt. */
export interface FactorTraining {
  /** Numbers of a vector. */
  readonly width: number;
  /** How often users and movies take turns. */
  readonly rounds: number;
  /** What a pair that did not happen weighs. */
  readonly unseen: number;
  /** Regularisation of a vector: this times the root of (pairs that happened + unseen · all pairs). */
  readonly penalty: number;
  /** Years after which a user counts half. */
  readonly halfLife: number;
}

/** First numbers of a vector. */
const DEVIATION = 0.1;

/** Vectors of one side, f64[count, width]. */
type Vectors = Float64Array;

/** Sum of weight · v · vᵀ over all vectors, the lower triangle of f64[width, width]. */
function gramOf(vectors: Vectors, width: number, weights: ArrayLike<number>): Float64Array {
  const gram = new Float64Array(width * width);
  for (let n = 0; n < weights.length; n++) addProduct(gram, vectors, n * width, width, weights[n]!);
  return gram;
}

/** The best vectors of one side; `pairs` is what each has of the other side, which counts as `weights` say. */
function solveSide(
  into: Vectors,
  others: Vectors,
  weights: Float64Array,
  pairs: readonly ArrayLike<number>[],
  { width, unseen, penalty }: Pick<FactorTraining, "width" | "unseen" | "penalty">,
  gram = gramOf(others, width, weights),
): void {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  pairs.forEach((own, n) => {
    const a = gram.map((value) => unseen * value), b = into.subarray(n * width, (n + 1) * width).fill(0);
    let happened = unseen * all;
    for (let e = 0; e < own.length; e++) {
      const other = own[e]!, weight = weights[other]!, at = other * width;
      addProduct(a, others, at, width, weight);
      for (let i = 0; i < width; i++) b[i]! += weight * others[at + i]!;
      happened += weight;
    }
    for (let i = 0; i < width; i++) a[i * width + i]! += penalty * Math.sqrt(happened);
    solve(a, b, width);
  });
}

/** A model: the movies' vectors, f32[movies, width]. */
export function learnFactors(
  users: readonly History[],
  movies: number,
  training: FactorTraining,
  context: Pick<Context, "random" | "signal">,
): Tensors {
  const { width, rounds, halfLife } = training, { normal } = context.random("factors");
  const ofUsers = users.map((user) => user.movies), ofMovies = usersOfMovies(users, movies);
  const vectors = Float64Array.from({ length: movies * width }, () => DEVIATION * normal());
  const userVectors = new Float64Array(users.length * width);
  const recency = recencyOf(users, halfLife), equal = new Float64Array(movies).fill(1);
  for (let round = 0; round < rounds; round++) {
    context.signal.throwIfAborted();
    solveSide(userVectors, vectors, equal, ofUsers, training);
    solveSide(vectors, userVectors, recency, ofMovies, training);
  }
  return { movies: { shape: [movies, width], values: Float32Array.from(vectors) } };
}

/** What is the same for all users: the sum of v · vᵀ over the movies, f64[width, width]. */
export function gramOfMovies({ shape, values }: Tensor): Float64Array {
  const [movies, width] = shape as [number, number];
  return gramOf(Float64Array.from(values), width, new Float64Array(movies).fill(1));
}

/** The vectors of users with these histories, f32[histories, width]. */
export function usersOf(
  movies: Tensor,
  histories: readonly History[],
  { unseen, penalty }: Pick<FactorTraining, "unseen" | "penalty">,
  gram = gramOfMovies(movies),
): Float32Array {
  const [count, width] = movies.shape as [number, number], into = new Float64Array(histories.length * width);
  const pairs = histories.map((history) => knownOf(history, count)), equal = new Float64Array(count).fill(1);
  solveSide(into, Float64Array.from(movies.values), equal, pairs, { width, unseen, penalty }, gram);
  return Float32Array.from(into);
}

/** How much each movie suits each history, f32[histories, movies]: the users' vectors times the movies'. */
export async function factorScores(
  { movies }: Tensors,
  histories: readonly History[],
  training: Pick<FactorTraining, "unseen" | "penalty">,
  gram?: Float64Array,
): Promise<Float32Array> {
  const [count, width] = movies!.shape as [number, number],
    users = usersOf(movies!, histories, training, gram);
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d(users, [histories.length, width]),
      tf.tensor2d(movies!.values, [count, width]),
      false,
      true,
    )
  );
  return await taken(product);
}
