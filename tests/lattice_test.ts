/** Colours on the lattices of decoded JPEG and PhotoCD: recognised, coded in luma and chroma, and exact again. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { completeImages } from "../scripts/laboratory/complete.ts";
import { packageFolder } from "../scripts/laboratory/sets/package.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { type Dataset, datasetOf, images, type ImageView } from "../lib/image/dataset.ts";
import { decoderFor } from "../lib/image/decoders.ts";
import {
  coefficientsOf,
  FORMULA_NAMES,
  type FormulaName,
  type Lattice,
  latticeOf,
  planeFinder,
  planesBy,
} from "../lib/image/lattice.ts";
import { decodeImage } from "../lib/image/image_file.ts";
import { crop } from "../lib/image/raster.ts";
import { bitsOf, modelOf } from "../lib/image/model.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { checkSpec, type ModelSpec } from "../lib/image/spec.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { MdlError } from "../lib/errors.ts";
import { type Program, programFrom } from "../lib/program/program.ts";
import { type Random, random } from "../lib/random.ts";
import { pipe } from "../lib/pipeline.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { smallSpec } from "./small_spec.ts";

const BOTH: Lattice = { JFIF: 200, PhotoCD: 40 };

function setOf(pictures: readonly ImageView[]): Dataset {
  const provenance = { source: "computed", licence: "MIT", citation: "for this test" };
  return datasetOf(pictures, {
    name: "colours",
    channels: 3,
    provenance,
  });
}

/** The colour of Y, C1, C2 by a formula, in double precision, where that is not at the edge of a whole number. */
function colourOf(name: FormulaName, [Y, C1, C2]: readonly [number, number, number]): readonly number[] {
  const [m, n, a, o, ...rest] = coefficientsOf(name), u = C1 - m!, v = C2 - n!;
  return [0, 1, 2].map((k) => {
    const [c, d, e, f] = rest.slice(4 * k) as [number, number, number, number];
    const x = a! * Y + o! + c * Math.floor(d * u) + e * Math.floor(f * v);
    return Math.max(0, Math.min(255, Math.floor(Math.fround(x))));
  });
}

/** The colours of planes in which C1 is in red's place, Y in green's, C2 in blue's. */
function colours(planes: Uint8Array, name: FormulaName): Uint8Array {
  const found = new Uint8Array(planes.length);
  for (let at = 0; at < planes.length; at += 3) {
    const [c1, y, c2] = planes.subarray(at, at + 3);
    found.set(colourOf(name, [y!, c1!, c2!]), at);
  }
  return found;
}

/** A picture with edges and noise in luma and chroma, of all brightnesses, some of it cut off. */
function planesPicture(rnd: Random, height: number, width: number): (readonly [number, number, number])[] {
  return Array.from({ length: height * width }, (_, i) => {
    const x = i % width, y = Math.floor(i / width);
    const wave = (period: number, depth: number) =>
      128 + depth * Math.sin((x + 2 * y) / period) + rnd.below(9);
    return [wave(7, 90), wave(9, 40), wave(5, 40)].map((v) => Math.max(0, Math.min(255, Math.round(v)))) as [
      number,
      number,
      number,
    ];
  });
}

function onLattice(rnd: Random, name: FormulaName, height: number, width: number): ImageView {
  const planes = planesPicture(rnd, height, width);
  return { height, width, pixels: Uint8Array.from(planes.flatMap((plane) => colourOf(name, plane))) };
}

const noise = (rnd: Random, height: number, width: number): ImageView => ({
  height,
  width,
  pixels: Uint8Array.from({ length: 3 * height * width }, () => [0, 255, rnd.below(256)][rnd.below(3)]!),
});

async function program(
  set: Dataset,
  spec: ModelSpec,
  formula?: number,
): Promise<{ readonly program: Program; readonly payload: number; readonly estimated: number }> {
  checkSpec(spec);
  const weights = initialWeights(spec, 3, 1), steps = quantisationSteps(spec, 3, weights);
  const find = formula === undefined ? undefined : planesBy(spec.lattice!, formula);
  const code = await encodeTwoPart(set, spec, weights, steps, contextOf(1), find);
  const record = { dataset: set.name, model: spec };
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    program: programFrom(set, { ...code, decoder: await decoderFor(spec) }, record),
    payload: sum(code.payloads.map(({ bytes }) => bytes.length)),
    estimated: sum(code.payloads.map(({ estimatedBits }) => estimatedBits! / 8)),
  };
}

for (const scales of [1, 3]) {
  for (const formula of [-1, 0, 1]) {
    Deno.test(`any colours come back, whatever formula they are coded by: ${formula}, ${scales} scales`, async () => {
      const rnd = random(formula + 1, "lattice"),
        spec = smallSpec({ lattice: BOTH, scales, leastSquares: scales > 1 });
      const set = setOf([
        onLattice(rnd, "JFIF", 9, 13),
        onLattice(rnd, "PhotoCD", 9, 13),
        noise(rnd, 5, 7),
        noise(rnd, 1, 1),
        { height: 2, width: 2, pixels: new Uint8Array(12).fill(255) },
      ]);
      const made = await program(set, spec, formula);
      assertEquals((await made.program.verify(set)).symbols, set.symbols.length);
      assert(
        Math.abs(made.payload - made.estimated) < 0.03 * made.payload + 16,
        `${made.payload} ${made.estimated}`,
      );
    });
  }
}

Deno.test("planes are sources of their colours, also where those are cut", () => {
  const rnd = random(1, "sources");
  FORMULA_NAMES.forEach((name, formula) => {
    const lattice = Object.fromEntries(FORMULA_NAMES.map((known) => [known, 100]));
    const { pixels } = onLattice(rnd, name, 40, 50),
      found = colours(planesBy(lattice, formula)(pixels).pixels, name);
    assert(pixels.filter((value) => value % 255 === 0).length > 100);
    const off = pixels.filter((value, i) => value !== found[i]).length;
    assert(off < 0.005 * pixels.length, `${name}: ${off}`); // what is cut far off has its source far away
  });
});

/** Corners of two photos as they came out of a JPEG decoder. */
async function photographed(): Promise<Dataset> {
  const folder = `${await packageFolder("tabler-ui@0.0.34")}/dist/demo/photos`, pictures: ImageView[] = [];
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith("-1500.jpg")
  );
  for (const file of files.sort().slice(2, 4)) {
    pictures.push(
      crop(await decodeImage(await Deno.readFile(`${folder}/${file}`), file), 700, 400, 160, 120),
    );
  }
  return setOf(pictures);
}

Deno.test("photos from a JPEG decoder lie on its lattice to the last pixel, and are shorter for it", async () => {
  const set = await photographed(), lattice = latticeOf(set);
  assertEquals(lattice, { JFIF: 255 });
  const find = planeFinder(lattice!);
  for (const { pixels } of images(set)) {
    const planes = find(pixels);
    assertEquals([planes.formula, colours(planes.pixels, "JFIF")], [0, pixels]);
  }
  const backend = await openBackend("wasm"), lengths: number[] = [];
  for (const asked of [true, false]) {
    const training = compress({ steps: 400, exactly: true, threads: 1 });
    const { output } = await pipe(features({ lattice: asked, width: 16 }), training).run(set, contextOf(1));
    await output.verify(set);
    lengths.push(output.bytes.length);
    const model = await modelOf(output.bytes), bits = await bitsOf(model, set);
    assertEquals(model.spec.lattice, asked ? lattice : undefined);
    const estimated = output.ledger.entries.find(({ name }) => name === "payload")!.estimatedBits!;
    assert(Math.abs(bits[0]! + bits[1]! - estimated) < 1e-3);
  }
  await backend.close();
  assert(lengths[0]! < 0.93 * lengths[1]!, `${lengths}`);
});

Deno.test("a pyramid's bits are those of all its scales, which formula an image has among them", async () => {
  const rnd = random(5, "bits"), lattice = { JFIF: 255 }, spec = smallSpec({ lattice, scales: 3 });
  const set = setOf([noise(rnd, 20, 20), onLattice(rnd, "JFIF", 9, 13), noise(rnd, 20, 20)]);
  const find = planeFinder(lattice), formulas = [...images(set)].map(({ pixels }) => find(pixels).formula);
  assertEquals(formulas, [-1, 0, -1], "a formula that nearly all images have: to have none takes a byte");
  const weights = initialWeights(spec, 3, 1), steps = quantisationSteps(spec, 3, weights);
  const { payloads } = await encodeTwoPart(set, spec, weights, steps, contextOf(1));
  const bits = await bitsOf({ spec, channels: 3, weights, steps }, set);
  const estimated = payloads.reduce((sum, { estimatedBits }) => sum + estimatedBits!, 0);
  assertAlmostEquals(bits.reduce((sum, more) => sum + more), estimated, 1e-3);
});

Deno.test("a lattice is asked for where enough images lie on it, and only there", async () => {
  const rnd = random(3, "asked"), context = contextOf(1), photo = await photographed();
  const gray = { height: 128, width: 128, pixels: new Uint8Array(3 * 128 * 128).fill(77) };
  const off = Array.from({ length: 40 }, () => noise(rnd, 20, 20)), set = setOf([...images(photo)]);
  assertEquals((await features().run(set, context)).spec.lattice, { JFIF: 255 });
  assertEquals((await features({ lattice: false }).run(set, context)).spec.lattice, undefined);
  for (const without of [setOf([gray, gray]), setOf(off), setOf([...off, ...images(photo)])]) {
    assertEquals((await features().run(without, context)).spec.lattice, undefined);
  }
  // what has too few colours goes with the others, and what is off stays as it is
  const find = planeFinder({ JFIF: 128 }), seldom = planeFinder({ JFIF: 127 });
  assertEquals([find, seldom].map((of) => of(gray.pixels).formula), [0, -1]);
  assertEquals([find, seldom].map((of) => of(off[0]!.pixels).formula), [-1, -1]);
});

Deno.test("what is drawn lies on the lattice, in as many images as share it; given rows stay as they are", async () => {
  const rnd = random(4, "drawn"),
    lattice = { JFIF: 192 },
    { program: made } = await program(
      setOf([onLattice(rnd, "JFIF", 24, 24)]),
      smallSpec({ lattice }),
    );
  const lies = ({ pixels }: { readonly pixels: Uint8Array }) => {
    const found = colours(planesBy(lattice, 0)(pixels).pixels, "JFIF");
    return Number(found.every((value, i) => value === pixels[i]));
  };
  const drawn: number[] = [...images(await made.generate(80, 5))].map(lies);
  const lying = drawn.reduce((a, b) => a + b);
  assert(lying > 45 && lying < 75, `${lying} of 80`);
  const given = setOf([noise(rnd, 24, 24), onLattice(rnd, "JFIF", 24, 24)]);
  const completed = [...images(await completeImages(made.bytes, given, 7, 1))], top = 3 * 7 * 24;
  [...images(given)].forEach(({ pixels }, i) => {
    assertEquals(completed[i]!.pixels.subarray(0, top), pixels.subarray(0, top));
    assertEquals(lies({ pixels: completed[i]!.pixels.subarray(top) }), 1);
  });
});

Deno.test("a lattice that is none is refused", async () => {
  for (const lattice of [{ JFIF: 0 }, { JFIF: 256 }, { JFIF: 1.5 }, { toString: 3 }, { sRGB: 3 }, null, 7]) {
    assertThrows(() => checkSpec(smallSpec({ lattice: lattice as unknown as Lattice })), MdlError, "lattice");
  }
  const rnd = random(5, "forged"), set = setOf([onLattice(rnd, "JFIF", 8, 8)]);
  const spec = smallSpec(), weights = initialWeights(spec, 3, 1), steps = quantisationSteps(spec, 3, weights);
  const code = await encodeTwoPart(set, spec, weights, steps, contextOf(1));
  const record = { dataset: "forged", model: { ...spec, lattice: { sRGB: 1 } } };
  const forged = programFrom(set, { ...code, decoder: await decoderFor(spec) }, record);
  const error = await assertRejects(() => modelOf(forged.bytes), MdlError);
  assertEquals((error as MdlError).code, "unsupported");
});
