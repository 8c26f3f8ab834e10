import type { Attention } from "../models/spec.ts";
import type { Stage } from "../pipeline.ts";
import type { Plan } from "./features.ts";

export interface AttentionOptions {
  /** What is looked at; "none" switches the stage off. */
  readonly over?: Attention;
}

/** Attention (article 2.2 (3)): selective use of context, with weights computed from the context's content. */
export function attention({ over = "none" }: AttentionOptions = {}): Stage<Plan, Plan> {
  const active = over !== "none";
  return {
    name: "attention",
    title: "注意力机制",
    section: "2.2 (3)",
    summary: active ? `over earlier ${over}` : "off (every neighbour is used everywhere)",
    active,
    options: { over },
    run: (plan) => Promise.resolve(active ? { ...plan, spec: { ...plan.spec, attention: over } } : plan),
  };
}
