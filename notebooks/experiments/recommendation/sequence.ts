/**
 * Recommending by attention (SASRec; Kang & McAuley 2018): each movie that a user has rated, in their order, is a learnt
 * vector and a learnt position; blocks of causal attention and of a two-layer network of the same width, each normalised
 * before it and added to what it was given, make of them a state at every place, and the same vectors of all movies are
 * compared with it to say what comes next. Dropout on what is read and on every branch. What may be added to what was
 * published, as there are few users to learn from: vectors that begin as given ones, and how often a movie was rated.
 */
import * as tf from "@tensorflow/tfjs";
import "../../../lib/backend/dense_kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import { cosineRate, runSteps } from "../../../lib/training/loop.ts";
import type { Tensor, Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import {
  attend,
  attentionWeights,
  inner,
  innerWeights,
  laterPlaces,
  memoryOf,
  normalise,
  normWeights,
} from "../attention/blocks.ts";
import { drawWeights, type Initial, openLearner, shapedNumbers } from "../language/weights.ts";
import { openTensors, taken, type Weights } from "../networks/weights.ts";
import { ADDED, logCounts } from "./bits.ts";
import { pairLoss, sampledLoss, softmaxLoss } from "./next_loss.ts";
import { countsOf, type History, knownOf, recencyOf } from "./ratings.ts";

/** A model's size. */
export interface SequenceShape {
  readonly width: number;
  /** Divides the width. */
  readonly heads: number;
  readonly blocks: number;
  /** Movies that it reads. */
  readonly context: number;
}

/** A model's size, and how it is learnt. */
export interface SequenceTraining extends SequenceShape {
  readonly steps: number;
  /** Histories of a step. */
  readonly batch: number;
  readonly rate: number;
  /** Share of the numbers read, and of those that a branch adds, that a step leaves out. */
  readonly dropout: number;
  /** Years after which a user counts half. */
  readonly halfLife: number;
  /** What is minimised at every place; see next_loss.ts. */
  readonly loss: "softmax" | "sample" | "pairs";
  /** Movies in a sample. */
  readonly others: number;
  /** Whether scores have the logarithm added of how often a movie was rated of late, which stays as it is. */
  readonly prior: boolean;
}

/** Size of what vectors begin with: drawn ones, and numbers of rated ones that are given, in 1 / √width. */
const DRAWN = 0.02, GIVEN = 0.7;

/** Users are drawn by this power of how much they rated; others by this one of how often they were rated. */
const LENGTH_POWER = 0.5, COUNT_POWER = 0.75;

/** The weights by name, and what they begin with. */
function initialOf(
  movies: number,
  { width, blocks, context, prior }: Omit<SequenceTraining, "loss">,
): Record<string, Initial> {
  const block = (i: number) => ({
    ...attentionWeights(`${i}.attention`, width),
    ...innerWeights(`${i}.inner`, width, width),
  });
  const all = Array.from({ length: blocks }, (_, i) => block(i));
  return {
    embedding: { shape: [movies, width], deviation: DRAWN },
    position: { shape: [context, width], deviation: DRAWN },
    ...Object.assign({}, ...all) as Record<string, Initial>,
    ...normWeights("last", width),
    ...(prior ? { lastGain: { shape: [width], value: 0 } } : {}), // begins as the prior alone
  };
}

/** Learns from users; the vectors of movies begin as `vectors`, f32[movies, width], or are drawn. */
export async function learnSequences(
  users: readonly History[],
  movies: number,
  training: SequenceTraining,
  context: Context,
  vectors?: Tensor,
): Promise<Tensors> {
  await ensureBackend(context);
  const { steps, batch, rate, halfLife, prior } = training, initial = initialOf(movies, training);
  const drawn = drawWeights(initial, context.random("weights"));
  const counts = countsOf(users, movies, halfLife);
  const learner = openLearner(initial, vectors ? { ...drawn, embedding: scaled(vectors, counts) } : drawn);
  const added = prior ? logCounts(counts) : new Float32Array(movies), offsets = tf.tensor1d(added);
  const draw = context.random("windows"), weight = recencyOf(users, halfLife);
  const lengths = users.map(({ movies }, i) => weight[i]! * (movies.length - 1) ** LENGTH_POWER);
  const user = picker(lengths, draw.uniform);
  const learning = {
    training,
    drop: dropper(training.dropout, context.random("dropout").uniform),
    other: picker([...counts].map((count) => (count + ADDED) ** COUNT_POWER), draw.uniform),
    any: () => draw.below(movies),
  };
  const window = () => windowOf(users[user.draw()]!, training.context, draw.below);
  try {
    await runSteps({
      label: "attention to histories",
      steps,
      step(t) {
        const windows = Array.from({ length: batch }, window);
        const own = cosineRate(t, steps, { rate, warm: Math.ceil(steps / 20), last: 0.05 });
        tf.tidy(() => {
          learner.step((weights) => lossOf({ ...weights, offsets }, windows, learning), own);
        });
      },
    }, context);
    const learnt = shapedNumbers(initial, await learner.numbers());
    return prior ? { ...learnt, prior: { shape: [movies], values: added } } : learnt;
  } finally {
    learner.dispose();
    offsets.dispose();
  }
}

/** Vectors scaled so that the rated ones have numbers of mean square GIVEN² / width. */
function scaled({ shape, values }: Tensor, counts: Float32Array): Float32Array {
  const width = shape[1]!, all = counts.reduce((sum, count) => sum + count, 0);
  const square = values.reduce((sum, v, i) => sum + counts[Math.floor(i / width)]! * v * v, 0);
  return values.map((v) => GIVEN * v / Math.sqrt(square / all));
}

/** Leaves out a share of numbers, and makes up for it in the others. */
type Drop = (x: tf.Tensor2D) => tf.Tensor2D;

const dropper = (share: number, uniform: () => number): Drop => (x) => {
  if (!share) return x;
  const kept = 1 / (1 - share);
  return x.mul(
    tf.tensor2d(Float32Array.from({ length: x.size }, () => uniform() < share ? 0 : kept), x.shape),
  );
};

/** Draws indices in proportion to weights. */
function picker(weights: readonly number[], uniform: () => number) {
  const sums = new Float64Array(weights.length);
  weights.reduce((sum, weight, i) => sums[i] = sum + weight, 0);
  const all = sums.at(-1)!;
  return {
    chance: (i: number) => weights[i]! / all,
    draw() {
      const at = uniform() * all;
      let low = 0, high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle]! > at) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** Movies of a stretch of a history, and the ones that came next; −1 behind its end. */
interface Window {
  readonly seen: Int32Array;
  readonly next: Int32Array;
}

function windowOf({ movies }: History, context: number, below: (n: number) => number): Window {
  const from = below(Math.max(1, movies.length - context)), part = movies.subarray(from, from + context + 1);
  const seen = new Int32Array(context), next = new Int32Array(context).fill(-1);
  seen.set(part.subarray(0, -1));
  next.set(part.subarray(1));
  return { seen, next };
}

const flat = (windows: readonly Window[], which: keyof Window) =>
  Int32Array.from(windows.flatMap((window) => [...window[which]]));

/** What a step needs besides its windows. */
interface Learning {
  readonly training: SequenceTraining;
  readonly drop: Drop;
  /** Draws movies for samples. */
  readonly other: ReturnType<typeof picker>;
  /** Any movie. */
  any(): number;
}

/** Mean bits of what came next, over all places that have a next one; a scalar. */
function lossOf(
  weights: Weights,
  windows: readonly Window[],
  { training, drop, other, any }: Learning,
): tf.Scalar {
  const next = flat(windows, "next"), places = [...next.keys()].filter((i) => next[i]! >= 0); // P of B·T
  const right = next.filter((movie) => movie >= 0), { loss, others } = training;
  const all = statesOf(training, weights, flat(windows, "seen"), windows.length, drop); // [B·T, D]
  const compared = {
    states: tf.gather(all, tf.tensor1d(places, "int32")), // [P, D]
    movies: weights["embedding"] as tf.Tensor2D,
    offsets: weights["offsets"] as tf.Tensor1D,
  };
  if (loss === "softmax") return softmaxLoss(compared, right);
  if (loss === "pairs") return pairLoss(compared, right, right.map(any));
  const sample = Int32Array.from({ length: others }, other.draw);
  return sampledLoss(compared, right, sample, (movie) => others * other.chance(movie));
}

/** What each place of B histories says of what comes next, [B·T, D]. */
function statesOf(
  { width, heads, blocks }: Omit<SequenceShape, "context">,
  weights: Weights,
  seen: Int32Array,
  B: number,
  drop: Drop = (x) => x,
): tf.Tensor2D {
  const T = seen.length / B, past = laterPlaces(T), of = { width, heads }; // [T, T]
  const vectors = tf.gather(weights["embedding"]!, tf.tensor1d(seen, "int32")).reshape([B, T, width]);
  const read = vectors.mul(Math.sqrt(width)).add(weights["position"]!);
  let x = drop(read.reshape([B * T, width])); // [B·T, D]
  for (let i = 0; i < blocks; i++) {
    const name = `${i}.attention`, even = normalise(x, weights, name);
    const { taken } = attend(even, memoryOf(even, weights, name, B, of), past, weights, name, of);
    x = x.add(drop(taken));
    x = x.add(drop(inner(x, weights, `${i}.inner`)));
  }
  return normalise(x, weights, "last");
}

/** Logits of all movies after these histories, f32[histories, movies]; who knows no movie that is known gets the prior. */
export async function sequenceScores(
  model: Tensors,
  { heads, blocks }: Pick<SequenceShape, "heads" | "blocks">,
  histories: readonly History[],
): Promise<Float32Array> {
  const context = model["position"]!.shape[0]!,
    [count, width] = model["embedding"]!.shape as [number, number];
  const B = histories.length, seen = new Int32Array(B * context);
  const read = histories.map((history) => knownOf(history, count).subarray(-context));
  read.forEach((known, b) => seen.set(known, b * context));
  const last = read.map(({ length }, b) => b * context + Math.max(0, length - 1));
  const any = read.map(({ length }) => Number(length > 0));
  const logits = tf.tidy(() => {
    const weights = openTensors(model), all = statesOf({ width, heads, blocks }, weights, seen, B); // [B·T, D]
    const said = tf.gather(all, tf.tensor1d(last, "int32")).mul(tf.tensor2d(any, [B, 1])) as tf.Tensor2D; // [B, D]
    const scores = tf.matMul(said, weights["embedding"] as tf.Tensor2D, false, true);
    return weights["prior"] ? scores.add(weights["prior"]) : scores;
  });
  return await taken(logits);
}
