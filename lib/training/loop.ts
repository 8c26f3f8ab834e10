/** The loop of all trainings: one step after another, looks at how it goes, and an end when asked. */
import type { Context } from "../context.ts";

/** A learning rate that rises in a line, then falls along half a cosine (Loshchilov & Hutter 2017). */
export interface CosineRate {
  /** The highest. */
  readonly rate: number;
  /** Steps of rising. */
  readonly warm: number;
  /** Part of the highest that is left at the end. */
  readonly last: number;
}

/** The learning rate of step t = 0, 1, … of `steps`. */
export function cosineRate(t: number, steps: number, { rate, warm, last }: CosineRate): number {
  return rate * Math.min(1, (t + 1) / warm) * (last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * t / steps)));
}

/** A training, told to the loop. */
export interface Loop {
  /** What progress is called. */
  readonly label: string;
  readonly steps: number;
  /** Steps that were done before; none by default. */
  readonly from?: number;
  /** Makes step t = from, from + 1, … */
  step(t: number): void | Promise<void>;
  /** Whether to look after `done` steps; by default after the first, and four times a second. After the last it always does. */
  due?(done: number): boolean;
  /** Looks at how it goes; what it returns stands beside the bar. */
  look?(done: number): string | undefined | Promise<string>;
  /** Keeps what must not be lost; behind every look, also when it is about to stop. */
  keep?(done: number): Promise<void>;
}

const LOOK_EVERY = 250; // milliseconds

/**
 * Runs a training to its end.
 *
 * @throws the signal's reason, or what `keep` throws, at the look behind an abort
 */
export async function runSteps(loop: Loop, context: Pick<Context, "signal" | "progress">): Promise<void> {
  const { label, steps, from = 0 } = loop;
  let looked = -Infinity; // the first step is reported at once
  const report = async (done: number) => {
    const note = await loop.look?.(done);
    context.progress({ label, done, total: steps, unit: "steps", ...(note === undefined ? {} : { note }) });
    await new Promise((resolve) => setTimeout(resolve)); // lets an abort come in
    await loop.keep?.(done);
    context.signal.throwIfAborted();
  };
  if (loop.due?.(from)) await report(from);
  for (let t = from; t < steps; t++) {
    await loop.step(t);
    const now = performance.now(), done = t + 1;
    if (done < steps && !(loop.due?.(done) ?? now - looked > LOOK_EVERY)) continue;
    looked = now;
    await report(done);
  }
}
