/** Trains autoencoders one after another, for `train_many.ts`: tfjs uses one thread, and so takes a Worker a core. */
import { openBackend } from "../backend/backend.ts";
import { contextOf } from "../run.ts";
import type { Autoencoder } from "./train_convolutional.ts";
import { trainAutoencoder } from "./train_convolutional.ts";
import type { Training } from "./train_many.ts";

/** After each epoch, `done` is one more; the network comes last, or what went wrong. */
export type Reply = { readonly epoch: true } | { readonly trained: Autoencoder } | {
  readonly failure: string;
};

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Training>) => void;
  postMessage(reply: Reply): void;
};

scope.onmessage = async ({ data: { set, spec, schedule, seed } }) => {
  try {
    await openBackend("wasm");
    const context = contextOf(seed, { progress: () => scope.postMessage({ epoch: true }) });
    scope.postMessage({ trained: await trainAutoencoder(set, spec, schedule, context) });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
