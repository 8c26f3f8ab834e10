/** What each stage of the chain costs in the file: the ledger, read by stage. */
import type { Stage } from "../pipeline.ts";
import type { Ledger } from "../program/ledger.ts";

/**
 * Ledger entries that a stage is the reason for; all others are the result's own framing and go to `compress`. So do
 * all of a program that stores its data: no other stage has a part in it.
 */
const OWNERS: Readonly<Record<string, string>> = {
  "decoder code": "features",
  "parameters": "features",
  "weights": "sharing",
};

/** What a stage costs. */
export interface StagePrice {
  /** As it was composed. */
  readonly stage: Stage<unknown, unknown>;
  /** Bytes of the program; a stage that is off costs 0, and those of all stages sum to the file. */
  readonly bytes: number;
}

/**
 * The price of each stage in bytes of the program. Of the decoder code, `decoderBytes` belong to other stages than
 * features, by name; without them all of it is features'. What a stage makes the payload longer or shorter is not in its
 * price: only two programs, one with it and one without, can tell.
 *
 * @param decoderBytes As `Compressed` has them; empty by default.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const prices = mdl.stagePrices(chain.stages, program.ledger, program.decoderBytes);
 * assertEquals(prices.reduce((sum, { bytes }) => sum + bytes, 0), program.bytes.length);
 * ```
 */
export function stagePrices(
  stages: readonly Stage<unknown, unknown>[],
  ledger: Ledger,
  decoderBytes: Readonly<Record<string, number>> = {},
): readonly StagePrice[] {
  const owners = ledger.mode === "stored" ? {} : OWNERS;
  const prices = new Map<string, number>();
  const add = (stage: string, bytes: number) => prices.set(stage, (prices.get(stage) ?? 0) + bytes);
  for (const { name, bytes } of ledger.entries) add(owners[name] ?? "compress", bytes);
  for (const [stage, bytes] of Object.entries(decoderBytes)) {
    add(stage, bytes);
    add(OWNERS["decoder code"]!, -bytes);
  }
  return stages.map((stage) => ({ stage, bytes: prices.get(stage.name) ?? 0 }));
}
