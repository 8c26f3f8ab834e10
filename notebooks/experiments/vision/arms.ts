/** Classifiers that are set against each other, each trained as such: one way to be smaller an arm. */
import type { Dataset } from "../../../lib/image/dataset.ts";
import type { Context } from "../../../lib/context.ts";
import { intervalOf } from "../../../scripts/laboratory/measure/interval.ts";
import { measureTask, type TaskPoint, type TaskResult } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { type ClassifierJob, classifierTask, picturesOf } from "./classifier.ts";
import type { ClassifierSpec } from "./network.ts";
import type { Schedule } from "./train.ts";
import { trainNets } from "./train_nets.ts";

/** Shares of their rank that kernels keep. */
export const RANKS = [0.75, 0.5];

/** Codebooks alone, and then what else is done to a network that was trained without regard to it. */
const CODEBOOKS: readonly Way[] = [{}, ...[6, 5, 4, 3, 2].map((bits) => ({ bits }))];
const FORMS: readonly Way[] = [
  ...CODEBOOKS,
  ...[0.3, 0.5, 0.7].map((zeros) => ({ zeros, bits: 5 })),
  ...RANKS.map((rank) => ({ rank, bits: 5 })),
];

/** One of the classifiers. */
export interface Arm {
  readonly name: string;
  readonly spec: ClassifierSpec;
  readonly ways: readonly Way[];
  /** As `Schedule.zeros`. */
  readonly zeros?: number;
}

/** Channels of the wide and of the narrow classifier, and what the sparse one loses while it learns. */
const WIDE = 12, NARROW = 4, ZEROS = 0.8;

/** The arms for images of a set: the wide classifier first. */
export function armsOf({ groups, channels }: Dataset, classes: number): readonly Arm[] {
  const spec = { side: groups[0]!.width, channels, width: WIDE, depth: 3, shared: false, classes };
  return [
    { name: "wide", spec, ways: FORMS },
    { name: `wide, ${100 * ZEROS} % zeros learnt`, spec, ways: CODEBOOKS, zeros: ZEROS },
    { name: "wide, shared layers", spec: { ...spec, shared: true }, ways: CODEBOOKS },
    { name: "narrow", spec: { ...spec, width: NARROW }, ways: CODEBOOKS },
  ];
}

/** An arm's models, one a seed, and what became of their files. */
export interface Outcome extends Arm {
  readonly models: readonly Tensors[];
  readonly result: TaskResult;
}

/** Trains all arms with all seeds, and scores all files, on the validation images, too. */
export async function measureArms(
  arms: readonly Arm[],
  train: Dataset,
  test: Dataset,
  validation: Dataset,
  schedule: Schedule,
  seeds: readonly number[],
  context: Context,
): Promise<readonly Outcome[]> {
  const pictures = picturesOf(train);
  const jobs = arms.flatMap(({ spec, zeros }) =>
    seeds.map((seed): ClassifierJob => ({
      kind: "classifier",
      spec,
      train: pictures,
      schedule: zeros ? { ...schedule, zeros } : schedule,
      seed,
    }))
  );
  const trained = await trainNets(jobs, context), outcomes: Outcome[] = [];
  for (const [i, arm] of arms.entries()) {
    const models = trained.slice(i * seeds.length, (i + 1) * seeds.length);
    const task = {
      ...classifierTask(arm.name, arm.spec, models, test, arm.ways),
      validation: picturesOf(validation),
    };
    outcomes.push({ ...arm, models, result: await measureTask(task, seeds, context) });
  }
  return outcomes;
}

/** How much more is right by the first point than by the second, paired by seed. */
export const pairedGain = (first: Pick<TaskPoint, "scores">, second: Pick<TaskPoint, "scores">) =>
  intervalOf(first.scores.map((score, i) => score - second.scores[i]!));
