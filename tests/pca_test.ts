import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  integerDecoder,
  integerEncoder,
  LARGEST_INTEGER,
} from "../scripts/laboratory/coding/integer_code.ts";
import { dot, type Images, principalComponents, project } from "../notebooks/experiments/pca/pca.ts";
import { decodePca, encodePca } from "../notebooks/experiments/pca/pca_file.ts";
import { MdlError } from "../lib/errors.ts";
import { psnr } from "../scripts/laboratory/quality/psnr.ts";
import { random } from "../lib/random.ts";

Deno.test("integers of any size come back from their code, whatever their contexts", () => {
  const { below, normal } = random(5, "integers");
  for (let round = 0; round < 40; round++) {
    const spread = 2 ** below(16), count = below(400);
    const values = Array.from({ length: count }, () => {
      const edge = [0, 1, -1, LARGEST_INTEGER, -LARGEST_INTEGER][below(60)];
      return edge ?? Math.round(spread * normal());
    });
    const encoder = integerEncoder();
    values.forEach((v, i) => encoder.put(v, i % 3));
    const next = integerDecoder(encoder.end());
    assertEquals(values.map((_, i) => next(i % 3)), values);
  }
});

Deno.test("the integer code comes within a few per cent of the entropy that it has to learn", () => {
  const { uniform } = random(6, "geometric"), share = 0.8, count = 50_000; // P(v) ∝ share^|v|
  const encoder = integerEncoder();
  let entropy = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.floor(Math.log(1 - uniform()) / Math.log(share)),
      value = uniform() < 0.5 ? -size : size;
    entropy -= Math.log2((1 - share) * share ** size * (size ? 0.5 : 1));
    encoder.put(value || 0, 0);
  }
  const bits = 8 * encoder.end().length;
  assert(bits > 0.995 * entropy && bits < 1.04 * entropy, `${bits} bits for an entropy of ${entropy}`);
  const zeros = integerEncoder();
  for (let i = 0; i < count; i++) zeros.put(0, 0);
  assert(zeros.end().length < count / 1000);
});

/** Images that are sums of a few patterns, with a little noise. */
function patterns(count: number, side: number, rank: number, noise: number, channels: 1 | 3 = 1): Images {
  const { normal } = random(count + rank, "patterns"), size = side * side * channels;
  const shapes = Array.from({ length: rank }, () => Float64Array.from({ length: size }, normal));
  const symbols = new Uint8ClampedArray(count * size);
  for (let n = 0; n < count; n++) {
    const weights = shapes.map(() => 12 * normal());
    for (let d = 0; d < size; d++) {
      symbols[n * size + d] = 128 + noise * normal() +
        shapes.reduce((sum, s, k) => sum + s[d]! * weights[k]!, 0);
    }
  }
  return {
    groups: [{ count, height: side, width: side }],
    channels,
    symbols: new Uint8Array(symbols.buffer),
  };
}

for (
  const [name, set] of Object.entries({
    "fewer images than symbols": patterns(20, 8, 3, 1),
    "more images than symbols": patterns(90, 6, 3, 1),
    "in colour": patterns(30, 5, 3, 1, 3),
  })
) {
  Deno.test(`components, ${name}: orthonormal, the strongest first, and all of them together rebuild the images`, () => {
    const components = principalComponents(set), { basis, strengths, mean, count, size } = components;
    basis.forEach((a, i) => basis.forEach((b, j) => assertAlmostEquals(dot(a, b), Number(i === j), 1e-6)));
    assertEquals([...strengths], [...strengths].sort((a, b) => b - a));
    const all = project(components, set, basis.length);
    strengths.forEach((s, k) => {
      const column = Array.from({ length: count }, (_, n) => all[n * basis.length + k]!);
      assertAlmostEquals(Math.hypot(...column) / s, 1, 1e-6);
    });
    for (let n = 0; n < count; n++) {
      for (let d = 0; d < size; d++) {
        const value = basis.reduce((sum, b, k) => sum + b[d]! * all[n * basis.length + k]!, mean[d]!);
        assertAlmostEquals(value, set.symbols[n * size + d]!, 1e-4);
      }
    }
    assert(strengths[2]! > 5 * strengths[3]!, "three patterns are three components");
  });

  Deno.test(`a file, ${name}: with all components and fine steps it gives every symbol back`, () => {
    const components = principalComponents(set);
    const file = encodePca(set, components, { dimensions: components.basis.length, step: 1 / 32 });
    assertEquals(decodePca(file), set);
  });
}

Deno.test("fewer dimensions and coarser steps cost fewer bytes and lose more", () => {
  const set = patterns(60, 8, 12, 3), components = principalComponents(set);
  const measured = (dimensions: number, step: number) => {
    const file = encodePca(set, components, { dimensions, step });
    return { bytes: file.length, psnr: psnr(set.symbols, decodePca(file).symbols) };
  };
  const rising = (rows: ReturnType<typeof measured>[]) =>
    rows.every((row, i) => i === 0 || row.bytes > rows[i - 1]!.bytes && row.psnr > rows[i - 1]!.psnr);
  assert(rising([0, 2, 6, 12].map((dimensions) => measured(dimensions, 4))));
  assert(rising([64, 16, 4, 1].map((step) => measured(12, step))));
});

Deno.test("without dimensions every image is the mean image", () => {
  const set = patterns(40, 6, 2, 1), components = principalComponents(set);
  const { symbols } = decodePca(encodePca(set, components, { dimensions: 0, step: 1 }));
  symbols.forEach((v, i) => assert(Math.abs(v - components.mean[i % 36]!) <= 0.5 + 1 / 8));
});

Deno.test("equal images have no components", () => {
  const image = Uint8Array.from({ length: 36 }, (_, i) => 7 * i);
  const set = {
    groups: [{ count: 3, height: 6, width: 6 }],
    channels: 1,
    symbols: new Uint8Array([...image, ...image, ...image]),
  } as const;
  const components = principalComponents(set);
  assertEquals(components.basis.length, 0);
  assertEquals(decodePca(encodePca(set, components, { dimensions: 0, step: 1 })), set);
});

Deno.test("wrong input gets its error", () => {
  const set = patterns(20, 8, 3, 1), components = principalComponents(set);
  const code = (work: () => unknown) => assertThrows(work, MdlError).code;
  const sizes = [{ count: 1, height: 2, width: 2 }, { count: 1, height: 1, width: 4 }];
  assertEquals(
    code(() => principalComponents({ groups: sizes, channels: 1, symbols: new Uint8Array(8) })),
    "unsupported",
  );
  assertEquals(code(() => encodePca(set, components, { dimensions: 21, step: 1 })), "usage");
  assertEquals(code(() => encodePca(set, components, { dimensions: 2, step: 0 })), "usage");
  assertEquals(code(() => encodePca(set, components, { dimensions: 2, step: 1e-6 })), "usage");
  assertEquals(code(() => project(components, patterns(3, 6, 1, 1), 2)), "usage");
  const file = encodePca(set, components, { dimensions: 3, step: 1 });
  for (const part of [file.subarray(0, 10), file.subarray(0, 25), new Uint8Array(40)]) {
    assertEquals(code(() => decodePca(part)), "unreadable");
  }
  const huge = file.slice();
  huge[7] = 1; // 2²⁴ images more
  assertEquals(code(() => decodePca(huge)), "too-large");
  const ones = integerDecoder(new Uint8Array(40).fill(255));
  assertEquals(code(() => ones(0)), "damaged");
});
