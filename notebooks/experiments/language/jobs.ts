/** Many small trainings at once, one a core: they share nothing, so their results do not depend on how many run. */
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, listOf, object, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { trainInWorkers } from "../../../scripts/laboratory/measure/train_in_workers.ts";
import type { LanguageSpec } from "./spec.ts";
import type { LanguageTraining, Texts, TrainedLanguage } from "./train.ts";

const MODULE = new URL("./worker.ts", import.meta.url);

export interface LanguageJob {
  readonly spec: LanguageSpec;
  readonly texts: Texts;
  readonly training: LanguageTraining;
  readonly seed: number;
}

/**
 * Trains a model for each job; the results are in the order of the jobs. `seconds` of a result are those of a machine
 * whose other cores are busy, too.
 *
 * @throws {MdlError} `interrupted` when stopped; `no-backend` where a thread cannot train
 */
export async function trainLanguages(
  jobs: readonly LanguageJob[],
  context: Context,
): Promise<readonly TrainedLanguage[]> {
  checkArguments("trainLanguages", { jobs, context }, {
    jobs: listOf(
      "jobs, each with spec, texts, training and seed",
      object("", "spec", "texts", "training", "seed"),
    ),
    context: WHOLE_CONTEXT,
  });
  const label = `training ${jobs.length} models`;
  const steps = jobs.reduce((sum, { training }) => sum + training.steps, 0);
  try {
    return await trainInWorkers<LanguageJob, TrainedLanguage>(MODULE, jobs, { label, steps }, context);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    throw new MdlError("interrupted", "Stopped while training language models.");
  }
}
