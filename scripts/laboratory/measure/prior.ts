/** What a program costs a receiver who has another one with its model. */
import type { Ledger, Purpose } from "../../../lib/program/ledger.ts";

/** What someone has already who has another program with the same decoder and model. */
export const OF_A_PRIOR: readonly Purpose[] = ["decoder code", "weights"];

/** Bytes of a program without those entries. */
export function bytesWithout(
  ledger: Pick<Ledger, "entries">,
  names: readonly Purpose[] = OF_A_PRIOR,
): number {
  const left = ledger.entries.filter(({ name }) => !names.includes(name as Purpose));
  return left.reduce((sum, { bytes }) => sum + bytes, 0);
}
