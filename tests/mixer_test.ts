/** Mixing (lib/decoder/assembly/mixer.ts): other predictors make colour shorter, at any size, and drawing goes on. */
import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { type Dataset, datasetOf, images, type ImageView } from "../lib/image/dataset.ts";
import { bitsOf, modelOf } from "../lib/image/model.ts";
import { mixes } from "../lib/image/spec.ts";
import { pipe } from "../lib/pipeline.ts";
import { random } from "../lib/random.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { smallSpec } from "./small_spec.ts";

/** Pictures of waves with edges whose three planes go along, each with some noise of its own. */
function pictures(sizes: readonly (readonly [number, number])[], channels: 1 | 3 = 3): Dataset {
  const rnd = random(1, "mixed");
  const made = sizes.map(([height, width]): ImageView => {
    const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => {
      const x = Math.floor(i / channels) % width, y = Math.floor(i / channels / width);
      const edge = (x + 2 * y) % 40 < 20 ? 60 : 0;
      return 100 + 40 * Math.sin(x / 9 + y / 5) + edge * (1 + i % channels / 4) + rnd.below(6);
    });
    return { height, width, pixels };
  });
  const provenance = { source: "computed", licence: "MIT", citation: "for this test" };
  return datasetOf(made, { name: "mixed", channels, provenance });
}

Deno.test("mixing makes the code of colour shorter with the same weights; what is drawn has its own statistics", async () => {
  const set = pictures([[96, 128], [64, 64]]), backend = await openBackend("wasm");
  const training = compress({ steps: 300, exactly: true, threads: 1 });
  const { output } = await pipe(features({ width: 16, mixing: true }), training).run(set, contextOf(1));
  await backend.close();
  await output.verify(set);
  const model = await modelOf(output.bytes), sum = (bits: Float64Array) => bits.reduce((a, b) => a + b, 0);
  assert(mixes(model.spec));
  const mixed = sum(await bitsOf(model, set));
  const alone = sum(await bitsOf({ ...model, spec: { ...model.spec, mixing: false } }, set));
  assert(mixed < 0.99 * alone, `${mixed} bits against ${alone}`);
  const bits: number[] = [];
  for (const temperature of [0.4, 1]) {
    bits.push(sum(await bitsOf(model, await output.generate(2, 3, { temperature }))));
  }
  assert(bits[0]! < bits[1]!, `${bits}`);
  // Nothing is learnt from what is drawn: the last of many is no noisier than the first.
  const drawn = [...images(await output.generate(12, 3, { temperature: 0.8 }))].map(roughness);
  const data = roughness([...images(set)][0]!);
  assert(Math.max(...drawn) < 3 * data, `${drawn} against ${data}`);
});

/** Mean difference of a value from the one on its left. */
function roughness({ pixels }: ImageView): number {
  let sum = 0;
  for (let i = 3; i < pixels.length; i++) sum += Math.abs(pixels[i]! - pixels[i - 3]!);
  return sum / (pixels.length - 3);
}

Deno.test("mixing is for raster order with a local fit, where it is asked for", async () => {
  const context = contextOf(1), colour = pictures([[8, 8]]), gray = pictures([[8, 8]], 1);
  const planned = async (set: Dataset, options: Parameters<typeof features>[0] = {}) =>
    mixes((await features(options).run(set, context)).spec);
  assertEquals(
    [
      await planned(colour),
      await planned(colour, { mixing: true }),
      await planned(gray, { mixing: true }),
      await planned(colour, { mixing: true, leastSquares: false }),
    ],
    [false, true, true, false],
  );
  const { output } = await pipe(features({ mixing: true }), hierarchy({ order: "pyramid" })).run(
    colour,
    context,
  );
  assert(output.spec.scales > 1 && output.spec.mixing === undefined);
  assert(!mixes(smallSpec({ mixing: true })) && mixes(smallSpec({ mixing: true, attention: "patches" })));
});
