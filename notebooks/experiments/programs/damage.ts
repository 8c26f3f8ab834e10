/** What comes of a program that was altered on its way: nothing, or an error, but never other data. */
import { MdlError } from "../../../lib/errors.ts";
import { BYTES, checkArguments, contextWith, TEXT, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { programOf } from "../../../lib/program/program.ts";
import { random } from "../../../lib/random.ts";

export interface Damage {
  /** Copies that were refused. */
  readonly refused: number;
  /** Copies that gave the right data all the same. */
  readonly harmless: number;
  /** Copies that gave other data and said nothing. */
  readonly silent: number;
}

/**
 * Decodes copies of a program that have one bit turned over each, at random places.
 *
 * @param sha256 Of the symbols that it should give.
 * @throws what decoding throws besides an `MdlError`; `interrupted`
 */
export async function turnBits(
  program: Uint8Array,
  sha256: string,
  copies: number,
  context: Pick<Context, "seed" | "signal" | "progress">,
): Promise<Damage> {
  checkArguments("turnBits", { program, sha256, copies, context }, {
    program: BYTES,
    sha256: TEXT,
    copies: whole(0),
    context: contextWith("seed", "signal", "progress"),
  });
  const { seed, signal, progress } = context;
  const { below } = random(seed, "damage"), counts = { refused: 0, harmless: 0, silent: 0 };
  for (let copy = 0; copy < copies; copy++) {
    const bit = below(8 * program.length), altered = program.slice();
    altered[bit >> 3]! ^= 1 << (bit & 7);
    counts[await outcomeOf(altered, sha256, signal)]++;
    progress({ label: "damaged copies", done: copy + 1, total: copies, unit: "copies" });
  }
  return counts;
}

async function outcomeOf(program: Uint8Array, sha256: string, signal: AbortSignal): Promise<keyof Damage> {
  try {
    return (await programOf(program).decode({ signal })).sha256 === sha256 ? "harmless" : "silent";
  } catch (error) {
    if (error instanceof MdlError && error.code !== "interrupted") return "refused";
    throw error;
  }
}
