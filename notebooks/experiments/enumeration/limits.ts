/** How much of a search hangs on its limit of instructions. */
import { checkArguments, NUMBERS, whole, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { OPCODE_BITS } from "./language.ts";
import { search } from "./search.ts";
import type { Targets } from "./targets.ts";

/** What searches with one limit come to. */
export interface AtLimit {
  readonly limit: number;
  /** Programs that agreed with a target so far when they reached the limit. */
  readonly undecided: number;
  /** Targets for which a program was found, and the bits of the shortest ones together. */
  readonly found: number;
  readonly bits: number;
}

/**
 * Searches for all targets with each limit.
 *
 * @throws {MdlError} as `search`
 */
export async function searchAtLimits(
  sets: readonly Targets[],
  limits: readonly number[],
  longest: number,
  context: Context,
): Promise<readonly AtLimit[]> {
  checkArguments("searchAtLimits", { limits, longest, context }, {
    limits: NUMBERS,
    longest: whole(1, 15),
    context: WHOLE_CONTEXT,
  });
  const rows: AtLimit[] = [];
  for (const limit of limits) {
    let undecided = 0, found = 0, bits = 0;
    for (const set of sets) {
      const { census, findings } = await search(set, { longest, limit }, context);
      for (const one of census) undecided += Number(one.undecided);
      for (const { program } of findings) {
        if (!program) continue;
        found++;
        bits += OPCODE_BITS * program.length;
      }
    }
    rows.push({ limit, undecided, found, bits });
  }
  return rows;
}
