/** What is still right with fewer multiplications: three ways to have fewer. */
import { productsOf } from "../../../scripts/laboratory/task/multiplications.ts";
import type { TaskPoint, TaskResult } from "../../../scripts/laboratory/task/task.ts";
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
  /** The mean over seeds, and how far it is below that of the whole network as trained: on what it is asked. */
  readonly score: number;
  readonly loss: number;
  /** How far it is below on the validation data; the same where there are none. */
  readonly chosenBy: number;
}

/** A network as trained, one model of it, and how it did. */
export interface Trained {
  readonly result: TaskResult;
  readonly model: Tensors;
}

/** All smaller models of one task, each saving beginning with the whole network; `whole` was measured with all ways. */
export function costsOf(whole: Trained, narrower: readonly Trained[]): readonly Cost[] {
  const { points } = whole.result, best = points[0]!.score.mean;
  const meanOf = (scores: readonly number[]) => scores.reduce((a, b) => a + b) / scores.length;
  const chosen = ({ choice, scores }: TaskPoint) => meanOf((choice ?? { scores }).scores);
  const skipping = (i: number) => productsOf(whole.model, WAYS[i]!, USES);
  const all = (i: number) => productsOf(whole.model, { ...WAYS[i]!, zeros: 0 }, USES);
  const made = (
    saving: Cost["saving"],
    counted: (i: number) => number,
    has: (i: number) => unknown,
  ): Cost[] =>
    points.flatMap((point, i) =>
      i === 0 || has(i)
        ? [{
          saving,
          name: point.way,
          multiplications: Math.round(counted(i)),
          score: point.score.mean,
          loss: point.loss.mean,
          chosenBy: chosen(points[0]!) - chosen(point),
        }]
        : []
    );
  const trained = narrower.map(({ result, model }): Cost => {
    const score = result.points[0]!.score.mean;
    return {
      saving: "narrower networks",
      name: result.name,
      multiplications: productsOf(model, {}, USES),
      score,
      loss: best - score,
      chosenBy: chosen(points[0]!) - chosen(result.points[0]!),
    };
  });
  return [
    ...made("narrower networks", all, () => false),
    ...trained,
    ...made("thin matrices", all, (i) => WAYS[i]!.rank),
    ...made("zeros, if skipped", skipping, (i) => WAYS[i]!.zeros),
  ];
}
