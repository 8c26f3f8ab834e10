/** Sets compared by statistics, and the loop in which drawn images become data again. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { type Dataset, dataset, take } from "../lib/image/dataset.ts";
import {
  divergence,
  gradientHistogram,
  levelHistogram,
  pairDistance,
  pixelDeviation,
} from "../scripts/laboratory/measure/image_statistics.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { select } from "../scripts/laboratory/measure/select.ts";
import { MdlError } from "../lib/errors.ts";
import { type Generation, goRound } from "../notebooks/experiments/programs/generations.ts";
import {
  changeOf,
  changePanels,
  loopRows,
  loopSeries,
} from "../notebooks/experiments/programs/loop_report.ts";
import {
  programAfter,
  rankCorrelation,
  sampleAfter,
  weigh,
} from "../notebooks/experiments/programs/sampling.ts";
import { modelOf } from "../lib/image/model.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";

/** Gray images of 2 × 2 pixels. */
const tiny = (...pixels: readonly (readonly number[])[]): Dataset =>
  dataset({
    name: "tiny",
    channels: 1,
    groups: [{ count: pixels.length, height: 2, width: 2 }],
    symbols: Uint8Array.from(pixels.flat()),
    provenance: { source: "computed", licence: "none needed", citation: "A test." },
  });

Deno.test("histograms are shares of values and of differences between neighbours", () => {
  const set = tiny([0, 3, 1, 3]);
  const there = (shares: Float64Array, from = 0) =>
    Object.fromEntries([...shares.entries()].flatMap(([i, share]) => share ? [[i - from, share]] : []));
  assertEquals(there(levelHistogram(set)), { 0: 0.25, 1: 0.25, 3: 0.5 });
  assertEquals(there(gradientHistogram(set), 255), { 0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25 });
  const colour = { ...set, channels: 3, groups: [{ count: 1, height: 1, width: 2 }] } as const;
  const pixels = Uint8Array.from([9, 20, 30, 10, 18, 33]);
  assertEquals(there(gradientHistogram({ ...colour, symbols: pixels }), 255), {
    "-2": 1 / 3,
    "1": 1 / 3,
    "3": 1 / 3,
  });
});

Deno.test("the divergence is 0 for equals, 1 for strangers, and symmetric", () => {
  const { uniform } = random(5, "shares");
  const draw = () => {
    const raw = Array.from({ length: 9 }, uniform), sum = raw.reduce((a, b) => a + b);
    return raw.map((v) => v / sum);
  };
  for (let i = 0; i < 50; i++) {
    const p = draw(), q = draw();
    assertAlmostEquals(divergence(p, p), 0, 1e-12);
    assertAlmostEquals(divergence(p, q), divergence(q, p), 1e-12);
    assert(divergence(p, q) > 0 && divergence(p, q) < 1);
  }
  assertEquals(divergence([0.5, 0.5, 0], [0, 0, 1]), 1);
});

Deno.test("diversity is that of pixels over the images, and of pairs", () => {
  const set = tiny([0, 0, 0, 0], [10, 10, 10, 10]);
  assertAlmostEquals(pixelDeviation(set), 5);
  assertAlmostEquals(pairDistance(set, 20, random(1)), 10);
  const same = tiny([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]);
  assertEquals([pixelDeviation(same), pairDistance(same, 20, random(1))], [0, 0]);
  assertEquals(assertThrows(() => pairDistance(tiny([1, 2, 3, 4]), 1, random(1)), MdlError).code, "usage");
});

Deno.test("a rank correlation knows order alone, and lets equals share a rank", () => {
  assertAlmostEquals(rankCorrelation([1, 2, 3, 4], [1, 8, 27, 64]), 1);
  assertAlmostEquals(rankCorrelation([1, 2, 3, 4], [9, 7, 5, 1]), -1);
  assertAlmostEquals(rankCorrelation([1, 2, 3, 4], [2, 1, 4, 3]), 0.6);
  // ranks ½, ½, 2, 3 against 0, 1, 2, 3: 4.5 / √(4.5 · 5); in any order of the equals
  assertAlmostEquals(rankCorrelation([1, 1, 2, 3], [5, 6, 7, 8]), Math.sqrt(0.9), 1e-12);
  assertAlmostEquals(rankCorrelation([1, 1, 2, 3], [6, 5, 7, 8]), Math.sqrt(0.9), 1e-12);
  assertAlmostEquals(rankCorrelation([4, 4, 4, 9], [1, 2, 3, 3]), 2 / Math.sqrt(3 * 4.5), 1e-12);
});

Deno.test("a loop's report tells changes against generation 0, seed by seed and in the mean", () => {
  const set = tiny([0, 1, 2, 3]);
  const generation = (number: number, bytes: number): Generation => ({
    number,
    set,
    bytes,
    own: 4,
    unseen: 5 + number,
    deviation: 10,
    distance: 20,
    flop: 1,
  });
  const loop = {
    name: "drawn only",
    passed: [[generation(0, 100), generation(1, 110)], [generation(0, 200), generation(1, 190)]],
  };
  assertAlmostEquals(changeOf(loop, ({ bytes }) => bytes)[0]!, 10);
  assertAlmostEquals(changeOf(loop, ({ bytes }) => bytes)[1]!, -5);
  const [program, own, unseen] = loopSeries(loop);
  assertEquals([program!.x, program!.y, own!.y], [[0, 1], [0, 0], [0, 0]]);
  assertAlmostEquals(unseen!.y[1]!, 20);
  assertEquals(loopRows(loop)[1]!["unseen real images, bits/symbol"], "6.000 ± 0.000");
  const [panel] = changePanels([loop, { ...loop, name: "half real" }]);
  assertEquals(panel!.rows.map(({ label, values }) => `${label} ${values.length}`), [
    "drawn only 2",
    "half real 2",
  ]);
});

const SHAPE = { width: 8, blocks: 1, neighbours: 8, leastSquares: false };

Deno.test("the loop feeds each program what the one before drew, repeats itself, and leaves no tensor", async () => {
  const backend = await openBackend("wasm");
  try {
    const scenes = drawScenes({ take: 24 }), data = take(scenes, 12);
    const unseen = select(scenes, Array.from({ length: 12 }, (_, i) => 12 + i));
    const go = (real = 0) =>
      goRound(data, unseen, { generations: 2, features: SHAPE, steps: 150, real }, contextOf(3));
    const first = await go(), tensors = tf.memory().numTensors;
    assertEquals(first.map(({ number }) => number), [0, 1, 2]);
    assertEquals(first[0]!.set.sha256, data.sha256);
    assertEquals(new Set(first.map(({ set }) => set.sha256)).size, 3);
    for (const { set, bytes, own, flop } of first) {
      assertEquals([set.names.length, set.channels], [12, 1]);
      assert(8 * bytes > own * set.symbols.length && flop > 0); // the program holds the payload and more
    }
    const again = await go();
    assertEquals(again, first);
    const anchored = await go(0.5);
    assertEquals(tf.memory().numTensors, tensors);
    const half = data.symbols.length / 2;
    assertEquals(anchored[2]!.set.symbols.slice(0, half), data.symbols.slice(0, half));
    assert(anchored[2]!.set.symbols.slice(half).join() !== data.symbols.slice(half).join());
    const error = await assertRejects(() => go(1), MdlError);
    assertEquals(error.code, "usage");
  } finally {
    await backend.close();
  }
});

Deno.test("samples are weighed against real images; a judge knows noise from what it was made from", async () => {
  const backend = await openBackend("wasm");
  try {
    const scenes = drawScenes({ take: 24 }), data = take(scenes, 12), context = contextOf(1);
    const unseen = select(scenes, Array.from({ length: 12 }, (_, i) => 12 + i));
    const judge = await modelOf((await programAfter(data, SHAPE, 300, context)).bytes);
    const judgement = { judge, data, unseen };
    const own = await weigh(data, judgement, context);
    assertEquals(Math.max(...own.nearest), 0); // each is its own nearest …
    const others = await weigh(data, judgement, context, data.names.map((_, i) => i));
    assert(Math.min(...others.nearest) > 0); // … unless it is left out
    const { uint32 } = random(1, "noise");
    const noise = { ...data, symbols: Uint8Array.from(data.symbols, () => uint32() >>> 24) };
    const far = await weigh(noise, judgement, context);
    assert(far.judged > own.judged + 2 && far.gradients > own.gradients);
    const [short, long] = await sampleAfter(
      judgement,
      { steps: [20, 300], seeds: [1], shape: SHAPE },
      context,
    );
    assert(short!.program.bytes.length > long!.program.bytes.length);
    assertEquals([short!.samples.names.length, long!.weighed.nearest.length], [12, 12]);
  } finally {
    await backend.close();
  }
});
