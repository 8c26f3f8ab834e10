/** The gap between images that a predictor was trained on and images that it has not seen (article 3.3). */
import type { Dataset } from "../data/dataset.ts";
import { parameterCount } from "../models/spec.ts";
import { train } from "../models/train.ts";
import type { Context } from "../pipeline.ts";
import { bitsOf } from "../program/model.ts";
import { planOf, scheduleOf, type Variant } from "./variant.ts";

export interface Gap {
  readonly parameters: number;
  readonly flop: number;
  /** Code length under the model, in bits a symbol: −Σ log₂ p, without the weights. An estimate of bytes, not bytes. */
  readonly seen: number;
  readonly unseen: number;
}

/** Trains on one set with at least `flop`, and asks for the code length of both. */
export async function measureGap(
  seen: Dataset,
  unseen: Dataset,
  variant: Variant,
  flop: number,
  context: Context,
): Promise<Gap> {
  const quiet = { ...context, log: () => {} };
  const plan = await planOf(seen, variant, quiet), schedule = scheduleOf(plan, variant.batch, flop);
  const { spec } = plan, { channels } = seen;
  const { weights, quantisation: steps } = await train(
    seen,
    spec,
    schedule,
    navigator.hardwareConcurrency,
    quiet,
  );
  const rate = async (set: Dataset) =>
    (await bitsOf({ spec, channels, weights, steps }, set, quiet)).reduce((a, b) => a + b) /
    set.symbols.length;
  return {
    ...{ parameters: parameterCount(spec, channels), flop: schedule.flop },
    ...{ seen: await rate(seen), unseen: await rate(unseen) },
  };
}
