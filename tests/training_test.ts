/** What training reaches, in bytes of real programs, and the parts of it whose worth is below a small program's noise. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { drawSamples, runsOf, SAMPLE_BYTES, stepSize } from "../lib/image/samples.ts";
import type { ModelSpec } from "../lib/image/spec.ts";
import { RATE, train } from "../lib/image/train.ts";
import { cosineRate } from "../lib/training/loop.ts";
import { pipe } from "../lib/pipeline.ts";
import type { Progress } from "../lib/progress.ts";
import { contextOf } from "../lib/context.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import type { Order } from "../lib/program/header.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { adamW } from "../lib/training/optimiser.ts";
import type { Checkpoint, CheckpointFile } from "../lib/training/checkpoint.ts";

/**
 * Small trainings on images of S1, seed 1, and the bytes of weights and payload that they came to. Of what is left out
 * of training, each is hurt by something: coarse weights by rounding that is not trained with, a small set by weights
 * that cost nothing, a pyramid by scales that are drawn in other shares.
 */
const REACHED: readonly {
  readonly name: string;
  readonly order: Order;
  readonly images: number;
  readonly width: number;
  readonly bits: number;
  readonly training: { readonly steps: number; readonly batch: number };
  readonly bytes: number;
}[] = [
  {
    name: "weights of 3 bits",
    order: "raster",
    images: 20,
    width: 16,
    bits: 3,
    training: { steps: 1500, batch: 512 },
    bytes: 14_018,
  },
  {
    name: "a pyramid",
    order: "pyramid",
    images: 20,
    width: 24,
    bits: 6,
    training: { steps: 1000, batch: 512 },
    bytes: 15_781,
  },
  {
    name: "few images, many weights",
    order: "pyramid",
    images: 10,
    width: 32,
    bits: 6,
    training: { steps: 1000, batch: 256 },
    bytes: 9_671,
  },
];

for (const { name, order, images, width, bits, training, bytes } of REACHED) {
  Deno.test(`training reaches the bytes that it reached, ± 0.5 %: ${name}`, async () => {
    const backend = await openBackend("wasm");
    try {
      const chain = pipe(
        features({ width, leastSquares: false }),
        sharing({ bits }),
        hierarchy({ order }),
        compress({ ...training, exactly: true, threads: 1 }),
      );
      const { output } = await chain.run(await loadDataset("S1", { take: images }), contextOf(1));
      const learnt = output.ledger.entries.filter(({ name }) => /^weights|^payload/.test(name));
      const reached = learnt.reduce((sum, entry) => sum + entry.bytes, 0);
      assert(Math.abs(reached / bytes - 1) < 0.005, `${reached} bytes, not ${bytes}`);
    } finally {
      await backend.close();
    }
  });
}

Deno.test("the learning rate rises in 100 steps, then falls by half a cosine to a hundredth", () => {
  const highest = 6e-3, cosine = (share: number) => 0.01 + 0.99 * (1 + Math.cos(Math.PI * share)) / 2;
  assertAlmostEquals(cosineRate(0, 10_000, RATE), highest / 100, 1e-12);
  assertAlmostEquals(cosineRate(49, 10_000, RATE), highest / 2, 1e-6);
  for (const share of [0.1, 0.25, 0.5, 0.9]) {
    assertAlmostEquals(cosineRate(10_000 * share, 10_000, RATE), highest * cosine(share), 1e-12);
  }
  assertAlmostEquals(cosineRate(9_999, 10_000, RATE), highest / 100, 1e-8);
});

Deno.test("the optimiser's first step is as long as the rate, and its average forgets slowly", async () => {
  for (const name of ["cpu", "wasm"] as const) {
    const backend = await openBackend(name);
    const zeros = () => new Float32Array(2), rate = 0.01;
    const start = { weights: Float32Array.of(0, 0), mean: zeros(), square: zeros(), average: zeros() };
    const optimiser = adamW(start, 0), passed: number[][] = [[0, 0]];
    let average = 0;
    for (let t = 1; t <= 20; t++) {
      tf.tidy(() => optimiser.step(tf.tensor1d([1e-3, -2e-2]), rate));
      const { weights, average: kept } = await optimiser.state();
      passed.push([...weights]);
      // a constant gradient, whatever its length: both moments are unbiased, and every step is as long as the rate
      assertAlmostEquals(weights[0]! - passed[t - 1]![0]!, -rate, 0.03 * rate);
      assertAlmostEquals(weights[1]! - passed[t - 1]![1]!, rate, 0.03 * rate);
      average += (weights[0]! - average) * 10 / (t + 10);
      assertAlmostEquals(kept[0]!, average, 1e-6);
    }
    optimiser.dispose();
    const late = adamW(start, 1e6);
    tf.tidy(() => late.step(tf.tensor1d([1, 0]), rate));
    const { weights, average: kept } = await late.state();
    assertAlmostEquals(kept[0]! / weights[0]!, 0.002, 1e-5);
    late.dispose();
    await backend.close();
  }
});

Deno.test("what training gives are the averaged weights, and its last step is reported", async () => {
  const backend = await openBackend("wasm");
  try {
    const spec: ModelSpec = smallSpec({ neighbours: 8, cross: 4 });
    let kept: Checkpoint | null = null;
    const checkpoint: CheckpointFile = {
      load: () => Promise.resolve(null),
      save: (saved) => Promise.resolve(void (kept = saved)),
      remove: () => Promise.resolve(),
    };
    const said: Progress[] = [], context = contextOf(1, { progress: (p) => said.push(p) });
    const set = drawScenes({ take: 4 });
    const { weights, curve } = await train(set, spec, { steps: 37, batch: 64 }, 1, context, checkpoint);
    const { step, state } = kept as unknown as Checkpoint;
    assertEquals(step, 37);
    assertEquals(weights, state.average);
    assert(weights.join() !== state.weights.join());
    const last = said.at(-1)!;
    assertEquals([last.label, last.done, last.total, curve.at(-1)!.step], ["train", 37, 37, 37]);
  } finally {
    await backend.close();
  }
});

Deno.test("shared scales of a pyramid are drawn by their numbers of symbols, the coarsest more often", () => {
  const spec: ModelSpec = smallSpec({ neighbours: 8, cross: 4, scales: 4 });
  const runs = runsOf(spec, 1, 3200), size = stepSize(runs);
  const records = new DataView(new ArrayBuffer(SAMPLE_BYTES * size)), drawn = [0, 0, 0, 0];
  for (let step = 0; step < 20; step++) {
    const space = { groups: [{ count: 2, height: 64, width: 64 }], channels: 1, address: 0 };
    drawSamples(space, spec, 1, step, runs, records);
    for (let at = 0; at < records.byteLength; at += SAMPLE_BYTES) {
      const y = records.getUint16(at + 8, true), x = records.getUint16(at + 10, true);
      drawn[3 - Math.min(3, ...[y, x].map((v) => v ? Math.log2(v & -v) : 3))]!++;
    }
  }
  const shares = drawn.map((count) => count / (20 * size));
  // of what is not the coarsest scale's, each scale has a quarter of the next one's, and the second what is left
  [0.06, 0.94 / 16, 0.94 * 3 / 16, 0.94 * 3 / 4].forEach((share, scale) =>
    assertAlmostEquals(shares[scale]!, share, 0.01, `scale ${scale}`)
  );
});
