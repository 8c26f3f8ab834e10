/** Trains one translator after another on a thread of its own, on the wasm backend: its steps are small. */
import { openBackend } from "../../../lib/backend/backend.ts";
import { contextOf } from "../../../lib/context.ts";
import type { Answer } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { TranslatorJob } from "./task.ts";
import { type TrainedTranslator, trainTranslator } from "./train.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<TranslatorJob>) => void;
  postMessage(answer: Answer<TrainedTranslator>): void;
};

let opened: Promise<unknown> | undefined;

scope.onmessage = async ({ data: { pairs, spec, training, seed } }) => {
  try {
    await (opened ??= openBackend("wasm"));
    const context = contextOf(seed, { progress: (progress) => scope.postMessage({ progress }) });
    scope.postMessage({ trained: await trainTranslator(pairs, spec, training, context) });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
