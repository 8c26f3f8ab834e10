/**
 * Recommending by attention: the movies that a user has rated, in their order, are read by blocks of causal attention,
 * whose last place says what comes next (SASRec; Kang & McAuley 2018). The vectors that are read are those that are
 * compared with in the end; they are the factor model's and stay as they are, as there are few ratings to learn from,
 * and how often a movie was rated of late is added. Learnt by softmax over the right movie and a sample of others, each
 * lowered by the logarithm of how often it is drawn, so that the softmax over all movies is what is learnt (Bengio &
 * Senécal 2008).
 */
import * as tf from "@tensorflow/tfjs";
import "../../../lib/backend/dense_kernels.ts";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import { cosineRate, runSteps } from "../../../lib/training/loop.ts";
import type { Tensor, Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { throughBlocks } from "../language/attention.ts";
import { type AttentionSpec, initialWeights } from "../language/spec.ts";
import { drawWeights, openLearner, shapedNumbers } from "../language/weights.ts";
import { openTensors, taken, type Weights } from "../networks/weights.ts";
import { ADDED, logCounts } from "./bits.ts";
import { countsOf, type History, knownOf, recencyOf } from "./ratings.ts";

/** A model's size, and how it is learnt. */
export interface SequenceTraining {
  readonly heads: number;
  readonly blocks: number;
  /** Movies that it reads. */
  readonly context: number;
  readonly steps: number;
  /** Histories of a step. */
  readonly batch: number;
  /** Other movies that a step compares with. */
  readonly others: number;
  readonly rate: number;
  /** Share of the movies read, and of what is said in the end, that a step leaves out. */
  readonly dropout: number;
  /** Years after which a user counts half. */
  readonly halfLife: number;
}

/** What the last gains begin with: the model begins as popularity. */
const FAINT = 0;

/** Users are drawn by this power of how much they rated; others by this one of how often they were rated. */
const LENGTH_POWER = 0.5, COUNT_POWER = 0.75;

const specOf = (
  { shape }: Tensor,
  { heads, blocks, context }: Pick<SequenceTraining, "heads" | "blocks" | "context">,
) => ({ kind: "attention", symbols: shape[0]!, width: shape[1]!, heads, blocks, context }) as const;

/** The language model's weights, but for what is read and said. */
function learntOf(spec: AttentionSpec) {
  const { embedding: _, output: __, outputBias: ___, ...weights } = initialWeights(spec);
  return { ...weights, lastGain: { shape: [spec.width], value: FAINT } };
}

/** The vectors scaled so that the rated ones have numbers of mean square 1. */
function scaled({ shape, values }: Tensor, counts: Float32Array): Tensor {
  const width = shape[1]!,
    square = values.reduce((sum, v, i) => sum + counts[Math.floor(i / width)]! * v * v, 0);
  const mean = square / (width * counts.reduce((sum, count) => sum + count, 0));
  return { shape, values: values.map((v) => v / Math.sqrt(mean)) };
}

/** Learns a model that reads and compares with these vectors, f32[movies, width]. */
export async function learnSequences(
  users: readonly History[],
  vectors: Tensor,
  training: SequenceTraining,
  context: Context,
): Promise<Tensors> {
  await ensureBackend(context);
  const { steps, batch, others, rate, halfLife, dropout } = training, movies = vectors.shape[0]!;
  const counts = countsOf(users, movies, halfLife);
  const fixed = {
    embedding: scaled(vectors, counts),
    outputBias: { shape: [movies], values: logCounts(counts) },
  };
  const spec = specOf(vectors, training), initial = learntOf(spec), draw = context.random("windows");
  const learner = openLearner(initial, drawWeights(initial, context.random("weights")));
  const constants = openTensors(fixed), weight = recencyOf(users, halfLife);
  const user = picker(
    users.map(({ movies }, i) => weight[i]! * (movies.length - 1) ** LENGTH_POWER),
    draw.uniform,
  );
  const other = picker([...counts].map((count) => (count + ADDED) ** COUNT_POWER), draw.uniform);
  const mask = (size: number) =>
    tf.tensor1d(Float32Array.from({ length: size }, () => draw.uniform() < dropout ? 0 : 1 / (1 - dropout)));
  try {
    await runSteps({
      label: "attention to histories",
      steps,
      step(t) {
        const windows = Array.from(
          { length: batch },
          () => windowOf(users[user.draw()]!, spec.context, draw.below),
        );
        const sample = Int32Array.from({ length: others }, other.draw);
        const expected = (movie: number) => Math.log(others * other.chance(movie));
        const own = cosineRate(t, steps, { rate, warm: Math.ceil(steps / 20), last: 0.05 });
        tf.tidy(() => {
          learner.step(
            (weights) => loss(spec, { ...weights, ...constants }, windows, sample, expected, mask),
            own,
          );
        });
      },
    }, context);
    return { ...fixed, ...shapedNumbers(initial, await learner.numbers()) };
  } finally {
    learner.dispose();
    tf.dispose(constants);
  }
}

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

/** Mean −log₂ of the softmax over the next movie and the sample, a scalar. */
function loss(
  spec: AttentionSpec,
  weights: Weights,
  windows: readonly Window[],
  sample: Int32Array,
  expected: (movie: number) => number,
  mask: (size: number) => tf.Tensor1D,
): tf.Scalar {
  const next = flat(windows, "next"), places = [...next.keys()].filter((i) => next[i]! >= 0); // P of B·T
  const right = next.filter((movie) => movie >= 0), embedding = weights["embedding"]!;
  const seen = mask(next.length).expandDims(1); // [B·T, 1]
  const all = hidden(spec, weights, flat(windows, "seen"), windows.length, seen); // [B·T, D]
  const states = tf.gather(all, tf.tensor1d(places, "int32")); // [P, D]
  const kept = states.mul(mask(places.length * spec.width).reshape([places.length, spec.width])); // [P, D]
  const vectors = (movies: Int32Array) => tf.gather(embedding, tf.tensor1d(movies, "int32")) as tf.Tensor2D;
  const offsets = (movies: Int32Array) =>
    tf.gather(weights["outputBias"]!, tf.tensor1d(movies, "int32")).sub(
      tf.tensor1d(Float32Array.from(movies, expected)),
    );
  const own = kept.mul(vectors(right)).sum(1).add(offsets(right)); // [P]
  const same = tf.equal(tf.tensor2d(right, [right.length, 1]), tf.tensor2d(sample, [1, sample.length]));
  const theirs = tf.matMul(kept as tf.Tensor2D, vectors(sample), false, true)
    .add(offsets(sample)).sub(same.cast("float32").mul(1e9)); // [P, S]
  const logits = tf.concat([own.expandDims(1), theirs], 1); // [P, 1 + S]
  return tf.logSumExp(logits, 1).sub(own).mean().mul(Math.LOG2E);
}

/** What each place of B histories says of what comes next, [B·T, D]; `mask` multiplies what is read. */
function hidden(
  spec: AttentionSpec,
  weights: Weights,
  seen: Int32Array,
  B: number,
  mask?: tf.Tensor,
): tf.Tensor2D {
  const T = seen.length / B, vectors = tf.gather(weights["embedding"]!, tf.tensor1d(seen, "int32")); // [B·T, D]
  const read = (mask ? vectors.mul(mask) : vectors).reshape([B, T, spec.width]);
  const position = weights["position"]!.slice([0, 0], [T, spec.width]); // [T, D]
  return throughBlocks(spec, weights, read.add(position));
}

/** Logits of all movies after these histories, f32[histories, movies]. */
export async function sequenceScores(
  model: Tensors,
  shape: Pick<SequenceTraining, "heads" | "blocks">,
  histories: readonly History[],
): Promise<Float32Array> {
  const context = model["position"]!.shape[0]!, spec = specOf(model["embedding"]!, { ...shape, context });
  const B = histories.length, seen = new Int32Array(B * context), count = spec.symbols;
  const read = histories.map((history) => knownOf(history, count).subarray(-context));
  read.forEach((known, b) => seen.set(known, b * context));
  const last = read.map(({ length }, b) => b * context + Math.max(0, length - 1));
  const any = read.map(({ length }) => Number(length > 0)); // who knows no movie that is known gets popularity
  const logits = tf.tidy(() => {
    const weights = openTensors(model);
    const states = tf.gather(hidden(spec, weights, seen, B), tf.tensor1d(last, "int32")) as tf.Tensor2D; // [B, D]
    const said = states.mul(tf.tensor2d(any, [B, 1])) as tf.Tensor2D;
    return tf.matMul(said, weights["embedding"] as tf.Tensor2D, false, true).add(weights["outputBias"]!);
  });
  return await taken(logits);
}
