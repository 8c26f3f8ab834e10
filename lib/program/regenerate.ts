import { byteCount, type ItemGroup, itemLengths } from "../items.ts";
import { MdlError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import type { ProgramInfo } from "./read.ts";
import { type DecodeOptions, inSandbox, type Start } from "./sandbox.ts";

/** What a module is asked for. */
export interface Request {
  /** Lengths of the items that it makes. */
  readonly items: readonly ItemGroup[];
  readonly start: Start;
  /** What progress is called, and what it counts. */
  readonly label: "decode" | "generate";
  readonly unit: string;
  /** What is given of each item, one after another, when the module was started so. */
  readonly known?: Uint8Array;
}

/**
 * The symbols that a program's module makes: the one way from a program to data, be they decoded, drawn, or some of both.
 *
 * @throws {MdlError} as `inSandbox`
 */
export async function regenerate(
  info: ProgramInfo,
  { items, start, label, unit, known }: Request,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const lengths = itemLengths(items);
  return await inSandbox(
    info,
    start,
    byteCount(items),
    options,
    (sandbox) => sandbox.items(lengths, { label, unit }, known),
  );
}

/**
 * All symbols of a program, which have the SHA-256 that it announces.
 *
 * @throws {MdlError} as `regenerate`; `damaged` when it gives other symbols
 */
export async function decodeSymbols(
  info: ProgramInfo,
  unit: string,
  options: DecodeOptions,
): Promise<Uint8Array> {
  const start = { drawn: 0, seed: 0 } as const;
  const symbols = await regenerate(info, { items: info.items, start, label: "decode", unit }, options);
  if (sha256(symbols) === info.sha256) return symbols;
  throw new MdlError(
    "damaged",
    "The program is damaged: its data do not have the SHA-256 that it announces.",
  );
}
