/** A training's steps in the fused kernel's memory against those that tfjs's operations make of the same gradients. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { openFused } from "../lib/image/fused.ts";
import { fusedLearner } from "../lib/image/fused_learner.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { MULTIPLES, quantisationSteps, stepOfWeights } from "../lib/image/quantise.ts";
import { drawSamples, runsOf, stepSize } from "../lib/image/samples.ts";
import { contextOf } from "../lib/context.ts";
import { pipe } from "../lib/pipeline.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { composedLearner } from "../lib/training/learner.ts";
import { smallSpec } from "./small_spec.ts";

Deno.test("relaxed SIMD computes about the same gradient, and the program's record says that it trained with it", async () => {
  const backend = await openBackend("wasm"), set = drawScenes({ take: 6 }), spec = smallSpec({ width: 12 });
  const runs = runsOf(spec, 1, 128), weights = initialWeights(spec, 1, 1);
  const [exact, about] = await Promise.all([false, true].map(async (relaxed) => {
    const fused = await openFused(set, spec, stepSize(runs), 1, relaxed);
    drawSamples(fused.space, spec, 1, 1, runs, fused.records);
    fused.weights.set(weights);
    fused.computeShards();
    fused.addShards();
    fused.close();
    return fused.gradient;
  }));
  const largest = exact!.reduce((m, g) => Math.max(m, Math.abs(g)), 0);
  exact!.forEach((g, i) => assertAlmostEquals(g, about![i]!, 1e-5 * largest));
  const chain = pipe(features(), compress({ steps: 10, exactly: true, relaxed: true }));
  const { output } = await chain.run(set, contextOf(1));
  await output.verify(set);
  assertEquals([output.info.record.steps, output.info.record.relaxed], [10, true]);
  await backend.close();
});

for (const [from, changes] of [[10, {}], [0, { grid: 2, bits: 3 }]] as const) {
  Deno.test(`the fused learner makes the composed learner's steps, bit for bit: rounded from step ${from} on`, async () => {
    const backend = await openBackend("wasm"), set = drawScenes({ take: 6 });
    const spec = { ...smallSpec({ width: 12, blocks: 1 }), ...changes }, runs = runsOf(spec, 1, 128);
    const open = () => openFused(set, spec, stepSize(runs), 2), fused = await open(), other = await open();
    const drawn = (to: typeof fused) => (t: number) => drawSamples(to.space, spec, 1, t, runs, to.records);
    const weights = initialWeights(spec, 1, 1);
    weights.set([0, 1e-7, -1e-7, 2 ** -23, -(2 ** -23), 1e-30]);
    const zeros = () => new Float32Array(weights.length);
    const start = { weights, mean: zeros(), square: zeros(), average: weights }, price = 1e-3;
    const composed = composedLearner((forward, t) => {
      drawn(other)(t);
      other.weights.set(forward.dataSync());
      other.computeShards();
      return { value: tf.scalar(other.addShards()), grad: tf.tensor1d(other.gradient) };
    }, MULTIPLES);
    const learners = [fusedLearner(fused, drawn(fused)), composed].map((opened) => opened(start, 0, price));
    const agree = async () => {
      const [own, theirs] = await Promise.all(learners.map((learner) => learner.state()));
      assertEquals(own, theirs);
      return own!;
    };
    for (let t = 0; t < 20; t++) {
      if (t === from) {
        const { average } = await agree();
        const every = stepOfWeights(spec, 1, quantisationSteps(spec, 1, average));
        learners.forEach((learner) => learner.quantise(every));
      }
      learners.forEach((learner) => learner.step(t, 5e-3));
      const now = await agree();
      assert(t < from || fused.weights.join() !== now.weights.join(), "the network has rounded weights");
    }
    const [own, theirs] = await Promise.all(learners.map((learner) => learner.takeBits()));
    assertEquals(own, theirs);
    learners.forEach((learner) => learner.dispose());
    fused.close();
    other.close();
    await backend.close();
  });
}
