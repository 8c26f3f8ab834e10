/** What bytes cost in computing (article 3.3): programs of one set, trained with more and more FLOP. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import { checkArguments, DATASET, NUMBERS, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { measureVariant, sharedVariant } from "../../../scripts/laboratory/measure/variant.ts";

export interface Cost {
  /** Of training. */
  readonly flop: number;
  /** Of the whole program, verified. */
  readonly bytes: number;
  /** From the set to the program: what one waits for, the estimate of the time and training included. */
  readonly encodingSeconds: number;
  readonly decodingSeconds: number;
}

/** One program for each number of FLOP, in order. */
export async function measureCosts(
  set: Dataset,
  budgets: readonly number[],
  context: Context,
): Promise<readonly Cost[]> {
  checkArguments("measureCosts", { set, budgets, context }, {
    set: DATASET,
    budgets: NUMBERS,
    context: WHOLE_CONTEXT,
  });
  const costs: Cost[] = [];
  for (const budget of budgets) {
    const begun = performance.now();
    const { flop, bytes, decodingSeconds } = await measureVariant(
      set,
      sharedVariant(budget),
      { flop: budget },
      { ...context, log: () => {} },
    );
    const encodingSeconds = (performance.now() - begun) / 1000 - decodingSeconds;
    costs.push({ flop, bytes, encodingSeconds, decodingSeconds });
  }
  return costs;
}
