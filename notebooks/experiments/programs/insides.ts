/** How alike the insides of models are that differ in their seed alone (article 3.3): what one can hope to understand. */
import { ensureBackend } from "../../../lib/backend/backend.ts";
import { threadsOf } from "../../../lib/backend/threads.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import type { ProgramModel } from "../../../lib/image/model.ts";
import { train, trainingFlop } from "../../../lib/image/train.ts";
import { checkArguments, DATASET, NUMBERS, whole, WHOLE_CONTEXT } from "../../../lib/options.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { planOf, type Variant } from "../../../scripts/laboratory/measure/variant.ts";
import { counterparts } from "./influence.ts";

/** A trained model, and what it took. No program is made of it. */
export interface Inside extends Omit<ProgramModel, "program" | "weightCode"> {
  readonly flop: number;
}

/** Trains one model a seed on the set, all for equally many steps. */
export async function trainInsides(
  set: Dataset,
  variant: Variant,
  steps: number,
  seeds: readonly number[],
  context: Context,
): Promise<readonly Inside[]> {
  checkArguments("trainInsides", { set, steps, seeds, context }, {
    set: DATASET,
    steps: whole(1),
    seeds: NUMBERS,
    context: WHOLE_CONTEXT,
  });
  await ensureBackend(context);
  const models: Inside[] = [], { channels } = set, { batch } = variant;
  for (const seed of seeds) {
    const own = contextOf(seed, { ...context, log: () => {} });
    const { spec } = await planOf(set, variant, own), length = { steps, batch };
    const { weights, quantisation } = await train(set, spec, length, threadsOf(), own);
    models.push({ spec, channels, weights, steps: quantisation, flop: trainingFlop(spec, channels, length) });
  }
  return models;
}

/** For each seed's model the mean likeness (|cosine|) of its hidden units to their likest ones in the next seed's model. */
export function likenesses(models: readonly Inside[]): readonly number[] {
  return models.map((model, i) => {
    const found = counterparts(model, models[(i + 1) % models.length]!);
    return found.reduce((a, b) => a + b) / found.length;
  });
}
