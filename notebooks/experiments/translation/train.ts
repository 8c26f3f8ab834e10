/** Training of a translator: each piece of a translation from the source and the pieces before it. */
import * as tf from "@tensorflow/tfjs";
import type { Context } from "../../../lib/context.ts";
import { stepsOf } from "../networks/epochs.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { type AttentionTraining, trainWeights } from "../attention/train.ts";
import type { Weights } from "../networks/weights.ts";
import { readSources, type TranslatorSpec, translatorWeights, write } from "./model.ts";
import { END, NOTHING, UNKNOWN } from "./subwords.ts";

/** A source and its translation as numbers of pieces, without an end. */
export interface SpelledPair {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** A translator and what its training cost. */
export interface TrainedTranslator {
  readonly tensors: Tensors;
  readonly flop: number;
}

/** Whether a pair has room in the model. */
export const fits = ({ reads, writes }: TranslatorSpec) => ({ source, target }: SpelledPair): boolean =>
  source.length > 0 && source.length <= reads && target.length < writes;

/** FLOP of one pair forwards: all products with weights, at all places, empty ones too. */
function translatorFlop({ pieces, width, reads, writes }: TranslatorSpec): number {
  const square = width * width; // attention 4, the inner network 4; the cross keys and values are of the source
  return 2 * (reads * (8 + 2) * square + writes * (8 + 2) * square + writes * pieces * width);
}

/** Learns from pairs, all of which fit; everything random comes from the context's seed. */
export async function trainTranslator(
  pairs: readonly SpelledPair[],
  spec: TranslatorSpec,
  training: AttentionTraining,
  context: Context,
): Promise<TrainedTranslator> {
  const loss = (weights: Weights, chosen: Int32Array, hidden: () => boolean) => {
    const hide = (piece: number) => piece !== NOTHING && hidden() ? UNKNOWN : piece;
    const some = Array.from(chosen, (i) => pairs[i]!);
    const sources = filled(some.map(({ source }) => source.map(hide)), spec.reads);
    const before = filled(some.map(({ target }) => [END, ...target.map(hide)]), spec.writes);
    const places = some.flatMap(({ target }, b) => [...target, END].map((_, t) => b * spec.writes + t));
    const after = tf.tensor1d(some.flatMap(({ target }) => [...target, END]), "int32");
    const asked = tf.tensor1d(places, "int32");
    const { logits } = write(weights, spec, readSources(weights, spec, sources), before, { asked });
    const costs = tf.logSoftmax(logits).mul(tf.oneHot(after, spec.pieces)).sum(1);
    return costs.mean().mul(-Math.LOG2E) as tf.Scalar;
  };
  const initial = translatorWeights(spec);
  return {
    tensors: await trainWeights(initial, pairs.length, training, "piece", loss, context),
    flop: 3 * translatorFlop(spec) * stepsOf(pairs.length, training) * training.batch,
  };
}

/** Rows of pieces, nothing behind their ends, [B, length] int32. */
export function filled(rows: readonly (readonly number[])[], length: number): tf.Tensor2D {
  const values = new Int32Array(rows.length * length).fill(NOTHING);
  rows.forEach((row, b) => values.set(row.slice(0, length), b * length));
  return tf.tensor2d(values, [rows.length, length], "int32");
}
