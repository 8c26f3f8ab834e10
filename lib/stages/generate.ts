import { type AnyData, codecOf, type DefaultData } from "../codecs.ts";
import { checkOptions, decimal, PROGRAM, SEED, whole } from "../options.ts";
import { checked, type Stage } from "../pipeline.ts";
import type { Program } from "../program/program.ts";

/** What the stage generate draws. */
export interface GenerateOptions {
  /** Items to draw; by default 64 images, or one file. */
  readonly count?: number;
  /** Seed of the random bits; the context's by default. */
  readonly seed?: number;
  /** Above 1 wilder than the model, below 1 tamer; 0.01 to 100, 1 by default. */
  readonly temperature?: number;
}

/**
 * Generating new data (article 2.3, 2.4 H): the program decodes random bits instead of its payload. What comes out is a
 * data set and can go in again (2.4 I → A). Run, it throws as a program's `generate`.
 *
 * @throws {MdlError} `usage` for an option that makes no sense
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
 * const drawn = await mdl.generate({ count: 4, seed: 7 }).run(program, mdl.contextOf(1));
 * assertEquals(drawn.symbols.length, 4 * 32 * 32);
 * ```
 */
export function generate<D extends AnyData = DefaultData>(
  options: GenerateOptions = {},
): Stage<Program<D>, D> {
  checkOptions("generate", options, { count: whole(1), seed: SEED, temperature: decimal(0.01, 100) });
  const { count, seed, temperature = 1 } = options;
  return checked(PROGRAM, {
    name: "generate",
    title: "生成新数据",
    section: "2.3",
    summary: `${count === undefined ? "new data" : `${count} items`} by decoding random bits${
      temperature === 1 ? "" : `, temperature ${temperature}`
    }`,
    active: true,
    run: (program, { seed: given, signal, progress }) =>
      program.generate(count ?? codecOf(program.info).drawn, seed ?? given, {
        signal,
        progress,
        temperature,
      }),
  });
}
