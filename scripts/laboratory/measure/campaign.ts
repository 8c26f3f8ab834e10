/** A campaign: many measurements under one bar of progress, each kept as soon as it is made. */
import { MdlError } from "../../../lib/errors.ts";
import type { Context } from "../../../lib/context.ts";
import type { Progress } from "../../../lib/progress.ts";
import { type Identity, keep, kept, nameOf } from "./keep.ts";

/** One measurement. */
export interface Job<T> {
  /** What it is, for who waits. */
  readonly label: string;
  readonly identity: Identity;
  /** How much work it is, in the campaign's unit. */
  readonly cost: number;
  /** Null when it cannot be made here: that is not kept. */
  measure(context: Context): Promise<T | null>;
}

export interface Campaign {
  readonly label: string;
  /** What costs count, such as "GFLOP". */
  readonly unit: string;
  /** Where measurements are kept. */
  readonly folder: string;
}

/** A job's outcome. */
export interface Outcome<T> {
  readonly result: T | null;
  /** It was there already. */
  readonly kept: boolean;
}

/**
 * Makes all measurements that are not kept yet; the same one asked for twice is made once. Progress counts the work
 * that is left.
 *
 * @returns the outcomes in the order of the jobs
 * @throws {MdlError} `interrupted` when the context's signal aborts, with whole files only; what a job throws
 */
export async function measureAll<T>(
  jobs: readonly Job<T>[],
  { label, unit, folder }: Campaign,
  context: Context,
): Promise<readonly Outcome<T>[]> {
  const outcomes = new Map<string, Outcome<T>>(), missing = new Map<string, Job<T>>();
  for (const job of jobs) {
    const name = nameOf(job.identity), result = await kept<T>(folder, job.identity);
    if (result !== null) outcomes.set(name, { result, kept: true });
    else missing.set(name, job);
  }
  const total = [...missing.values()].reduce((sum, { cost }) => sum + cost, 0);
  if (outcomes.size) context.log(`${label}: measurements kept: ${outcomes.size}, to make: ${missing.size}`);
  let done = 0;
  for (const [name, job] of missing) {
    const report = (share: number, note = "") =>
      context.progress({
        label,
        done: Math.floor(done + share * job.cost),
        total: Math.ceil(total),
        unit,
        note: [job.label, note].filter(Boolean).join(": "),
      });
    report(0);
    const result = await measured(job, report, context);
    if (result !== null) await keep(folder, job.identity, result);
    outcomes.set(name, { result, kept: false });
    done += job.cost;
  }
  if (missing.size) context.progress({ label, done: Math.ceil(total), total: Math.ceil(total), unit });
  return jobs.map(({ identity }) => outcomes.get(nameOf(identity))!);
}

async function measured<T>(
  job: Job<T>,
  report: (share: number, note: string) => void,
  context: Context,
): Promise<T | null> {
  const stopped = (cause?: unknown) =>
    new MdlError(
      "interrupted",
      "Stopped; what was measured is kept, and the same command goes on from there.",
      {
        cause,
      },
    );
  let share = 0;
  const progress = (inner: Progress) => {
    share = Math.max(share, shareOf(inner));
    report(share, `${inner.label} ${inner.note ?? ""}`.trim());
  };
  if (context.signal.aborted) throw stopped();
  try {
    return await job.measure({ ...context, progress });
  } catch (error) {
    if (context.signal.aborted && !(error instanceof MdlError)) throw stopped(error);
    throw error;
  }
}

/** Stretches of a job, as shares of its time: what else it reports moves nothing. */
const STRETCHES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  train: [0, 0.9],
  encode: [0.9, 0.95],
  decode: [0.95, 1],
};

function shareOf({ label, done, total }: Progress): number {
  const [from, to] = STRETCHES[label] ?? [0, 0];
  return from + (to - from) * Math.min(1, done / Math.max(1, total));
}
