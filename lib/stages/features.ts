import type { Dataset } from "../image/dataset.ts";
import { featureCount, type ModelSpec } from "../image/spec.ts";
import { checkOptions, DATASET, FLAG, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";

/** What is to be coded, and the model that will predict it: the value that features to attention hand on. */
export interface Plan {
  /** The images. */
  readonly dataset: Dataset;
  /** The predictor's shape. */
  readonly spec: ModelSpec;
}

/** The context of a symbol and the size of the network that reads it. */
export interface FeatureOptions {
  /** Causal neighbours of the symbol's own channel, 1 to 150; 24 in gray and 16 in colour by default. */
  readonly neighbours?: number;
  /** Causal neighbours of each other channel, 1 to 150; 12 by default. In colour only. */
  readonly cross?: number;
  /** Width of the hidden layers, a multiple of 4 from 4 to 128; 48 by default, 64 from 4 million symbols on. */
  readonly width?: number;
  /** Residual blocks of two layers each, 0 to 16; 1 by default. */
  readonly blocks?: number;
  /** Predictions by local least squares among the inputs; true by default. They cost 1.2 kB of decoder code. */
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
