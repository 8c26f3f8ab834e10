/** What all work runs in: a seed, a signal to stop, and what it reports while it goes on. */
import { kernel } from "./jupyter.ts";
import { checkArguments, checkOptions, CONTEXT, SEED } from "./options.ts";
import { type Progress, progressBar } from "./progress.ts";
import { type Random, random } from "./random.ts";

/** All that a stage may touch besides its input. */
export interface Context {
  /** What all random choices of a run come from, a whole number below 2³². */
  readonly seed: number;
  /** The seeded stream of that name; the same name gives the same numbers. */
  random(label: string): Random;
  /** Aborted, it stops the work with `interrupted`. */
  readonly signal: AbortSignal;
  /** Takes reports, as often as they come. */
  progress(progress: Progress): void;
  /** Takes lines for the user. */
  log(line: string): void;
}

/** Sinks for what a run reports; silent where left out. */
export interface Reports {
  /** Takes reports of how far the work is. */
  readonly progress?: (progress: Progress) => void;
  /** Takes lines for the user. */
  readonly log?: (line: string) => void;
  /** Stops the run; never by default. */
  readonly signal?: AbortSignal;
}

/**
 * The context that a run's stages work in.
 *
 * @param seed Of all random choices, a whole number below 2³²: same seed, backend and version, same bytes.
 * @param reports What listens, nothing by default; of another context its reports are taken, and no seed.
 * @throws {MdlError} `usage` for any other seed
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const context = mdl.contextOf(7, { log: (line) => lines.push(line) });
 * await mdl.features().run(await mdl.loadDataset("scenes", { take: 2 }), context);
 * assertEquals(lines, ["features: 34 inputs for each symbol"]);
 * ```
 */
export function contextOf(seed = 1, reports: Reports = {}): Context {
  checkArguments("contextOf", { seed }, { seed: SEED });
  checkOptions("contextOf", reports, { ...CONTEXT });
  return {
    seed,
    random: (label) => random(seed, label),
    signal: reports.signal ?? new AbortController().signal,
    progress: reports.progress ?? (() => {}),
    log: reports.log ?? (() => {}),
  };
}

/**
 * Runs work that reports. Where its caller takes no progress, a reader sees it: as a bar and lines below the cell of a
 * notebook, on stderr where that is a terminal; the bar ends with the work. Elsewhere nothing is shown.
 */
export async function reporting<Given extends Partial<Reports>, T>(
  given: Given,
  work: (options: Given) => Promise<T>,
): Promise<T> {
  const log = kernel() ? console.log : Deno.stderr.isTerminal() ? console.error : undefined;
  if (given.progress || !log) return await work(given);
  const bar = progressBar();
  try {
    return await work({ log, ...given, progress: bar.report });
  } finally {
    await bar.close();
  }
}

function isWhole(given: Partial<Context> = {}): given is Context {
  return (["seed", "random", "signal", "progress", "log"] as const).every((field) =>
    given[field] !== undefined
  );
}

/** Runs work in the context that is given; what it lacks is seed 1, and that what is reported is seen. */
export async function inContext<T>(
  given: Partial<Context> | undefined,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  if (isWhole(given)) return await work(given);
  const { seed = 1, random, ...reports } = given ?? {};
  return await reporting(reports, (seen) => {
    const context = contextOf(seed, seen);
    return work(random ? { ...context, random } : context);
  });
}
