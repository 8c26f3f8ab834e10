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

export interface StagePrice {
  readonly stage: Stage<unknown, unknown>;
  /** Bytes of the program; a stage that is off or absent costs 0, and those of all stages sum to the file. */
  readonly bytes: number;
}

/** The price of each stage in bytes of the program. */
export function stagePrices(
  stages: readonly Stage<unknown, unknown>[],
  ledger: Ledger,
): readonly StagePrice[] {
  const owners = ledger.entries.some(({ name }) => name === "weights") ? OWNERS : {};
  return stages.map((stage) => ({
    stage,
    bytes: ledger.entries.reduce(
      (sum, { name, bytes }) => (owners[name] ?? "compress") === stage.name ? sum + bytes : sum,
      0,
    ),
  }));
}
