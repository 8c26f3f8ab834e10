import { assert, assertEquals, assertThrows } from "@std/assert";
import { residualOf, withResidual } from "../notebooks/experiments/pca/residual.ts";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { MdlError } from "../lib/errors.ts";
import { frontier, prefixPoints } from "../notebooks/experiments/programs/rate_distortion.ts";
import { interpolated } from "../notebooks/experiments/programs/interpolate.ts";
import { coarsePictures } from "../scripts/laboratory/scales.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { compress, features, hierarchy, openBackend, pipe, sharing } from "../lib/mod.ts";

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

function drawn(
  count: number,
  width: number,
  height: number,
  channels: 1 | 3,
  value: (n: number, x: number, y: number, c: number) => number,
): Dataset {
  const pictures = Array.from({ length: count }, (_, n) => ({
    width,
    height,
    pixels: Uint8Array.from({ length: width * height * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      return value(n, pixel % width, Math.floor(pixel / width), i % channels);
    }),
  }));
  return datasetOf(pictures, { name: "drawn", channels, provenance });
}

Deno.test("interpolation keeps the known pixels and gives a plane back where it has neighbours on all sides", () => {
  const { below } = random(8, "planes");
  for (let round = 0; round < 20; round++) {
    const stride = 2 ** (1 + below(3)),
      width = 1 + stride * (1 + below(4)),
      height = 1 + stride * (1 + below(4));
    const channels = below(2) ? 3 : 1, right = below(4), down = below(4);
    const set = drawn(2, width, height, channels, (n, x, y, c) => 5 * n + right * x + down * y + 9 * c);
    assertEquals(interpolated(coarsePictures(set, stride), set.groups, stride).symbols, set.symbols);
  }
  const noise = drawn(1, 13, 10, 1, () => below(256));
  const filled = interpolated(coarsePictures(noise, 4), noise.groups, 4);
  assertEquals(coarsePictures(filled, 4).symbols, coarsePictures(noise, 4).symbols);
  const flat = drawn(1, 7, 7, 1, () => 201);
  assertEquals(interpolated(coarsePictures(flat, 4), flat.groups, 4).symbols, flat.symbols);
  const wrong = () => interpolated(coarsePictures(noise, 4), noise.groups, 2);
  assertEquals(assertThrows(wrong, MdlError).code, "usage");
});

Deno.test("an approximation and its residual give the set back, whatever the approximation", () => {
  const { below } = random(9, "residual");
  const set = drawn(3, 9, 7, 3, () => below(256)), near = drawn(3, 9, 7, 3, () => below(256));
  const residual = residualOf(set, near);
  assertEquals(withResidual(near, residual), set.symbols);
  assert(residualOf(set, set).symbols.every((v) => v === 128));
  assertEquals(residualOf(set, drawn(3, 9, 7, 3, () => 0)).symbols, set.symbols.map((v) => v + 128));
  const short = drawn(1, 2, 2, 1, () => 0);
  assertEquals(assertThrows(() => residualOf(set, short), MdlError).code, "usage");
});

Deno.test("the frontier has the points that no other one beats, the fewest bytes first", () => {
  const point = (bytes: number, psnr: number) => ({ bytes, psnr });
  const points = [
    point(100, 30),
    point(400, 36),
    point(90, 28),
    point(200, 29),
    point(400, 35),
    point(500, Infinity),
  ];
  assertEquals(frontier(points), [point(90, 28), point(100, 30), point(400, 36), point(500, Infinity)]);
});

Deno.test("a program's prefixes: more bytes, more dB; interpolating keeps more than drawing", async () => {
  const { normal } = random(2, "grain");
  const set = drawn(
    12,
    16,
    16,
    1,
    (n, x, y) => 100 + 40 * Math.sin((x + n) / 4) + 30 * Math.cos(y / 3) + 2 * normal(),
  );
  const context = contextOf(1), backend = await openBackend("auto");
  const plan = await pipe(features({ width: 8 }), sharing(), hierarchy({ order: "pyramid" })).run(
    set,
    context,
  );
  const program = await compress({ steps: 60, exactly: true }).run(plan.output, context);
  const points = await prefixPoints(set, program, context);
  await backend.close();
  const of = (fill: string) => points.filter(({ system }) => system.endsWith(fill));
  assertEquals([of("interpolated").length, of("drawn").length], [2, 2]);
  for (const fill of ["interpolated", "drawn"]) {
    const [coarse, fine] = of(fill);
    assert(coarse!.bytes < fine!.bytes && fine!.bytes < program.bytes.length && coarse!.psnr < fine!.psnr);
  }
  assert(of("interpolated")[1]!.psnr > of("drawn")[1]!.psnr);
});
