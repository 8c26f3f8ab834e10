/** What the model says of a symbol, and X = f(W, R, X) made of it. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { ImageView } from "../lib/data/dataset.ts";
import { drawScenes } from "../lib/data/scenes.ts";
import { images } from "../lib/data/dataset.ts";
import { openEncoder } from "../lib/decoder/encoder.ts";
import { applyRanks, ranksOf } from "../lib/models/fixed_point.ts";
import { initialWeights } from "../lib/models/predictor.ts";
import { quantisationSteps } from "../lib/models/quantise.ts";
import { cellSize, layers, type ModelSpec } from "../lib/models/spec.ts";
import { type Random, random } from "../lib/random.ts";

const SPEC: ModelSpec = {
  ...{ neighbours: 12, cross: 6, width: 4, blocks: 0, tied: false, grid: 1, bits: 6 },
  ...{ scales: 1, shareScales: true, leastSquares: false, attention: "none" },
};
const SIDE = 24;

/** The 12 nearest causal offsets [dy, dx], the nearest first; of equally near ones the upper, then the left. */
const NEAREST = Array.from({ length: 9 * 17 }, (_, i) => [Math.floor(i / 17) - 8, i % 17 - 8] as const)
  .filter(([dy, dx]) => dy < 0 || dx < 0)
  .sort((a, b) => a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2 || a[0] - b[0] || a[1] - b[1]).slice(0, 12);

/** Local mean (of 6 neighbours, weighted by 1 / distance²) and scale (of 12) of a gray pixel, in double precision. */
function normalisation({ pixels, width }: ImageView, y: number, x: number): { mean: number; scale: number } {
  const seen = NEAREST.flatMap(([dy, dx], i) => {
    const inside = y + dy >= 0 && x + dx >= 0 && x + dx < width;
    return inside ? [{ i, v: pixels[(y + dy) * width + x + dx]!, near: 1 / (dy * dy + dx * dx) }] : [];
  });
  const near = seen.filter(({ i }) => i < 6), total = near.reduce((sum, n) => sum + n.near, 0);
  const mean = total ? near.reduce((sum, n) => sum + n.near * n.v, 0) / total : 120;
  const deviation = seen.reduce((sum, { v }) => sum + Math.abs(v - mean), 0);
  return { mean, scale: seen.length ? deviation / (seen.length + 1e-3) + 0.7 : 40 };
}

/** P(symbol < t) under the mixture of four discretised logistics that the network's 12 outputs describe. */
function mixtureBelow(outputs: readonly number[], mean: number, scale: number, t: number): number {
  if (t === 0 || t === 256) return t / 256;
  const four = [0, 1, 2, 3], top = Math.max(...outputs.slice(0, 4));
  const shares = four.map((i) => Math.exp(outputs[i]! - top)), all = shares.reduce((a, b) => a + b);
  const below = four.reduce((sum, i) => {
    const spread = Math.min(6, Math.max(-3, outputs[8 + i]! + Math.log(scale) - 1));
    const z = (t - 0.5 - mean - scale * outputs[4 + i]!) / Math.exp(spread);
    return sum + shares[i]! / all / (1 + Math.exp(-z));
  }, 0);
  return below * (1 - 256 * 2e-6) + 2e-6 * t;
}

/** One cell a pixel, each with a network of zero weights: its outputs are its biases, multiples of `step`. */
async function mixtures(rnd: Random, step: number, pixels: Uint8Array) {
  const spec = { ...SPEC, grid: SIDE }, size = cellSize(spec, 1), output = layers(spec, 1).at(-1)!;
  const weights = new Float32Array(SIDE * SIDE * size);
  const outputs = Array.from({ length: SIDE * SIDE }, (_, cell) => {
    const values = Array.from(
      { length: 12 },
      () => step * Math.round(rnd.normal() * 10 ** (3 * rnd.uniform() - 0.5)),
    );
    const cut = values.map((v) => step * Math.max(-512, Math.min(511, v / step)));
    weights.set(cut, cell * size + output.offset + output.rows * output.columns);
    return cut;
  });
  const groups = [{ count: 1, height: SIDE, width: SIDE }];
  const encoder = await openEncoder(spec, 1, groups, weights, {
    input: 1,
    first: 1,
    second: 1,
    output: step,
  });
  encoder.loadImage(pixels, SIDE, SIDE);
  return { encoder, outputs };
}

const smooth = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => 128 + 100 * Math.sin(i / 17) + i % 7);
const noisy = Uint8Array.from({ length: SIDE * SIDE }, random(1, "pixels").uint32);

for (const [name, pixels] of [["smooth", smooth], ["noisy", noisy]] as const) {
  Deno.test(`distributions rise from 0 to 1 and are the mixture that the outputs say: ${name} image`, async () => {
    const rnd = random(2, name), view = { pixels, height: SIDE, width: SIDE };
    for (const step of [2 ** -6, 2 ** -3, 1, 64]) {
      const { encoder, outputs } = await mixtures(rnd, step, pixels);
      for (let p = 0; p < SIDE * SIDE; p++) {
        const y = Math.floor(p / SIDE), x = p % SIDE, { mean, scale } = normalisation(view, y, x);
        const below = encoder.distribution(y, x, 0), said = `step ${step}, pixel ${p}`;
        assertEquals([below.length, below[0], below[256]], [257, 0, 1]);
        for (let t = 1; t <= 256; t++) {
          assert(below[t]! > below[t - 1]!, `${said}: P(< ${t}) ≤ P(< ${t - 1})`);
          if (p % 5 === 0) {
            assertAlmostEquals(below[t]!, mixtureBelow(outputs[p]!, mean, scale, t), 3e-4, said);
          }
        }
      }
    }
  });
}

Deno.test("an image's probabilities are the steps of its distributions, in the colour order green, red, blue", async () => {
  const spec = { ...SPEC, width: 8, blocks: 2 }, pixels = noisy.slice(0, 5 * 6 * 3);
  const weights = initialWeights(spec, 3, 1), groups = [{ count: 1, height: 5, width: 6 }];
  const encoder = await openEncoder(spec, 3, groups, weights, quantisationSteps(spec, 3, weights));
  const probabilities = encoder.encodeImage(pixels, 5, 6).slice();
  probabilities.forEach((p, i) => {
    const pixel = Math.floor(i / 3), symbol = pixels[i]!;
    const below = encoder.distribution(Math.floor(pixel / 6), pixel % 6, [1, 0, 2][i % 3]!);
    assertEquals(below[symbol + 1]! - below[symbol]!, p);
  });
});

for (const channels of [1, 3] as const) {
  Deno.test(`X = f(W, R, X): the image is the fixed point, from a blank image at least a symbol nearer each time: ${channels} channels`, async () => {
    const [scene] = images(drawScenes({ take: 1 })), height = 6, width = channels === 1 ? 12 : 4;
    const pixels = scene!.pixels.slice(20 * 32, 20 * 32 + height * width * channels);
    const weights = initialWeights(SPEC, channels, 2), groups = [{ count: 1, height, width }];
    const encoder = await openEncoder(
      SPEC,
      channels,
      groups,
      weights,
      quantisationSteps(SPEC, channels, weights),
    );
    const view = (of: Uint8Array) => ({ pixels: of, height, width });
    const ranks = ranksOf(encoder, view(pixels), channels);
    const apply = (x: Uint8Array) => applyRanks(encoder, view(x), channels, ranks);
    assertEquals(apply(pixels), pixels);
    // symbols in the order of coding: green, red, blue in each pixel
    const order = Array.from(pixels, (_, i) => channels === 1 ? i : i - i % 3 + [1, 0, 2][i % 3]!);
    const right = (x: Uint8Array) => order.findIndex((i) => x[i] !== pixels[i]);
    let x: Uint8Array = new Uint8Array(pixels.length), prefix = right(x), rounds = 0;
    while (prefix >= 0) {
      x = apply(x);
      rounds++;
      const longer = right(x);
      assert(longer < 0 || longer > prefix, `${prefix} symbols right, then ${longer}`);
      prefix = longer;
    }
    assert(rounds > 1 && rounds <= pixels.length, `${rounds} rounds`);
  });
}
