/** Trains autoencoders one after another, for `train_many.ts`: tfjs uses one thread, and so takes a Worker a core. */
import { openBackend } from "../../../lib/backend/backend.ts";
import { contextOf } from "../../../lib/context.ts";
import { type Autoencoder, trainAutoencoder } from "./train_convolutional.ts";
import type { Answer } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { Training } from "./train_many.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Training>) => void;
  postMessage(answer: Answer<Autoencoder>): void;
};

scope.onmessage = async ({ data: { set, spec, schedule, seed } }) => {
  try {
    await openBackend("wasm");
    const context = contextOf(seed, { progress: (progress) => scope.postMessage({ progress }) });
    scope.postMessage({ trained: await trainAutoencoder(set, spec, schedule, context) });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
