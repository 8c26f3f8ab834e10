import type { OptionsOf } from "../codecs.ts";
import type { Stage } from "../pipeline.ts";
import { mechanism, type Plan } from "./mechanism.ts";

export type HierarchyOptions = OptionsOf<"hierarchy">;

/**
 * Hierarchical structure (article 2.2 (2)): the order and the scales in which an item is coded. A pyramid costs more
 * bytes than the raster order and buys a program whose prefix already gives the coarse pictures.
 *
 * @throws {MdlError} `usage` for an option that it has not, or does not take
 */
export function hierarchy(options: HierarchyOptions = {}): Stage<Plan, Plan> {
  return mechanism("hierarchy", options);
}
