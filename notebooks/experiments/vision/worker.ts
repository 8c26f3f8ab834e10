/** Trains one network after another on a thread of its own, for `train_nets.ts`. */
import { openBackend } from "../../../lib/backend/backend.ts";
import { contextOf } from "../../../lib/context.ts";
import type { Answer } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { trainClassifier } from "./classifier.ts";
import { trainDetector } from "./detector.ts";
import type { Job } from "./train_nets.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Job>) => void;
  postMessage(answer: Answer<Tensors>): void;
};

let opened: Promise<unknown> | undefined;

scope.onmessage = async ({ data: job }) => {
  try {
    await (opened ??= openBackend("wasm"));
    const context = contextOf(job.seed, { progress: (progress) => scope.postMessage({ progress }) });
    const trained = job.kind === "classifier"
      ? await trainClassifier(job, context)
      : await trainDetector(job, context);
    scope.postMessage({ trained });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
