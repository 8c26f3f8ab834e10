import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { smallSpec } from "./small_spec.ts";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { type Dataset, dataset, type ImageGroup } from "../lib/image/dataset.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { BLOCK_ADDRESS, writeBlock } from "../lib/image/parameters.ts";
import { MdlError } from "../lib/errors.ts";
import type { Checkpoint, CheckpointFile } from "../lib/training/checkpoint.ts";
import { openFused } from "../lib/image/fused.ts";
import { scratchBytes, type TrainerModule } from "../lib/image/fused_thread.ts";
import { composedLoss, initialWeights } from "../lib/image/predictor.ts";
import { rateSlope } from "../lib/training/quantise.ts";
import { drawSamples, runsOf, SAMPLE_BYTES, stepSize } from "../lib/image/samples.ts";
import {
  cellCount,
  cellSize,
  featureCount,
  layers,
  localInputs,
  type ModelSpec,
  usesInput,
} from "../lib/image/spec.ts";
import { train } from "../lib/image/train.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";

const SPEC: ModelSpec = smallSpec({ width: 16, blocks: 2 });

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
    name: "pictures",
    channels,
    groups: [{ count, height, width }],
    symbols,
    provenance,
  });
}

const variants: readonly { readonly name: string; readonly channels: 1 | 3; readonly spec: ModelSpec }[] = [
  { name: "gray", channels: 1, spec: SPEC },
  { name: "colour, tied blocks", channels: 3, spec: { ...SPEC, tied: true } },
  { name: "gray, 4 × 4 cells, no multiple of 16 wide", channels: 1, spec: { ...SPEC, grid: 4, width: 8 } },
  { name: "colour, 3 × 3 cells, no block", channels: 3, spec: { ...SPEC, grid: 3, width: 20, blocks: 0 } },
  ...([1, 3] as const).flatMap((channels) =>
    [
      { name: "least squares", leastSquares: true },
      { name: "attention", attention: "patches" as const },
      { name: "a pyramid's scales share", scales: 3 },
      { name: "a pyramid's scales do not share", scales: 4, shareScales: false },
      { name: "a pyramid in 2 × 2 cells", scales: 3, grid: 2, leastSquares: true },
      {
        name: "a pyramid with attention",
        scales: 4,
        shareScales: false,
        leastSquares: true,
        attention: "patches" as const,
        tied: true,
      },
    ].map(({ name, ...changes }) => ({
      name: `${channels === 1 ? "gray" : "colour"}, ${name}`,
      channels,
      spec: { ...SPEC, ...changes },
    }))
  ),
];

/** Opens the kernel, all local predictions made, for steps of about so many samples. */
async function opened(set: Dataset, spec: ModelSpec, batch: number, threads: number) {
  const runs = runsOf(spec, set.channels, batch);
  const fused = await openFused(set, spec, stepSize(runs), threads);
  for (const _ of fused.survey());
  return { fused, runs };
}

for (const { name, channels, spec } of variants) {
  Deno.test(`the fused kernel computes the loss and gradient of the tfjs composition: ${name}`, async () => {
    await openBackend("cpu");
    const set = pictures(channels, 6, 17, 23), { fused, runs } = await opened(set, spec, 300, 1);
    drawSamples(fused.space, spec, 3, 1, runs, fused.records);
    const weights = tf.tensor1d(initialWeights(spec, channels, 1));
    fused.weights.set(weights.dataSync());
    const tensors = tf.memory().numTensors;
    const contexts = fused.contexts().slice(), row = featureCount(spec, channels) + 4;
    const { fitted, attended } = localInputs(spec);
    for (let i = row - 4 - fitted - attended; i < row - 4; i++) {
      const values = contexts.filter((_, at) => at % row === i);
      assert(new Set(values).size > values.length / 2, "local predictions differ from symbol to symbol");
    }
    const loss = composedLoss(spec, channels, contexts, runs);
    const { value, grad } = tf.valueAndGrad((w) => loss(w as tf.Tensor1D))(weights);
    const bits = value.dataSync()[0]!, slopes = grad.dataSync<"float32">(), { gradient } = fused;
    fused.computeShards();
    assertAlmostEquals(fused.addShards(), bits, 2e-4 * bits);
    const largest = slopes.reduce((m, g) => Math.max(m, Math.abs(g)), 0);
    assert(largest > 0.01);
    gradient.forEach((g, i) => assertAlmostEquals(g, slopes[i]!, 1e-4 * largest));
    // every layer of every cell learns, but for input layers that are never used
    const size = cellSize(spec, channels);
    for (let cell = 0; cell < cellCount(spec); cell++) {
      for (const [l, { kind, rows, columns, offset }] of layers(spec, channels).entries()) {
        const at = cell * size + offset, layer = gradient.subarray(at, at + (rows + 1) * columns);
        assertEquals(layer.some((g) => g !== 0), kind !== "input" || usesInput(spec, channels, cell, l));
      }
    }
    tf.dispose([value, grad]);
    assertEquals(tf.memory().numTensors, tensors);
    weights.dispose();
    fused.close();
  });
}

for (const { name, channels, spec } of variants.filter(({ name }) => /tied|attention|cells/.test(name))) {
  Deno.test(`the fused gradient is the same on one thread and on three: ${name}`, async () => {
    const set = pictures(channels, 5, 17, 90), results: Float32Array[] = [];
    for (const threads of [1, 3]) {
      const { fused, runs } = await opened(set, spec, 512, threads);
      fused.weights.set(initialWeights(spec, channels, 2));
      for (const step of [4, 5]) {
        drawSamples(fused.space, spec, 9, step, runs, fused.records);
        fused.computeShards();
        fused.addShards();
        results.push(fused.gradient.slice());
      }
      fused.close();
    }
    assertEquals(results.slice(0, 2), results.slice(2));
    assert(results[0]!.join() !== results[1]!.join());
  });
}

Deno.test("a thread of the trainer stays within its memory, however wide or high the images", async () => {
  const module = await WebAssembly.compile(
    await Deno.readFile(new URL("../lib/decoder/trainer.wasm", import.meta.url)),
  );
  const large = {
    ...SPEC,
    neighbours: 140,
    cross: 140,
    blocks: 5,
    scales: 16,
    attention: "patches" as const,
  };
  for (const { channels, spec } of [...variants, { channels: 3, spec: large }]) {
    for (const [height, width] of [[1, 3000], [3000, 1], [1, 1]] as const) {
      const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      const groups = [{ count: 2, height, width }, { count: 1, height: 2, width: 2 }], scratch = 2 ** 20;
      const steps = { input: 1, first: 1, second: 1, output: 1 };
      new Uint8Array(memory.buffer).set(
        writeBlock(spec, channels, groups, { weightCode: 0, payloads: [], heap: scratch }, steps),
        BLOCK_ADDRESS,
      );
      const end = (exports as unknown as TrainerModule).openTrainer(scratch);
      const bytes = scratchBytes(spec, channels, groups);
      assert(
        end - scratch <= bytes,
        `${end - scratch} of ${bytes} bytes: ${JSON.stringify({ spec, width })}`,
      );
    }
  }
});

/** The fields of a step's sample records. */
function fieldsOf(records: DataView) {
  return Array.from({ length: records.byteLength / SAMPLE_BYTES }, (_, i) => {
    const short = (byte: number) => records.getUint16(SAMPLE_BYTES * i + byte, true);
    return {
      image: records.getUint32(SAMPLE_BYTES * i, true),
      height: short(4),
      width: short(6),
      y: short(8),
      x: short(10),
      cell: short(12),
      layer: records.getUint8(SAMPLE_BYTES * i + 14),
    };
  });
}

/** Draws so many steps' samples of two sizes of images; each step has to be in the order of its runs. */
function drawn(spec: ModelSpec, channels: 1 | 3, groups: readonly ImageGroup[], steps: number) {
  const runs = runsOf(spec, channels, 512), size = stepSize(runs);
  const records = new DataView(new ArrayBuffer(SAMPLE_BYTES * size)), all: ReturnType<typeof fieldsOf> = [];
  const inOrder = runs.flatMap(({ cell, layer, count }) => Array<string>(count).fill(`${cell} ${layer}`))
    .join();
  for (let step = 0; step < steps; step++) {
    drawSamples({ groups, channels, address: 64 }, spec, 1, step, runs, records);
    const fields = fieldsOf(records);
    assertEquals(fields.map(({ cell, layer }) => `${cell} ${layer}`).join(), inOrder);
    all.push(...fields);
  }
  return all;
}

/** Scale and kind of pass of a pixel. */
function passOf(scales: number, y: number, x: number): { readonly scale: number; readonly kind: number } {
  for (let scale = 0, t = 2 ** (scales - 1);; scale++, t /= 2) {
    if (y % t || x % t) continue;
    return { scale, kind: scale === 0 ? 0 : y / t % 2 && x / t % 2 ? 1 : 2 };
  }
}

const GROUPS = [{ count: 2, height: 16, width: 24 }, { count: 1, height: 21, width: 19 }];

Deno.test("samples depend on seed and step alone", () => {
  const runs = runsOf(SPEC, 1, 128);
  const draw = (seed: number, step: number) => {
    const records = new DataView(new ArrayBuffer(SAMPLE_BYTES * 128));
    drawSamples({ groups: GROUPS, channels: 1, address: 64 }, SPEC, seed, step, runs, records);
    return new Uint8Array(records.buffer).join();
  };
  assertEquals(draw(1, 1), draw(1, 1));
  assertEquals(new Set([draw(1, 1), draw(1, 2), draw(2, 1)]).size, 3);
});

for (const { name, channels, spec } of variants) {
  Deno.test(`samples cover all pixels, each with the cell and input layer that code it: ${name}`, () => {
    const { grid, scales, shareScales } = spec, seen = new Map<string, number>();
    const starts = [0, 1, 2].map((i) => 64 + i * 16 * 24 * channels);
    for (const { image, height, width, y, x, cell, layer } of drawn(spec, channels, GROUPS, 150 * channels)) {
      const index = starts.indexOf(image), { height: h, width: w } = GROUPS[index < 2 ? 0 : 1]!;
      const { scale, kind } = passOf(scales, y, x);
      const position = Math.floor(y * grid / height) * grid + Math.floor(x * grid / width);
      const right = y < height && x < width && height === h && width === w &&
        cell === (grid > 1 ? position : shareScales ? 0 : scale) &&
        Math.floor(layer / channels) === (grid > 1 ? 0 : kind);
      assert(right, `(${y}, ${x}) in ${height} × ${width} as cell ${cell}, layer ${layer}`);
      const key = `${index} ${y} ${x} ${layer % channels}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    assertEquals(seen.size, (2 * 16 * 24 + 21 * 19) * channels);
    if (scales > 1 || grid > 1) return;
    const counts = [...seen.values()], mean = counts.reduce((a, b) => a + b) / counts.length;
    const chiSquare = counts.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0) / counts.length;
    assert(chiSquare < 1.3, `${chiSquare} for each degree of freedom`);
  });
}

for (const [name, scales] of [["cpu", 1], ["cpu", 3], ["wasm", 1]] as const) {
  Deno.test(`training: the same seed gives the same weights; interrupted and resumed, too: ${scales} scales, ${name}`, async () => {
    const backend = await openBackend(name);
    const set = drawScenes({ take: 10 }), schedule = { steps: 12, batch: 32 };
    const spec: ModelSpec = { ...SPEC, width: 8, blocks: 1, scales, shareScales: false, leastSquares: true };
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
    const abort = ({ label }: { label: string }) => label === "train" && stop.abort(); // at the first report
    const slow = { signal: stop.signal, progress: abort };
    const stopped = () => train(set, spec, schedule, 1, contextOf(7, slow), checkpoint);
    assertEquals((await assertRejects(stopped, MdlError)).code, "interrupted");
    const { step } = kept as unknown as Checkpoint;
    assert(step > 0 && step < schedule.steps, `stopped at step ${step}`);
    assertEquals((await train(set, spec, schedule, 1, contextOf(7), checkpoint)).weights, whole.weights);
    await backend.close();
  });
}

Deno.test("training can be stopped while it surveys the images, and leaves nothing behind", async () => {
  await openBackend("cpu");
  const stop = new AbortController(), tensors = tf.memory().numTensors, labels = new Set<string>();
  const progress = ({ label }: { label: string }) => {
    labels.add(label);
    stop.abort();
  };
  const set = drawScenes({ take: 1500 }), spec: ModelSpec = { ...SPEC, attention: "patches" };
  const training = train(
    set,
    spec,
    { steps: 12, batch: 32 },
    1,
    contextOf(1, { signal: stop.signal, progress }),
  );
  assertEquals((await assertRejects(() => training, MdlError) as MdlError).code, "interrupted");
  assertEquals([...labels], ["survey"]);
  assertEquals(tf.memory().numTensors, tensors);
});

Deno.test("the slope of the weights' own bits is that of log₂(1 + |w| / step)", async () => {
  const steps = tf.tensor1d([0.5, 0.5, 0.5, 2]),
    at = [1, -1, 0, 3],
    bits = (w: number, s: number) => {
      return Math.log2(1 + Math.abs(w) / s);
    };
  const slope = tf.tidy(() => rateSlope(tf.tensor1d(at), steps).dataSync());
  const stepOf = await steps.data();
  steps.dispose();
  at.forEach((w, i) => {
    const rise = (bits(w + 1e-4, stepOf[i]!) - bits(w - 1e-4, stepOf[i]!)) / 2e-4;
    assertAlmostEquals(slope[i]!, rise, 1e-3);
  });
});
