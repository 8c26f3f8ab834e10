import { type AnyData, codecOf, type DefaultData, type FeatureOptions } from "../codecs.ts";
import { DATA } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import { described, type Plan } from "./mechanism.ts";

/**
 * Feature extraction (article 2.2, 3.2, 4.2): each symbol is seen through its causal neighbours, less a local mean and
 * divided by a local scale, through its position, and through what a linear fit to the symbols nearby predicts. The
 * stage decides how many, and how wide a network reads them;
 * `lib/decoder/assembly/context.ts` computes them.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const plan = await mdl.features({ width: 16, leastSquares: false }).run(set, mdl.contextOf(1));
 * assertEquals([plan.spec.width, plan.spec.neighbours], [16, 24]);
 * ```
 */
export function features<D extends AnyData = DefaultData>(options: FeatureOptions = {}): Stage<D, Plan<D>> {
  return stageFor(options);
}

function stageFor<D extends AnyData>(options: FeatureOptions, data?: D): Stage<D, Plan<D>> {
  return checked(DATA, {
    ...described("features", options, data),
    on: (dataset) => stageFor(options, dataset),
    run: (dataset, context) => {
      described("features", options, dataset);
      const { apply } = codecOf<D>(dataset).mechanisms.features;
      return Promise.resolve({ dataset, spec: apply(undefined, dataset, options, context) });
    },
  });
}
