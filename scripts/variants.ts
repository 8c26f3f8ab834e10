/**
 * What the predictor's choices are worth, in bytes: each variant is trained with equal FLOP, its program decoded and
 * compared. `lib/models/README.md` shows the table for S1.
 *
 * deno run --allow-read --allow-write --allow-net --allow-env --allow-sys scripts/variants.ts
 */
import { openBackend } from "../lib/backend/backend.ts";
import { measureVariant } from "../lib/experiments/variant.ts";
import { type Rows, tableBundle } from "../lib/figures/table.ts";
import { BATCH, contextOf } from "../lib/run.ts";
import type { FeatureOptions } from "../lib/stages/features.ts";
import type { SharingOptions } from "../lib/stages/sharing.ts";
import { command, loadSource, options, wholeNumber } from "./command.ts";

const USAGE = "scripts/variants.ts [FOLDER|DATASET] [--gigaflop 30] [--seed 1] [--take N]";

type Variant = readonly [name: string, features: FeatureOptions, sharing: SharingOptions, batch?: number];

/** A predictor for each of 32 × 32 positions; the same FLOP are spent in larger, fewer steps. */
const unshared = (width: number): Variant => [
  `unshared, width ${width}, no block, 12 neighbours, 5 bits`,
  { width, blocks: 0, neighbours: 12 },
  { positions: false, bits: 5 },
  4096,
];

const VARIANTS: readonly Variant[] = [
  ["default: width 48, 1 block, 24 neighbours, 6 bits", {}, {}],
  ["width 16", { width: 16 }, {}],
  ["width 32", { width: 32 }, {}],
  ["width 64", { width: 64 }, {}],
  ["2 blocks", { blocks: 2 }, {}],
  ["2 blocks that share their weights", { blocks: 2 }, { layers: true }],
  ["width 32, 2 blocks", { width: 32, blocks: 2 }, {}],
  ["12 neighbours", { neighbours: 12 }, {}],
  ["40 neighbours", { neighbours: 40 }, {}],
  ["weights of 5 bits", {}, { bits: 5 }],
  ["weights of 8 bits", {}, { bits: 8 }],
  unshared(4),
  unshared(8),
];

await command(async (signal, bar) => {
  const known = { gigaflop: { type: "string" }, seed: { type: "string" }, take: { type: "string" } } as const;
  const { values, positionals } = options(USAGE, known, { least: 0, most: 1 });
  const flop = 1e9 * wholeNumber("gigaflop", values.gigaflop ?? "30", 1, 1e6);
  const context = contextOf(wholeNumber("seed", values.seed ?? "1", 0), { signal, progress: bar.report });
  const take = values.take === undefined ? {} : { take: wholeNumber("take", values.take, 1) };
  const set = await loadSource(positionals[0] ?? "S1", { ...context, ...take });
  const backend = await openBackend("wasm"), rows: Rows[number][] = [];
  for (const [variant, sizes, share, batch = BATCH] of VARIANTS) {
    const { parameters, steps, weights, payload, bytes } = await measureVariant(
      set,
      { features: sizes, sharing: share, batch },
      { flop },
      context,
    );
    rows.push({ variant, parameters, steps, weights, payload, file: bytes });
  }
  await bar.close();
  console.log(tableBundle(rows)["text/markdown"]);
  await backend.close();
});
