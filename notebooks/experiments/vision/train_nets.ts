/** Trains classifiers and detectors, as many at a time as there are cores. */
import type { Context } from "../../../lib/context.ts";
import { trainInWorkers } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { stepsOf } from "../networks/epochs.ts";
import type { ClassifierJob } from "./classifier.ts";
import type { DetectorJob } from "./detector.ts";

const MODULE = new URL("./worker.ts", import.meta.url);

/** A network to train. */
export type Job = ClassifierJob | DetectorJob;

const countOf = (job: Job) => job.kind === "classifier" ? job.train.labels.length : job.train.objects.length;

/**
 * Trains the networks on wasm; the results are in the order of the jobs and do not depend on the number of cores.
 *
 * @throws {MdlError} `no-backend` where a Worker cannot train; the signal's reason
 */
export async function trainNets(jobs: readonly Job[], context: Context): Promise<readonly Tensors[]> {
  const steps = jobs.reduce((sum, job) => sum + stepsOf(countOf(job), job.schedule), 0);
  return await trainInWorkers<Job, Tensors>(
    MODULE,
    jobs,
    { label: `training ${jobs.length} networks`, steps },
    context,
  );
}
