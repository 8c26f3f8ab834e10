/**
 * Who makes a campaign's measurements instead of this process: several processes, or whoever reads a list of them. They
 * find one by its name alone, for a measurement depends on nothing but its identity.
 *
 * A campaign may know some of its measurements only when earlier ones are made: it calls `measureAll` again, and so its
 * runner, stage by stage.
 */
import { MdlError } from "../../../lib/errors.ts";
import { Finished, inThisProcess, type Job, type Runner, stopped, totalOf } from "./campaign.ts";
import { keptAs } from "./keep.ts";

/** Makes the measurement of this name, unless it is kept, and no other; then nothing is left to do in this process. */
export function only(name: string): Runner {
  return async ({ missing }, campaign, context) => {
    const job = missing.get(name);
    if (job) await inThisProcess({ all: missing, missing: new Map([[name, job]]) }, campaign, context);
    const there = await keptAs(campaign.folder, name);
    if (there) throw new Finished(`${campaign.folder}/${name}.json`);
    throw job ? notMade(job.label) : new MdlError(
      "not-found",
      `There is no measurement ${name} in ${campaign.label}, or not yet, or no longer: other data, options, code or ` +
        "hardware make another one.",
    );
  };
}

const notMade = (label: string) => new MdlError("unsupported", `${label} cannot be measured here.`);

/** A measurement as a list of them says it. */
export interface Planned {
  readonly id: string;
  readonly label: string;
  /** In the campaign's unit. */
  readonly cost: number;
  /** The measurements that it builds on. */
  readonly after?: readonly string[];
}

/** Measures nothing: hands on what there is to measure, in the order of the jobs, what is kept included. */
export function listed(
  take: (planned: readonly Planned[], folder: string) => Promise<string>,
): Runner {
  return async ({ all }, { folder }) => {
    const planned = [...all].map(([id, { label, cost, after }]) => ({
      id,
      label,
      cost: Number(cost.toPrecision(3)),
      ...(after && { after }),
    }));
    throw new Finished(await take(planned, folder));
  };
}

/**
 * As many measurements at a time as `count`, the costliest first; where one fails, others go on that do not build on it.
 *
 * @param make Makes and keeps the measurement of that name in a process of its own; gives whether the process succeeded.
 */
export function inProcesses(
  count: number,
  make: (name: string, signal: AbortSignal) => Promise<boolean>,
): Runner {
  return async ({ missing }, { label, unit }, context) => {
    const total = totalOf(missing), failed: string[] = [];
    let done = 0;
    const report = (note?: string) =>
      context.progress({
        label,
        done: Math.min(total, Math.floor(done)),
        total,
        unit,
        ...(note && { note }),
      });
    const work = async (waiting: [string, Job<unknown>][]) => {
      for (let next = waiting.shift(); next && !context.signal.aborted; next = waiting.shift()) {
        const [name, job] = next;
        report(job.label);
        if (!await make(name, context.signal)) failed.push(job.label);
        done += job.cost;
        report(job.label);
      }
    };
    for (const waiting of wavesOf(missing)) {
      await Promise.all(Array.from({ length: Math.min(count, waiting.length) }, () => work(waiting)));
      if (failed.length) break;
    }
    if (context.signal.aborted) throw stopped();
    if (failed.length) {
      throw new MdlError(
        "failed",
        `Not measured: ${failed.join("; ")}. All else is kept, and is not measured again.`,
      );
    }
  };
}

/** What builds on nothing that is missing, then what builds on that, and so on; each with the costliest first. */
function wavesOf(missing: ReadonlyMap<string, Job<unknown>>): [string, Job<unknown>][][] {
  const waves: [string, Job<unknown>][][] = [], waveOf = new Map<string, number>();
  for (const [name, job] of missing) {
    const wave = Math.max(0, ...(job.after ?? []).map((other) => (waveOf.get(other) ?? -1) + 1));
    waveOf.set(name, wave);
    (waves[wave] ??= []).push([name, job]);
  }
  return waves.map((wave) => wave.sort(([, a], [, b]) => b.cost - a.cost));
}
