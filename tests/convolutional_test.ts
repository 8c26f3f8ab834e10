/** The article's convolutional network: its size, its autoencoder, and the file that this makes of a set. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { take } from "../lib/image/dataset.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import {
  budgetSeries,
  nearestPoints,
  networkAtBudgets,
} from "../notebooks/experiments/programs/budget_points.ts";
import { articleExtractor, attempt, sightOf } from "../notebooks/experiments/networks/article_extractor.ts";
import { codebookOf } from "../scripts/laboratory/coding/codebook.ts";
import {
  codeGrids,
  codeLength,
  type ConvolutionalSpec,
  convolutionFlop,
  convolutionParameters,
  decodeCodes,
  encodeImages,
  initialConvolution,
  layerTensors,
  PLAIN,
} from "../notebooks/experiments/networks/convolutional.ts";
import { coarsePixels, drawFromCodes } from "../notebooks/experiments/networks/convolutional_draw.ts";
import { featureMaps } from "../notebooks/experiments/networks/feature_maps.ts";
import {
  convolutionalCoder,
  pixelsOf,
  readConvolutionalFile,
} from "../notebooks/experiments/networks/convolutional_file.ts";
import { imagesTensor, trainAutoencoder } from "../notebooks/experiments/networks/train_convolutional.ts";
import { trainMany } from "../notebooks/experiments/networks/train_many.ts";
import { decodeSequence, encodeSequence } from "../scripts/laboratory/coding/symbol_code.ts";
import { qualityOf } from "../scripts/laboratory/quality/quality.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import type { Progress } from "../lib/progress.ts";
import { ARTICLE_ENCODER } from "../scripts/laboratory/measure/comparison.ts";
import { transform } from "../lib/image/transform.ts";

const EVERY: readonly ConvolutionalSpec[] = [false, true].flatMap((shared) =>
  [false, true].flatMap((attention) =>
    [0, 1].map((fine) => ({ ...PLAIN, coarse: 4, fine, shared, attention }))
  )
);

const scenes = (count: number) =>
  transform(drawScenes({ take: count, seed: 1 }), { gray: true, size: { width: 32, height: 32 } });

Deno.test("the article's network has 93,248 parameters and does not see the last two rows and columns", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const model = articleExtractor(3, 1);
  assertEquals(model.countParams(), 93_248);
  assertEquals(model.countParams(), ARTICLE_ENCODER);
  assertEquals(model.outputShape, [null, 512]);
  assertEquals(model.layers.at(-1)!.getWeights(), []);
  const images = tf.randomUniform([4, 32, 32, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const sight = await sightOf(model, images);
  sight.forEach((value, i) => assertEquals(value > 0, i % 32 < 30 && i < 30 * 32, `pixel ${i}`));
  model.dispose();
  images.dispose();
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("an attempt gives the result, or the error in its own words", async () => {
  assertEquals((await attempt("a", () => 7)).outcome, "7");
  assertEquals(
    (await attempt("b", () => Promise.reject(new TypeError("no\nsecond line")))).outcome,
    "TypeError: no",
  );
});

Deno.test("the autoencoder's layers are the article's, and sharing leaves a tenth of them", () => {
  const gray = 2 * 9 * 32; // kernels that the other two input channels have in the article
  assertEquals(convolutionParameters(PLAIN, "encoder") - (128 + 1) * PLAIN.coarse, ARTICLE_ENCODER - gray);
  const shared = { ...PLAIN, shared: true };
  for (const side of ["encoder", "decoder", undefined] as const) {
    assert(10 * convolutionParameters(shared, side) <= convolutionParameters(PLAIN, side), side);
  }
  assert(2 * convolutionFlop(shared, "decoder") < convolutionFlop(PLAIN, "decoder"));
  const attention = convolutionParameters({ ...PLAIN, attention: true }) / convolutionParameters(PLAIN);
  assertAlmostEquals(attention, 1, 0.02);
  assertEquals(codeLength(PLAIN), 128);
  assertEquals(codeLength({ ...PLAIN, coarse: 4, fine: 1 }), 128);
});

Deno.test("every network maps images to codes within bounds and codes to images, and keeps no tensor", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  for (const spec of EVERY) {
    tf.tidy(() => {
      const layers = layerTensors(spec, tf.tensor1d(initialConvolution(spec, 1)));
      const images = imagesTensor(scenes(3)), codes = encodeImages(spec, layers, images);
      const [coarse, fine] = codeGrids(spec);
      assertEquals(codes.coarse.shape, [3, coarse.side, coarse.side, spec.coarse]);
      assertEquals(codes.fine?.shape, spec.fine ? [3, fine.side, fine.side, spec.fine] : undefined);
      assert(codes.coarse.abs().max().dataSync()[0]! <= spec.levels);
      assertEquals(decodeCodes(spec, layers, codes).shape, [3, 32, 32, 1]);
    });
  }
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("training lowers the error, repeats itself, and keeps no tensor", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const set = scenes(24), spec = { ...PLAIN, shared: true }, schedule = { epochs: 3, batch: 8 };
  const first = await trainAutoencoder(set, spec, schedule, contextOf(1));
  assert(first.curve.at(-1)!.error < first.curve[0]!.error);
  assertEquals(tf.memory().numTensors, before);
  const seen: Progress[] = [], context = contextOf(9, { progress: (progress) => seen.push(progress) });
  const [again, other] = await trainMany([1, 2].map((seed) => ({ set, spec, schedule, seed })), context);
  assert(seen.every(({ done, total }) => done <= total));
  const { done, total } = seen.at(-1)!;
  assertEquals([done, total], [18, 18], "two networks, three epochs of three steps");
  assertEquals(again!.weights, first.weights);
  assert(other!.weights.some((w, i) => w !== first.weights[i]));
  await backend.close();
});

Deno.test("a file of any network comes back: spec, codes, pixels; damage is told", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors, set = scenes(12);
  for (const spec of EVERY) {
    const untrained = { spec, seed: 1, weights: initialConvolution(spec, 1), curve: [], flop: 0, seconds: 0 };
    const coder = await convolutionalCoder(untrained, set);
    for (const precision of [{ bits: 2, step: 2 }, { bits: 5, step: 0.5 }]) {
      const coding = await coder.at(precision), read = readConvolutionalFile(coding.file);
      assertEquals(coding.file.length, coding.bytes);
      assertEquals(read.spec, spec);
      assertEquals({ bits: read.bits, step: read.step, images: read.images }, {
        ...precision,
        images: set.names.length,
      });
      assertEquals(await pixelsOf(read), coding.decoded.symbols);
      for (const cut of [0, 1, 9, coding.bytes - 1]) {
        const error = assertThrows(() => readConvolutionalFile(coding.file.subarray(0, cut)), MdlError);
        assertEquals(error.code, "damaged");
      }
    }
  }
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("a file within a budget is no longer, and a larger budget is no worse", async () => {
  const backend = await openBackend("wasm"), set = scenes(40), spec = { ...PLAIN, shared: true };
  const trained = await trainAutoencoder(set, spec, { epochs: 6, batch: 8 }, contextOf(1));
  const coder = await convolutionalCoder(trained, set), budgets = [7_000, 9_000, 14_000];
  const codings = (await Promise.all(budgets.map((budget) => coder.atBytes(budget)))).map((coding) =>
    coding!
  );
  codings.forEach((coding, i) => assert(coding.bytes <= budgets[i]!));
  const used = codings.filter(({ step }) => step > 0.25); // finer steps than that gain nothing
  assert(used.length > 0);
  for (const coding of used) {
    const budget = budgets[codings.indexOf(coding)]!;
    assert(coding.bytes >= 0.995 * budget, `${coding.bytes} of ${budget} B, step ${coding.step}`);
  }
  const psnrs = codings.map(({ decoded }) => qualityOf(take(set, 40), decoded).psnr);
  assert(psnrs[0]! <= psnrs[1]! && psnrs[1]! <= psnrs[2]!, String(psnrs));
  assertEquals(await coder.atBytes(100), undefined);
  await backend.close();
});

Deno.test("random codes and coarse codes decode, feature maps are pictures, and points keep their budgets", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors, set = scenes(16);
  const spec = { ...PLAIN, coarse: 4, fine: 1, shared: true };
  const network = await trainAutoencoder(set, spec, { epochs: 2, batch: 8 }, contextOf(1));
  const coder = await convolutionalCoder(network, set),
    file = readConvolutionalFile((await coder.at({ bits: 5, step: 1 })).file);
  const drawn = await drawFromCodes(file, 5, random(1, "codes"));
  assertEquals(drawn.length, 5 * 1024);
  assertEquals(await drawFromCodes(file, 5, random(1, "codes")), drawn);
  const whole = await pixelsOf(file), coarse = await coarsePixels(file);
  assert(whole.some((v, i) => v !== coarse[i]));
  const maps = await featureMaps(network, take(set, 1));
  assertEquals(maps.map(({ groups: [group] }) => group), [
    { count: 30, height: 16, width: 16 },
    { count: 30, height: 8, width: 8 },
    { count: 30, height: 4, width: 4 },
  ]);
  const budgets = [100, 7000, 12_000], context = contextOf(1);
  const points = await networkAtBudgets("shared", set, [coder], budgets, context);
  assertEquals(points.map(({ budget }) => budget), [7000, 12_000]);
  assertEquals(nearestPoints(points, 1), [points.reduce((a, b) => b.bytes < a.bytes ? b : a)]);
  for (const { bytes, budget, decoded, psnr } of points) {
    assert(bytes <= budget);
    assertEquals(psnr, qualityOf(set, decoded).psnr);
  }
  assertEquals(
    budgetSeries(points, ({ bytes }) => bytes)[0]!.y,
    points.map(({ bytes }) => bytes).sort((a, b) => a - b),
  );
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("sequences of symbols come back, at about their entropy", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { below, uniform } = random(seed, "sequence");
    const alphabet = 1 + below(60), count = below(2000), contexts = 1 + below(4);
    const symbols = Uint16Array.from(
      { length: count },
      () => Math.floor(alphabet * uniform() ** (1 + seed % 7)),
    );
    const sequence = { alphabet, contexts, context: (i: number) => i % contexts };
    assertEquals(decodeSequence(encodeSequence(symbols, sequence), count, sequence), symbols);
  }
  const { uniform } = random(1, "biased"),
    symbols = Array.from({ length: 40_000 }, () => Number(uniform() < 0.1));
  const bits = 40_000 * (-0.1 * Math.log2(0.1) - 0.9 * Math.log2(0.9));
  const bytes = encodeSequence(symbols, { alphabet: 2, contexts: 1, context: () => 0 }).length;
  assert(bytes < 1.02 * bits / 8, `${bytes} bytes for ${bits / 8}`);
  assertThrows(() => encodeSequence([2], { alphabet: 2, contexts: 1, context: () => 0 }), MdlError);
});

Deno.test("a codebook gives every weight its nearest value, and more bits no larger error", () => {
  const { normal } = random(1, "codebook"), weights = Float32Array.from({ length: 3000 }, normal);
  let least = Infinity;
  for (const bits of [1, 2, 3, 4, 5]) {
    const { values, indices } = codebookOf(weights, bits);
    assertEquals(values.length, 2 ** bits);
    let error = 0;
    weights.forEach((w, i) => {
      const distance = Math.abs(w - values[indices[i]!]!);
      assert(values.every((v) => distance <= Math.abs(w - v) + 1e-6));
      error += distance ** 2;
    });
    assert(error < least);
    least = error;
  }
});
