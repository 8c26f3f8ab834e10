import type { Coded } from "../codec.ts";
import { type AnyData, codecOf, type DefaultData } from "../codecs.ts";
import { BYTES, checkArguments, checkOptions, DATA, object } from "../options.ts";
import { buildProgram } from "./build.ts";
import type { RunRecord } from "./header.ts";
import { type Ledger, ledgerOf, payloadName } from "./ledger.ts";
import { type ProgramInfo, type ReadOptions, readProgram } from "./read.ts";
import { checkedData, compared, regenerate } from "./regenerate.ts";
import { type DecodeOptions, DECODING, type DrawOptions } from "./sandbox.ts";
import { storedCode } from "./stored.ts";

/** The compressed result: a module that regenerates its data set and draws new data from its model. */
export interface Program<D extends AnyData = DefaultData> {
  /** The file. Its length is the description length of the data set. */
  readonly bytes: Uint8Array;
  /** What its header and run record say. */
  readonly info: ProgramInfo;
  /** Where its bytes go. */
  readonly ledger: Ledger;
  /**
   * Regenerates the data, which have the SHA-256 that the program announces.
   *
   * @throws {MdlError} `damaged` when the program fails or gives other data; `too-long` over the time limit; `interrupted`
   */
  decode(options?: DecodeOptions): Promise<D>;
  /** New data, drawn from the model; see the codec's `draw`. */
  generate(count: number, seed: number, options?: DrawOptions): Promise<D>;
  /**
   * Decodes, and compares every symbol with data; says how many there are, and their SHA-256.
   *
   * @throws {MdlError} as `decode`; `mismatch` with the first place that differs
   */
  verify(expected: D, options?: DecodeOptions): Promise<{ symbols: number; sha256: string }>;
}

/**
 * Opens a complete program, as if a stranger had made it: nothing in it is believed unchecked. What kind of data it
 * gives, `info.modality` says; the type is the caller's expectation.
 *
 * @param bytes The file.
 * @param estimatedBits An encoder's own estimate, by the name of the ledger's entry; empty by default.
 * @param options `limits` of what it may hold.
 * @throws {MdlError} `not-a-program` for any other file; `damaged`; `too-large` above the limits
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
 * const opened = mdl.programOf(program.bytes);
 * assertEquals((await opened.decode()).sha256, set.sha256);
 * for (const { name, bytes } of opened.ledger.entries) console.log(name, bytes);
 * ```
 */
export function programOf<D extends AnyData = DefaultData>(
  bytes: Uint8Array,
  estimatedBits: Readonly<Record<string, number>> = {},
  options: Pick<ReadOptions, "limits"> = {},
): Program<D> {
  checkArguments("programOf", { bytes }, { bytes: BYTES });
  checkOptions("programOf", options, { limits: object("limits, such as { items: 1000 }") });
  const info = readProgram(bytes, options), codec = codecOf<D>(info);
  codec.checkShape(info.shape, info.items);
  const decode = async (more: DecodeOptions = {}) => {
    checkOptions("decode", more, DECODING);
    const { items } = info, start = { drawn: 0, seed: 0 } as const;
    const request = { items, start, label: "decode", unit: codec.unit } as const;
    return checkedData(info, codec, await regenerate(info, request, { ...options, ...more }));
  };
  return {
    bytes,
    info,
    ledger: ledgerOf(info, estimatedBits),
    decode,
    generate: (count, seed, more) => codec.draw(info, count, seed, { ...options, ...more }),
    verify: async (expected, more) => {
      checkArguments("verify", { expected }, { expected: DATA });
      return compared(codec, await decode(more), expected);
    },
  };
}

/**
 * The program of coded data.
 *
 * @throws {MdlError} as `buildProgram`
 */
export function programFrom<D extends AnyData>(data: D, coded: Coded, record: RunRecord): Program<D> {
  const codec = codecOf<D>(data);
  const bytes = buildProgram(coded, { data, items: codec.items(data), shape: codec.shape(data), record });
  const estimates = coded.payloads.flatMap(({ estimatedBits }, scale) =>
    estimatedBits === undefined ? [] : [[payloadName(scale, coded.payloads.length), estimatedBits] as const]
  );
  return programOf(bytes, Object.fromEntries(estimates));
}

/**
 * The program that holds its data as they are: what remains when no model makes them shorter.
 *
 * @throws {MdlError} as `buildProgram`
 */
export async function storedProgram<D extends AnyData>(data: D, record: RunRecord): Promise<Program<D>> {
  return programFrom(data, await storedCode(codecOf<D>(data).items(data), data.symbols), record);
}
