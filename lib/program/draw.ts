/** What drawing new data has in common, of whatever kind they are. */
import type { Said } from "../codec.ts";
import { MdlError } from "../errors.ts";
import { byteCount, itemCount, type ItemGroup, runningNames } from "../items.ts";
import { DEFAULT_LIMITS, type ProgramInfo } from "./read.ts";
import { regenerate } from "./regenerate.ts";
import type { DrawOptions } from "./sandbox.ts";

/** What is drawn. */
export interface Drawing {
  readonly items: readonly ItemGroup[];
  /** What the items are called: "images". */
  readonly unit: string;
  readonly seed: number;
  /** Bytes of each item, where the program makes items of any length. */
  readonly length?: number;
  /** What is given of each item. */
  readonly given?: {
    /** Rows, or bytes, of each. */
    readonly each: number;
    /** All of them, one item after another. */
    known(): Uint8Array;
    /** Whose they are. */
    readonly of?: string;
  };
}

/**
 * New items from a program's model, by decoding random bits, and what they are called.
 *
 * @throws {MdlError} as `regenerate`; `too-large` for more than the limits allow
 */
export async function drawItems(
  info: ProgramInfo,
  { items, unit, seed, length, given }: Drawing,
  { temperature = 1, limits, prompt: _, length: __, ...running }: DrawOptions,
): Promise<Said & { readonly symbols: Uint8Array }> {
  const most = { ...DEFAULT_LIMITS, ...limits }, count = itemCount(items);
  if (count > most.items || byteCount(items) > most.symbols) {
    throw new MdlError("too-large", `${count} ${unit} are more than fit in memory: draw fewer.`);
  }
  const start = { drawn: 1, seed, temperature, given: given?.each ?? 0, ...(length && { length }) };
  const request = { items, start, label: "generate", unit, ...(given && { known: given.known() }) } as const;
  const symbols = await regenerate(info, request, running), { dataset } = info.record;
  const how = given?.of === undefined ? "Drawn" : `Completed from ${given.of}`;
  const cooled = temperature === 1 ? "" : ` and temperature ${temperature}`;
  return {
    name: `drawn from ${dataset}`,
    names: runningNames(count),
    symbols,
    provenance: {
      source: "computed",
      licence: `that of ${dataset}`,
      citation: `${how} with seed ${seed}${cooled} from the model of a program that regenerates ${dataset}.`,
    },
  };
}
