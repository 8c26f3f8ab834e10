import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { contactSheet } from "../scripts/laboratory/measure/contact_sheet.ts";
import { type Dataset, dataset, images, take } from "../lib/image/dataset.ts";
import { runningNames } from "../lib/items.ts";
import manifest from "../data/datasets.json" with { type: "json" };
import { type DatasetName, datasetNames, provenanceOf } from "../scripts/laboratory/sets/manifest.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";
import { drawScenes, renderScene, type Scene, SCENE_BITS, SCENE_FIELDS } from "../lib/sources/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";

/** The first characters of the SHA-256 that each set must have: a loader, codec or resizer that changes shows here. */
const golden: readonly [name: string, images: number, first: string][] = [
  ["S1", 1000, "8bc76817246074e5"],
  ["S2", 1000, "da362006b9967121"],
  ["S3", 1000, "6bd8c376a4b67287"],
  ["noise", 1000, "0453f61e4b65e191"],
  ["scenes", 1000, "23eaa749a2f49827"],
  ["photos", 20, "32e4808451f94b9f"],
  ["native", 5, "a728bc80273c6383"],
  ["emoji", 20, "12210bc664144d20"],
  ["mnist", 100, "eda020eedcb2d9f3"],
];

for (const [name, count, first] of golden) {
  Deno.test(`the set ${name} is the one that was measured`, async () => {
    const set = await loadDataset(name, { take: count });
    assertEquals([set.name, set.names.length, set.sha256.slice(0, 16)], [name, count, first]);
    assertEquals(set.names, runningNames(count));
    const known = name as DatasetName, { shape } = manifest.sets[known];
    const { height, width } = set.groups[0]!;
    assertEquals([`${height}×${width}×${set.channels}`, set.provenance], [shape, provenanceOf(known)]);
  });
}

Deno.test("labels follow the images: S1 begins with a cat, two ships and an aeroplane; S3 takes turns", async () => {
  assertEquals((await loadDataset("S1", { take: 4 })).labels, [3, 8, 8, 0]);
  assertEquals((await loadDataset("S3", { take: 12 })).labels, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
});

Deno.test("an unknown set or a senseless take is refused", async () => {
  const unknown = await assertRejects(() => loadDataset("S9"), MdlError);
  const zero = await assertRejects(() => loadDataset("noise", { take: 0 }), MdlError);
  assertEquals([unknown.code, zero.code], ["not-found", "usage"]);
  assertEquals(datasetNames().every((name) => unknown.message.includes(name)), true);
});

/** `count` images of 2×1 pixels, image i holding the value i, tiled 3×2. */
const tiled = (count: number): Dataset =>
  dataset({
    name: "tiled",
    channels: 1,
    groups: [{ count, height: 1, width: 2 }],
    symbols: Uint8Array.from({ length: 2 * count }, (_, i) => i >> 1),
    provenance: { source: "computed", licence: "MIT", citation: "for this test" },
    labels: Array.from({ length: count }, (_, i) => i),
    tiling: { columns: 3, rows: 2 },
  });

Deno.test("take: a prefix in everything; the tiling stays only while whole pictures remain", () => {
  const set = tiled(18);
  for (let count = 1; count <= 20; count++) {
    const part = take(set, count), left = Math.min(count, 18);
    assertEquals(part.symbols, set.symbols.slice(0, 2 * left));
    assertEquals([part.names.length, part.labels!.length], [left, left]);
    assertEquals(part.tiling !== undefined, left % 6 === 0);
  }
  assertEquals(assertThrows(() => take(set, 0), MdlError).code, "empty");
});

Deno.test("contact sheet: every image is found in its cell, the rest is white", () => {
  const set = tiled(5), sheet = contactSheet(set, 3);
  assertEquals([sheet.width, sheet.height, sheet.channels], [3 * 4 + 2, 2 * 3 + 2, 1]);
  const cells = [...images(set)].map((_, n) => {
    const at = (2 + 3 * Math.floor(n / 3)) * sheet.width + 2 + 4 * (n % 3);
    return [...sheet.pixels.subarray(at, at + 2)];
  });
  assertEquals(cells, [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]);
  assertEquals(sheet.pixels.filter((v) => v === 255).length, sheet.pixels.length - 10);
});

/** Reads a scene's fields back from its picture. */
function readScene(pixels: Uint8Array): Scene {
  const at = (x: number, y: number) => pixels[32 * y + x]!;
  const places = Array.from(pixels, (value, i) => ({ value, x: i % 32, y: Math.floor(i / 32) }));
  const horizon = places.find(({ x, value }) => x === 0 && value < 80)!.y;
  const sun = places.filter(({ value }) => value >= 240), house = places.filter(({ value }) => value < 16);
  const peak = places.find(({ value }) => value >= 80 && value < 96)!;
  const left = sun.reduce((a, b) => b.x < a.x ? b : a), right = sun.reduce((a, b) => b.x > a.x ? b : a);
  const corner = house[0]!, opposite = house.at(-1)!;
  return {
    skyTop: at(0, 0) - 96,
    skyLow: at(0, horizon - 1) - 96,
    groundFar: at(0, horizon) - 16,
    groundNear: at(0, 31) - 16,
    horizon: horizon - 16,
    sunX: (left.x + right.x) / 2 - 8,
    sunY: left.y - 3,
    sunRadius: (right.x - left.x) / 2 - 1,
    sunShade: left.value - 240,
    peakX: peak.x - 6,
    peakHeight: horizon - peak.y - 2,
    peakShade: peak.value - 80,
    houseX: corner.x - 20,
    houseWidth: opposite.x - corner.x,
    houseHeight: opposite.y - corner.y,
    houseFoot: opposite.y - horizon - 2,
    houseShade: corner.value,
  };
}

Deno.test("scenes: the 64 bits of a scene can be read back from its picture", () => {
  assertEquals(SCENE_BITS, 64);
  const { uint32 } = random(9, "scenes test"), fields = Object.entries(SCENE_FIELDS);
  for (let round = 0; round < 3000; round++) {
    const extreme = (bits: number) =>
      uint32() % 4 === 0 ? (uint32() % 2) * (2 ** bits - 1) : uint32() >>> (32 - bits);
    const scene = Object.fromEntries(fields.map(([field, bits]) => [field, extreme(bits)])) as Scene;
    assertEquals(readScene(renderScene(scene)), scene);
  }
});

Deno.test("scenes: the seed picks the set, and take a prefix of it", () => {
  const ten = drawScenes({ take: 10, seed: 3 });
  assertEquals(drawScenes({ take: 4, seed: 3 }).symbols, ten.symbols.slice(0, 4 * 1024));
  assertEquals(drawScenes({ take: 10, seed: 4 }).sha256 === ten.sha256, false);
});
