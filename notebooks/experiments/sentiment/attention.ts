/**
 * A small classifier of attention: words are embedded, each of a few learnt questions weighs the words of a review against
 * one another (attention as Bahdanau, Cho and Bengio 2014 have it), and what it so attends to is its answer.
 */
import * as tf from "@tensorflow/tfjs";
import type { Context } from "../../../lib/context.ts";
import { eachSeed, type Task } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import { closedPlaces } from "../attention/blocks.ts";
import { type AttentionTraining, trainWeights } from "../attention/train.ts";
import type { Initial } from "../language/weights.ts";
import { openTensors, type Weights } from "../networks/weights.ts";
import type { Review, ReviewSplit } from "./reviews.ts";
import { decodeWordModel, vocabularyOf, type WordModel, wordModelFiles } from "./words.ts";

/** Its shape. */
export interface QuestionsSpec {
  /** Words that it knows. */
  readonly words: number;
  /** Words of a review that it reads; of a longer one, half from the beginning, half from the end. */
  readonly reads: number;
  /** Numbers of a word. */
  readonly width: number;
  /** Questions. */
  readonly heads: number;
}

/** Rows of the embedding before the words: nothing there, and a word that is not known. */
const NOTHING = 0, UNKNOWN = 1, FIRST = 2;
/** Reviews that are asked about at once. */
const MANY = 100;

/** Its weights before training. */
function attentionInitial({ words, width, heads }: QuestionsSpec): Readonly<Record<string, Initial>> {
  return {
    embedding: { shape: [FIRST + words, width], deviation: 0.1 },
    questions: { shape: [width, heads], deviation: 0.3 },
    answers: { shape: [width, heads], deviation: 0.3 },
    bias: { shape: [1], value: 0 },
  };
}

/** The words that it reads. */
export function readOf<Word>(words: readonly Word[], reads: number): readonly Word[] {
  const half = reads >> 1;
  return words.length > reads ? [...words.slice(0, half), ...words.slice(half - reads)] : words;
}

/** How often each tensor is multiplied by for one review; words are looked up. */
export function attentionUses({ reads }: Pick<QuestionsSpec, "reads">): Readonly<Record<string, number>> {
  return { questions: reads, answers: reads };
}

/** Numbers of the words that it reads of a review, [reads], 0 where there is none. */
function readingOf(words: readonly string[], reads: number): (review: Pick<Review, "words">) => Int32Array {
  const place = new Map(words.map((word, i) => [word, FIRST + i]));
  return ({ words }) => {
    const read = readOf(words, reads), row = new Int32Array(reads);
    read.forEach((word, i) => row[i] = place.get(word) ?? UNKNOWN);
    return row;
  };
}

/** Logits [B] of reviews as numbers of words [B, reads], and the share of each word for each question, [B, reads, H]. */
function answersTo(weights: Weights, words: tf.Tensor2D) {
  const [B, T] = words.shape, heads = weights["questions"]!.shape[1]!;
  const closed = closedPlaces(words.notEqual(NOTHING).toFloat()).expandDims(2); // [B, T, 1]
  const embedded = tf.gather(weights["embedding"]!, words).reshape<tf.Tensor2D>([B * T, -1]); // [B·T, D]
  const asked = tf.matMul(embedded, weights["questions"]!).reshape([B, T, heads]).add(closed);
  const shares = tf.softmax(asked.transpose([0, 2, 1])).transpose<tf.Tensor3D>([0, 2, 1]); // over the words
  const said = tf.matMul(embedded, weights["answers"]!).reshape([B, T, heads]);
  return { logits: said.mul(shares).sum([1, 2]).add(weights["bias"]!) as tf.Tensor1D, shares };
}

/** Learns a classifier; everything random comes from the context's seed. */
async function trainAttention(
  reviews: readonly Review[],
  spec: QuestionsSpec,
  training: AttentionTraining,
  context: Context,
): Promise<WordModel> {
  const words = vocabularyOf(reviews, spec.words), rows = reviews.map(readingOf(words, spec.reads));
  const loss = (weights: Weights, chosen: Int32Array, hidden: () => boolean) => {
    const read = new Int32Array(chosen.length * spec.reads);
    chosen.forEach((review, b) =>
      read.set(rows[review]!.map((word) => word && hidden() ? UNKNOWN : word), b * spec.reads)
    );
    const wanted = tf.tensor1d(Float32Array.from(chosen, (review) => Number(reviews[review]!.positive)));
    const { logits } = answersTo(weights, tf.tensor2d(read, [chosen.length, spec.reads], "int32"));
    return logits.softplus().sub(logits.mul(wanted)).mean().mul(Math.LOG2E) as tf.Scalar;
  };
  const initial = attentionInitial({ ...spec, words: words.length });
  return { words, tensors: await trainWeights(initial, rows.length, training, "review", loss, context) };
}

/** The task; accuracy in per cent. */
export function attentionTask(
  { train, test }: ReviewSplit,
  spec: QuestionsSpec,
  training: AttentionTraining,
  ways: readonly Way[],
): Task<readonly Review[], readonly Review[], WordModel> {
  return {
    name: `attention, ${spec.width} numbers a word`,
    train,
    test,
    fit: (train, seeds, context) =>
      eachSeed(seeds, context, (own) => trainAttention(train, spec, training, own)),
    files: (model) => wordModelFiles(model, ways),
    score: async (file, test) => {
      const logits = (await answers(decodeWordModel(file), spec.reads, test)).map(({ logit }) => logit);
      return 100 * test.filter(({ positive }, i) => logits[i]! > 0 === positive).length / test.length;
    },
  };
}

/** What the model says of a review. */
export interface Answer {
  /** Above 0: the writer liked the film. */
  readonly logit: number;
  /** What of all attention each word that was read got, a mean over the questions; the sum is 1. */
  readonly shares: readonly number[];
}

/** What the model says of each review. */
export async function answers(
  { words, tensors }: WordModel,
  reads: number,
  reviews: readonly Pick<Review, "words">[],
): Promise<readonly Answer[]> {
  const weights = openTensors(tensors), rowOf = readingOf(words, reads), said: Answer[] = [];
  for (let from = 0; from < reviews.length; from += MANY) {
    const some = reviews.slice(from, from + MANY),
      rows = Int32Array.from(some.flatMap((one) => [...rowOf(one)]));
    const told = tf.tidy(() => {
      const { logits, shares } = answersTo(weights, tf.tensor2d(rows, [some.length, reads], "int32"));
      return { logits, shares: shares.mean(2) }; // [B], [B, reads]
    });
    const logits = await told.logits.data(), shares = await told.shares.data();
    tf.dispose(told);
    some.forEach(({ words }, b) => {
      const own = shares.subarray(b * reads, b * reads + Math.min(reads, words.length));
      said.push({ logit: logits[b]!, shares: [...own] });
    });
  }
  tf.dispose(weights);
  return said;
}
