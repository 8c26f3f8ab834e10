/** Trainings that share nothing, each in a Worker, as many at a time as there are cores. */
import { MdlError } from "../../../lib/errors.ts";

/** What a Worker answers to a job: how far it is, as often as it likes, then what it trained, or why it could not. */
export type Answer<Step, Trained> =
  | { readonly step: Step }
  | { readonly trained: Trained }
  | { readonly failure: string };

/** Of a training in Workers. */
export interface Watch<Step> {
  readonly signal: AbortSignal;
  /** What a stopped training is rejected with. */
  stopped(): unknown;
  step(job: number, step: Step): void;
}

/**
 * Sends each job to a Worker that runs the module; the results are in the order of the jobs and do not depend on the
 * number of cores.
 *
 * @throws {MdlError} `no-backend` where a Worker cannot train; what `stopped` gives
 */
export async function trainInWorkers<Job, Step, Trained>(
  module: URL,
  jobs: readonly Job[],
  watch: Watch<Step>,
): Promise<readonly Trained[]> {
  const results: Trained[] = new Array(jobs.length);
  const threads = Math.min(jobs.length, navigator.hardwareConcurrency);
  let next = 0;
  await Promise.all(Array.from({ length: threads }, async () => {
    const worker = new Worker(module, { type: "module" });
    try {
      while (next < jobs.length) {
        const job = next++;
        results[job] = await trainIn<Step, Trained>(worker, jobs[job], job, watch);
      }
    } finally {
      worker.terminate();
    }
  }));
  return results;
}

async function trainIn<Step, Trained>(
  worker: Worker,
  message: unknown,
  job: number,
  { signal, stopped, step }: Watch<Step>,
): Promise<Trained> {
  const { promise, resolve, reject } = Promise.withResolvers<Trained>(), stop = () => reject(stopped());
  const fail = (why: string) => reject(new MdlError("no-backend", `A Worker cannot train here: ${why}`));
  worker.onmessage = ({ data }: MessageEvent<Answer<Step, Trained>>) => {
    if ("step" in data) step(job, data.step);
    else if ("trained" in data) resolve(data.trained);
    else fail(data.failure);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) stop();
    else worker.postMessage(message);
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
