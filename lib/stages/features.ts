import type { Dataset } from "../image/dataset.ts";
import { featureCount, type ModelSpec } from "../image/spec.ts";
import { checkOptions, DATASET, FLAG, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";

/** What is to be coded, and the model that will predict it: the value that features to attention hand on. */
export interface Plan {
  readonly dataset: Dataset;
  readonly spec: ModelSpec;
}

/** The context of a symbol and the size of the network that reads it. */
export interface FeatureOptions {
  readonly neighbours?: number;
  readonly cross?: number;
  readonly width?: number;
  readonly blocks?: number;
  /** Predictions by local least squares among the inputs. */
  readonly leastSquares?: boolean;
}

/** The stage's part of a model. */
export function featuresOf({ neighbours, cross, width, blocks, leastSquares }: ModelSpec): FeatureOptions {
  return { neighbours, cross, width, blocks, leastSquares };
}

/** Sizes that were tuned on S1 and S2; smaller ones serve small sets, see `lib/image/candidates.ts`. */
const DEFAULTS = { blocks: 1, cross: 12, leastSquares: true }, NEIGHBOURS = { 1: 24, 3: 16 };

/** A large set pays for more weights. */
const WIDTH = 48, WIDER = 64, LARGE = 4e6; // symbols

/**
 * Feature extraction (article 2.2, 3.2, 4.2): each symbol is seen through its causal neighbours, less a local mean and
 * divided by a local scale, through its position, and through what a linear fit to the symbols nearby predicts. The
 * stage decides how many, and how wide a network reads them;
 * `lib/decoder/assembly/context.ts` computes them.
 */
export function features(options: FeatureOptions = {}): Stage<Dataset, Plan> {
  checkOptions("features", options, {
    neighbours: whole(1, 150),
    cross: whole(1, 150),
    width: whole(4, 128, 4),
    blocks: whole(0, 16),
    leastSquares: FLAG,
  });
  const sizes = { ...DEFAULTS, ...options };
  return checked(DATASET, {
    name: "features",
    title: "特征提取",
    section: "2.2",
    summary: `${sizes.neighbours ?? "the nearest"} causal neighbours${
      sizes.leastSquares ? " and a local least-squares prediction" : ""
    } → ${sizes.blocks} residual block${sizes.blocks === 1 ? "" : "s"} of width ${
      sizes.width ?? `${WIDTH} or ${WIDER}`
    }`,
    active: true,
    options: { ...options },
    run: (dataset, context) => {
      const spec: ModelSpec = {
        ...{ neighbours: NEIGHBOURS[dataset.channels] },
        ...{ width: dataset.symbols.length < LARGE ? WIDTH : WIDER, ...sizes },
        ...{ tied: false, grid: 1, bits: 6, scales: 1, shareScales: true, attention: "none" },
      };
      context.log(`features: ${featureCount(spec, dataset.channels)} inputs for each symbol`);
      return Promise.resolve({ dataset, spec });
    },
  });
}
