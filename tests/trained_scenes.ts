/** Real programs with a small model, trained on twelve scenes: what several tests draw from. */
import { openBackend } from "../lib/backend/backend.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { pipe } from "../lib/pipeline.ts";
import { contextOf } from "../lib/context.ts";
import { compress, type Compressed } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import type { Order } from "../lib/program/header.ts";
import { sharing } from "../lib/stages/sharing.ts";

const made = new Map<Order, Promise<Compressed>>();

export function trainedScenes(order: Order = "raster"): Promise<Compressed> {
  if (!made.has(order)) made.set(order, make(order));
  return made.get(order)!;
}

async function make(order: Order): Promise<Compressed> {
  const backend = await openBackend("wasm");
  const stages = [
    features({ width: 8, blocks: 1, neighbours: 8 }),
    sharing(),
    hierarchy({ order }),
    compress({ preset: "smoke", exactly: true, threads: 1 }),
  ] as const;
  const { output } = await pipe(...stages).run(drawScenes({ take: 12 }), contextOf(1));
  await backend.close();
  return output;
}
