/** Programs of one set with predictors of several sizes: what a parameter costs in decoding time (article 9.2). */
import { buildVerified } from "../../../scripts/laboratory/measure/verified.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { flopPerSymbol, parameterCount } from "../../../lib/image/spec.ts";
import { trainingFlop } from "../../../lib/image/train.ts";
import {
  checkArguments,
  checkOptions,
  DATASET,
  required,
  whole,
  WHOLE_CONTEXT,
} from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { BATCH } from "../../../lib/run.ts";
import type { Program } from "../../../lib/program/program.ts";
import { latencies, type Latency } from "../../../scripts/laboratory/measure/latency.ts";
import { planOf, type Variant } from "../../../scripts/laboratory/measure/variant.ts";

/** A predictor's shape under a name. */
export interface Sized {
  readonly name: string;
  readonly variant: Pick<Variant, "features" | "sharing">;
}

/** A program that was built, verified and timed. */
export interface DecodingSpeed extends Latency {
  readonly parameters: number;
  /** Of the network, for one symbol. */
  readonly flop: number;
  readonly bytes: number;
  /** Bytes of the program's coded weights. */
  readonly weights: number;
  readonly trainingFlop: number;
  /** Median, in microseconds. */
  readonly perSymbol: number;
}

/**
 * Trains a program for each shape with equally many steps, verifies it, and decodes all of them by turns. The time is of
 * a whole decoding, in a script the start of its Worker included.
 *
 * @throws {MdlError} as the stage `compress` and a program's `verify`
 */
export async function measureDecoding(
  set: Dataset,
  sizes: readonly Sized[],
  options: { readonly steps: number; readonly rounds: number },
  context: Context,
): Promise<readonly DecodingSpeed[]> {
  checkArguments("measureDecoding", { set, context }, { set: DATASET, context: WHOLE_CONTEXT });
  checkOptions("measureDecoding", options, { steps: required(whole(1)), rounds: required(whole(1)) });
  const { steps, rounds } = options;
  const quiet = { ...context, log: () => {} };
  const built: { name: string; program: Program; parameters: number; flop: number; trainingFlop: number }[] =
    [];
  for (const { name, variant } of sizes) {
    const plan = await planOf(set, { ...variant, batch: BATCH }, quiet);
    const { program } = await buildVerified(set, { ...variant, compress: { steps, exactly: true } }, quiet);
    const { channels } = set, shape = [plan.spec, channels] as const;
    built.push({
      name,
      program,
      parameters: parameterCount(...shape),
      flop: flopPerSymbol(...shape),
      trainingFlop: trainingFlop(...shape, { steps, batch: BATCH }),
    });
  }
  const timed = built.map(({ name, program }) => ({
    name,
    run: () => program.decode({ signal: context.signal }),
  }));
  const times = await latencies(timed, rounds, context);
  return built.map(({ program, ...rest }, i) => ({
    ...rest,
    ...times[i]!,
    bytes: program.bytes.length,
    weights: program.ledger.entries.find(({ name }) => name === "weights")?.bytes ?? 0,
    perSymbol: times[i]!.seconds / set.symbols.length * 1e6,
  }));
}
