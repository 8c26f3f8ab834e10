/** Training of the transformer on the very text that is to be compressed. */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../backend/backend.ts";
import type { Schedule } from "../../codec.ts";
import type { Context } from "../../context.ts";
import { random } from "../../random.ts";
import type { CheckpointFile } from "../../training/checkpoint.ts";
import { composedLearner, gradientOf } from "../../training/learner.ts";
import { trainTwoPart, type TwoPartWeights } from "../../training/two_part.ts";
import { constantsOf, meanBits } from "./forward.ts";
import { alphabetOf, MOST, symbolsOf } from "./model.ts";
import { flopPerByte, initialWeights, matrices, type TransformerSpec, weightCount } from "./spec.ts";

/** The learning rate: narrow models bear more. */
const RATE = { rate: 6e-3, warm: 100, last: 0.01 };

/** A training's result, and how it went. */
export interface TrainedTransformer extends TwoPartWeights {
  /** Floating-point operations, all in all. */
  readonly flop: number;
  /** How long it took. */
  readonly seconds: number;
}

/** FLOP of a training: three times the forward pass. */
function trainingFlop(spec: TransformerSpec, symbols: number, { steps, batch }: Schedule): number {
  return 3 * flopPerByte(spec, symbols) * steps * windowsOf(spec, batch) * spec.context;
}

/** Windows of a step. */
function windowsOf({ context }: TransformerSpec, batch: number): number {
  return Math.ceil(batch / context);
}

/**
 * Trains on the backend that is open, or on the best; each step sees windows that begin anywhere. The same seed, backend
 * and schedule give the same weights, whether it was interrupted or not.
 *
 * @throws {MdlError} `interrupted` when the context's signal aborts; a checkpoint is written first.
 */
export async function trainTransformer(
  bytes: Uint8Array,
  spec: TransformerSpec,
  schedule: Schedule,
  context: Context,
  checkpoint?: CheckpointFile,
): Promise<TrainedTransformer> {
  await ensureBackend(context);
  const { seed } = context, alphabet = alphabetOf(bytes), all = matrices(spec, alphabet.length);
  const text = symbolsOf(alphabet, bytes.length ? bytes : Uint8Array.of(0));
  const T = spec.context, B = windowsOf(spec, schedule.batch), constants = constantsOf(spec, B, T);
  const begun = performance.now();
  try {
    const trained = await trainTwoPart(
      {
        steps: schedule.steps,
        rate: RATE,
        symbols: text.length,
        weights: initialWeights(spec, alphabet.length, random(seed, "weights")),
        learner: composedLearner(
          gradientOf((t) => {
            const windows = drawWindows(text, B, T, random(seed, `windows ${t}`));
            return (weights) => meanBits(spec, alphabet.length, weights, constants, windows);
          }),
          [-MOST, MOST],
        ),
        quantisation: (weights) => quantisationSteps(spec, alphabet.length, weights),
        multiples(steps) {
          const every = new Float32Array(weightCount(spec, alphabet.length));
          for (const { name, offset, rows, columns } of all) {
            every.fill(steps[name]!, offset, offset + rows * columns);
          }
          return every;
        },
      },
      context,
      checkpoint,
    );
    const flop = trainingFlop(spec, alphabet.length, schedule);
    return { ...trained, flop, seconds: (performance.now() - begun) / 1000 };
  } finally {
    constants.dispose();
  }
}

/** Symbols of B windows of T, and the symbols one place later, [B · T] int32 both; the text is a ring. */
function drawWindows(
  text: Uint8Array,
  B: number,
  T: number,
  { below }: ReturnType<typeof random>,
): [tf.Tensor1D, tf.Tensor1D] {
  const here = new Int32Array(B * T), next = new Int32Array(B * T);
  for (let i = 0; i < B * T;) {
    for (let t = 0, at = below(text.length); t < T; t++, i++) {
      here[i] = text[(at + t) % text.length]!;
      next[i] = text[(at + t + 1) % text.length]!;
    }
  }
  return [tf.tensor1d(here, "int32"), tf.tensor1d(next, "int32")];
}

/** The step of each matrix: 1.2 · 2^(2 − bits) of the root mean square of its weights, and none of them is too large. */
export function quantisationSteps(spec: TransformerSpec, symbols: number, weights: Float32Array) {
  return Object.fromEntries(
    matrices(spec, symbols).map(({ name, offset, rows, columns }) => {
      let square = 0, largest = 0;
      for (const w of weights.subarray(offset, offset + rows * columns)) {
        square += w * w;
        largest = Math.max(largest, Math.abs(w));
      }
      const step = 1.2 * 2 ** (2 - spec.bits) * Math.sqrt(square / (rows * columns));
      return [name, Math.fround(Math.max(step, largest / MOST) || 1)];
    }),
  );
}
