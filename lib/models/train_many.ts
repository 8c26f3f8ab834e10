/** Training several autoencoders, as many at a time as there are cores. */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../data/dataset.ts";
import { MdlError } from "../errors.ts";
import type { Context } from "../pipeline.ts";
import type { Reply } from "./convolutional_worker.ts";
import type { ConvolutionalSpec } from "./convolutional.ts";
import { type Autoencoder, type Epochs, trainAutoencoder } from "./train_convolutional.ts";

/** One network to train. */
export interface Training {
  readonly set: Pick<Dataset, "symbols" | "channels" | "groups">;
  readonly spec: ConvolutionalSpec;
  readonly schedule: Epochs;
  readonly seed: number;
}

/**
 * Trains the networks, in the order given: on wasm in a Worker a core, elsewhere one after another. The results do not
 * depend on the number of cores.
 *
 * @throws {MdlError} `no-backend` when a Worker cannot train; the context's abort reason
 */
export async function trainMany(
  trainings: readonly Training[],
  context: Context,
): Promise<readonly Autoencoder[]> {
  const total = trainings.reduce((sum, { schedule }) => sum + schedule.epochs, 0);
  let done = 0;
  const progress = () =>
    context.progress({ label: `train ${trainings.length} networks`, done: ++done, total, unit: "epochs" });
  const results: Autoencoder[] = [];
  if (tf.getBackend() !== "wasm") {
    for (const { set, spec, schedule, seed } of trainings) {
      results.push(await trainAutoencoder(set, spec, schedule, { ...context, seed, progress }));
    }
    return results;
  }
  const waiting = [...trainings.entries()],
    threads = Math.min(navigator.hardwareConcurrency, trainings.length);
  await Promise.all(Array.from({ length: threads }, async () => {
    const worker = new Worker(new URL("./convolutional_worker.ts", import.meta.url), { type: "module" });
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        results[next[0]] = await trainIn(worker, next[1], context.signal, progress);
      }
    } finally {
      worker.terminate();
    }
  }));
  return results;
}

async function trainIn(worker: Worker, training: Training, signal: AbortSignal, progress: () => void) {
  const { set: { symbols, channels, groups }, spec, schedule, seed } = training;
  const { promise, resolve, reject } = Promise.withResolvers<Autoencoder>(),
    stop = () => reject(signal.reason);
  const fail = (what: string) => reject(new MdlError("no-backend", `A Worker cannot train here: ${what}.`));
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if ("epoch" in data) progress();
    else if ("trained" in data) resolve(data.trained);
    else fail(data.failure);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", stop);
  try {
    worker.postMessage({ set: { symbols, channels, groups }, spec, schedule, seed });
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
