import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Dataset, dataset, runningNames } from "../lib/data/dataset.ts";
import { drawScenes } from "../lib/data/scenes.ts";
import type { Checkpoint, CheckpointFile } from "../lib/models/checkpoint.ts";
import { openFused } from "../lib/models/fused.ts";
import { composedLoss, fusedLoss, initialWeights } from "../lib/models/predictor.ts";
import { drawSamples } from "../lib/models/samples.ts";
import type { ModelSpec } from "../lib/models/spec.ts";
import { samplesPerCell, train } from "../lib/models/train.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/run.ts";

const SPEC: ModelSpec = {
  ...{ neighbours: 12, cross: 6, width: 16, blocks: 2, tied: false, grid: 1, bits: 6 },
  ...{ scales: 1, shareScales: true, leastSquares: false, attention: "none" },
};

/** Smooth colour pictures with some noise, and with stretches of pure black and white. */
function pictures(channels: 1 | 3, count: number, height: number, width: number): Dataset {
  const { below, uniform } = random(5, "pictures");
  const symbols = new Uint8Array(count * height * width * channels);
  for (let i = 0; i < symbols.length; i++) {
    const wave = 128 + 150 * Math.sin(i / 40) + 20 * uniform();
    symbols[i] = below(50) ? Math.max(0, Math.min(255, wave)) : below(256);
  }
  const provenance = { source: "computed", licence: "MIT", citation: "for this test" };
  return dataset({
    ...{ name: "pictures", channels, groups: [{ count, height, width }], symbols },
    ...{ names: runningNames(count), provenance },
  });
}

const variants: readonly { readonly name: string; readonly channels: 1 | 3; readonly spec: ModelSpec }[] = [
  { name: "gray", channels: 1, spec: SPEC },
  { name: "colour, tied blocks", channels: 3, spec: { ...SPEC, tied: true } },
  { name: "gray, 4 × 4 cells, no multiple of 16 wide", channels: 1, spec: { ...SPEC, grid: 4, width: 8 } },
  { name: "colour, 3 × 3 cells, no block", channels: 3, spec: { ...SPEC, grid: 3, width: 20, blocks: 0 } },
];

for (const { name, channels, spec } of variants) {
  Deno.test(`the fused kernel computes the loss and gradient of the tfjs composition: ${name}`, async () => {
    await tf.setBackend("cpu");
    const set = pictures(channels, 6, 17, 23), perCell = samplesPerCell(spec, channels, 96);
    const fused = await openFused(set, spec, perCell * spec.grid ** 2 * channels, 1);
    drawSamples(fused.space, spec, 3, 1, perCell, fused.records);
    const weights = tf.tensor1d(initialWeights(spec, channels, 1));
    const tensors = tf.memory().numTensors;
    const gradients = [composedLoss(spec, channels, fused.contexts()), fusedLoss(fused)].map((loss) =>
      tf.valueAndGrad((w) => loss(w as tf.Tensor1D))(weights)
    );
    const [composed, own] = gradients.map(({ value, grad }) => ({
      bits: value.dataSync()[0]!,
      grad: Float32Array.from(grad.dataSync()),
    }));
    assertAlmostEquals(composed!.bits, own!.bits, 2e-4 * composed!.bits);
    const largest = composed!.grad.reduce((m, g) => Math.max(m, Math.abs(g)), 0);
    assert(largest > 0.01);
    own!.grad.forEach((g, i) => assertAlmostEquals(g, composed!.grad[i]!, 1e-4 * largest));
    tf.dispose(gradients.map(({ value, grad }) => [value, grad]));
    assertEquals(tf.memory().numTensors, tensors);
    weights.dispose();
    fused.close();
  });
}

Deno.test("the fused gradient is the same on one thread and on three", async () => {
  const set = drawScenes({ take: 20 }), results: Float32Array[] = [];
  for (const threads of [1, 3]) {
    const fused = await openFused(set, SPEC, 512, threads);
    drawSamples(fused.space, SPEC, 9, 4, 512, fused.records);
    fused.weights.set(initialWeights(SPEC, 1, 2));
    fused.run();
    results.push(fused.gradient.slice());
    fused.close();
  }
  assertEquals(results[0], results[1]);
});

Deno.test("the samples of a step cover all pixels, cells and channels, and depend on seed and step", async () => {
  const set = pictures(3, 3, 16, 16), spec = { ...SPEC, grid: 2 };
  const fused = await openFused(set, spec, 4 * 3 * 64, 1);
  const draw = (seed: number, step: number) => {
    drawSamples(fused.space, spec, seed, step, 64, fused.records);
    return new Uint8Array(fused.records.buffer, fused.records.byteOffset, fused.records.byteLength).slice();
  };
  assertEquals(draw(1, 1), draw(1, 1));
  assert(draw(1, 1).join() !== draw(1, 2).join() && draw(1, 1).join() !== draw(2, 1).join());
  for (let i = 0; i < 4 * 3 * 64; i++) {
    const at = (byte: number) => fused.records.getUint8(16 * i + byte);
    assertEquals([at(13), at(14), at(12)], [i / 384 | 0, (i / 192 | 0) % 2, (i / 64 | 0) % 3]);
    assertEquals([
      fused.records.getUint16(16 * i + 8, true) >> 3,
      fused.records.getUint16(16 * i + 10, true) >> 3,
    ], [
      at(13),
      at(14),
    ]);
  }
  fused.close();
});

Deno.test("training: the same seed gives the same weights; interrupted and resumed, too", async () => {
  await tf.setBackend("cpu");
  const set = drawScenes({ take: 10 }), schedule = { steps: 12, batch: 32 };
  const spec: ModelSpec = { ...SPEC, width: 8, blocks: 1 };
  const tensors = tf.memory().numTensors;
  const whole = await train(set, spec, schedule, 1, contextOf(7));
  assertEquals((await train(set, spec, schedule, 1, contextOf(7))).weights, whole.weights);
  assert((await train(set, spec, schedule, 1, contextOf(8))).weights.join() !== whole.weights.join());
  assertEquals(tf.memory().numTensors, tensors);

  let kept: Checkpoint | null = null;
  const checkpoint: CheckpointFile = {
    load: () => Promise.resolve(kept),
    save: (c) => Promise.resolve(void (kept = c)),
    remove: () => Promise.resolve(),
  };
  const stop = new AbortController();
  const slow = { signal: stop.signal, progress: () => stop.abort() }; // at the first report
  await train(set, spec, schedule, 1, contextOf(7, slow), checkpoint).catch((e) =>
    assertEquals(e.code, "interrupted")
  );
  assert(kept !== null && (kept as Checkpoint).step > 0);
  assertEquals((await train(set, spec, schedule, 1, contextOf(7), checkpoint)).weights, whole.weights);
});
