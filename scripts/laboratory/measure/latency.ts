/** How long things take, so measured that they can be compared. */
import { median } from "../figures/distribution.ts";
import { checkArguments, contextWith, listOf, object, optional, whole } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";

/** Something that is timed as a whole. */
export interface Timed {
  /** As the result names it. */
  readonly name: string;
  /** The work; it is waited for. */
  run(): unknown | Promise<unknown>;
}

/** Its times. */
export interface Latency {
  /** The case's. */
  readonly name: string;
  /** Median over the rounds. */
  readonly seconds: number;
  /** A quarter of the way through the sorted times, in seconds. */
  readonly lower: number;
  /** Three quarters of the way, in seconds. */
  readonly upper: number;
}

/**
 * Runs each case once for warming up and then once a round, all cases by turns, so that what slows the machine down for
 * a while slows all of them down. Times are of the wall clock: ratios between cases mean more than seconds.
 *
 * @param rounds From 1 on.
 * @throws the signal's reason when stopped
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
 * const cases = [{ name: "short", run: () => {} }, { name: "long", run: () => wait(20) }];
 * const [short, long] = await lab.latencies(cases, 3);
 * assert(short!.seconds < long!.seconds);
 * ```
 */
export async function latencies(
  cases: readonly Timed[],
  rounds: number,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<readonly Latency[]> {
  checkArguments("latencies", { cases, rounds, context }, {
    cases: listOf("cases, each with name and run", object("", "name", "run")),
    rounds: whole(1),
    context: optional(contextWith()),
  });
  const { signal, progress } = context;
  const times = cases.map(() => new Float64Array(rounds));
  const counted = { label: "timing", total: rounds, unit: "rounds" };
  for (const { run } of cases) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run }] of cases.entries()) {
      signal?.throwIfAborted();
      const begun = performance.now();
      await run();
      times[i]![round] = (performance.now() - begun) / 1000;
    }
    progress?.({ ...counted, done: round + 1 });
  }
  return cases.map(({ name }, i) => {
    const sorted = times[i]!.sort(), quarter = (share: number) => sorted[Math.floor(share * (rounds - 1))]!;
    return { name, seconds: median(sorted), lower: quarter(0.25), upper: quarter(0.75) };
  });
}
