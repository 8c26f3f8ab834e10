import { assertEquals, assertThrows } from "@std/assert";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { crop, type Raster, resize, toGray } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { preprocess } from "../lib/stages/preprocess.ts";
import { describeLoss, transform } from "../lib/image/transform.ts";

const { below } = random(11, "preprocess test");

function noise(width: number, height: number, channels: 1 | 3): Raster {
  return {
    width,
    height,
    channels,
    pixels: Uint8Array.from({ length: width * height * channels }, () => below(256)),
  };
}

function noiseSet(count: number, side: number): Dataset {
  return datasetOf(Array.from({ length: count }, () => noise(side, side, 3)), {
    name: "noise",
    channels: 3,
    provenance: { source: "computed", licence: "MIT", citation: "for this test" },
    tiling: { columns: 2, rows: 1 },
  });
}

/** One target pixel by the definition: every source pixel, weighted with its overlap, in whole numbers of any size. */
function meanOf(
  source: Raster,
  width: number,
  height: number,
  x: number,
  y: number,
  channel: number,
): number {
  const overlap = (i: number, targets: number, j: number, sources: number) =>
    BigInt(Math.max(0, Math.min((i + 1) * sources, (j + 1) * targets) - Math.max(i * sources, j * targets)));
  let sum = 0n;
  for (let sy = 0; sy < source.height; sy++) {
    for (let sx = 0; sx < source.width; sx++) {
      const weight = overlap(x, width, sx, source.width) * overlap(y, height, sy, source.height);
      sum += weight * BigInt(source.pixels[(sy * source.width + sx) * source.channels + channel]!);
    }
  }
  const area = BigInt(source.width * source.height);
  return Number((2n * sum + area) / (2n * area));
}

Deno.test("resize equals its definition, down and up, for random shapes", () => {
  for (let round = 0; round < 40; round++) {
    const source = noise(1 + below(12), 1 + below(12), below(2) === 0 ? 1 : 3);
    const width = 1 + below(15), height = 1 + below(15), result = resize(source, width, height);
    const expected = Uint8Array.from({ length: width * height * source.channels }, (_, i) => {
      const pixel = Math.floor(i / source.channels);
      return meanOf(source, width, height, pixel % width, Math.floor(pixel / width), i % source.channels);
    });
    assertEquals(result, { width, height, channels: source.channels, pixels: expected });
  }
});

Deno.test("resize: enlarging by whole factors and reducing again is the identity", () => {
  for (let round = 0; round < 20; round++) {
    const source = noise(1 + below(9), 1 + below(9), 3);
    const large = resize(source, source.width * (1 + below(4)), source.height * (1 + below(4)));
    assertEquals(resize(large, source.width, source.height), source);
  }
});

Deno.test("gray: a colourless pixel keeps its value, the primaries get the weights of ITU-R 601", () => {
  const ramp = Uint8Array.from({ length: 3 * 256 }, (_, i) => Math.floor(i / 3));
  const gray = toGray({ width: 256, height: 1, channels: 3, pixels: ramp });
  assertEquals([...gray.pixels], Array.from({ length: 256 }, (_, v) => v));
  const primaries = new Uint8Array([255, 0, 0, 0, 255, 0, 0, 0, 255]);
  assertEquals([...toGray({ width: 3, height: 1, channels: 3, pixels: primaries }).pixels], [76, 150, 29]);
  assertEquals(toGray(gray), gray);
});

Deno.test("crop takes the pixels of its rectangle", () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => i); // 4 × 3
  assertEquals([...crop({ width: 4, height: 3, channels: 1, pixels }, 1, 1, 2, 2).pixels], [5, 6, 9, 10]);
});

Deno.test("transform: options survive JSON, and repeat the same symbols", () => {
  const set = noiseSet(6, 16), options = { take: 4, gray: true, size: { width: 4, height: 8 } };
  const once = transform(set, options), again = transform(set, JSON.parse(JSON.stringify(options)));
  assertEquals(again, once);
  assertEquals([once.channels, once.groups, once.tiling], [
    1,
    [{ count: 4, width: 4, height: 8 }],
    { columns: 2, rows: 1 },
  ]);
  assertEquals(transform(once, options), once);
});

Deno.test("transform: without options the set itself; senseless options are refused", () => {
  const set = noiseSet(2, 3);
  assertEquals(transform(set, {}) === set, true);
  for (const options of [{ take: 0 }, { take: 1.5 }, { size: { width: -1, height: 2 } }]) {
    assertEquals(assertThrows(() => transform(set, options), MdlError).code, "usage");
  }
});

Deno.test("the stage says what it does, and logs what it discards", async () => {
  const off = preprocess(), on = preprocess({ take: 100, gray: true, size: { width: 4, height: 4 } });
  assertEquals([off.active, off.summary], [false, "off"]);
  assertEquals([on.active, on.summary], [true, "the first 100 images, gray, 4×4 pixels"]);
  const lines: string[] = [], set = noiseSet(100, 16);
  const result = await on.run(set, {
    seed: 1,
    random: (label) => random(1, label),
    signal: new AbortController().signal,
    progress: () => {},
    log: (line) => void lines.push(line),
  });
  const images = "100 images of 16×16 pixels in colour → 100 images of 4×4 pixels in gray";
  assertEquals(lines, [`${images}: 76,800 → 1,600 bytes before coding`]);
  assertEquals(describeLoss(set, result), lines[0]);
});
