import type { AnyData, DefaultData, HierarchyOptions } from "../codecs.ts";
import type { Stage } from "../pipeline.ts";
import { mechanism, type Plan } from "./mechanism.ts";

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
export function hierarchy<D extends AnyData = DefaultData>(
  options: HierarchyOptions = {},
): Stage<Plan<D>, Plan<D>> {
  return mechanism("hierarchy", options);
}
