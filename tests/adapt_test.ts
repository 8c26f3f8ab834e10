/** Weights that follow the image (lib/decoder/assembly/adapt.ts): by which steps, for which models, and what it brings. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { chain, type ChainOptions } from "../lib/chain.ts";
import { contextOf } from "../lib/context.ts";
import { openModule } from "../lib/decoder/modules.ts";
import { MdlError } from "../lib/errors.ts";
import { followedSymbols, trainFollowing } from "../lib/image/follow.ts";
import { train, trainingFlop } from "../lib/image/train.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { image } from "../lib/image/codec.ts";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { decoderFor } from "../lib/image/decoders.ts";
import { type EncoderModule, heapBytes } from "../lib/image/encoder.ts";
import { openFused } from "../lib/image/fused.ts";
import { bitsOf, modelOf } from "../lib/image/model.ts";
import { BLOCK_ADDRESS, writeBlock } from "../lib/image/parameters.ts";
import { composedLoss, initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { adapts, layers, type ModelSpec } from "../lib/image/spec.ts";
import { pipe } from "../lib/pipeline.ts";
import type { Progress } from "../lib/progress.ts";
import { random } from "../lib/random.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { checkpointFile } from "../lib/training/checkpoint.ts";
import { chainRows } from "../scripts/laboratory/measure/chain_report.ts";
import { smallSpec } from "./small_spec.ts";

/** Pictures of which each has waves of its own, and noise. */
function pictures(count: number, height: number, width: number, channels: 1 | 3): Dataset {
  const rnd = random(1, "adapt");
  const made = Array.from({ length: count }, () => {
    const [across, down, noise] = [1 + 8 * rnd.uniform(), 1 + 8 * rnd.uniform(), 1 + rnd.below(20)];
    const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => {
      const x = Math.floor(i / channels) % width, y = Math.floor(i / channels / width);
      return 120 + 50 * Math.sin(x / across) + 40 * Math.cos(y / down + i % channels) + rnd.below(noise);
    });
    return { height, width, pixels };
  });
  const provenance = { source: "computed", licence: "MIT", citation: "for this test" };
  return datasetOf(made, { name: "waves", channels, provenance });
}

Deno.test("after each symbol weights take a step down its gradient, measured by mean squares", async () => {
  const spec = smallSpec({ adaptive: true, blocks: 2, width: 8 }), channels = 3, height = 8;
  const rnd = random(1, "near the mean"); // where the kernel, which does not mirror tails, is as exact as tfjs
  const pixels = Uint8Array.from({ length: height * channels }, () => 115 + rnd.below(11));
  const { name, provenance } = pictures(1, 1, 1, channels);
  const set = datasetOf([{ height, width: 1, pixels }], { name, channels, provenance }), { groups } = set;
  const places = layers(spec, channels), weights = initialWeights(spec, channels, 1);

  // the encoder
  const heap = 4096, weightCode = heap + heapBytes(spec, channels, groups) + 4 * weights.length;
  const payloads = [weightCode + 65536];
  const { encoder, memory } = await openModule<EncoderModule>("encoder", weightCode + 2 ** 17);
  const steps = quantisationSteps(spec, channels, weights);
  memory().set(writeBlock(spec, channels, groups, { weightCode, payloads, heap }, steps), BLOCK_ADDRESS);
  encoder.openEncoder();
  const all = () => new Float32Array(encoder.memory.buffer, encoder.weights.value, weights.length);
  all().set(weights);
  encoder.encodeWeights();
  encoder.openPayload();
  const expected = all().slice();
  for (let image = 0; image < 2; image++) { // the second one begins with the trained weights
    memory().set(pixels, encoder.image.value);
    encoder.beginImage(-1, 1);
    encoder.setPiece(0, 0, height, 0, 1);
    if (image) encoder.encodePiece(height, 1);
    else encoder.learnPiece(height, 1); // the same, and the gradients added up
  }
  const found = all().slice(), trained = expected.slice();
  const sums = new Float32Array(
    encoder.memory.buffer,
    encoder.weights.value + 12 * weights.length,
    weights.length,
  );

  // the same by tfjs' gradients: of a layer with inputs x they are x·d, and d by its biases
  await openBackend("cpu");
  const fused = await openFused(set, spec, 1, 1), squares = new Map<string, number>();
  const rates = { input: 6e-5, first: 12e-5, second: 6e-5, output: 2e-5 };
  const expectedSums = new Float32Array(weights.length);
  const follow = (name: string, x: number) => {
    const before = squares.get(name) ?? new Float32Array(new Uint8Array(4).fill(0x3f).buffer)[0]!;
    const after = before + 0.001 * (x * x + 0.001 - before);
    squares.set(name, after);
    return after;
  };
  for (let image = 0; image < 2; image++) {
    expected.set(trained);
    for (let y = 0; y < height; y++) {
      for (let k = 0; k < channels; k++) {
        fused.records.setUint32(0, fused.space.address, true);
        [height, 1, y, 0, 0].forEach((value, i) => fused.records.setUint16(4 + 2 * i, value, true));
        fused.records.setUint8(14, k);
        const loss = composedLoss(spec, channels, fused.contexts().slice(), [{
          cell: 0,
          layer: k,
          count: 1,
        }]);
        const g = tf.tidy(() => tf.grad((w) => loss(w as tf.Tensor1D))(tf.tensor1d(expected)).dataSync());
        if (!image) g.forEach((slope, i) => expectedSums[i]! += Math.LN2 * slope);
        for (const [l, { kind, rows, columns, offset }] of places.entries()) {
          if (kind === "input" && l !== k) continue;
          const at = (i: number, j: number) => offset + i * columns + j;
          const d = Array.from({ length: columns }, (_, j) => -Math.LN2 * g[at(rows, j)]!);
          const scaled = d.map((x, j) => x / Math.sqrt(follow(`${l} d ${j}`, x)));
          const most = d.reduce((best, x, j) => Math.abs(x) > Math.abs(d[best]!) ? j : best, 0);
          for (let i = 0; i < rows; i++) {
            const x = -Math.LN2 * g[at(i, most)]! / d[most]!,
              step = rates[kind] * x / follow(`${l} x ${i}`, x);
            for (let j = 0; j < columns; j++) expected[at(i, j)]! += step * scaled[j]!;
          }
        }
      }
    }
  }
  fused.close();
  for (const { kind, rows, columns, offset } of places) {
    const part = (of: Float32Array) => of.subarray(offset, offset + (rows + 1) * columns);
    const longest = part(expectedSums).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assert(longest > 1e-3, kind);
    part(sums).forEach((sum, i) => assertAlmostEquals(sum, part(expectedSums)[i]!, 0.01 * longest));
    const moved = part(expected).map((w, i) => w - part(trained)[i]!);
    const most = moved.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assert(most > 1e-6, kind);
    part(found).forEach((w, i) => assertAlmostEquals(w - part(trained)[i]!, moved[i]!, 0.01 * most));
  }
});

Deno.test("weights that follow make the code of large pictures shorter by more than their code is longer", async () => {
  const set = pictures(6, 160, 160, 1), backend = await openBackend("wasm");
  const training = compress({ steps: 300, exactly: true, threads: 1 });
  const asked = features({ width: 16, leastSquares: false, adaptive: true });
  const { output, passages } = await pipe(asked, training).run(set, contextOf(1));
  await backend.close();
  await output.verify(set);
  const model = await modelOf(output.bytes), { adaptive: _, ...fixed } = model.spec;
  assert(adapts(model.spec));
  assertMatch(
    String(chainRows(passages, output)[0]!["what it does"]),
    /of width 16, weights that follow the image$/,
  );
  const sum = (bits: Float64Array) => bits.reduce((a, b) => a + b, 0) / 8;
  const following = sum(await bitsOf(model, set)),
    without = sum(await bitsOf({ ...model, spec: fixed }, set));
  const code = (await decoderFor(model.spec)).length - (await decoderFor(fixed)).length;
  assert(code < 800 && following + code < without, `${following} + ${code} bytes against ${without}`);
});

Deno.test("weights that were trained to follow serve that better, and are the same ones every time", async () => {
  const set = pictures(8, 64, 64, 3), backend = await openBackend("wasm");
  const spec = smallSpec({ adaptive: true, width: 16 });
  const { adaptive: _, ...fixed } = spec;
  const { weights, quantisation } = await train(set, fixed, { steps: 400, batch: 512 }, 1, contextOf(1));
  const behind = { steps: 10_000, stopped: "Stopped here." };
  const follow = (context = contextOf(1)) =>
    trainFollowing(set, spec, weights, quantisation, behind, context);
  const { weights: trained, symbols } = await follow();
  assertEquals((await follow()).weights, trained);
  assertNotEquals((await follow(contextOf(2))).weights, trained);
  assertEquals([symbols, followedSymbols(set, 10_000)], [40 * 24_576, 40 * 24_576]); // two images a step
  const stop = new AbortController();
  const progress = () => stop.abort();
  await assertRejects(
    () => follow(contextOf(1, { signal: stop.signal, progress })),
    MdlError,
    "Stopped here.",
  );

  const bytes = async (of: Float32Array, by: ModelSpec) => {
    const { weights, payloads } = await encodeTwoPart(set, by, of, quantisation, contextOf(1));
    return weights!.bytes.length + payloads[0]!.bytes.length;
  };
  const [before, after] = [await bytes(weights, spec), await bytes(trained, spec)];
  const apart = await bytes(weights, fixed) - await bytes(trained, fixed); // what training longer brings besides
  assert(
    before - after > 200 && before - after > 3 * apart,
    `${before} to ${after} bytes, ${apart} for longer training`,
  );
  await backend.close();
});

Deno.test("a training that is stopped while weights are trained to follow goes on there, to the same weights", async () => {
  const set = pictures(3, 40, 40, 1), spec = smallSpec({ adaptive: true, width: 8 });
  const folder = await Deno.makeTempDir(), backend = await openBackend("wasm");
  const stop = new AbortController(), lines: string[] = [], schedule = { steps: 300, batch: 512 };
  const training = (context: Parameters<typeof contextOf>[1] = {}) =>
    train(set, spec, schedule, 1, contextOf(1, context), checkpointFile(folder, "follow"));
  const progress = ({ label }: Progress) => label === "follow" && stop.abort();
  const error = await assertRejects(() => training({ signal: stop.signal, progress }), MdlError);
  assertEquals(error.message, "Stopped; the same command resumes where weights begin to follow.");
  const resumed = await training({ log: (line) => lines.push(line) });
  assertEquals(lines, ["Training resumes at step 300 of 300."]);
  await Deno.remove(folder, { recursive: true });
  const whole = await training();
  assertEquals(resumed.weights, whole.weights);
  assertEquals(whole.flop, trainingFlop(spec, 1, schedule, 2 * 17_600)); // of two steps, 11 images each
  await backend.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("weights follow in raster order, where one predictor serves all of an image", async () => {
  const set = pictures(1, 16, 16, 1), context = contextOf(1);
  const { spec } = await features({ adaptive: true }).run(set, context);
  assert(adapts(spec) && !adapts((await features().run(set, context)).spec));
  const pyramid = pipe(features({ adaptive: true }), hierarchy({ order: "pyramid" }));
  assertEquals((await pyramid.run(set, context)).output.spec.adaptive, undefined);
  const others = [{ grid: 2 }, { tied: true }, { attention: "patches" as const }, { scales: 2 }];
  assertEquals(others.map((other) => adapts({ ...spec, ...other })), [false, false, false, false]);
});

Deno.test("a program records what its model does, not what else it was asked for", async () => {
  const set = { ...pictures(4, 8, 8, 3), tiling: { columns: 2, rows: 2 } };
  const small = { width: 4, neighbours: 4, cross: 2, adaptive: true, mixing: true, tiles: true };
  const recorded = async (options: ChainOptions) => {
    const compress = { steps: 1, exactly: true, threads: 1 };
    const asked = chain<Dataset>({ ...options, features: { ...small, ...options.features }, compress });
    const { record: { model } } = (await asked.run(set, contextOf(1))).output.info;
    return ["adaptive", "mixing", "tiles"].filter((name) => name in (model as object));
  };
  assertEquals(await recorded({}), ["adaptive", "mixing", "tiles"]);
  assertEquals(await recorded({ attention: { over: "patches" } }), ["mixing"]);
  assertEquals(await recorded({ sharing: { layers: true } }), ["mixing", "tiles"]);
  assertEquals(await recorded({ sharing: { positions: false, cells: 2 } }), ["mixing"]);
  assertEquals(await recorded({ features: { leastSquares: false } }), ["adaptive"]);
  const { spec } = await features(small).run(set, contextOf(1)), narrow = image.candidates(spec, set, false);
  assertEquals(narrow.flatMap(Object.keys).filter((name) => name === "mixing" || name === "tiles"), []);
  assertEquals(JSON.stringify(image.candidates(spec, set, true)), JSON.stringify([spec]));
});

Deno.test("of large pictures places are gone through, of a large set more than the training asks for", async () => {
  const backend = await openBackend("wasm"), spec = smallSpec({ adaptive: true }), place = 73 * 74 * 3;
  const { adaptive: _, ...fixed } = spec;
  for (const [count, steps] of [[1, 1], [4, 3]] as const) { // an eighth of 307,200 are three steps of 16,384
    const set = pictures(count, 160, 160, 3);
    const { weights, quantisation } = await train(set, fixed, { steps: 5, batch: 64 }, 1, contextOf(1));
    const behind = { steps: 5, stopped: "" };
    const { symbols } = await trainFollowing(set, spec, weights, quantisation, behind, contextOf(1));
    assertEquals(symbols, steps * 2 * place);
    assert(Math.abs(followedSymbols(set, 5) / symbols - 1) < 0.02);
  }
  await backend.close();
});
