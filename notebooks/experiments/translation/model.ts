/**
 * Encoder and decoder of attention (Vaswani et al. 2017): a block each, positions learnt, one table of pieces for what is
 * read, what is written, and what is chosen from.
 */
import * as tf from "@tensorflow/tfjs";
import {
  attend,
  type Attended,
  attentionWeights,
  closedPlaces,
  type Heads,
  inner,
  innerWeights,
  laterPlaces,
  type Memory,
  memoryOf,
  normalise,
  normWeights,
} from "../attention/blocks.ts";
import { isMatrix, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import type { Initial } from "../language/weights.ts";
import type { Weights } from "../networks/weights.ts";
import { NOTHING } from "./subwords.ts";

/** Its shape. */
export interface TranslatorSpec extends Heads {
  /** Pieces, those that stand for nothing, an end and what is unknown among them. */
  readonly pieces: number;
  /** Pieces of the longest source, and of the longest translation with its end. */
  readonly reads: number;
  readonly writes: number;
}

/** Its weights before training. */
export function translatorWeights(
  { pieces, width, reads, writes }: TranslatorSpec,
): Readonly<Record<string, Initial>> {
  return {
    pieces: { shape: [pieces, width], deviation: 0.2 },
    readPlace: { shape: [reads, width], deviation: 0.1 },
    writePlace: { shape: [writes, width], deviation: 0.1 },
    ...attentionWeights("read", width),
    ...innerWeights("readInner", width),
    ...normWeights("source", width),
    ...attentionWeights("write", width),
    ...attentionWeights("cross", width),
    ...innerWeights("writeInner", width),
    ...normWeights("last", width),
    bias: { shape: [pieces], value: 0 },
  };
}

/** How often each matrix is multiplied by for a piece that is read and a piece that is written: once, places never. */
export function translatorUses(tensors: Tensors): Readonly<Record<string, number>> {
  const matrices = Object.entries(tensors).filter(([name, tensor]) =>
    isMatrix(tensor) && !name.endsWith("Place")
  );
  return Object.fromEntries(matrices.map(([name]) => [name, 1]));
}

/** What the decoder looks at: keys and values of the sources, and which of their places are closed, [B, 1, 1, S]. */
export type Source = {
  readonly memory: Memory;
  readonly closed: tf.Tensor;
};

/** Reads sources, numbers of pieces [B, S]. Call within `tf.tidy`. */
export function readSources(weights: Weights, of: Heads, sources: tf.Tensor2D): Source {
  const [B, S] = sources.shape,
    closed = closedPlaces(sources.notEqual(NOTHING).toFloat()).reshape([B, 1, 1, S]);
  let x = embedded(weights, sources, "readPlace", 0);
  const seen = normalise(x, weights, "read");
  x = x.add(attend(seen, memoryOf(seen, weights, "read", B, of), closed, weights, "read", of).taken);
  x = x.add(inner(x, weights, "readInner"));
  return { memory: memoryOf(normalise(x, weights, "source"), weights, "cross", B, of), closed };
}

/** Pieces with their places from `first` on, [B·T, D]. */
function embedded(weights: Weights, pieces: tf.Tensor2D, places: string, first: number): tf.Tensor2D {
  const [B, T] = pieces.shape, table = weights["pieces"]!, width = table.shape[1]!;
  const place = weights[places]!.slice([first, 0], [T, width]); // [T, D]
  return tf.gather(table, pieces).add(place).reshape([B * T, width]);
}

/** What the decoder makes of the pieces written so far. */
export interface Written {
  /** Of the next piece after each that was asked for, [N, pieces]. */
  readonly logits: tf.Tensor2D;
  /** Keys and values of all pieces so far, for the step after. */
  readonly memory: Memory;
  /** How much of each piece of the source went into it, [B, heads, T, S]. */
  readonly looked: Attended["shares"];
}

/**
 * Goes on from pieces [B, T]: all at once from the beginning while it learns, where none sees a later one; or one at a
 * time, with what is remembered of those before. Call within `tf.tidy`.
 *
 * @param asked Rows of [B·T] whose next pieces matter; all by default.
 */
export function write(
  weights: Weights,
  of: Heads,
  source: Source,
  pieces: tf.Tensor2D,
  { before, asked }: { readonly before?: Memory | undefined; readonly asked?: tf.Tensor1D } = {},
): Written {
  const [B, T] = pieces.shape, first = before ? before.keys.shape[2]! : 0;
  let x = embedded(weights, pieces, "writePlace", first);
  const seen = normalise(x, weights, "write"), own = memoryOf(seen, weights, "write", B, of);
  const memory = before
    ? { keys: joined(before.keys, own.keys), values: joined(before.values, own.values) }
    : own;
  const past = before ? tf.scalar(0) : laterPlaces(T);
  x = x.add(attend(seen, memory, past, weights, "write", of).taken);
  const looked = attend(normalise(x, weights, "cross"), source.memory, source.closed, weights, "cross", of);
  x = x.add(looked.taken);
  x = x.add(inner(x, weights, "writeInner"));
  const last = normalise(asked ? tf.gather(x, asked) : x, weights, "last"); // [N, D]
  const logits = tf.matMul(last, weights["pieces"]!, false, true).add(
    weights["bias"]!,
  );
  return { logits: logits as tf.Tensor2D, memory, looked: looked.shares };
}

const joined = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.concat([a, b], 2);
