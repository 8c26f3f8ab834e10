import { checkOptions, FLAG, PLAN, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import { parameterCount } from "../image/spec.ts";
import type { Plan } from "./features.ts";

/** What weights have in common. */
export interface SharingOptions {
  /** Across positions: false gives each of `cells` × `cells` parts of the image a predictor of its own. True by default. */
  readonly positions?: boolean;
  /** Without sharing across positions: 1 to 64; 32 by default. */
  readonly cells?: number;
  /** Across layers: one block's weights serve all residual blocks. False by default. */
  readonly layers?: boolean;
  /** Across scales: false gives each scale of a pyramid a predictor of its own. True by default. */
  readonly scales?: boolean;
  /** By a codebook: about 2^bits values that all weights of a kind of layer share; 2 to 8, 6 by default. */
  readonly bits?: number;
}

/** The unshared predictor of the case study: one for each position of a 32 × 32 image. */
const CELLS = 32;

/**
 * Parameter sharing (article 2.2 (1), 4.3 (3)): the same weights at every position, in every layer, from one codebook.
 * Each kind is a switch, so that its worth can be measured in bytes.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mdl.sharing().summary, "across positions, scales, a codebook of 6 bits");
 * const chain = mdl.pipe(mdl.features(), mdl.sharing({ positions: false, cells: 4 }));
 * const { output } = await chain.run(await mdl.loadDataset("scenes", { take: 2 }), mdl.contextOf(1));
 * assertEquals(output.spec.grid, 4); // 16 predictors
 * ```
 */
export function sharing(options: SharingOptions = {}): Stage<Plan, Plan> {
  checkOptions("sharing", options, {
    positions: FLAG,
    cells: whole(1, 64),
    layers: FLAG,
    scales: FLAG,
    bits: whole(2, 8),
  });
  const { positions = true, cells = CELLS, layers = false, scales = true, bits = 6 } = options;
  const kinds = [
    positions && "positions",
    layers && "layers",
    scales && "scales",
    `a codebook of ${bits} bits`,
  ].filter(Boolean);
  return checked(PLAN, {
    name: "sharing",
    title: "参数共享",
    section: "2.2 (1)",
    summary: `across ${kinds.join(", ")}`,
    active: true,
    options: { positions, layers, scales, bits, ...(positions ? {} : { cells }) },
    run: ({ dataset, spec }, context) => {
      const grid = Math.min(CELLS, ...dataset.groups.map(({ height, width }) => Math.min(height, width)));
      const before = { ...spec, grid, tied: false };
      const after = {
        ...spec,
        grid: positions ? 1 : cells,
        tied: layers,
        shareScales: scales || !positions,
        bits,
      };
      const count = (s: typeof spec) => parameterCount(s, dataset.channels).toLocaleString("en");
      const everywhere = dataset.groups.every(({ height, width }) => height === grid && width === grid);
      const each = `each of ${grid}×${grid} ${everywhere ? "positions" : "parts of an image"}`;
      context.log(
        `sharing: ${count(after)} parameters, ${count(before)} with a predictor for ${each}`,
      );
      return Promise.resolve({ dataset, spec: after });
    },
  });
}
