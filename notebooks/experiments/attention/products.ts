/** What a form of a model costs to compute, beside what it scores. */
import type { Series } from "../../../scripts/laboratory/figures/curves.ts";
import { leastWithin, type TaskResult } from "../../../scripts/laboratory/task/task.ts";
import { type Way, wayName } from "../../../scripts/laboratory/task/tensor_file.ts";
import { productsOf, type Uses } from "../../../scripts/laboratory/task/multiplications.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** Work for one sample, by the way that a file was made. */
export type Work = Readonly<Record<string, number>>;

/** Multiplications for one sample, for each way. */
export function workOf(tensors: Tensors, ways: readonly Way[], uses: Uses): Work {
  return Object.fromEntries(ways.map((way) => [wayName(way), productsOf(tensors, way, uses)]));
}

/** The least work of a file whose score, with its whole interval over seeds, is at most that far below the first one's. */
export function leastWork({ points }: TaskResult, work: Work, loss: number) {
  const { way } = leastWithin(points, loss, ({ way }) => work[way]!);
  return { way, share: work[way]! / work[points[0]!.way]! };
}

/** A line a model: of its files those that no smaller one beats, so that many ways make one curve. */
export function frontiers(results: readonly TaskResult[]): readonly Series[] {
  return results.map(({ name, points }) => {
    const sorted = points.toSorted((a, b) => a.bytes.mean - b.bytes.mean);
    const best = sorted.filter((point, i) =>
      sorted.slice(0, i).every(({ score }) => score.mean < point.score.mean)
    );
    return { name, x: best.map(({ bytes }) => bytes.mean), y: best.map(({ score }) => score.mean) };
  });
}
