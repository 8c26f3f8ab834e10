/**
 * A linear head on embeddings: logistic regression of what a sentence encoder makes of the beginnings and ends of reviews.
 * Nothing of the encoder is trained; it may be a file with fewer bits a number.
 */
import type { Context } from "../../../lib/context.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import { type Random, shuffled } from "../../../lib/random.ts";
import { eachSeed, type ModelFile, type Task } from "../../../scripts/laboratory/task/task.ts";
import {
  decodeTensors,
  encodeTensors,
  filesOf,
  mechanismOf,
  type Way,
  wayName,
} from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { EMBEDDED, encoderFile, openEncoder, type SentenceEncoder } from "./encoder.ts";
import type { Review } from "./reviews.ts";

/** Decays that are tried, each from where the stronger one before it came to; part of the reviews that decides. */
const DECAYS = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4], HELD = 0.2;
/** Steps of each. */
const STEPS = 150;
/** No second derivative of the loss is larger: a quarter of the squares of a row, which sum to 1, and of the bias's 1. */
const STEEPEST = 0.5;

/** Embeddings of reviews, by review. */
export type Embeddings = ReadonlyMap<Review, Float32Array>;

/** What is asked of an encoder. */
export interface EncoderReviews {
  readonly train: readonly Review[];
  readonly test: readonly Review[];
  /** What files are chosen on. */
  readonly validation: readonly Review[];
  /** Pieces of a review that are read, half of them from its end where it has more. */
  readonly reads: number;
}

type HeadTask = Task<readonly Review[], readonly Review[], Tensors>;

/** A head on an encoder, for a receiver who has that encoder and for one who has not. */
export interface EncoderTasks {
  /** Files of the head alone, on the encoder as it came; accuracy in per cent. */
  readonly alone: HeadTask;
  /** Files of the encoder with a head, learnt on the encoder as it came, behind it; accuracy in per cent. */
  readonly together: HeadTask;
  /** What the encoder of each of those ways makes of the reviews to be tested on; kept since the tasks were measured. */
  embeddings(way: Way, context: Context): Promise<Embeddings>;
}

/**
 * The tasks. Reviews go through the encoder once for each of its files. A seed's head holds a fifth of the training reviews
 * back to choose its decay.
 */
export function encoderTasks(
  encoder: SentenceEncoder,
  { train, test, validation, reads }: EncoderReviews,
  ways: { readonly head: readonly Way[]; readonly encoder: readonly Way[] },
): EncoderTasks {
  const made = new Map<string, Bytes>(), known = new Map<string, Map<Review, Float32Array>>();
  const fileOf = (way: Way) => once(made, wayName(way), () => encoderFile(encoder, way));
  /** By the encoder of a file, which is opened once: what will be asked for later is embedded too. */
  const embedded = async (file: Bytes, reviews: readonly Review[], context: Context): Promise<Embeddings> => {
    const rows = once(known, await digestOf(file), () => new Map<Review, Float32Array>());
    if (reviews.some((review) => !rows.has(review))) {
      const missing = [...new Set([...reviews, ...test, ...validation])].filter((review) =>
        !rows.has(review)
      );
      const open = await openEncoder(file, reads, context);
      try {
        const numbers = await open.embed(missing.map(({ text }) => text), context);
        missing.forEach((review, i) => rows.set(review, numbers.subarray(i * EMBEDDED, (i + 1) * EMBEDDED)));
      } finally {
        open.close();
      }
    }
    return rows;
  };
  const fit: HeadTask["fit"] = async (train, seeds, context) => {
    const rows = await embedded(fileOf({}), train, context);
    return await eachSeed(seeds, context, (own) => fitHead(train, rows, own.random("head")));
  };
  const accuracy = async (file: Bytes, head: Uint8Array, reviews: readonly Review[], context: Context) =>
    100 * headAccuracy(decodeTensors(head), reviews, await embedded(file, reviews, context));
  return {
    alone: {
      name: "head on the encoder",
      train,
      test,
      validation,
      fit,
      files: (head) => filesOf(head, ways.head),
      score: (file, test, context) => accuracy(fileOf({}), file, test, context),
    },
    together: {
      name: "encoder with head",
      train,
      test,
      validation,
      fit,
      files: (head) =>
        ways.encoder.map((way): ModelFile => {
          const file = fileOf(way);
          return {
            way: wayName(way),
            family: mechanismOf(way),
            bytes: concat([varint(file.length), file, encodeTensors(head, {})]),
          };
        }),
      score: async (bytes, test, context) => {
        const reader = new ByteReader(bytes, "model"), file = reader.take(reader.varint()).slice();
        return await accuracy(file, reader.take(reader.left), test, context);
      },
    },
    embeddings: (way, context) => embedded(fileOf(way), test, context),
  };
}

function once<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const value = kept.get(key) ?? make();
  kept.set(key, value);
  return value;
}

async function digestOf(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Learns from all but a fifth, for each decay; the weights that do best on that fifth are kept, of equals the smaller. */
export function fitHead(reviews: readonly Review[], rows: Embeddings, stream: Random): Tensors {
  const order = shuffled(reviews.length, stream), held = Math.round(HELD * order.length);
  const part = (from: number, to?: number) => [...order.slice(from, to)].map((i) => reviews[i]!);
  const asked = part(0, held), learnt = part(held);
  let weights = new Float64Array(EMBEDDED + 1), best = { right: -1, head: headOf(weights) };
  for (const decay of DECAYS) {
    weights = descend(learnt, rows, decay, weights);
    const head = headOf(weights), right = headAccuracy(head, asked, rows);
    if (right > best.right) best = { right, head };
  }
  return best.head;
}

/** Weights and bias, which stands last, as a model's numbers. */
const headOf = (weights: Float64Array): Tensors => ({
  weights: { shape: [EMBEDDED, 1], values: Float32Array.from(weights.subarray(0, EMBEDDED)) },
  bias: { shape: [1], values: Float32Array.from(weights.subarray(EMBEDDED)) },
});

const logitOf = (weights: ArrayLike<number>, bias: number, row: Float32Array) => {
  let sum = bias;
  for (let i = 0; i < EMBEDDED; i++) sum += weights[i]! * row[i]!;
  return sum;
};

/** Share of the reviews whose side a head finds. */
function headAccuracy({ weights, bias }: Tensors, reviews: readonly Review[], rows: Embeddings): number {
  const offset = bias!.values[0]!;
  const right = reviews.filter((review) =>
    logitOf(weights!.values, offset, rows.get(review)!) > 0 === review.positive
  );
  return right.length / reviews.length;
}

/** Mean logistic loss and decay/2 of the squares of the weights, by accelerated gradient descent (Nesterov 1983). */
function descend(
  reviews: readonly Review[],
  rows: Embeddings,
  decay: number,
  start: Float64Array,
): Float64Array<ArrayBuffer> {
  const at = reviews.map((review) => ({ row: rows.get(review)!, wanted: Number(review.positive) }));
  let weights = new Float64Array(start), ahead = weights, pace = 1;
  for (let step = 0; step < STEPS; step++) {
    const gradient = ahead.map((weight, i) => i < EMBEDDED ? decay * weight : 0);
    for (const { row, wanted } of at) {
      const wrong = (1 / (1 + Math.exp(-logitOf(ahead, ahead[EMBEDDED]!, row))) - wanted) / at.length;
      for (let i = 0; i < EMBEDDED; i++) gradient[i]! += wrong * row[i]!;
      gradient[EMBEDDED]! += wrong;
    }
    const next = ahead.map((weight, i) => weight - gradient[i]! / (STEEPEST + decay));
    const faster = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2, swing = (pace - 1) / faster;
    ahead = next.map((weight, i) => weight + swing * (weight - weights[i]!));
    weights = next;
    pace = faster;
  }
  return weights;
}

/** Cosine of the angle between two embeddings, whose squares sum to 1. */
export const cosine = (a: Float32Array, b: Float32Array): number => logitOf(a, 0, b);
