/** A linear probe: a softmax regression on features, stopped when a held-out part of what it learns from says so. */
import type { Context } from "../../../lib/context.ts";
import type { Labelled } from "../../../scripts/laboratory/measure/labelled.ts";
import { netAccuracy, trainDense } from "../networks/dense_classifier.ts";
import { standardised } from "./program_features.ts";

/** Steps that are tried. */
const STEPS = [100, 300, 600];

/** Part of the training samples that chooses the steps. */
const HELD_OUT = 0.2;

const part = ({ inputs, size, labels }: Labelled, from: number, to: number): Labelled => ({
  inputs: inputs.subarray(from * size, to * size),
  size,
  labels: Array.from({ length: to - from }, (_, i) => labels[from + i]!),
});

/** What a probe gets right of test samples, in percent. */
export async function probeAccuracy(
  train: Labelled,
  test: Labelled,
  classes: number,
  context: Context,
): Promise<number> {
  const [known, asked] = standardised(train, test), count = known.labels.length;
  const cut = Math.round((1 - HELD_OUT) * count),
    learnt = part(known, 0, cut),
    held = part(known, cut, count);
  const fit = async (samples: Labelled, steps: number) =>
    (await trainDense(samples, { hidden: [], classes, steps, batch: 64, rate: 0.01 }, context)).net;
  let best = { steps: 0, right: -1 };
  for (const steps of STEPS) {
    const right = await netAccuracy(await fit(learnt, steps), held);
    if (right > best.right) best = { steps, right };
  }
  return 100 * await netAccuracy(await fit(known, best.steps), asked);
}
