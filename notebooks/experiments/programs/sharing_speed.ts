/** What sharing does to speed (article 3.3): one network for all positions against one for each, of the same shape. */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { median } from "../../../scripts/laboratory/figures/distribution.ts";
import { flopPerSymbol, parameterCount } from "../../../lib/image/spec.ts";
import { checkArguments, DATASET, decimal, whole, WHOLE_CONTEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import type { Program } from "../../../lib/program/program.ts";
import {
  cellsOf,
  mechanismsOf,
  planOf,
  scheduleOf,
  type Variant,
} from "../../../scripts/laboratory/measure/variant.ts";

export interface Speed {
  readonly name: "shared" | "not shared";
  readonly parameters: number;
  /** Of the network, for one symbol. */
  readonly flop: number;
  readonly bytes: number;
  /** Of all trainings. */
  readonly trainingFlop: number;
  /** The median of its trainings. */
  readonly trainingSeconds: number;
  /** Of decoding the whole set: each run, in order. */
  readonly decodingSeconds: readonly number[];
}

/** Trainings of each, by turns; no more than decodings. */
const TRAININGS = 3;

/** The network of both: small, so that 1024 of them can be trained; without local predictors, which are not shared. */
const SHAPE = { width: 16, blocks: 1, neighbours: 12, leastSquares: false }, BATCH = 4096;

/**
 * Trains both with the same FLOP, three times each by turns, verifies their programs, and decodes these in turns, `runs`
 * times each, so that what else the machine does falls on both.
 */
export async function compareSpeed(
  set: Dataset,
  flop: number,
  runs: number,
  context: Context,
): Promise<readonly [shared: Speed, unshared: Speed]> {
  checkArguments("compareSpeed", { set, flop, runs, context }, {
    set: DATASET,
    flop: decimal(1),
    runs: whole(1),
    context: WHOLE_CONTEXT,
  });
  const quiet = { ...context, log: () => {} };
  const build = async (positions: boolean) => {
    const variant: Variant = { features: SHAPE, sharing: { positions, cells: cellsOf(set) }, batch: BATCH };
    const plan = await planOf(set, variant, quiet), { steps } = scheduleOf(plan, BATCH, flop);
    const asked = { ...mechanismsOf(variant), compress: { steps, batch: BATCH, exactly: true } };
    const { program } = await buildVerified(set, asked, quiet);
    return { plan, program, seconds: [] as number[] };
  };
  const trained = { shared: [] as number[], own: [] as number[] };
  let built = [await build(true), await build(false)] as const;
  for (let turn = 1;; turn++) {
    trained.shared.push(built[0].program.trained!.seconds);
    trained.own.push(built[1].program.trained!.seconds);
    if (turn >= Math.min(TRAININGS, runs)) break;
    built = [await build(true), await build(false)];
  }
  for (let run = 0; run < runs; run++) {
    for (const { program, seconds } of built) seconds.push(await secondsOf(program, quiet));
  }
  const speed = (
    { plan, program, seconds }: typeof built[number],
    name: Speed["name"],
    trainings: readonly number[],
  ): Speed => ({
    name,
    parameters: parameterCount(plan.spec, set.channels),
    flop: flopPerSymbol(plan.spec, set.channels),
    bytes: program.bytes.length,
    trainingFlop: trainings.length * program.trained!.flop,
    trainingSeconds: median(trainings),
    decodingSeconds: seconds,
  });
  return [speed(built[0], "shared", trained.shared), speed(built[1], "not shared", trained.own)];
}

async function secondsOf(program: Program, context: Context): Promise<number> {
  const begun = performance.now();
  await program.decode(context);
  return (performance.now() - begun) / 1000;
}

/** Median seconds of decoding. */
export const decodingSeconds = (speed: Speed): number => median(speed.decodingSeconds);
