/** Models that choose a class: what they choose, how often it is right, and that as a task. */
import type { Context } from "../../../lib/context.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** The most probable class of each row of `classes` numbers. */
export function classesOf(rows: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: rows.length / classes }, (_, n) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if (rows[n * classes + c]! > rows[n * classes + best]!) best = c;
    return best;
  });
}

/** How many of the found classes are right, in percent. */
export function rightOf(found: readonly number[], labels: ArrayLike<number>): number {
  return 100 * found.filter((label, i) => label === labels[i]).length / labels.length;
}

/** A task of models that were trained before, so that several tests ask the same ones; `score` is of what a file gives back. */
export function trainedTask<Test>(
  name: string,
  models: readonly Tensors[],
  test: Test,
  ways: readonly Way[] | undefined,
  score: (model: Tensors, test: Test, context: Context) => Promise<number>,
): Task<readonly Tensors[], Test, Tensors> {
  return {
    name,
    train: models,
    test,
    fit: (trained) => Promise.resolve(trained),
    files: (model) => filesOf(model, ways),
    score: (file, test, context) => score(decodeTensors(file), test, context),
  };
}
