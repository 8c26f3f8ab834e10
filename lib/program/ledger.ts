/** Where a program's bytes go. */
import { MdlError } from "../errors.ts";
import type { Mode } from "./header.ts";
import type { ProgramInfo } from "./read.ts";

/** Bytes of one purpose. */
export interface LedgerEntry {
  /** The purpose: a `Purpose`, "payload", or "payload, scale 2". */
  readonly name: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** What the model says that they should come to, in bits: cross-entropy beside real length. */
  readonly estimatedBits?: number;
}

/** All bytes of a file by purpose: the entries sum to `bytes`, the file's length. */
export interface Ledger {
  /** In the order of the file. */
  readonly entries: readonly LedgerEntry[];
  /** The file's length. */
  readonly bytes: number;
  /** What kind of code it is. */
  readonly mode: Mode;
}

/** Names of all entries but the payloads; see `payloadName`. */
export type Purpose =
  | "module framing"
  | "header"
  | "run record"
  | "names"
  | "checksums"
  | "decoder code"
  | "parameters"
  | "weights";

/** What a scale's payload is called. */
export function payloadName(scale: number, scales: number): string {
  return scales === 1 ? "payload" : `payload, scale ${scale}`;
}

/**
 * Accounts for every byte of a complete program. `estimatedBits` are the encoder's, by entry name; they are not in the
 * file.
 *
 * @throws {MdlError} `usage` when an estimate is for an entry that is not there.
 */
export function ledgerOf(
  { mode, sizes, scales, segments }: ProgramInfo,
  estimatedBits: Readonly<Record<string, number>> = {},
): Ledger {
  const fixed: readonly (readonly [Purpose, number])[] = [
    ["module framing", sizes.framing],
    ["header", sizes.header],
    ["run record", sizes.record],
    ["names", sizes.names],
    ["checksums", sizes.checksums],
    ["decoder code", sizes.decoder],
  ];
  const variable = segments.map(({ kind, scale, bytes }) =>
    [kind === "payload" ? payloadName(scale, scales) : kind, bytes.length] as const
  );
  const lengths = new Map<string, number>([...fixed, ...variable]);
  for (const name of Object.keys(estimatedBits)) {
    if (!lengths.has(name)) throw new MdlError("usage", `A program's ledger has no entry called ${name}.`);
  }
  const entries = [...lengths].map(([name, bytes]) => {
    const bits = estimatedBits[name];
    return { name, bytes, ...(bits === undefined ? {} : { estimatedBits: bits }) };
  });
  return { entries, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), mode };
}
