/** A training's steps in the fused kernel's memory against those that tfjs's operations make of the same gradients. */
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { openFused } from "../lib/image/fused.ts";
import { fusedLearner } from "../lib/image/fused_learner.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { MULTIPLES, quantisationSteps, stepOfWeights } from "../lib/image/quantise.ts";
import { drawSamples, runsOf, stepSize } from "../lib/image/samples.ts";
import { composedLearner } from "../lib/training/learner.ts";
import { smallSpec } from "./small_spec.ts";

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
      return { value: tf.scalar(other.run()), grad: tf.tensor1d(other.gradient) };
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
      const before = await agree();
      assert(t < from || fused.weights.join() !== before.weights.join(), "the network has rounded weights");
    }
    const [own, theirs] = await Promise.all(learners.map((learner) => learner.takeBits()));
    assertEquals(own, theirs);
    learners.forEach((learner) => learner.dispose());
    fused.close();
    other.close();
    await backend.close();
  });
}
