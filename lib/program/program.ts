import type { Dataset } from "../image/dataset.ts";
import { BYTES, checkArguments, checkOptions, object } from "../options.ts";
import { decodeProgram, verifyProgram } from "./decode.ts";
import { type DrawOptions, generateImages } from "../image/draw.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import { type ProgramInfo, type ReadOptions, readProgram } from "./read.ts";
import type { DecodeOptions } from "./sandbox.ts";

/** The compressed result: a module that regenerates its data set and draws new data from its model. */
export interface Program {
  /** The file. Its length is the description length of the data set. */
  readonly bytes: Uint8Array;
  /** What its header and run record say. */
  readonly info: ProgramInfo;
  /** Where its bytes go. */
  readonly ledger: Ledger;
  /** Regenerates the data set, and compares its SHA-256. Throws `too-long`, `too-large` and `damaged`. */
  decode(options?: DecodeOptions): Promise<Dataset>;
  /** Draws `count` images of the first group's size by decoding the random bits of a seed. Throws as `decode`. */
  generate(count: number, seed: number, options?: DrawOptions): Promise<Dataset>;
  /** Regenerates the data set and compares every symbol with `expected`. Throws as `decode`, and `mismatch`. */
  verify(expected: Dataset, options?: DecodeOptions): Promise<{ symbols: number; sha256: string }>;
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
  checkOptions("programOf", options, { limits: object("limits, such as { images: 1000 }") });
  const info = readProgram(bytes, options);
  return {
    bytes,
    info,
    ledger: ledgerOf(info, estimatedBits),
    decode: (more) => decodeProgram(bytes, { ...options, ...more }),
    generate: (count, seed, more) => generateImages(bytes, count, seed, { ...options, ...more }),
    verify: (expected, more) => verifyProgram(bytes, expected, { ...options, ...more }),
  };
}
