/** What the model says of a symbol, and X = f(W, R, X) made of it. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { images, type ImageView } from "../lib/image/dataset.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { type Encoder, openEncoder } from "../lib/image/encoder.ts";
import { applyRanks, ranksOf } from "../notebooks/experiments/networks/fixed_point.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { cellSize, layers, type ModelSpec } from "../lib/image/spec.ts";
import { type Random, random } from "../lib/random.ts";

const SPEC: ModelSpec = smallSpec({ width: 4, blocks: 0 });
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
  const four = [0, 1, 2, 3], shares = four.map((i) => Math.exp(Math.max(-80, Math.min(80, outputs[i]!))));
  const all = shares.reduce((a, b) => a + b);
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

/** Models whose distributions are looked up: raster and pyramid, with and without what adapts to an image. */
const MODELS: readonly { readonly name: string; readonly spec: ModelSpec }[] = [
  { name: "raster", spec: SPEC },
  { name: "raster, least squares", spec: { ...SPEC, leastSquares: true } },
  { name: "raster, attention", spec: { ...SPEC, attention: "patches" } },
  { name: "pyramid", spec: { ...SPEC, scales: 3 } },
  { name: "pyramid in cells, least squares", spec: { ...SPEC, scales: 2, grid: 2, leastSquares: true } },
  {
    name: "pyramid, a predictor for each scale, attention",
    spec: { ...SPEC, scales: 4, shareScales: false, attention: "patches" },
  },
];

async function opened(spec: ModelSpec, channels: 1 | 3, height: number, width: number) {
  const weights = initialWeights(spec, channels, 1), groups = [{ count: 1, height, width }];
  return await openEncoder(spec, channels, groups, weights, quantisationSteps(spec, channels, weights));
}

/** Codes all scales of an image; returns the probability of every symbol. */
function encoded(
  encoder: Encoder,
  { scales }: ModelSpec,
  { pixels, height, width }: ImageView,
): Float32Array {
  let probabilities: Float32Array = new Float32Array();
  for (let s = 0; s < scales; s++) probabilities = encoder.encodeScale(pixels, height, width, s);
  return probabilities.slice();
}

/** Where a symbol's channel comes in its pixel's code: green, red, blue. */
const POSITION = [1, 0, 2];

/** The pass in which each pixel is coded. */
function passAt(pixel: number, width: number, scales: number): number {
  const y = Math.floor(pixel / width), x = pixel % width;
  let scale = 0; // the first whose lattice has the pixel
  while (y % 2 ** (scales - 1 - scale) || x % 2 ** (scales - 1 - scale)) scale++;
  const centre = y >> (scales - 1 - scale) & x >> (scales - 1 - scale) & 1;
  return scale === 0 ? 0 : 2 * scale - centre;
}

/** The symbols of an image in the order of coding: pass after pass, row after row, green, red, blue in each pixel. */
function codingOrder(height: number, width: number, channels: 1 | 3, scales: number): number[] {
  return Array.from({ length: height * width }, (_, p) => ({ p, pass: passAt(p, width, scales) }))
    .sort((a, b) => a.pass - b.pass || a.p - b.p)
    .flatMap(({ p }) => channels === 1 ? [p] : [1, 0, 2].map((c) => 3 * p + c));
}

/**
 * What `assembly/symbol.ts` makes of a distribution, by its definition: the probability of eight decisions, each with its
 * logit times a sharpness that starts at 1 in every pass and makes steps of 0.01 along the gradient. Call it in the
 * order of coding.
 */
function sharpeningOf(width: number, channels: 1 | 3, scales: number) {
  let sharpness = [1, 1, 1], pass = -1;
  const share = (p: number) => Math.max(1, Math.min(65535, Math.trunc(p * 65536) || 0)) / 65536;
  return (below: Float32Array, symbol: number, index: number): number => {
    const own = passAt(Math.floor(index / channels), width, scales), c = index % channels;
    if (own !== pass) [sharpness, pass] = [[1, 1, 1], own];
    let from = 0, probability = 1;
    for (let size = 128; size >= 1; size >>= 1) {
      const [low, middle, high] = [below[from]!, below[from + size]!, below[from + 2 * size]!];
      const zero = share(Math.fround(middle - low) / Math.fround(high - low));
      const logit = Math.log(zero / (1 - zero)), sharp = 1 / (1 + Math.exp(-sharpness[c]! * logit));
      const bit = symbol >= from + size ? 1 : 0;
      sharpness[c]! += 0.01 * logit * (1 - bit - sharp);
      probability *= bit ? 1 - share(sharp) : share(sharp);
      from += bit * size;
    }
    return probability;
  };
}

for (const { name, spec } of MODELS) {
  for (const channels of [1, 3] as const) {
    Deno.test(`what is looked up is what the code is made with, image after image: ${name}, ${channels} channels`, async () => {
      const height = 11, width = 13, rnd = random(3, name);
      const encoder = await opened({ ...spec, width: 8, blocks: 2 }, channels, height, width),
        seen: string[] = [];
      for (let image = 0; image < 3; image++) {
        const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => {
          return 128 + 100 * Math.sin(i / 17) + rnd.below(20);
        });
        encoder.loadImage(pixels, height, width); // before it is coded: its own symbols are not among the earlier ones
        const probabilities = encoded(encoder, spec, { pixels, height, width });
        const sharpen = sharpeningOf(width, channels, spec.scales);
        for (const i of codingOrder(height, width, channels, spec.scales)) {
          const pixel = Math.floor(i / channels), k = channels === 1 ? 0 : POSITION[i % 3]!;
          const below = encoder.distribution(Math.floor(pixel / width), pixel % width, k);
          const p = sharpen(below, pixels[i]!, i);
          assertAlmostEquals(probabilities[i]! / p, 1, 2e-2 + 2e-6 / p, `image ${image}, symbol ${i}`);
        }
        encoder.loadImage(pixels, height, width);
        seen.push(encoder.distribution(7, 7, 0).join());
        encoder.loadImage(pixels, height, width);
        assertEquals(encoder.distribution(7, 7, 0).join(), seen.at(-1), "looking changes nothing");
      }
      assertEquals(new Set(seen).size, 3);
    });
  }
}

for (const { name, spec } of MODELS) {
  for (const channels of [1, 3] as const) {
    Deno.test(`X = f(W, R, X): the image is the fixed point, from a blank image at least a symbol nearer each time: ${name}, ${channels} channels`, async () => {
      const [earlier, scene] = images(drawScenes({ take: 2 })), height = 6, width = channels === 1 ? 12 : 4;
      const view = (of: Uint8Array): ImageView => ({ pixels: of, height, width });
      const size = height * width * channels, pixels = scene!.pixels.slice(20 * 32, 20 * 32 + size);
      const encoder = await opened(spec, channels, height, width);
      encoded(encoder, spec, view(earlier!.pixels.slice(0, size)));
      const ranks = ranksOf(encoder, view(pixels), channels);
      const apply = (x: Uint8Array) => applyRanks(encoder, view(x), channels, ranks);
      assertEquals(apply(pixels), pixels);
      const order = codingOrder(height, width, channels, spec.scales);
      assertEquals(order.toSorted((a, b) => a - b), Array.from(pixels, (_, i) => i));
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
}
