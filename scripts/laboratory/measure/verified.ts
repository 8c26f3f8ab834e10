import { chain, type ChainOptions } from "../../../lib/chain.ts";
import type { AnyData, DefaultData } from "../../../lib/codecs.ts";
import type { Context } from "../../../lib/context.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";

/** A program that was decoded and compared with its set, and how long it took. */
export interface Verified<D extends AnyData> {
  readonly program: Compressed<D>;
  /** For planning, training and coding. */
  readonly encodingSeconds: number;
  readonly decodingSeconds: number;
}

/**
 * The program of a set by the article's chain: nothing is measured of a program that was not decoded and compared first.
 * What preprocess is asked leaves the set as it is.
 *
 * @throws {MdlError} as `chain`; `mismatch` where the program gives other data
 */
export async function buildVerified<D extends AnyData = DefaultData>(
  set: D,
  options: ChainOptions,
  context: Context,
): Promise<Verified<D>> {
  const begun = performance.now(), { output: program } = await chain<D>(options).run(set, context);
  const coded = performance.now();
  const { signal, progress } = context;
  await program.verify(set, { signal, progress, timeLimit: Infinity }); // it is our own, however busy the machine is
  const decoded = performance.now();
  return { program, encodingSeconds: (coded - begun) / 1000, decodingSeconds: (decoded - coded) / 1000 };
}
