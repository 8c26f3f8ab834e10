/** What weights are worth on other data than they were trained on (article 3.3), in bytes of real programs. */
import type { Dataset } from "../data/dataset.ts";
import type { Context } from "../pipeline.ts";
import { pipe } from "../pipeline.ts";
import type { ProgramModel } from "../program/model.ts";
import { compress } from "../stages/compress.ts";
import { features } from "../stages/features.ts";
import { sharing } from "../stages/sharing.ts";
import { measureVariant, sharedVariant } from "./variant.ts";

export interface Shifted {
  readonly name: string;
  readonly symbols: number;
  /** The set's program with weights trained on itself. */
  readonly own: number;
  /** The same with the other weights. */
  readonly other: number;
}

/** Codes a set with its own weights, trained with `flop`, and with those of `prior`; both programs are verified. */
export async function measureShift(
  prior: ProgramModel,
  set: Dataset,
  flop: number,
  context: Context,
): Promise<Shifted> {
  const quiet = { ...context, log: () => {} };
  const own = await measureVariant(set, sharedVariant(flop), { flop }, quiet);
  const { output: program } = await pipe(features(), sharing(), compress({ prior })).run(set, quiet);
  await program.verify(set, quiet);
  return { name: set.name, symbols: set.symbols.length, own: own.bytes, other: program.bytes.length };
}

/** A set's shortest program of all that `compress` tries, storing included, with that many steps of training; verified. */
export async function measureControl(set: Dataset, steps: number, context: Context): Promise<number> {
  const quiet = { ...context, log: () => {} };
  const { output: program } = await pipe(features(), sharing(), compress({ steps })).run(set, quiet);
  await program.verify(set, quiet);
  return program.bytes.length;
}
