import type { OptionsOf } from "../codecs.ts";
import type { Stage } from "../pipeline.ts";
import { mechanism, type Plan } from "./mechanism.ts";

export type AttentionOptions = OptionsOf<"attention">;

/**
 * Attention (article 2.2 (3)): selective use of context, with weights computed from the context's content.
 *
 * @throws {MdlError} `usage` for an option that it has not, or does not take
 */
export function attention(options: AttentionOptions = {}): Stage<Plan, Plan> {
  return mechanism("attention", options);
}
