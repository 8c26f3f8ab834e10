/** What dimension reduction saves a classifier that compares with everything it knows (article 9.5). */
import { principalComponents, project } from "../pca/pca.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { type Labelled, labelledOf } from "../../../scripts/laboratory/measure/labelled.ts";
import { shareRight } from "../networks/classes.ts";
import { nearestClasses } from "../networks/nearest.ts";
import { checkArguments, DATASET, NUMBERS, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";

/** Nearest neighbours in a space of that many dimensions. */
export interface NearestCost {
  readonly space: "pixels" | "components";
  readonly dimensions: number;
  /** Of finding the components among the known images, once. */
  readonly finding: number;
  /** Of turning known images and queries into coefficients; 0 for pixels. */
  readonly projecting: number;
  /** Of comparing all with all. */
  readonly searching: number;
  /** Projecting and searching together. */
  readonly seconds: number;
  /** Of projecting and searching together: known images and queries are projected, all are compared with all. */
  readonly multiplications: number;
  readonly accuracy: number;
  /** 1 for each query that is classified right, 0 for others. */
  readonly correct: readonly number[];
}

/** Classifies `queries` by `known` on the pixels, and on as many components as each of `dimensions` says. */
export async function compareNearest(
  known: Dataset,
  queries: Dataset,
  dimensions: readonly number[],
  context: Context,
): Promise<readonly NearestCost[]> {
  checkArguments("compareNearest", { known, queries, dimensions, context }, {
    known: DATASET,
    queries: DATASET,
    dimensions: NUMBERS,
    context: WHOLE_CONTEXT,
  });
  const { signal, progress } = context;
  const clock = () => performance.now() / 1000, total = dimensions.length + 1;
  const searched = (space: Labelled, asked: Float32Array) => {
    const begun = clock(), found = nearestClasses(space, asked), searching = clock() - begun;
    const correct = Array.from(found, (label, i) => label === queries.labels![i] ? 1 : 0);
    return { searching, accuracy: shareRight(found, queries.labels!), correct };
  };
  const pairs = known.names.length * queries.names.length, all = known.names.length + queries.names.length;
  const pixels = labelledOf(known), raw = searched(pixels, labelledOf(queries).inputs);
  const costs: NearestCost[] = [{
    space: "pixels",
    dimensions: pixels.size,
    finding: 0,
    projecting: 0,
    ...raw,
    seconds: raw.searching,
    multiplications: pairs * pixels.size,
  }];
  const begun = clock(), components = principalComponents(known), finding = clock() - begun;
  for (const wanted of dimensions) {
    signal.throwIfAborted();
    progress({ label: "nearest neighbours", done: costs.length, total, unit: "spaces" });
    await new Promise((resolve) => setTimeout(resolve));
    const kept = Math.min(wanted, components.basis.length), begun = clock();
    const [inputs, asked] = [known, queries].map((set) => Float32Array.from(project(components, set, kept)));
    const projecting = clock() - begun;
    const found = searched({ inputs: inputs!, size: kept, labels: known.labels! }, asked!);
    const seconds = projecting + found.searching, multiplications = kept * (all * pixels.size + pairs);
    const made = { finding, projecting, seconds, multiplications };
    costs.push({ space: "components", dimensions: kept, ...made, ...found });
  }
  progress({ label: "nearest neighbours", done: total, total, unit: "spaces" });
  return costs;
}
