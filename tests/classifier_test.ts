/** The classifier that measures what a lossy coding keeps. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { dataset } from "../lib/image/dataset.ts";
import { MdlError } from "../lib/errors.ts";
import { trainClassifier } from "../notebooks/experiments/networks/classifier.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";

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
    name: "bars",
    channels: 1,
    groups: [{ count, height: 16, width: 16 }],
    symbols,
    labels,
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
  const test = bars(200, 2), accuracy = await first.accuracy(test);
  assert(accuracy > 0.95, String(accuracy));
  assertEquals(await first.classify(test), await again.classify(test));
  first.dispose();
  again.dispose();
  assertEquals(tf.memory().numTensors, before);
  const { labels: _, ...bare } = test;
  await assertRejects(() => trainClassifier(bare, { epochs: 1, classes: 2 }, contextOf(3)), MdlError);
  await backend.close();
});
