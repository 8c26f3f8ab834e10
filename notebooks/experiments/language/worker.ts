/** Trains one language model after another on a thread of its own, on the wasm backend: its steps are small. */
import { trainJobs } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { LanguageJob } from "./jobs.ts";
import { trainLanguage } from "./train.ts";

trainJobs(({ spec, texts, training }: LanguageJob, context) => trainLanguage(spec, texts, training, context));
