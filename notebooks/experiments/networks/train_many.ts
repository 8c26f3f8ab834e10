/** Training several autoencoders, as many at a time as there are cores. */
import * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { checkArguments, listOf, object, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { type ConvolutionalSpec, SIDE } from "./convolutional.ts";
import { stepsOf } from "./epochs.ts";
import type { Progress } from "../../../lib/progress.ts";
import { summed, trainInWorkers } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import { type Autoencoder, type Epochs, trainAutoencoder } from "./train_convolutional.ts";

const MODULE = new URL("./convolutional_worker.ts", import.meta.url);

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
  checkArguments("trainMany", { trainings, context }, {
    trainings: listOf(
      "trainings, each with set, spec, schedule and seed",
      object("", "set", "spec", "schedule", "seed"),
    ),
    context: WHOLE_CONTEXT,
  });
  await ensureBackend(context);
  const label = `train ${trainings.length} networks`;
  const steps = trainings.reduce(
    (sum, { set, schedule }) => sum + stepsOf(set.symbols.length / SIDE ** 2, schedule),
    0,
  );
  if (tf.getBackend() !== "wasm") {
    const results: Autoencoder[] = [], report = summed({ label, steps }, context);
    for (const [job, { set, spec, schedule, seed }] of trainings.entries()) {
      const progress = (own: Progress) => report(job, own);
      results.push(await trainAutoencoder(set, spec, schedule, { ...context, seed, progress }));
    }
    return results;
  }
  const jobs = trainings.map(({ set: { symbols, channels, groups }, ...rest }) => ({
    ...rest,
    set: { symbols, channels, groups },
  }));
  return await trainInWorkers<Training, Autoencoder>(MODULE, jobs, { label, steps }, context);
}
