/** Trains autoencoders one after another, for `train_many.ts`: tfjs uses one thread, and so takes a Worker a core. */
import { trainJobs } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import { trainAutoencoder } from "./train_convolutional.ts";
import type { Training } from "./train_many.ts";

trainJobs(({ set, spec, schedule }: Training, context) => trainAutoencoder(set, spec, schedule, context));
