/** Trainings that share nothing, each in a Worker, as many at a time as there are cores. */
import { openBackend } from "../../../lib/backend/backend.ts";
import { threadsOf } from "../../../lib/backend/threads.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import type { Progress } from "../../../lib/progress.ts";
import { answer, ask } from "../../../lib/workers.ts";

/** What a Worker answers to a job: what it trained, or why it could not. */
type Result<Trained> = { readonly trained: Trained } | { readonly failure: string };

/** Of all trainings together. */
export interface Together {
  /** What their progress is called. */
  readonly label: string;
  /** Steps of all of them. */
  readonly steps: number;
}

/** Sums the progress of trainings that run side by side: what one of them reports as its own goes in with its number. */
export function summed({ label, steps }: Together, context: Pick<Context, "progress">) {
  const done = new Map<number, number>();
  return (job: number, { done: own, note }: Progress) => {
    done.set(job, own);
    const all = [...done.values()].reduce((a, b) => a + b, 0);
    context.progress({
      label,
      done: all,
      total: steps,
      unit: "steps",
      ...(note === undefined ? {} : { note }),
    });
  };
}

/**
 * Sends each job to a Worker that runs the module; the results are in the order of the jobs and do not depend on the
 * number of cores.
 *
 * @throws {MdlError} `no-backend` where a Worker cannot train; the signal's reason
 */
export async function trainInWorkers<Job, Trained>(
  module: URL,
  jobs: readonly Job[],
  together: Together,
  context: Pick<Context, "signal" | "progress">,
): Promise<readonly Trained[]> {
  const results: Trained[] = new Array(jobs.length);
  const threads = Math.min(jobs.length, threadsOf());
  const report = summed(together, context);
  let next = 0;
  await Promise.all(Array.from({ length: threads }, async () => {
    const worker = new Worker(module, { type: "module" });
    try {
      while (next < jobs.length) {
        const job = next++;
        const progress = (own: Progress) => report(job, own);
        results[job] = await trainIn<Trained>(worker, jobs[job], { signal: context.signal, progress });
      }
    } finally {
      worker.terminate();
    }
  }));
  return results;
}

async function trainIn<Trained>(
  worker: Worker,
  job: unknown,
  context: Pick<Context, "signal" | "progress">,
): Promise<Trained> {
  const result = await ask<Result<Trained>>(worker, job, context).catch((error): Result<Trained> => {
    context.signal.throwIfAborted();
    return { failure: error.message };
  });
  if ("trained" in result) return result.trained;
  throw new MdlError("no-backend", `A Worker cannot train here: ${result.failure}`);
}

/** What such a Worker does: it trains each job that it is sent with the job's seed, on wasm, and answers. */
export function trainJobs<Job extends { readonly seed: number }, Trained>(
  train: (job: Job, context: Context) => Promise<Trained>,
): void {
  let opened: Promise<unknown> | undefined;
  answer(async (job: Job, { progress }): Promise<Result<Trained>> => {
    try {
      await (opened ??= openBackend("wasm"));
      return { trained: await train(job, contextOf(job.seed, { progress })) };
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  });
}
