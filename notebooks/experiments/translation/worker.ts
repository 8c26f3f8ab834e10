/** Trains one translator after another on a thread of its own, on the wasm backend: its steps are small. */
import { trainJobs } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { TranslatorJob } from "./task.ts";
import { trainTranslator } from "./train.ts";

trainJobs(({ pairs, spec, training }: TranslatorJob, context) =>
  trainTranslator(pairs, spec, training, context)
);
