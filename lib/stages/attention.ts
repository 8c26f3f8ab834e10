import { type Attention, ATTENTIONS } from "../image/spec.ts";
import { checkOptions, oneOf, PLAN } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Plan } from "./features.ts";

/** What the stage attention does. */
export interface AttentionOptions {
  /** What is looked at; "none", the default, switches the stage off. */
  readonly over?: Attention;
}

/**
 * Attention (article 2.2 (3)): selective use of context, with weights computed from the context's content. It pays on
 * large images with repeated structure, costs 0.36 kB of decoder code beside the local fit, and decodes half as fast.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mdl.attention().active, false);
 * assertEquals(mdl.attention({ over: "patches" }).summary, "over earlier patches");
 * ```
 */
export function attention(options: AttentionOptions = {}): Stage<Plan, Plan> {
  checkOptions("attention", options, { over: oneOf(ATTENTIONS) });
  const { over = "none" } = options;
  const active = over !== "none";
  return checked(PLAN, {
    name: "attention",
    title: "注意力机制",
    section: "2.2 (3)",
    summary: active ? `over earlier ${over}` : "off (every neighbour is used everywhere)",
    active,
    options: { over },
    run: (plan) => Promise.resolve(active ? { ...plan, spec: { ...plan.spec, attention: over } } : plan),
  });
}
