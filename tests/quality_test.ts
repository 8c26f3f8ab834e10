import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { meanSquaredError, psnr } from "../scripts/laboratory/quality/psnr.ts";
import { qualityOf } from "../scripts/laboratory/quality/quality.ts";
import { ssim } from "../scripts/laboratory/quality/ssim.ts";
import { random } from "../lib/random.ts";
import { picture } from "./picture.ts";

const flat = (value: number) => picture(12, 14, 1, () => value);

Deno.test("PSNR: a constant shift of d is 20 log₁₀(255 / d) dB, and equal symbols are infinitely alike", () => {
  const { pixels } = picture(20, 11, 3, (x, y, c) => 10 * c + 3 * x + 7 * y);
  for (const d of [1, 2, 5, 17, 51]) {
    assertAlmostEquals(psnr(pixels, pixels.map((v) => v + d)), 20 * Math.log10(255 / d), 1e-12);
  }
  assertEquals(psnr(pixels, pixels), Infinity);
  assertEquals(meanSquaredError([0, 10], [3, 6]), (9 + 16) / 2);
  for (const other of [[], [1]]) {
    assertEquals(assertThrows(() => psnr(pixels, other), MdlError).code, "usage");
  }
});

Deno.test("SSIM of two flat pictures is the paper's luminance term alone", () => {
  const c1 = 2.55 ** 2;
  for (const [a, b] of [[0, 255], [100, 101], [17, 200]] as const) {
    assertAlmostEquals(ssim(flat(a), flat(b)), (2 * a * b + c1) / (a * a + b * b + c1), 1e-9);
  }
});

Deno.test("SSIM is symmetric, in [−1, 1], 1 for equal pictures, and falls with the noise", () => {
  const { below, normal } = random(3, "ssim");
  for (let round = 0; round < 20; round++) {
    const width = 11 + below(9), height = 11 + below(9), channels = below(2) ? 3 : 1;
    const a = picture(width, height, channels, () => below(256));
    const b = picture(width, height, channels, () => below(256));
    assertAlmostEquals(ssim(a, a), 1, 1e-12);
    assertAlmostEquals(ssim(a, b), ssim(b, a), 1e-12);
    assert(Math.abs(ssim(a, b)) <= 1);
  }
  const clean = picture(32, 32, 1, (x, y) => 60 + 2 * x + 3 * y);
  const noisy = (amount: number) =>
    picture(32, 32, 1, (x, y) => Math.max(0, Math.min(255, 60 + 2 * x + 3 * y + amount * normal())));
  const similarities = [1, 4, 16, 64].map((amount) => ssim(clean, noisy(amount)));
  assertEquals(similarities, [...similarities].sort((a, b) => b - a));
});

/** The definition, window by window, with the weights of both directions multiplied out. */
function byDefinition(a: Raster, b: Raster): number {
  const weight = (x: number, y: number) => Math.exp(-((x - 5) ** 2 + (y - 5) ** 2) / (2 * 1.5 ** 2));
  let sum = 0, windows = 0;
  for (let top = 0; top + 11 <= a.height; top++) {
    for (let left = 0; left + 11 <= a.width; left++, windows++) {
      const samples: { w: number; p: number; q: number }[] = [];
      for (let y = 0; y < 11; y++) {
        for (let x = 0; x < 11; x++) {
          const at = (top + y) * a.width + left + x;
          samples.push({ w: weight(x, y), p: a.pixels[at]!, q: b.pixels[at]! });
        }
      }
      const all = samples.reduce((n, { w }) => n + w, 0);
      const mean = (of: (s: typeof samples[0]) => number) =>
        samples.reduce((n, s) => n + s.w * of(s), 0) / all;
      const p = mean((s) => s.p), q = mean((s) => s.q);
      const vp = mean((s) => (s.p - p) ** 2), vq = mean((s) => (s.q - q) ** 2);
      const cov = mean((s) => (s.p - p) * (s.q - q)), c1 = 6.5025, c2 = 58.5225;
      sum += (2 * p * q + c1) * (2 * cov + c2) / ((p * p + q * q + c1) * (vp + vq + c2));
    }
  }
  return sum / windows;
}

Deno.test("SSIM agrees with its definition computed window by window", () => {
  const { below } = random(4, "definition");
  for (let round = 0; round < 5; round++) {
    const a = picture(11 + below(4), 13, 1, () => below(256));
    const b = { ...a, pixels: a.pixels.map((v) => v + below(30)) };
    assertAlmostEquals(ssim(a, b), byDefinition(a, b), 1e-9);
  }
});

Deno.test("SSIM agrees with scikit-image 0.26.0 (Gaussian weights, population covariance), gray and colour", () => {
  const texture = (channels: 1 | 3, k: number) =>
    picture(23, 17, channels, (x, y, c) => 3 * x + 5 * y + 40 * c + k * (x * y % 7));
  assertAlmostEquals(ssim(texture(1, 1), texture(1, 3)), 0.9279705495921905, 1e-10);
  assertAlmostEquals(ssim(texture(3, 1), texture(3, 3)), 0.9289629320427003, 1e-10);
});

Deno.test("quality of a set: PSNR over all its symbols, SSIM as the mean over its images", () => {
  const symbols = new Uint8Array(2 * 16 * 16).map((_, i) => i * 37), changed = symbols.slice();
  for (let i = 0; i < 256; i++) changed[i] = symbols[i]! ^ 8; // the first image only
  const set = { channels: 1, groups: [{ count: 2, height: 16, width: 16 }] } as const;
  const { psnr: measured, ssim: similarity } = qualityOf({ ...set, symbols }, { ...set, symbols: changed });
  assertAlmostEquals(measured, 10 * Math.log10(255 ** 2 / 32), 1e-9);
  const first = (pixels: Uint8Array): Raster => ({
    width: 16,
    height: 16,
    channels: 1,
    pixels: pixels.subarray(0, 256),
  });
  assertAlmostEquals(similarity, (ssim(first(symbols), first(changed)) + 1) / 2, 1e-12);
  assertEquals(qualityOf({ ...set, symbols }, { ...set, symbols }), { psnr: Infinity, ssim: 1 });
});

Deno.test("pictures of other shapes, or smaller than the window, are refused", () => {
  const small = picture(10, 20, 1, () => 0);
  for (const [a, b] of [[small, small], [flat(0), picture(14, 12, 1, () => 0)]] as const) {
    assertEquals(assertThrows(() => ssim(a, b), MdlError).code, "usage");
  }
  const set = {
    channels: 1,
    groups: [{ count: 1, height: 12, width: 12 }],
    symbols: new Uint8Array(144),
  } as const;
  const other = { ...set, groups: [{ count: 1, height: 16, width: 9 }] };
  assertEquals(assertThrows(() => qualityOf(set, other), MdlError).code, "usage");
});
