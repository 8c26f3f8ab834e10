/** What weights are worth on other data than they were trained on (article 3.3), in bytes of real programs. */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { checkArguments, DATASET, decimal, listOf, whole, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { modelOf } from "../../../lib/image/model.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";
import {
  mechanismsOf,
  planOf,
  scheduleOf,
  sharedVariant,
} from "../../../scripts/laboratory/measure/variant.ts";

/** A set's two programs: they differ in whose weights they have. */
export interface Shifted {
  readonly name: string;
  readonly symbols: number;
  /** Bytes with weights that were trained on the set itself. */
  readonly own: number;
  /** Bytes with the weights that were trained at home. */
  readonly other: number;
}

/** All of them, and the FLOP of all trainings. */
export interface Shift {
  readonly sets: readonly Shifted[];
  readonly flop: number;
}

/**
 * Trains one model at home and the same on each of the other sets, with equal FLOP; codes each of these with its own
 * weights and with those from home. All programs are verified.
 */
export async function measureShift(
  home: Dataset,
  sets: readonly Dataset[],
  flop: number,
  context: Context,
): Promise<Shift> {
  checkArguments("measureShift", { home, sets, flop, context }, {
    home: DATASET,
    sets: listOf("sets of images", DATASET),
    flop: decimal(1),
    context: WHOLE_CONTEXT,
  });
  const quiet = { ...context, log: () => {} };
  let spent = 0;
  const ownProgram = async (set: Dataset): Promise<Compressed> => {
    const variant = sharedVariant(flop), plan = await planOf(set, variant, quiet);
    const { steps, batch } = scheduleOf(plan, variant.batch, flop);
    const asked = { ...mechanismsOf(variant), compress: { steps, batch, exactly: true } };
    const { program } = await buildVerified(set, asked, quiet);
    spent += program.trained!.flop;
    return program;
  };
  const prior = await modelOf((await ownProgram(home)).bytes, quiet), shifted: Shifted[] = [];
  for (const set of sets) {
    const own = await ownProgram(set);
    const { program: other } = await buildVerified(set, { compress: { prior } }, quiet);
    const { name, symbols } = set;
    shifted.push({ name, symbols: symbols.length, own: own.bytes.length, other: other.bytes.length });
  }
  return { sets: shifted, flop: spent };
}

/** A set's shortest program of all that `compress` tries, storing included, with that many steps of training; verified. */
export async function measureControl(
  set: Dataset,
  steps: number,
  context: Context,
): Promise<{ readonly bytes: number; readonly flop: number }> {
  checkArguments("measureControl", { set, steps, context }, {
    set: DATASET,
    steps: whole(1),
    context: WHOLE_CONTEXT,
  });
  const quiet = { ...context, log: () => {} };
  const { program } = await buildVerified(set, { compress: { steps } }, quiet);
  return { bytes: program.bytes.length, flop: program.trained?.flop ?? 0 };
}
