/** A training in passes: each takes all items once, in an order of its own. */
import type { Context } from "../../../lib/context.ts";
import { type Random, shuffled } from "../../../lib/random.ts";
import { runSteps } from "../../../lib/training/loop.ts";

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

/** Steps of a training in passes; what is left of a pass, fewer than a batch, is none. */
export const stepsOf = (count: number, { epochs, batch }: Pick<Passes, "epochs" | "batch">): number =>
  epochs * Math.floor(count / batch);

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
