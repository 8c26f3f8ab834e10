/** Drawing from a program's model: temperature, completing, and the model itself taken out of the program. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Dataset, dataset, images } from "../lib/image/dataset.ts";
import { runningNames } from "../lib/items.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { openEncoder } from "../lib/image/encoder.ts";
import { MdlError } from "../lib/errors.ts";
import { completeImages } from "../scripts/laboratory/complete.ts";
import { generateImages } from "./decoding.ts";
import { bitsOf, modelOf } from "../lib/image/model.ts";
import { programOf, storedProgram } from "../lib/program/program.ts";
import { ORDERS } from "../lib/program/header.ts";
import { trainedScenes } from "./trained_scenes.ts";

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

for (const order of ORDERS) {
  Deno.test(`complete, ${order}: given rows are untouched, the rest depends on the seed, all may be given`, async () => {
    const { bytes } = await trainedScenes(order), set = drawScenes({ take: 70, seed: 9 }), top = 13 * 32;
    const [a, again, b] = [
      await completeImages(bytes, set, 13, 1),
      await completeImages(bytes, set, 13, 1),
      await completeImages(bytes, set, 13, 2),
    ];
    assertEquals([a.groups, a.sha256], [set.groups, again.sha256]);
    const [before, first, second] = [set, a, b].map((s) => [...images(s)].map(({ pixels }) => pixels));
    before!.forEach((pixels, i) => {
      assertEquals(first![i]!.subarray(0, top), pixels.subarray(0, top));
      assertEquals(second![i]!.subarray(0, top), pixels.subarray(0, top));
      assert(first![i]!.subarray(top).some((value, j) => value !== second![i]![top + j]));
    });
    assertEquals((await completeImages(bytes, set, 32, 1)).symbols, set.symbols);
  });

  Deno.test(`modelOf, ${order}: shape, steps and weights are those that were coded, and give the payload its length`, async () => {
    const made = await trainedScenes(order),
      set = drawScenes({ take: 12 }),
      model = await modelOf(made.bytes);
    const { spec, trained } = made, { channels, groups } = set;
    const encoder = await openEncoder(spec!, channels, groups, trained!.weights, trained!.quantisation);
    assertEquals([model.spec, model.channels, model.steps], [spec, 1, trained!.quantisation]);
    assertEquals([model.weights, model.weightCode], [encoder.weights, encoder.weightCode]);
    const estimated = sum(made.ledger.entries.map((entry) => entry.estimatedBits ?? 0));
    const own = sum(await bitsOf(model, set));
    assert(Math.abs(own - estimated) < 1e-3, `${own} and ${estimated}`);
  });
}

Deno.test("complete: what does not fit the program is refused in a sentence", async () => {
  const { bytes } = await trainedScenes(), set = drawScenes({ take: 2 });
  const wide = dataset({ ...set, groups: [{ count: 1, height: 32, width: 64 }], names: runningNames(1) });
  for (const [images, rows] of [[wide, 4], [set, 0], [set, 33], [set, 1.5]] as const) {
    assertEquals(
      (await assertRejects(() => completeImages(bytes, images, rows, 1), MdlError) as MdlError).code,
      "usage",
    );
  }
  const stored = await storedProgram(set, { dataset: "x" });
  await assertRejects(() => completeImages(stored.bytes, set, 4, 1), MdlError, "holds no model");
  await assertRejects(
    () => generateImages(stored.bytes, 1, 1, { temperature: 0.5 }),
    MdlError,
    "temperature",
  );
});

Deno.test("temperature: 1 is the model itself; the lower it is, the fewer bits a sample has under the model", async () => {
  const { bytes } = await trainedScenes(), model = await modelOf(bytes), bits: number[] = [];
  for (const temperature of [0.3, 0.8, 1, 1.3]) {
    bits.push(sum(await bitsOf(model, await generateImages(bytes, 20, 3, { temperature }))));
  }
  assertEquals(bits, [...bits].sort((a, b) => a - b));
  const [plain, one] = [
    await generateImages(bytes, 3, 3),
    await generateImages(bytes, 3, 3, { temperature: 1 }),
  ];
  assertEquals(plain.sha256, one.sha256);
  for (const temperature of [0, -1, NaN, 1e3]) {
    await assertRejects(() => generateImages(bytes, 1, 1, { temperature }), MdlError, "temperature");
  }
});

Deno.test("modelOf: golden programs have one, gray and colour, as long as its weights are laid out as now", async () => {
  for (const file of ["two_part_v1_local_1", "two_part_v1_pyramid_3"]) {
    const bytes = await Deno.readFile(new URL(`fixtures/${file}.wasm`, import.meta.url));
    const program = programOf(bytes), set: Dataset = await program.decode(), model = await modelOf(bytes);
    const payloads = program.ledger.entries.filter(({ name }) => name.startsWith("payload"));
    const bits = await bitsOf(model, set), coded = 8 * sum(payloads.map((payload) => payload.bytes));
    assertEquals(bits.length, set.names.length);
    assert(Math.abs(sum(bits) - coded) < 64 * payloads.length, `${sum(bits)} bits, ${coded} in the file`);
    const other = model.channels === 1 ? 3 : 1;
    await assertRejects(() => bitsOf({ ...model, channels: other }, set), MdlError, "The model is for");
  }
  for (const channels of [1, 3]) { // one more input
    const bytes = await Deno.readFile(new URL(`fixtures/two_part_v1_${channels}.wasm`, import.meta.url));
    const error = await assertRejects(() => modelOf(bytes), MdlError, "of another version of MDLab");
    assertEquals((error as MdlError).code, "unsupported");
  }
  const stored = await storedProgram(drawScenes({ take: 1 }), { dataset: "x" });
  await assertRejects(() => modelOf(stored.bytes), MdlError, "stores its data");
});
