/**
 * What the predictor's choices are worth, in bytes: each variant is trained with equal FLOP, its program decoded and
 * compared. `lib/image/README.md` shows the table for S1.
 *
 * deno run --allow-read --allow-write --allow-net --allow-env --allow-sys scripts/variants.ts
 */
import { openBackend } from "../lib/backend/backend.ts";
import { measureVariant, type Variant } from "./laboratory/measure/variant.ts";
import { type Rows, tableBundle } from "./laboratory/figures/table.ts";
import { BATCH } from "../lib/run.ts";
import { contextOf } from "../lib/context.ts";
import { command, loadSource, options, PREPROCESS_OPTIONS, type Task, wholeNumber } from "./command.ts";

const START = "deno run --allow-read --allow-write --allow-net --allow-env --allow-sys scripts/variants.ts";

const TASK: Task = {
  start: START,
  about: "Measures what the predictor's choices are worth, in bytes, each trained with equal FLOP.",
  takes: "[FOLDER|DATASET]",
  least: 0,
  most: 1,
  example: `${START} S1 --gigaflop 10`,
};

const OPTIONS = {
  gigaflop: { type: "string", default: "100", value: "N", help: "what each training spends" },
  seed: { type: "string", default: "1", value: "N", help: "seed of the trainings" },
  take: PREPROCESS_OPTIONS.take,
} as const;

/** What is asked for in place of the default. */
const VARIANTS: Readonly<Record<string, Partial<Variant>>> = {
  "default: width 48, 1 block, 24 neighbours, 6 bits": {},
  "no least squares": { features: { leastSquares: false } },
  "mixing (colour)": { features: { mixing: true } },
  "weights that follow the image": { features: { adaptive: true } },
  "no lattice (colour that was JPEG once)": { features: { lattice: false } },
  "attention over patches": { attention: { over: "patches" } },
  "pyramid": { hierarchy: { order: "pyramid" } },
  "pyramid, no least squares": { hierarchy: { order: "pyramid" }, features: { leastSquares: false } },
  "pyramid, attention over patches": { hierarchy: { order: "pyramid" }, attention: { over: "patches" } },
  "pyramid, a predictor for each scale": { hierarchy: { order: "pyramid" }, sharing: { scales: false } },
  "width 16": { features: { width: 16 } },
  "width 32": { features: { width: 32 } },
  "width 64": { features: { width: 64 } },
  "2 blocks": { features: { blocks: 2 } },
  "2 blocks that share their weights": { features: { blocks: 2 }, sharing: { layers: true } },
  "width 32, 2 blocks": { features: { width: 32, blocks: 2 } },
  "12 neighbours": { features: { neighbours: 12 } },
  "40 neighbours": { features: { neighbours: 40 } },
  "weights of 5 bits": { sharing: { bits: 5 } },
  "weights of 8 bits": { sharing: { bits: 8 } },
  "unshared, width 4, no block, 12 neighbours, 5 bits": unshared(4),
  "unshared, width 8, no block, 12 neighbours, 5 bits": unshared(8),
};

/** A predictor for each of 32 × 32 positions; the same FLOP are spent in larger, fewer steps. */
function unshared(width: number): Partial<Variant> {
  return {
    features: { width, blocks: 0, neighbours: 12 },
    sharing: { positions: false, bits: 5 },
    batch: 4096,
  };
}

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const flop = 1e9 * wholeNumber("gigaflop", values.gigaflop, 1, 1e6);
  const context = contextOf(wholeNumber("seed", values.seed, 0), { signal, progress: bar.report });
  const take = values.take === undefined ? {} : { take: wholeNumber("take", values.take, 1) };
  const set = await loadSource(positionals[0] ?? "set:S1", { ...context, ...take });
  const backend = await openBackend("wasm"), rows: Rows[number][] = [];
  for (const [variant, own] of Object.entries(VARIANTS)) {
    const { parameters, steps, weights, payload, bytes } = await measureVariant(
      set,
      { features: {}, sharing: {}, batch: BATCH, ...own },
      { flop },
      context,
    );
    rows.push({ variant, parameters, steps, weights, payload, file: bytes });
  }
  await bar.close();
  console.log(tableBundle(rows)["text/markdown"]);
  await backend.close();
});
