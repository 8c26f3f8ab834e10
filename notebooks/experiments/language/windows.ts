/** Windows of text for learning and measuring: streams side by side, time first. */
import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../../lib/random.ts";

/** T characters of each of B streams, and those one place later; [T, B] int32 both. */
export interface Window {
  readonly symbols: tf.Tensor2D;
  readonly next: tf.Tensor2D;
}

/** The window whose stream b begins at `starts[b]`; the text is a ring. */
export function windowAt(text: Uint8Array, starts: readonly number[], length: number): Window {
  const B = starts.length, symbols = new Int32Array(length * B), next = new Int32Array(length * B);
  for (let t = 0; t < length; t++) {
    for (let b = 0; b < B; b++) {
      symbols[t * B + b] = text[(starts[b]! + t) % text.length]!;
      next[t * B + b] = text[(starts[b]! + t + 1) % text.length]!;
    }
  }
  return {
    symbols: tf.tensor2d(symbols, [length, B], "int32"),
    next: tf.tensor2d(next, [length, B], "int32"),
  };
}

/** Where a window of learning begins. */
export interface Place {
  readonly starts: readonly number[];
  /** True where it does not follow the window before: what the model remembers is then of another place. */
  readonly fresh: boolean;
}

/**
 * Places for ever: the text as a ring is cut into `batch` streams, which are read window after window; at their end it
 * is cut anew at another place, so that windows begin at every character sooner or later.
 */
export function* places(size: number, batch: number, length: number, { below }: Random): Generator<Place> {
  const stream = Math.floor(size / batch), windows = Math.max(1, Math.floor(stream / length));
  for (;;) {
    const origin = below(size);
    for (let w = 0; w < windows; w++) {
      const starts = Array.from({ length: batch }, (_, b) => origin + b * stream + w * length);
      yield { starts, fresh: w === 0 };
    }
  }
}
