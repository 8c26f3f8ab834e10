/** What is still right with fewer multiplications: three ways to have fewer. */
import { multiplications } from "../../../scripts/laboratory/task/multiplications.ts";
import type { TaskResult } from "../../../scripts/laboratory/task/task.ts";
import { WAYS } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { USES } from "./network.ts";

/** How multiplications are saved. The last needs kernels that skip zeros. */
export const SAVINGS = ["narrower networks", "thin matrices", "zeros, if skipped"] as const;

/** A smaller model, and what it costs. */
export interface Cost {
  readonly saving: (typeof SAVINGS)[number];
  readonly name: string;
  /** Of one word, or of one piece of half a second. */
  readonly multiplications: number;
  /** The mean over seeds, and how far it is below that of the whole network as trained. */
  readonly score: number;
  readonly loss: number;
}

/** A network as trained, one model of it, and how it did. */
export interface Trained {
  readonly result: TaskResult;
  readonly model: Tensors;
}

/** All smaller models of one task, each saving beginning with the whole network; `whole` was measured with all ways. */
export function costsOf(whole: Trained, narrower: readonly Trained[]): readonly Cost[] {
  const { points } = whole.result,
    counted = multiplications(whole.model, WAYS, USES),
    best = points[0]!.score.mean;
  const made = (saving: Cost["saving"], all: (i: number) => number, has: (i: number) => unknown): Cost[] =>
    points.flatMap(({ way, score, loss }, i) =>
      i === 0 || has(i)
        ? [{ saving, name: way, multiplications: all(i), score: score.mean, loss: loss.mean }]
        : []
    );
  const trained = narrower.map(({ result, model }): Cost => {
    const { all } = multiplications(model, [{}], USES)[0]!,
      score = result.points[0]!.score.mean;
    return {
      saving: "narrower networks",
      name: result.name,
      multiplications: all,
      score,
      loss: best - score,
    };
  });
  return [
    ...made("narrower networks", (i) => counted[i]!.all, () => false),
    ...trained,
    ...made("thin matrices", (i) => counted[i]!.all, (i) => WAYS[i]!.rank),
    ...made("zeros, if skipped", (i) => counted[i]!.notZero, (i) => WAYS[i]!.zeros),
  ];
}
