/** Section 6.1: networks and what they cost, leaks, probes, class programs, detection, a network from a package. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { loadDataset } from "../lib/sources/registry.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { pipe } from "../lib/pipeline.ts";
import { modelOf } from "../lib/image/model.ts";
import { productOf, rankOf, sizeOf, type Tensors } from "../scripts/laboratory/task/tensors.ts";
import { decodeTensors } from "../scripts/laboratory/task/tensor_file.ts";
import { distinct, meanAveragePrecision } from "../notebooks/experiments/vision/average_precision.ts";
import { drawPixels, fewestBits } from "../notebooks/experiments/vision/class_programs.ts";
import { classesOf, rightOf } from "../notebooks/experiments/networks/classes.ts";
import { probabilities, trainClassifier } from "../notebooks/experiments/vision/classifier.ts";
import { costOf, inTwo } from "../notebooks/experiments/vision/cost.ts";
import { foundIn, targetsOf } from "../notebooks/experiments/vision/detector.ts";
import { leaksOf } from "../notebooks/experiments/vision/duplicates.ts";
import {
  classifierLayers,
  type ClassifierSpec,
  initialTensors,
  multiplications,
} from "../notebooks/experiments/vision/network.ts";
import { CANVAS, composeScenes, ofClasses, overlap } from "../notebooks/experiments/vision/objects.ts";
import { changeOf, fileOf, objectIn } from "../notebooks/experiments/vision/pretrained.ts";
import { programFeatures } from "../notebooks/experiments/vision/program_features.ts";
import { blanked, saliencyOf } from "../notebooks/experiments/vision/saliency.ts";
import { bars } from "./bars.ts";

const SMALL: ClassifierSpec = { side: 16, channels: 1, width: 4, depth: 2, shared: false, classes: 2 };

Deno.test("a classifier learns bars, dense or with zeros that stay, repeats itself and keeps no tensor", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const train = { pixels: bars(400, 1).symbols, labels: bars(400, 1).labels! }, test = bars(200, 2);
  const fit = (zeros: number, shared = false) =>
    trainClassifier({
      kind: "classifier",
      spec: { ...SMALL, shared },
      train,
      schedule: { epochs: 8, batch: 20, rate: 0.01, zeros },
      seed: 3,
    }, contextOf(3));
  const right = async (tensors: Tensors, shared = false) =>
    rightOf(classesOf(await probabilities({ ...SMALL, shared }, tensors, test.symbols), 2), test.labels!);
  const dense = await fit(0), sparse = await fit(0.7), shared = await fit(0, true);
  assertEquals(await fit(0), dense);
  for (const score of [await right(dense), await right(sparse), await right(shared, true)]) {
    assert(score > 90, String(score));
  }
  for (const [name, { shape, values }] of Object.entries(sparse)) {
    const zeros = values.filter((v) => v === 0).length / values.length;
    if (shape.length > 1) assertAlmostEquals(zeros, 0.7, 0.03, name);
  }
  const map = await saliencyOf(SMALL, dense, test.symbols);
  assertEquals(map.length, 200 * 256);
  const hidden = blanked(test.symbols, 1, map, 256, 0.1);
  const left = await probabilities(SMALL, dense, hidden);
  assert(
    rightOf(classesOf(left, 2), test.labels!) < await right(dense) - 5,
    "its gradient points to the bar",
  );
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("multiplications: as many as weights times places; sharing saves none; zeros count as left out", () => {
  const layers = classifierLayers(SMALL), tensors = initialTensors(layers, 1);
  assertEquals(multiplications(layers), 64 * 36 + 16 * 288 + 2 * 4 * 576 + 32 * 2);
  assertEquals(costOf(layers, tensors), {
    carriedOut: multiplications(layers),
    notZero: multiplications(layers),
  });
  const shared = classifierLayers({ ...SMALL, shared: true });
  assertEquals(multiplications(shared), multiplications(layers));
  assertEquals(shared.length, layers.length - 1);
  const half = tensors["conv2.kernel"]!.values.map((v, i) => i % 2 ? v : 0);
  const cost = costOf(layers, { ...tensors, "conv2.kernel": { ...tensors["conv2.kernel"]!, values: half } });
  assertEquals(cost, { carriedOut: multiplications(layers), notZero: multiplications(layers) - 16 * 144 });
});

Deno.test("a network in two thin layers computes what their product does, with fewer multiplications", async () => {
  const backend = await openBackend("wasm"), layers = classifierLayers(SMALL);
  const tensors = { ...initialTensors(layers, 2) }, { normal } = random(1, "low rank");
  for (const { name } of layers) {
    const { shape } = tensors[`${name}.kernel`]!, rows = sizeOf(shape.slice(0, -1)), columns = shape.at(-1)!;
    const rank = rankOf({ shape }, 0.25);
    const part = (a: number, b: number) => ({
      shape: [a, b],
      values: Float32Array.from({ length: a * b }, normal).map((v) => v / 4),
    });
    tensors[`${name}.kernel`] = productOf({ left: part(rows, rank), right: part(rank, columns) }, shape);
  }
  const two = inTwo(tensors, 0.25), { symbols } = bars(5, 4);
  assert("conv2.left" in two && !("conv2.kernel" in two));
  const whole = await probabilities(SMALL, tensors, symbols), thin = await probabilities(SMALL, two, symbols);
  assert(whole.some((p) => p > 0.2 && p < 0.8));
  whole.forEach((p, i) => assertAlmostEquals(thin[i]!, p, 1e-4));
  assert(costOf(layers, two).carriedOut < costOf(layers, tensors).carriedOut);
  await backend.close();
});

Deno.test("test images that are learnt from are found and left out, those nearly the same are counted", async () => {
  const train = bars(30, 5), test = bars(20, 6), symbols = test.symbols.slice();
  symbols.set(train.symbols.subarray(7 * 256, 8 * 256), 3 * 256);
  symbols.set(train.symbols.subarray(9 * 256, 10 * 256).map((v) => v + 1), 11 * 256);
  const { same, near, looked, clean } = await leaksOf(train, { ...test, symbols }, 19, contextOf(1));
  assertEquals([same, near, looked, clean.names.length], [1, 1, 19, 19]);
  assertEquals(clean.labels, test.labels!.filter((_, i) => i !== 3));
});

Deno.test("mean average precision: what is worked out by hand, and its ends", () => {
  const box = { left: 0, top: 0, width: 10, height: 10, label: 0 }, far = { ...box, left: 30 };
  const at = (one: typeof box, score: number) => ({ ...one, score });
  const there = [[box], [box]];
  assertEquals(meanAveragePrecision([[at(box, 0.9)], [at(box, 0.1)]], there), 100);
  assertEquals(meanAveragePrecision([[], [at(far, 1)]], there), 0);
  // right, wrong, right: precision 1 up to recall ½, then ⅔
  assertAlmostEquals(
    meanAveragePrecision([[at(box, 0.9), at(far, 0.8)], [at(box, 0.7)]], there),
    100 * (1 / 2 + 1 / 3),
  );
  // found twice is found once and wrong once; of two classes one is never found
  assertAlmostEquals(meanAveragePrecision([[at(box, 0.9), at(box, 0.8)], [at(box, 0.7)]], there), 250 / 3);
  assertEquals(meanAveragePrecision([[at(box, 0.9)]], [[box, { ...box, label: 1 }]]), 50);
  const pair = [
    at(box, 0.3),
    at({ ...box, left: 1 }, 0.6),
    at({ ...far, label: 0 }, 0.2),
    at({ ...box, label: 1 }, 0.1),
  ];
  assertEquals(distinct(pair).map(({ score }) => score), [0.6, 0.2, 0.1]);
  assertEquals([overlap(box, box), overlap(box, far), overlap(box, { ...box, left: 5 })], [1, 0, 1 / 3]);
});

Deno.test("scenes hold what they say, and what places should say gives the boxes back", () => {
  const things = ofClasses(bars(40, 7), [1]), scenes = composeScenes(things, 60, 8);
  assertEquals(composeScenes(things, 60, 8), scenes);
  assertEquals(new Set(things.labels), new Set([0]));
  const targets = targetsOf(scenes, 2), grid = 6, one = grid * grid * 7;
  for (const [n, own] of scenes.objects.entries()) {
    assert(own.length >= 1 && own.length <= 3);
    for (const { left, top, width, height } of own) {
      assert(left >= 0 && top >= 0 && left + width <= CANVAS && top + height <= CANVAS);
    }
    const said = Float32Array.from({ length: grid * grid * 6 }, (_, i) => {
      const at = n * one + Math.floor(i / 6) * 7;
      return i % 6 < 4 ? targets[at + 1 + i % 6]! : targets[at]! * targets[at + 5 + i % 6 - 4]!;
    });
    const found = foundIn(said, grid, CANVAS / grid, 2);
    for (const thing of own) assert(found.some((box) => box.label === 0 && overlap(box, thing) > 0.999));
    assertEquals(found.length, own.length);
  }
  assertThrows(() => composeScenes({ ...things, channels: 3 }, 1, 1), MdlError, "gray");
});

Deno.test("features of a program's network are means over parts: of few parts, means of many", async () => {
  const backend = await openBackend("wasm"),
    set = { ...await loadDataset("scenes", { take: 6 }), labels: [0, 1, 0, 1, 0, 1] };
  const chain = pipe(
    features({ leastSquares: false, width: 8 }),
    sharing(),
    compress({ steps: 20, exactly: true }),
  );
  const { output } = await chain.run(set, contextOf(1, { log: () => {} })),
    model = await modelOf(output.bytes);
  const fine = await programFeatures(model, set, 2), coarse = await programFeatures(model, set, 1);
  assertEquals([fine.size, coarse.size, fine.inputs.length], [32, 8, 6 * 32]);
  for (let n = 0; n < 6; n++) {
    for (let k = 0; k < 8; k++) {
      const mean = [0, 1, 2, 3].reduce((sum, part) => sum + fine.inputs[n * 32 + part * 8 + k]! / 4, 0);
      assertAlmostEquals(coarse.inputs[n * 8 + k]!, mean, 1e-4);
    }
  }
  assert(coarse.inputs.some((v) => v > 0));
  assert(coarse.inputs.slice(0, 8).some((v, k) => Math.abs(v - coarse.inputs[8 + k]!) > 1e-3));
  await backend.close();
});

Deno.test("the fewest bits win; pixels by themselves are those of the class", () => {
  assertEquals(fewestBits([Float64Array.of(3, 1, 5), Float64Array.of(2, 4, 5)]), [1, 0, 0]);
  const set = bars(50, 9), drawn = drawPixels(set, 2, 5, 1);
  assertEquals(drawn.labels, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  drawn.symbols.forEach((v, i) => {
    const label = drawn.labels![Math.floor(i / 256)];
    assert(set.labels!.some((own, n) => own === label && set.symbols[n * 256 + i % 256] === v));
  });
});

Deno.test("how answers change: not at all, and as worked out by hand", () => {
  const first = Float32Array.of(0.5, 0.5, 0.75, 0.25);
  assertEquals(changeOf(first, first, 2), { agreeing: 100, divergence: 0 });
  const { agreeing, divergence } = changeOf(first, Float32Array.of(0.5, 0.5, 0.25, 0.75), 2);
  assertAlmostEquals(divergence, 0.5 * 0.5 * Math.log2(3));
  assertEquals(agreeing, 50);
});

Deno.test("a model in a package is read without being run; what is none is a sentence", () => {
  const script =
    'x({1:[function(e,a,n){a.exports={a_1:{b:[.5,-.25,1e-3,!0,!1],c:"d:!0,.5"},e:null}},{}]},{},[1])(1)});';
  assertEquals(objectIn(script), { a_1: { b: [0.5, -0.25, 1e-3, true, false], c: "d:!0,.5" }, e: null });
  assertThrows(() => objectIn("module.exports = 1"), MdlError, "holds no model");
  const { normal } = random(1, "kernels"), shape = [3, 3, 16, 16];
  const tensors = Object.fromEntries(
    ["a/kernel", "a/depthwise_kernel"].map((name) => [name, {
      shape,
      values: Float32Array.from({ length: sizeOf(shape) }, normal),
    }]),
  );
  const valuesOf = (careful: boolean) =>
    Object.values(decodeTensors(fileOf({ topology: {}, tensors, shipped: 0 }, 3, careful)))
      .map(({ values }) => new Set(values).size > 8);
  assertEquals([valuesOf(false), valuesOf(true)], [[false, false], [false, true]]);
});
