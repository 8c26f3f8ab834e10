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
  readonly info: ProgramInfo;
  readonly ledger: Ledger;
  /** See `decodeProgram`. */
  decode(options?: DecodeOptions): Promise<Dataset>;
  /** See `generateImages`. */
  generate(count: number, seed: number, options?: DrawOptions): Promise<Dataset>;
  /** See `verifyProgram`. */
  verify(expected: Dataset, options?: DecodeOptions): Promise<{ symbols: number; sha256: string }>;
}

/**
 * Opens a complete program. An encoder can give its `estimatedBits` by ledger entry; see `ledgerOf`.
 *
 * @throws {MdlError} as `readProgram` and `ledgerOf`
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
