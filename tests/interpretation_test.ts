/** What a predictor looks at, and what it is worth elsewhere: attention, influence, units, gaps. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { images, take } from "../lib/image/dataset.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { openEncoder } from "../lib/image/encoder.ts";
import { MdlError } from "../lib/errors.ts";
import {
  attendedPlaces,
  attentionAt,
  attentionContexts,
  meanAttendedPlaces,
  PLACES_IN_REACH,
} from "../notebooks/experiments/programs/attention_weights.ts";
import { measureCosts } from "../notebooks/experiments/programs/cost.ts";
import { measureGap } from "../notebooks/experiments/programs/gap.ts";
import {
  adjacentShare,
  correlation,
  counterparts,
  influenceOf,
} from "../notebooks/experiments/programs/influence.ts";
import { likenesses, trainInsides } from "../notebooks/experiments/programs/insides.ts";
import { knownAround, marked, mixedImage, stretched } from "../notebooks/experiments/programs/one_image.ts";
import { compareSpeed } from "../notebooks/experiments/programs/sharing_speed.ts";
import { measureControl, measureShift } from "../notebooks/experiments/programs/shift.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { cellSize, type ModelSpec } from "../lib/image/spec.ts";
import { contextOf } from "../lib/context.ts";
import { transform } from "../lib/image/transform.ts";

const SPEC: ModelSpec = smallSpec({ cross: 12, blocks: 0, leastSquares: true, attention: "patches" });
const STEPS = { input: 0.01, first: 0.01, second: 0.01, output: 0.01 };
const set = take(await loadDataset("S1"), 24), context = contextOf(1);

const untrained = (spec: ModelSpec, seed = 1) => ({
  spec,
  channels: 1 as const,
  steps: STEPS,
  weights: initialWeights(spec, 1, seed),
});

Deno.test("the sum of the attention weights is what the decoder's code finds", async () => {
  const { weights } = untrained(SPEC);
  const encoder = await openEncoder(SPEC, 1, set.groups, weights, STEPS);
  for (const image of images(take(set, 2))) {
    encoder.loadImage(image.pixels, image.height, image.width);
    const inputs = encoder.localInputs(), contexts = attentionContexts(image);
    for (let i = 0; i < 1024; i++) {
      const attended = attentionAt(image, contexts, Math.floor(i / 32), i % 32);
      assertAlmostEquals(0.4 * Math.log(attended.total), inputs[4 * i + 3]!, 2e-3);
      const all = attended.shares.reduce((a, b) => a + b, attended.nothing);
      assertAlmostEquals(all, 1, 1e-9);
      assert(attendedPlaces(attended) <= 1 + PLACES_IN_REACH + 1e-9);
    }
  }
});

Deno.test("attention looks at nothing that comes later", () => {
  const image = [...images(set)][3]!, contexts = attentionContexts(image);
  const places = meanAttendedPlaces(set);
  assert(places > 1 && places < PLACES_IN_REACH);
  for (const [y, x] of [[0, 0], [0, 31], [5, 0], [16, 16], [31, 31]] as const) {
    const { shares } = attentionAt(image, contexts, y, x);
    assert(shares.every((share, i) => i < y * 32 + x || share === 0));
  }
});

Deno.test("a model that weighs nothing has no influences; one that weighs has them, and keeps its own units", async () => {
  const plain = { ...SPEC, leastSquares: false, attention: "none" as const };
  const deaf = { ...untrained(plain), weights: new Float32Array(cellSize(plain, 1)) };
  const alike = await influenceOf(untrained(plain), set, 8, context);
  assertEquals(alike.bits, (await influenceOf(untrained(plain), set, 8, context)).bits);
  assert(alike.bits.slice(0, -4).every((bits) => bits >= -1e-6) && adjacentShare(alike) > 0);
  assertEquals([...alike.bits.slice(-4)], [0, 0, 0, 0], "the pixel itself and those behind are not known");
  const changed = await influenceOf(deaf, set, 8, context); // mean and scale still follow the neighbours
  assert(correlation(changed.bits, alike.bits) < 1);
  assertEquals(
    [...counterparts(untrained(plain), untrained(plain))].map((c) => c.toFixed(6)),
    Array(8).fill("1.000000"),
  );
  assert(Math.max(...counterparts(untrained(plain, 1), untrained(plain, 2))) < 1);
  await assertRejects(
    () => influenceOf(untrained({ ...plain, scales: 3 }), set, 8, context),
    MdlError,
    "raster",
  );
});

Deno.test("correlation: of a line 1, of its mirror −1", () => {
  assertAlmostEquals(correlation([1, 2, 3, 5], [3, 5, 7, 11]), 1, 1e-12);
  assertAlmostEquals(correlation([1, 2, 3, 5], [-1, -2, -3, -5]), -1, 1e-12);
});

Deno.test("a mixed image has smooth parts, and its pixel stands in a rough one; marks are orange", () => {
  const flat = Uint8Array.from({ length: 1024 }, () => 90);
  const mixed = flat.map((v, i) => i % 32 >= 24 && i >= 24 * 32 && (i + (i >> 5)) % 2 ? 200 : v);
  const two = {
    ...set,
    groups: [{ count: 2, height: 32, width: 32 }],
    symbols: new Uint8Array([...flat, ...mixed]),
  };
  assertEquals(mixedImage({ ...two, channels: 1 }, 2), { index: 1, row: 28, column: 28 });
  const image = { pixels: mixed, height: 32, width: 32 };
  assertEquals([...marked(image, 1, 2).pixels.subarray(3 * 33, 3 * 36)], [
    90,
    90,
    90,
    255,
    120,
    0,
    90,
    90,
    90,
  ]);
  const around = knownAround(image, 28, 28, 2);
  assertEquals([around.width, around.height], [5, 3]);
  assertEquals([...around.pixels.subarray(3 * 12, 3 * 14)], [255, 120, 0, 60, 60, 60]);
  assertEquals([...new Set(stretched(image).pixels)], [0, 255]);
  assertEquals(stretched({ ...image, pixels: flat }).pixels, flat);
});

Deno.test("insides: a model is like itself, and more like one of another seed than nothing", async () => {
  const backend = await openBackend("wasm");
  try {
    const variant = { features: { width: 8, blocks: 0, neighbours: 8 }, sharing: {}, batch: 256 };
    const [one, other] = await trainInsides(take(set, 8), variant, 30, [1, 2], context);
    assertAlmostEquals(likenesses([one!])[0]!, 1, 1e-9);
    const [there, back] = likenesses([one!, other!]);
    assert(there! > 0 && there! < 1 && back! > 0 && back! < 1 && one!.flop > 0);
    assertEquals((await trainInsides(take(set, 8), variant, 30, [1], context))[0]!.weights, one!.weights);
  } finally {
    await backend.close();
  }
});

Deno.test("gaps, costs and speed come from programs that decode", async () => {
  const backend = await openBackend("wasm");
  try {
    const variant = { features: { width: 8, blocks: 0, neighbours: 8 }, sharing: {}, batch: 256 };
    const unseen = take(await loadDataset("S3"), 8), halves = [take(set, 8), unseen] as const;
    const gap = await measureGap(halves, variant, { flop: 3e7 }, context);
    assertEquals(await measureGap([unseen, take(set, 8)], variant, { flop: 3e7 }, context), gap);
    await assertRejects(
      () => measureGap([set, unseen], variant, { steps: 9 }, context),
      MdlError,
      "equally many",
    );
    assert(gap.seen > 0 && gap.seen < 8 && gap.unseen > gap.seen && gap.parameters > 0 && gap.flop >= 3e7);
    const [little, much] = await measureCosts(set, [1e7, 1e9], context);
    assert(much!.bytes < little!.bytes && much!.flop >= 1e9 && little!.decodingSeconds > 0);
    const few = transform(take(set, 2), { size: { width: 8, height: 8 } }),
      [shared, unshared] = await compareSpeed(few, 1e7, 2, context);
    assertEquals(unshared.parameters, 64 * shared.parameters);
    assertEquals(unshared.flop, shared.flop);
    assert(unshared.bytes > shared.bytes);
    assertEquals([shared, unshared].map(({ decodingSeconds }) => decodingSeconds.length), [2, 2]);
    const noise = await loadDataset("noise", { take: 10 });
    assert((await measureControl(noise, 300, context)).bytes >= noise.symbols.length);
  } finally {
    await backend.close();
  }
});

Deno.test("weights from elsewhere cost more than a set's own", async () => {
  const backend = await openBackend("wasm");
  try {
    const scenes = drawScenes({ take: 8 });
    const { sets: [home, away], flop } = await measureShift(
      take(set, 8),
      [take(set, 8), scenes],
      3e8,
      context,
    );
    assert(flop >= 9e8, "three trainings");
    const [same, elsewhere] = [home!, away!].map(({ own, other }) => other - own);
    assert(Math.abs(same!) < 100, "the same weights: only what the program says of its making differs");
    assert(
      away!.own > 4000 && elsewhere! > same! + 150,
      `${elsewhere} bytes more with weights from elsewhere`,
    );
  } finally {
    await backend.close();
  }
});
