import type { Stage } from "../pipeline.ts";
import type { Plan } from "./features.ts";

/**
 * Attention (article 2.2 (3)): selective use of context. No form of it has been found yet that pays for its bytes, so
 * the stage is the identity and says so.
 */
export function attention(): Stage<Plan, Plan> {
  return {
    name: "attention",
    title: "注意力机制",
    section: "2.2 (3)",
    summary: "absent (every neighbour is used everywhere)",
    active: false,
    options: {},
    run: (plan) => Promise.resolve(plan),
  };
}
