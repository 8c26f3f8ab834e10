/** The classifier that measures what a lossy coding keeps, and the interpolation of coarse pictures. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { dataset, images } from "../lib/data/dataset.ts";
import { interpolated } from "../lib/data/interpolate.ts";
import { drawNoise } from "../lib/data/noise.ts";
import { MdlError } from "../lib/errors.ts";
import { trainClassifier } from "../lib/models/classifier.ts";
import { coarsePictures } from "../lib/program/scales.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/run.ts";

/** Gray 16×16 noise with a bright bar, upright (label 0) or lying (label 1), at a random place. */
function bars(count: number, seed: number) {
  const { below } = random(seed, "bars"), symbols = new Uint8Array(count * 256), labels: number[] = [];
  for (let n = 0; n < count; n++) {
    const label = below(2), place = below(16);
    labels.push(label);
    for (let i = 0; i < 256; i++) {
      const on = (label ? i >> 4 : i & 15) === place;
      symbols[n * 256 + i] = below(100) + (on ? 150 : 0);
    }
  }
  return dataset({
    ...{ name: "bars", channels: 1, groups: [{ count, height: 16, width: 16 }], symbols, labels },
    names: labels.map(String),
    provenance: { source: "computed", licence: "MIT", citation: "bars" },
  });
}

Deno.test("a classifier learns bars, repeats itself, and keeps no tensor", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const [first, again] = [
    await trainClassifier(bars(400, 1), { epochs: 4, classes: 2 }, contextOf(3)),
    await trainClassifier(bars(400, 1), { epochs: 4, classes: 2 }, contextOf(3)),
  ];
  const test = bars(200, 2), accuracy = first.accuracy(test);
  assert(accuracy > 0.95, String(accuracy));
  assertEquals(first.classify(test), again.classify(test));
  first.dispose();
  again.dispose();
  assertEquals(tf.memory().numTensors, before);
  const { labels: _, ...bare } = test;
  await assertRejects(() => trainClassifier(bare, { epochs: 1, classes: 2 }, contextOf(3)), MdlError);
  await backend.close();
});

Deno.test("interpolation keeps the known pixels and is exact on a plane", () => {
  const noise = drawNoise({ take: 3, seed: 1 });
  for (const stride of [1, 2, 4, 8]) {
    const whole = interpolated(coarsePictures(noise, stride), noise, stride);
    assertEquals(whole.groups, noise.groups);
    assertEquals(coarsePictures(whole, stride).symbols, coarsePictures(noise, stride).symbols);
  }
  const plane = {
    ...noise,
    symbols: Uint8Array.from(noise.symbols, (_, i) => 4 * (i & 31) + 2 * (i >> 5 & 31)),
  };
  const filled = interpolated(coarsePictures(plane, 4), plane, 4),
    [original] = images(plane),
    [made] = images(filled);
  for (let y = 0; y <= 28; y++) {
    for (let x = 0; x <= 28; x++) assertEquals(made!.pixels[y * 32 + x], original!.pixels[y * 32 + x]);
  }
});
