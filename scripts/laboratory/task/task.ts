/**
 * What a compressed model can still do: score against the real bytes of its file (article sections 6 and 9.4). A task is
 * learnt once a seed; every file is made of that one model, so that a loss is paired with the model it is a loss of.
 */
import type { Context } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import type { Series } from "../figures/curves.ts";
import type { Rows } from "../figures/table.ts";
import { random } from "../../../lib/random.ts";
import { type Interval, intervalName, intervalOf } from "../measure/interval.ts";

/** A model in one form of its file. */
export interface ModelFile {
  /** What was done to make it smaller, in words: the same for all seeds. */
  readonly way: string;
  /** What files are drawn together, as one line of the figure. */
  readonly family: string;
  /** The file. */
  readonly bytes: Uint8Array;
}

/** What is learnt from some data, and how well it does on others: what {@linkcode measureTask} measures. */
export interface Task<Train, Test, Model> {
  /** For tables and figures. */
  readonly name: string;
  /** What it is learnt from. */
  readonly train: Train;
  /** What it is scored on; nothing of it is in `train`. */
  readonly test: Test;
  /** What a file is chosen on, where one is chosen: nothing of it is in `train` or in `test`. */
  readonly validation?: Test;
  /** One model a seed; they may be trained side by side. */
  fit(train: Train, seeds: readonly number[], context: Context): Promise<readonly Model[]>;
  /** The model's files, the one that nothing was done to first; the same ways for every model. */
  files(model: Model): readonly ModelFile[];
  /** How well the model that a file gives back does on the test data; more is better. The context's seed is the model's. */
  score(file: Uint8Array, test: Test, context: Context): number | Promise<number>;
}

const seeded = (context: Context, seed: number): Context => ({
  ...context,
  seed,
  random: (label) => random(seed, label),
});

/** One model a seed, one after another, each in a context of that seed. */
export async function eachSeed<Model>(
  seeds: readonly number[],
  context: Context,
  fit: (context: Context) => Model | Promise<Model>,
): Promise<Model[]> {
  const models: Model[] = [];
  for (const seed of seeds) models.push(await fit(seeded(context, seed)));
  return models;
}

/** A form of the file over all seeds. */
export interface TaskPoint extends Omit<ModelFile, "bytes"> {
  /** Length of the file. */
  readonly bytes: Interval;
  /** In the task's unit; more is better. */
  readonly score: Interval;
  /** By how much its score is below that of the first file of the same seed. */
  readonly loss: Interval;
  /** The score of each seed's model, in the order of the seeds: to pair tasks that were learnt with the same ones. */
  readonly scores: readonly number[];
  /** The same on the validation data, if there are such: files are chosen by it, and judged by the above. */
  readonly choice?: Pick<TaskPoint, "loss" | "scores">;
}

/** A task's points, in the order of its files. */
export interface TaskResult {
  /** The task's. */
  readonly name: string;
  /** How many models there were. */
  readonly seeds: number;
  /** In the order of the files. */
  readonly points: readonly TaskPoint[];
}

/**
 * Learns a task once a seed, and scores what each file gives back.
 *
 * @throws {MdlError} `mismatch` for a score that is no number; the signal's reason
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const mean: lab.Task<number[], number[], number> = {
 *   name: "mean",
 *   train: [1, 2, 6],
 *   test: [3, 4],
 *   fit: (train, seeds) => Promise.resolve(seeds.map(() => train.reduce((a, b) => a + b) / train.length)),
 *   files: (model) => [{ way: "one byte", family: "rounded", bytes: Uint8Array.of(model) }],
 *   score: ([model], test) => test.filter((value) => value === model).length / test.length,
 * };
 * const result = await lab.measureTask(mean, [1, 2, 3], mdl.contextOf(1));
 * assertEquals(result.points[0]!.score.mean, 0.5);
 * ```
 */
export async function measureTask<Train, Test, Model>(
  task: Task<Train, Test, Model>,
  seeds: readonly number[],
  context: Context,
): Promise<TaskResult> {
  const models = await task.fit(task.train, seeds, context);
  const files = models.map((model) => task.files(model)), parts = task.validation === undefined ? 1 : 2;
  const total = parts * files.reduce((sum, own) => sum + own.length, 0), label = `score: ${task.name}`;
  let done = 0;
  const scored = async (data: Test) => {
    const scores: number[][] = [];
    for (const [i, forms] of files.entries()) {
      const own = seeded(context, seeds[i]!), row: number[] = [];
      for (const { bytes, way } of forms) {
        context.signal.throwIfAborted();
        const score = await task.score(bytes, data, own);
        if (!Number.isFinite(score)) {
          throw new MdlError("mismatch", `${task.name}, ${way}: the score is no number.`);
        }
        row.push(score);
        context.progress({ label, done: ++done, total, unit: "files" });
      }
      scores.push(row);
    }
    return scores;
  };
  const test = await scored(task.test), other = task.validation && await scored(task.validation);
  const pointsOf = (scores: readonly (readonly number[])[], i: number) => ({
    loss: intervalOf(scores.map((own) => own[0]! - own[i]!)),
    scores: scores.map((own) => own[i]!),
  });
  const points = files[0]!.map(({ way, family }, i): TaskPoint => ({
    way,
    family,
    bytes: intervalOf(files.map((own) => own[i]!.bytes.length)),
    score: intervalOf(test.map((own) => own[i]!)),
    ...pointsOf(test, i),
    ...(other ? { choice: pointsOf(other, i) } : {}),
  }));
  return { name: task.name, seeds: seeds.length, points };
}

/**
 * Whether a point's loss on the test data, with its whole interval over seeds, is at most that: what a file that was
 * chosen on others has to show.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * assert(lab.keeps({ loss: lab.intervalOf([0.1, 0.2, 0.3]) }, 0.5) && !lab.keeps({ loss: lab.intervalOf([0, 1]) }, 0.5));
 * ```
 */
export const keeps = ({ loss: { mean, half } }: Pick<TaskPoint, "loss">, most: number): boolean =>
  mean + (half ?? 0) <= most;

/**
 * The shortest file whose score, with its whole interval over seeds, is at most that far below the first one's: on the
 * validation data where the task has such.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const [bytes, score, loss] = [1, 0.5, 0].map((value) => lab.intervalOf([value]));
 * const point = { way: "one byte", family: "rounded", bytes, score, loss, scores: [0.5] } as lab.TaskPoint;
 * const result = { name: "mean", seeds: 1, points: [point] };
 * assertEquals(lab.shortestWithin(result, 0.1).way, "one byte");
 * ```
 */
export function shortestWithin({ points }: TaskResult, loss: number): TaskPoint {
  return leastWithin(points, loss, ({ bytes }) => bytes.mean);
}

/**
 * Of the points whose loss, with its whole interval, is at most that, the one of the least measure; else the first. The
 * loss is that on the validation data where the task has such.
 */
export function leastWithin(
  points: readonly TaskPoint[],
  loss: number,
  measure: (point: TaskPoint) => number,
): TaskPoint {
  const good = points.filter((point) => keeps(point.choice ?? point, loss));
  return good.reduce((a, b) => measure(b) < measure(a) ? b : a, points[0]!);
}

/**
 * A row a file, for `showTable`.
 *
 * @param unit What a score is, with its unit.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const [bytes, score, loss] = [1, 0.5, 0].map((value) => lab.intervalOf([value]));
 * const point = { way: "one byte", family: "rounded", bytes, score, loss, scores: [0.5] } as lab.TaskPoint;
 * const result = { name: "mean", seeds: 1, points: [point] };
 * assertEquals(lab.taskRows([result], "right")[0]!.bytes, 1);
 * ```
 */
export function taskRows(results: readonly TaskResult[], unit: string): Rows {
  const withHalf = ({ mean, half }: Interval) =>
    `${rounded(mean)}${half === null ? "" : ` ± ${rounded(half)}`}`;
  return results.flatMap(({ name, seeds, points }) =>
    points.map(({ way, bytes, score, loss }) => ({
      model: name,
      file: way,
      bytes: Math.round(bytes.mean),
      "of the first, %": Number((100 * bytes.mean / points[0]!.bytes.mean).toFixed(1)),
      [`${unit}; ${intervalName(seeds)}`]: withHalf(score),
      "lost (paired)": withHalf(loss),
    }))
  );
}

const rounded = (value: number) =>
  Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 4, signDisplay: "negative" })
    .replace("-", "−");

/**
 * A series a model and family of files, from its smallest file to its largest: for `lines`, bytes against score.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const [bytes, score, loss] = [1, 0.5, 0].map((value) => lab.intervalOf([value]));
 * const point = { way: "one byte", family: "rounded", bytes, score, loss, scores: [0.5] } as lab.TaskPoint;
 * const result = { name: "mean", seeds: 1, points: [point] };
 * assertEquals(lab.taskSeries([result]), [{ name: "rounded", x: [1], y: [0.5] }]);
 * ```
 */
export function taskSeries(results: readonly TaskResult[]): readonly Series[] {
  return results.flatMap(({ name, points }) => {
    const families = [...new Set(points.map(({ family }) => family))];
    return families.map((family) => {
      const own = points.filter((point) => point.family === family).sort((a, b) =>
        a.bytes.mean - b.bytes.mean
      );
      return {
        name: [results.length > 1 ? name : "", family].filter(Boolean).join(": "),
        x: own.map(({ bytes }) => bytes.mean),
        y: own.map(({ score }) => score.mean),
      };
    });
  });
}
