import type { Stage } from "../pipeline.ts";
import type { Plan } from "./features.ts";

/**
 * Hierarchical structure (article 2.2 (2)): the order and the scales in which an image is coded. Only the raster order
 * exists so far, one scale, so the stage is the identity and says so.
 */
export function hierarchy(): Stage<Plan, Plan> {
  return {
    name: "hierarchy",
    title: "层次化结构",
    section: "2.2 (2)",
    summary: "absent (raster order, one scale)",
    active: false,
    options: { order: "raster" },
    run: (plan) => Promise.resolve(plan),
  };
}
