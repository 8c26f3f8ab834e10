import type { AnyData, OptionsOf } from "../codecs.ts";
import { DATASET } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import { applied, described, type Plan } from "./mechanism.ts";

export type FeatureOptions = OptionsOf<"features">;

/**
 * Feature extraction (article 2.2, 3.2, 4.2): each symbol of an image is seen through its causal neighbours, less a local
 * mean and divided by a local scale, through its position, and through what a linear fit to the symbols nearby predicts.
 * The stage decides how many, and how wide a network reads them; `lib/decoder/assembly/context.ts` computes them.
 *
 * @throws {MdlError} `usage` for an option that it has not, or does not take
 */
export function features(options: FeatureOptions = {}): Stage<AnyData, Plan> {
  const stage = described("features", options);
  return checked(DATASET, {
    ...stage,
    options: { ...stage.options },
    run: (dataset, context) =>
      Promise.resolve({ dataset, spec: applied("features", dataset, undefined, options, context) }),
  });
}
