/** Trains one network after another on a thread of its own, for `train_nets.ts`. */
import { trainJobs } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import { trainClassifier } from "./classifier.ts";
import { trainDetector } from "./detector.ts";
import type { Job } from "./train_nets.ts";

trainJobs((job: Job, context) =>
  job.kind === "classifier" ? trainClassifier(job, context) : trainDetector(job, context)
);
