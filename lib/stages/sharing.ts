import type { OptionsOf } from "../codecs.ts";
import type { Stage } from "../pipeline.ts";
import { mechanism, type Plan } from "./mechanism.ts";

export type SharingOptions = OptionsOf<"sharing">;

/**
 * Parameter sharing (article 2.2 (1), 4.3 (3)): the same weights at every position, in every layer, from one codebook.
 * Each kind is a switch, so that its worth can be measured in bytes.
 *
 * @throws {MdlError} `usage` for an option that it has not, or does not take
 */
export function sharing(options: SharingOptions = {}): Stage<Plan, Plan> {
  return mechanism("sharing", options);
}
