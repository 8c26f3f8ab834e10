import { checkOptions, FLAG, PLAN, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import { parameterCount } from "../image/spec.ts";
import type { Plan } from "./features.ts";

export interface SharingOptions {
  /** Across positions: false gives each of `cells` × `cells` parts of the image a predictor of its own. */
  readonly positions?: boolean;
  readonly cells?: number;
  /** Across layers: one block's weights serve all residual blocks. */
  readonly layers?: boolean;
  /** Across scales: false gives each scale of a pyramid a predictor of its own. */
  readonly scales?: boolean;
  /** By a codebook: about 2^bits values that all weights of a kind of layer share. */
  readonly bits?: number;
}

/** The unshared predictor of the case study: one for each position of a 32 × 32 image. */
const CELLS = 32;

/**
 * Parameter sharing (article 2.2 (1), 4.3 (3)): the same weights at every position, in every layer, from one codebook.
 * Each kind is a switch, so that its worth can be measured in bytes.
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
