/** Many small trainings at once, one a core: they share nothing, so their results do not depend on how many run. */
import { MdlError } from "../../errors.ts";
import type { Context } from "../../pipeline.ts";
import type { LanguageSpec } from "./spec.ts";
import type { LanguageTraining, Texts, TrainedLanguage } from "./train.ts";
import type { Reply } from "./worker.ts";

export interface LanguageJob {
  readonly spec: LanguageSpec;
  readonly texts: Texts;
  readonly training: LanguageTraining;
  readonly seed: number;
}

/**
 * Trains a model for each job; the results are in the order of the jobs. `seconds` of a result are those of a machine
 * whose other cores are busy, too.
 *
 * @throws {MdlError} `interrupted` when stopped; `no-backend` where a thread cannot train
 */
export async function trainLanguages(
  jobs: readonly LanguageJob[],
  context: Context,
): Promise<readonly TrainedLanguage[]> {
  const results: TrainedLanguage[] = new Array(jobs.length), done = jobs.map(() => 0);
  const total = jobs.reduce((sum, { training }) => sum + training.steps, 0);
  const threads = Math.min(jobs.length, navigator.hardwareConcurrency);
  let next = 0;
  await Promise.all(Array.from({ length: threads }, async () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    try {
      while (next < jobs.length) {
        const index = next++;
        results[index] = await trainIn(worker, jobs[index]!, context.signal, (steps, note) => {
          done[index] = steps;
          const label = `training ${jobs.length} models`;
          context.progress({ label, done: done.reduce((a, b) => a + b, 0), total, unit: "steps", note });
        });
      }
    } finally {
      worker.terminate();
    }
  }));
  return results;
}

async function trainIn(
  worker: Worker,
  job: LanguageJob,
  signal: AbortSignal,
  report: (steps: number, note: string) => void,
): Promise<TrainedLanguage> {
  const { promise, resolve, reject } = Promise.withResolvers<TrainedLanguage>();
  const stop = () => reject(new MdlError("interrupted", "Stopped while training language models."));
  const fail = (why: string) =>
    reject(new MdlError("no-backend", `A thread cannot train a language model: ${why}`));
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ("progress" in data) report(data.progress.done, data.progress.note ?? "");
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
    else worker.postMessage(job);
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
