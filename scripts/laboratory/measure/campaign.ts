/** A campaign: many measurements under one bar of progress, each kept as soon as it is made. */
import { MdlError } from "../../../lib/errors.ts";
import type { Context } from "../../../lib/context.ts";
import type { Progress } from "../../../lib/progress.ts";
import { type Identity, keep, kept, nameOf } from "./keep.ts";

/** Parts of a job's work, one after another: what each is called in the reports of progress, and what it costs. */
export type Parts = readonly (readonly [label: string, cost: number])[];

/** One measurement. */
export interface Job<T> {
  /** What it is, for who waits. */
  readonly label: string;
  readonly identity: Identity;
  /** How much work it is, in the campaign's unit. */
  readonly cost: number;
  /** What that is made of; as of a program of images whose training takes the longest, by default. */
  readonly parts?: Parts;
  /** Names of measurements that it builds on, which stand before it. */
  readonly after?: readonly string[];
  /** Null when it cannot be made here: that is not kept. */
  measure(context: Context): Promise<T | null>;
}

export interface Campaign {
  readonly label: string;
  /** What costs count, such as "GFLOP". */
  readonly unit: string;
  /** Where measurements are kept. */
  readonly folder: string;
  /** Who makes them; this process, one after the other, when left out. */
  readonly runner?: Runner;
}

/** A campaign's measurements by their names. */
export interface Measurements {
  readonly all: ReadonlyMap<string, Job<unknown>>;
  /** Those that are not kept yet. */
  readonly missing: ReadonlyMap<string, Job<unknown>>;
}

/**
 * Makes and keeps the measurements that are missing. What is still not kept then could not be made here.
 *
 * @throws {Finished} where nothing is to be reported in this process
 */
export type Runner = (measurements: Measurements, campaign: Campaign, context: Context) => Promise<void>;

/** Ends a command early, as it should: all that was asked of this process is done. Its message says what. */
export class Finished extends Error {
  override readonly name = "Finished";
}

/**
 * Makes all measurements that are not kept yet; the same one asked for twice is made once. Results are what is kept,
 * whoever made them.
 *
 * @returns the results in the order of the jobs; null for what could not be made here
 * @throws {MdlError} `interrupted` when the context's signal aborts, with whole files only; what a job throws
 * @throws {Finished} as its runner
 */
export async function measureAll<T>(
  jobs: readonly Job<T>[],
  campaign: Campaign,
  context: Context,
): Promise<readonly (T | null)[]> {
  const { label, folder, runner = inThisProcess } = campaign;
  const results = new Map<string, T | null>(), missing = new Map<string, Job<T>>();
  const all = new Map(jobs.map((job) => [nameOf(job.identity), job]));
  for (const [name, job] of all) {
    const result = await kept<T>(folder, job.identity);
    if (result === null) missing.set(name, job);
    else results.set(name, result);
  }
  if (results.size) context.log(`${label}: measurements kept: ${results.size}, to make: ${missing.size}`);
  await runner({ all, missing }, campaign, context);
  for (const [name, { identity }] of missing) results.set(name, await kept<T>(folder, identity));
  return jobs.map(({ identity }) => results.get(nameOf(identity)) ?? null);
}

/** One after the other. Progress counts the work that is left. */
export const inThisProcess: Runner = async ({ missing }, { label, unit, folder }, context) => {
  const total = totalOf(missing);
  let done = 0;
  for (const job of missing.values()) {
    const report = (share: number, note = "") =>
      context.progress({
        label,
        done: Math.floor(done + share * job.cost),
        total,
        unit,
        note: [job.label, note].filter(Boolean).join(": "),
      });
    report(0);
    const result = await measured(job, report, context);
    if (result !== null) await keep(folder, job.identity, result);
    done += job.cost;
  }
  if (missing.size) context.progress({ label, done: total, total, unit });
};

/** What jobs cost together. */
export function totalOf(jobs: ReadonlyMap<string, Job<unknown>>): number {
  return Math.ceil([...jobs.values()].reduce((sum, { cost }) => sum + cost, 0));
}

/** What a campaign throws that was stopped. */
export function stopped(cause?: unknown): MdlError {
  const text = "Stopped; what was measured is kept, and the same command goes on from there.";
  return new MdlError("interrupted", text, { cause });
}

async function measured<T>(
  job: Job<T>,
  report: (share: number, note: string) => void,
  context: Context,
): Promise<T | null> {
  const shareOf = shares(job.parts ?? USUAL);
  const progress = (inner: Progress) => report(shareOf(inner), `${inner.label} ${inner.note ?? ""}`.trim());
  if (context.signal.aborted) throw stopped();
  try {
    return await job.measure({ ...context, progress });
  } catch (error) {
    if (context.signal.aborted && !(error instanceof MdlError)) throw stopped(error);
    throw error;
  }
}

const USUAL: Parts = [["train", 80], ["follow", 10], ["encode", 5], ["decode", 5]];

/** The share of a job that is done, by what it reports: a label is the next part that is called so, another moves nothing. */
export function shares(parts: Parts): (report: Progress) => number {
  const sum = (some: Parts) => some.reduce((all, [, cost]) => all + cost, 0), all = sum(parts);
  let at = 0, share = 0;
  return ({ label, done, total }) => {
    const next = parts.findIndex(([name], i) => i >= at && name === label);
    if (next < 0) return share;
    at = next;
    const part = parts[at]![1] * Math.min(1, done / Math.max(1, total));
    return share = Math.max(share, (sum(parts.slice(0, at)) + part) / all);
  };
}
