/** Models that choose a class: what they choose, how often it is right, and that as a task. */
import type { Context } from "../../../lib/context.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** The most probable class of each row of `classes` numbers; −1 where one of them is none. */
export function classesOf(rows: Float32Array, classes: number): number[] {
  return Array.from({ length: rows.length / classes }, (_, n) => {
    const row = rows.subarray(n * classes, (n + 1) * classes);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
  });
}

const countRight = (found: readonly number[], labels: ArrayLike<number>) =>
  found.filter((label, i) => label === labels[i]).length;

/** Share of the found classes that are right. */
export const shareRight = (found: readonly number[], labels: ArrayLike<number>): number =>
  countRight(found, labels) / found.length;

/** The same in percent. */
export const rightOf = (found: readonly number[], labels: ArrayLike<number>): number =>
  100 * countRight(found, labels) / found.length;

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
