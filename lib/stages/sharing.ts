import type { AnyData, DefaultData, SharingOptions } from "../codecs.ts";
import type { Stage } from "../pipeline.ts";
import { mechanism, type Plan } from "./mechanism.ts";

/**
 * Parameter sharing (article 2.2 (1), 4.3 (3)): the same weights at every position, in every layer, from one codebook.
 * Each kind is a switch, so that its worth can be measured in bytes.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mdl.sharing().summary, "across positions, scales, a codebook of 6 bits");
 * const chain = mdl.pipe(mdl.features(), mdl.sharing({ positions: false, cells: 4 }));
 * const { output } = await chain.run(await mdl.loadDataset("scenes", { take: 2 }), mdl.contextOf(1));
 * assertEquals(output.spec.grid, 4); // 16 predictors
 * ```
 */
export function sharing<D extends AnyData = DefaultData>(
  options: SharingOptions = {},
): Stage<Plan<D>, Plan<D>> {
  return mechanism("sharing", options);
}
