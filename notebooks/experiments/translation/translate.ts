/** Translating: the most probable piece, one after another, until the end. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { openTensors, type Weights } from "../networks/weights.ts";
import type { Heads, Memory } from "../attention/blocks.ts";
import { readSources, type Source, write } from "./model.ts";
import { END, type Pieces, spellingOf } from "./subwords.ts";
import { filled } from "./train.ts";

/** A translator as a file gives it back. */
export interface Translator {
  readonly pieces: Pieces;
  readonly tensors: Tensors;
}

/** A translation, its pieces, and where it looked: [pieces written, its end among them; pieces read]. */
export interface Translation {
  readonly text: string;
  readonly written: readonly string[];
  readonly read: readonly string[];
  readonly looked: readonly (readonly number[])[];
}

/** Sources at once. */
const MANY = 100;

/** Translates sources; of one that is longer than the model reads, its beginning. */
export async function translate(
  { pieces, tensors }: Translator,
  heads: number,
  sources: readonly string[],
): Promise<readonly Translation[]> {
  const spelling = spellingOf(pieces), weights = openTensors(tensors), all: Translation[] = [];
  const of = { width: tensors.pieces!.shape[1]!, heads }, reads = tensors.readPlace!.shape[0]!;
  const letters = (numbers: readonly number[]) => numbers.map((number) => spelling.decode([number]));
  for (let from = 0; from < sources.length; from += MANY) {
    const read = sources.slice(from, from + MANY).map((source) => spelling.encode(source).slice(0, reads));
    for (const [i, { numbers, looked }] of (await chosen(weights, of, read)).entries()) {
      const written = letters(numbers), own = read[i]!;
      all.push({
        text: written.join("").trim(),
        written: [...written, "END"],
        read: letters(own),
        looked: looked.slice(0, numbers.length + 1).map((row) => row.slice(0, own.length)),
      });
    }
  }
  tf.dispose(weights);
  return all;
}

/** Pieces of each translation, and the shares of its sources' places, means over the heads. */
async function chosen(weights: Weights, of: Heads, sources: readonly (readonly number[])[]) {
  const reads = weights["readPlace"]!.shape[0]!, writes = weights["writePlace"]!.shape[0]!;
  const rows = sources.map(() => ({ numbers: [] as number[], looked: [] as number[][], ended: false }));
  const source = tf.tidy(() => readSources(weights, of, filled(sources, reads)));
  let last: ArrayLike<number> = new Int32Array(sources.length).fill(END), memory: Memory | undefined;
  for (let t = 0; t < writes && rows.some(({ ended }) => !ended); t++) {
    const step = tf.tidy(() => nextPieces(weights, of, source, Int32Array.from(last), memory));
    tf.dispose({ ...memory });
    last = await step.best.data();
    memory = step.memory;
    const looked = await step.looked.array() as number[][]; // [B, S]
    tf.dispose([step.best, step.looked]);
    for (const [b, row] of rows.entries()) {
      if (row.ended) continue;
      row.looked.push(looked[b]!);
      row.ended = last[b] === END;
      if (!row.ended) row.numbers.push(last[b]!);
    }
  }
  tf.dispose([source.closed, source.memory, { ...memory }]);
  return rows;
}

function nextPieces(weights: Weights, of: Heads, source: Source, last: Int32Array, before?: Memory) {
  const pieces = tf.tensor2d(last, [last.length, 1], "int32");
  const { logits, memory, looked } = write(weights, of, source, pieces, { before });
  return { best: logits.argMax(1), memory, looked: looked.mean(1).squeeze<tf.Tensor2D>([1]) };
}
