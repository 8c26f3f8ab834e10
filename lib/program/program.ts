import type { Coded } from "../codec.ts";
import { type AnyData, codecOf } from "../codecs.ts";
import { BYTES, checkArguments, checkOptions, object } from "../options.ts";
import { checkedShape, decodeRead, verifyRead } from "./decode.ts";
import { buildProgram } from "./build.ts";
import type { RunRecord } from "./header.ts";
import { type Ledger, ledgerOf, payloadName } from "./ledger.ts";
import { type ProgramInfo, type ReadOptions, readProgram } from "./read.ts";
import type { DecodeOptions, DrawOptions } from "./sandbox.ts";

/** The compressed result: a module that regenerates its data set and draws new data from its model. */
export interface Program {
  /** The file. Its length is the description length of the data set. */
  readonly bytes: Uint8Array;
  /** What its header and run record say. */
  readonly info: ProgramInfo;
  /** Where its bytes go. */
  readonly ledger: Ledger;
  /** See `decodeProgram`. */
  decode(options?: DecodeOptions): Promise<AnyData>;
  /** New data, drawn from the model; see the codec's `draw`. */
  generate(count: number, seed: number, options?: DrawOptions): Promise<AnyData>;
  /** See `verifyProgram`. */
  verify(expected: AnyData, options?: DecodeOptions): Promise<{ symbols: number; sha256: string }>;
}

/**
 * Opens a complete program, as if a stranger had made it: nothing in it is believed unchecked.
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
export function programOf(
  bytes: Uint8Array,
  estimatedBits: Readonly<Record<string, number>> = {},
  options: Pick<ReadOptions, "limits"> = {},
): Program {
  checkArguments("programOf", { bytes }, { bytes: BYTES });
  checkOptions("programOf", options, { limits: object("limits, such as { items: 1000 }") });
  const info = checkedShape(readProgram(bytes, options));
  return {
    bytes,
    info,
    ledger: ledgerOf(info, estimatedBits),
    decode: (more) => decodeRead(info, { ...options, ...more }),
    generate: (count, seed, more) => codecOf(info).draw(info, count, seed, { ...options, ...more }),
    verify: (expected, more) => verifyRead(info, expected, { ...options, ...more }),
  };
}

/**
 * The program of coded data.
 *
 * @throws {MdlError} as `buildProgram`
 */
export function programFrom(data: AnyData, coded: Coded, record: RunRecord): Program {
  const codec = codecOf(data);
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
export async function storedProgram(data: AnyData, record: RunRecord): Promise<Program> {
  return programFrom(data, await codecOf(data).store(data), record);
}
