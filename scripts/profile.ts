/**
 * deno task profile: how fast training and decoding run on this machine, against the most that its cores do of this
 * kind of arithmetic. Every figure is measured, with the default model; the machine should have nothing else to do.
 */
import { planning } from "../lib/chain.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { findAdapter } from "../lib/backend/webgpu.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import { openFused } from "../lib/image/fused.ts";
import { attributesOf } from "../lib/training/optimiser.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps, stepOfWeights } from "../lib/image/quantise.ts";
import { drawSamples, runsOf } from "../lib/image/samples.ts";
import { flopPerSymbol } from "../lib/image/spec.ts";
import { train, trainingFlop } from "../lib/image/train.ts";
import type { Progress } from "../lib/progress.ts";
import { BATCH } from "../lib/run.ts";
import { contextOf } from "../lib/context.ts";
import { compress } from "../lib/stages/compress.ts";
import { command, options, type Task } from "./command.ts";
import { peakGflops } from "./peak.ts";

const TASK: Task = {
  start: "deno task profile",
  about:
    "Measures the GFLOPS of training and decoding against this machine's peak; leave it alone meanwhile.",
  example: "deno task profile",
};

const set = drawScenes({ take: 300 }), context = contextOf(1);
const plan = (await planning().run(set, context)).output, { spec } = plan;
const runs = runsOf(spec, set.channels, BATCH);
const flop = trainingFlop(spec, set.channels, { steps: 1, batch: BATCH });
const cores = navigator.hardwareConcurrency, threads = cores > 1 ? [1, cores] : [1];

const middle = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1]!;

/** Median microseconds of each part of some work, done `times` times after as many for warming up. */
function medians<Part extends string>(times: number, parts: Readonly<Record<Part, () => void>>) {
  const names = Object.keys(parts) as Part[], taken = names.map(() => [] as number[]);
  for (let i = 0; i < 2 * times; i++) {
    names.forEach((name, n) => {
      const begun = performance.now();
      parts[name]();
      if (i >= times) taken[n]!.push(1000 * (performance.now() - begun));
    });
  }
  return Object.fromEntries(names.map((name, n) => [name, middle(taken[n]!)])) as Record<Part, number>;
}

/** Microseconds of a training step's parts, in the order in which they follow one another. */
async function measureParts(count: number): Promise<Record<string, number>> {
  const fused = await openFused(set, spec, BATCH, count), weights = initialWeights(spec, set.channels, 1);
  fused.state.weights.set(weights);
  fused.show(stepOfWeights(spec, set.channels, quantisationSteps(spec, set.channels, weights)));
  let step = 0;
  const parts = medians(400, {
    "sampling": () => drawSamples(fused.space, spec, 1, step++, runs, fused.records),
    "contexts, forward, loss, backward": () => fused.computeShards(),
    "sum of the shards' gradients, slope of the weights' bits": () => void fused.addShards(1e-6),
    "optimiser, rounding": () => fused.step(attributesOf(step, 1e-4)),
  });
  const { contexts } = medians(50, { contexts: () => void fused.contexts() });
  fused.close();
  return { ...parts, "(contexts alone, on one core)": contexts };
}

/** Microseconds of a whole training step on the tfjs backend that is set: the median between reports of progress. */
async function measureStep(
  count: number,
  steps: number,
  kernel: { readonly relaxed?: true } = {},
): Promise<number> {
  const reports: { readonly done: number; readonly at: number }[] = [];
  const progress = ({ done }: Progress) => void reports.push({ done, at: performance.now() });
  await train(set, spec, { steps, batch: BATCH, ...kernel }, count, contextOf(1, { progress }));
  const times = reports.slice(1).map(({ done, at }, i) => (at - reports[i]!.at) / (done - reports[i]!.done));
  return 1000 * middle(times);
}

/** Microseconds of decoding a symbol, SHA-256 and the start of a Worker included. */
async function measureDecoding(): Promise<number> {
  const program = await compress({ steps: 300, exactly: true }).run(plan, context);
  const begun = performance.now();
  for (let i = 0; i < 3; i++) await program.decode();
  return 1000 * (performance.now() - begun) / 3 / set.symbols.length;
}

const speeds: {
  what: string;
  cores: number | undefined;
  "µs": string;
  GFLOPS: string;
  "of the peak": string;
}[] = [];
const peaks = new Map<number, number>();
function report(what: string, count: number | undefined, microseconds: number | null, gflops: number): void {
  const share = count ? `${Math.round(100 * gflops / peaks.get(count)!)} %` : "";
  const time = microseconds === null ? "" : microseconds.toFixed(microseconds < 10 ? 2 : 0);
  speeds.push({ what, cores: count, "µs": time, GFLOPS: gflops.toFixed(1), "of the peak": share });
}

await command(async () => {
  options(TASK, {});
  for (const count of threads) {
    peaks.set(count, await peakGflops(count));
    report("multiply and add in registers (f32x4): the peak", count, null, peaks.get(count)!);
  }
  const backend = await openBackend("wasm"), shares: Record<string, string | number>[] = [];
  for (const count of threads) {
    const parts = await measureParts(count), kernel = parts["contexts, forward, loss, backward"]!;
    report("training: the fused kernel", count, kernel, flop / kernel / 1000);
    const step = await measureStep(count, 5000);
    report("training: the whole step", count, step, flop / step / 1000);
    const relaxed = await measureStep(count, 5000, { relaxed: true });
    report("training with relaxed SIMD: the whole step", count, relaxed, flop / relaxed / 1000);
    const known = Object.entries(parts).slice(0, -1).reduce((sum, [, time]) => sum + time, 0);
    Object.entries({ ...parts, "the rest: garbage, waiting": step - known })
      .forEach(([part, time], i) => {
        const row = shares[i] ??= { "part of a step": part };
        row[`µs on ${count}`] = time.toFixed(0);
        row[`share on ${count}`] = part.startsWith("(") ? "" : `${Math.round(100 * time / step)} %`;
      });
  }
  const symbol = await measureDecoding();
  report("decoding: a symbol", 1, symbol, flopPerSymbol(spec, set.channels) / symbol / 1000);
  await backend.close();

  const adapter = await findAdapter();
  if (adapter) {
    const gpu = await openBackend("webgpu"), step = await measureStep(1, 20);
    report(`training with WebGPU on ${adapter.name}: the whole step`, undefined, step, flop / step / 1000);
    await gpu.close();
  }
  console.log(`${tableBundle(speeds)["text/markdown"]}\n\n${tableBundle(shares)["text/markdown"]}`);
  if (!adapter) console.log("\nThere is no WebGPU adapter.");
});
