/** The loop of all trainings: one step after another, looks at how it goes, and an end when asked. */
import type { Context } from "../context.ts";
import { type Random, shuffled } from "../random.ts";

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

/** A training in passes over items, each in an order of its own. */
export interface Passes {
  /** What progress is called. */
  readonly label: string;
  readonly epochs: number;
  /** How many items there are. */
  readonly count: number;
  /** Items of a step. */
  readonly batch: number;
  /** Whether what is left of a pass, fewer than a batch, is a step too; by default it is not. */
  readonly rest?: boolean;
  /** What orders are drawn from. */
  readonly orders: Random;
  /** Makes step t = 0, 1, … on those items, in that epoch = 0, 1, …; returns their mean loss before it. */
  step(chosen: Int32Array, t: number, epoch: number): number | Promise<number>;
  /** Says the mean loss of an epoch beside the bar; nothing by default. */
  note?(loss: number): string;
}

/**
 * Runs a training in passes to its end.
 *
 * @returns the mean loss of each epoch's steps
 * @throws as `runSteps`
 */
export async function runEpochs(
  passes: Passes,
  context: Pick<Context, "signal" | "progress">,
): Promise<number[]> {
  const { label, epochs, count, batch, rest = false, orders, note } = passes;
  const perEpoch = (rest ? Math.ceil : Math.floor)(count / batch), losses: number[] = [];
  let order: Int32Array = new Int32Array(), sum = 0, seen = 0;
  await runSteps({
    label,
    steps: epochs * perEpoch,
    async step(t) {
      const at = t % perEpoch * batch;
      if (at === 0) [order, sum, seen] = [shuffled(count, orders), 0, 0];
      const chosen = order.subarray(at, at + batch);
      sum += chosen.length * await passes.step(chosen, t, losses.length);
      seen += chosen.length;
      if ((t + 1) % perEpoch === 0) losses.push(sum / seen);
    },
    look: () => losses.length && note ? note(losses.at(-1)!) : undefined,
  }, context);
  return losses;
}
