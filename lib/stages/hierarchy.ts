import { checkOptions, oneOf, PLAN } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Order } from "../program/header.ts";
import type { Plan } from "./features.ts";

export type { Order };

/** Raster: row after row. Pyramid: a coarse picture first, then scale after scale the pixels between. */
export const ORDERS: readonly Order[] = ["raster", "pyramid"];

/** What the stage hierarchy does. */
export interface HierarchyOptions {
  /** In which an image is coded; `raster`, the default, switches the stage off. */
  readonly order?: Order;
}

/** Shorter side of the coarsest picture of a pyramid, at least, in pixels. */
const COARSEST = 4;

/** Scales of a pyramid over images of which the smallest side is that many pixels: each halves the picture. */
export function scalesFor(side: number): number {
  return Math.max(1, Math.floor(Math.log2(side / COARSEST)) + 1);
}

/**
 * Hierarchical structure (article 2.2 (2)): the order and the scales in which an image is coded. A pyramid costs more
 * bytes than the raster order and buys a program whose prefix already gives the coarse pictures.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const chain = mdl.pipe(mdl.features(), mdl.hierarchy({ order: "pyramid" }));
 * const { output } = await chain.run(await mdl.loadDataset("scenes", { take: 2 }), mdl.contextOf(1));
 * assertEquals(output.spec.scales, 4); // 4, 8, 16 and 32 pixels
 * ```
 */
export function hierarchy(options: HierarchyOptions = {}): Stage<Plan, Plan> {
  checkOptions("hierarchy", options, { order: oneOf(ORDERS) });
  const { order = "raster" } = options;
  const active = order === "pyramid";
  return checked(PLAN, {
    name: "hierarchy",
    title: "层次化结构",
    section: "2.2 (2)",
    summary: active
      ? "a pyramid: every scale codes the pixels between those of the coarser one"
      : "off (raster order, one scale)",
    active,
    options: { order },
    run: (plan, context) => {
      if (!active) return Promise.resolve(plan);
      const { dataset, spec } = plan;
      const scales = scalesFor(
        Math.min(...dataset.groups.map(({ height, width }) => Math.min(height, width))),
      );
      context.log(
        `hierarchy: ${
          scales === 1 ? "the images are too small for more than one scale" : `${scales} scales`
        }`,
      );
      return Promise.resolve({ dataset, spec: { ...spec, scales } });
    },
  });
}
