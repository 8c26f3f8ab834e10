/** The classifier that measures what a lossy coding keeps. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { MdlError } from "../lib/errors.ts";
import { trainClassifier } from "../notebooks/experiments/networks/classifier.ts";
import { contextOf } from "../lib/context.ts";
import { bars } from "./bars.ts";

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
