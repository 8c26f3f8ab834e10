import { chain, type ChainOptions } from "../../../lib/chain.ts";
import type { AnyData, DefaultData } from "../../../lib/codecs.ts";
import type { Context } from "../../../lib/context.ts";
import type { Program } from "../../../lib/program/program.ts";
import type { Compressed } from "../../../lib/stages/compress.ts";

/** A program that was decoded and compared with its set, and how long it took. */
export interface Verified<P> {
  readonly program: P;
  /** For planning, training and coding. */
  readonly encodingSeconds: number;
  readonly decodingSeconds: number;
}

/**
 * The program of a set by the article's chain. What preprocess is asked leaves the set as it is.
 *
 * @throws {MdlError} as `chain`; `mismatch` where the program gives other data
 */
export async function buildVerified<D extends AnyData = DefaultData>(
  set: D,
  options: ChainOptions,
  context: Context,
): Promise<Verified<Compressed<D>>> {
  return await verified(set, async () => (await chain<D>(options).run(set, context)).output, context);
}

/**
 * A program of a set, however it is made: nothing is measured of one that was not decoded and compared first.
 *
 * @throws {MdlError} `mismatch` where the program gives other data
 */
export async function verified<D extends AnyData, P extends Pick<Program<D>, "verify">>(
  set: D,
  make: () => Promise<P>,
  { signal, progress }: Context,
): Promise<Verified<P>> {
  const begun = performance.now(), program = await make(), coded = performance.now();
  await program.verify(set, { signal, progress, timeLimit: Infinity }); // it is our own, however busy the machine is
  const decoded = performance.now();
  return { program, encodingSeconds: (coded - begun) / 1000, decodingSeconds: (decoded - coded) / 1000 };
}
