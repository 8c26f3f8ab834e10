/** Training of a translator: each piece of a translation from the source and the pieces before it. */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Context } from "../../../lib/context.ts";
import { runEpochs } from "../networks/epochs.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { rateAt } from "../language/train.ts";
import { drawWeights, openLearner, shapedNumbers } from "../language/weights.ts";
import { readSources, type TranslatorSpec, translatorWeights, write } from "./model.ts";
import { END, NOTHING, UNKNOWN } from "./subwords.ts";

/** A source and its translation as numbers of pieces, without an end. */
export interface SpelledPair {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** How it is trained. */
export interface TranslatorTraining {
  readonly epochs: number;
  readonly batch: number;
  /** Learning rate at its highest. */
  readonly rate: number;
  /** Share of the pieces, read and written, that are hidden from it while it learns. */
  readonly hidden: number;
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
export function translatorFlop({ pieces, width, reads, writes }: TranslatorSpec): number {
  const square = width * width; // attention 4, the inner network 4; the cross keys and values are of the source
  return 2 * (reads * (8 + 2) * square + writes * (8 + 2) * square + writes * pieces * width);
}

/** Learns from pairs that fit; everything random comes from the context's seed. */
export async function trainTranslator(
  pairs: readonly SpelledPair[],
  spec: TranslatorSpec,
  { epochs, batch, rate, hidden }: TranslatorTraining,
  context: Context,
): Promise<TrainedTranslator> {
  await ensureBackend(context);
  const initial = translatorWeights(spec),
    learner = openLearner(initial, drawWeights(initial, context.random("weights")));
  const own = pairs.filter(fits(spec)), steps = epochs * Math.floor(own.length / batch);
  const { uniform } = context.random("hidden");
  const hide = (piece: number) => piece !== NOTHING && uniform() < hidden ? UNKNOWN : piece;
  try {
    await runEpochs({
      label: "training a translator",
      epochs,
      count: own.length,
      batch,
      orders: context.random("orders"),
      async step(chosen, t) {
        const loss = tf.tidy(() => {
          const some = Array.from(chosen, (i) => own[i]!);
          const sources = filled(some.map(({ source }) => source.map(hide)), spec.reads);
          const before = filled(some.map(({ target }) => [END, ...target.map(hide)]), spec.writes);
          const places = some.flatMap(({ target }, b) => [...target, END].map((_, t) => b * spec.writes + t));
          const after = tf.tensor1d(some.flatMap(({ target }) => [...target, END]), "int32");
          return learner.step((weights) => {
            const source = readSources(weights, spec, sources), asked = tf.tensor1d(places, "int32");
            const { logits } = write(weights, spec, source, before, { asked });
            const costs = tf.logSoftmax(logits).mul(tf.oneHot(after, spec.pieces)).sum(1);
            return costs.mean().mul(-Math.LOG2E) as tf.Scalar; // bits a piece
          }, rateAt(t, { steps, rate }));
        });
        const [bits] = await loss.data();
        loss.dispose();
        return bits!;
      },
      note: (bits) => `${bits.toFixed(3)} bits/piece`,
    }, context);
    const tensors = shapedNumbers(initial, await learner.numbers());
    return { tensors, flop: 3 * translatorFlop(spec) * steps * batch };
  } finally {
    learner.dispose();
  }
}

/** Rows of pieces, nothing behind their ends, [B, length] int32. */
export function filled(rows: readonly (readonly number[])[], length: number): tf.Tensor2D {
  const values = new Int32Array(rows.length * length).fill(NOTHING);
  rows.forEach((row, b) => values.set(row.slice(0, length), b * length));
  return tf.tensor2d(values, [rows.length, length], "int32");
}
