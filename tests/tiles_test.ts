/** Tiles of larger pictures (lib/image/tiles.ts): found by their edges, coded as pictures, handed out as tiles. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { type Dataset, dataset, type Tiling } from "../lib/image/dataset.ts";
import { decoderFor } from "../lib/image/decoders.ts";
import { drawImages } from "../lib/image/draw.ts";
import { bitsOf, modelOf, tilingOfProgram } from "../lib/image/model.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { tilingOf } from "../lib/image/spec.ts";
import { joined, tilingIn } from "../lib/image/tiles.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { MdlError } from "../lib/errors.ts";
import { pipe } from "../lib/pipeline.ts";
import { programFrom } from "../lib/program/program.ts";
import { random } from "../lib/random.ts";
import { attention } from "../lib/stages/attention.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { smallSpec } from "./small_spec.ts";

const provenance = { source: "computed", licence: "MIT", citation: "for this test" };

type Size = Readonly<Record<"height" | "width", number>>;

/** A value of a tile's pixel, by the place in its picture. */
type Look = (picture: number, y: number, x: number, c: number) => number;

/** The tiles of so many pictures. */
function tiles(
  pictures: number,
  { columns, rows }: Tiling,
  { height, width }: Size,
  channels: 1 | 3,
  look: Look,
) {
  const symbols: number[] = [];
  for (let picture = 0; picture < pictures; picture++) {
    for (let tile = 0; tile < columns * rows; tile++) {
      const top = Math.floor(tile / columns) * height, left = tile % columns * width;
      for (let i = 0; i < height * width * channels; i++) {
        const y = Math.floor(i / channels / width), x = Math.floor(i / channels) % width;
        symbols.push(look(picture, top + y, left + x, i % channels));
      }
    }
  }
  const groups = [{ count: pictures * columns * rows, height, width }];
  return dataset({ name: "tiles", channels, groups, symbols: Uint8Array.from(symbols), provenance });
}

/** Waves of another direction in every picture, with noise. */
function waves(seed: number): Look {
  const { below } = random(seed, "waves");
  return (picture, y, x, c) => {
    const angle = 2.4 * picture, across = x * Math.cos(angle) + y * Math.sin(angle);
    return 128 + 80 * Math.sin(across / 12 + picture) + 20 * Math.sin(y / 5 + c) + below(9);
  };
}

Deno.test("a tiling is found by the edges of the images, and none where they do not adjoin", () => {
  const rnd = random(1, "tilings");
  for (let i = 0; i < 20; i++) {
    const tiling = { columns: 1 + rnd.below(5), rows: 1 + rnd.below(5) }, channels = i % 2 ? 3 : 1;
    if (tiling.columns * tiling.rows === 1) continue;
    const size = { height: 16 + rnd.below(20), width: 16 + rnd.below(20) };
    const set = tiles(5 + rnd.below(4), tiling, size, channels, waves(i));
    assertEquals(tilingIn(set), tiling, JSON.stringify({ tiling, size }));
    assertEquals(tilingIn({ ...set, tiling: { columns: 1, rows: 1 } }), undefined);
  }
  const one = { columns: 1, rows: 1 }, size = { height: 16, width: 16 };
  assertEquals(tilingIn(tiles(24, one, size, 1, waves(1))), undefined);
  assertEquals(tilingIn(tiles(24, one, size, 3, () => rnd.below(256))), undefined);
  assertEquals(tilingIn(tiles(24, one, size, 1, () => 255)), undefined);
  assertEquals(tilingIn(tiles(1, one, size, 1, waves(1))), undefined);
  const small = tiles(6, { columns: 2, rows: 2 }, { height: 16, width: 7 }, 1, waves(1));
  assertEquals(tilingIn(small), undefined); // edges so short match by chance
  const pairs = tiles(6, { columns: 2, rows: 1 }, size, 1, waves(1)),
    last = { count: 2, height: 8, width: 32 };
  assertEquals(tilingIn(pairs), { columns: 2, rows: 1 });
  assertEquals(tilingIn(dataset({ ...pairs, groups: [{ count: 10, ...size }, last] })), undefined);
  const strip = tiles(
    1,
    { columns: 4096, rows: 1 },
    size,
    1,
    (_, y, x) => 13 * y + 30 + 30 * Math.sin(x / 40),
  );
  assertEquals(tilingIn(strip), { columns: 2048, rows: 1 }); // a side has 65,535 pixels at most
  assertEquals(tilingIn({ ...strip, tiling: { columns: 4096, rows: 1 } }), undefined);
  assertEquals(tilingIn({ ...strip, tiling: { columns: 3, rows: 1 } }), undefined);
});

Deno.test("decode(encode(x)) = x for every tiling, colour or gray, mixed or not, on a lattice or off", async () => {
  const rnd = random(2, "tiles");
  for (let i = 0; i < 24; i++) {
    const tiling = { columns: 1 + rnd.below(4), rows: 1 + rnd.below(4) }, channels = i % 2 ? 3 : 1;
    const large = i === 0 ? 200 : 0; // a picture of more bytes than a module's memory has to spare
    const size = { height: large + 1 + rnd.below(9), width: large + 1 + rnd.below(9) };
    const set = tiles(1 + rnd.below(3), tiling, size, channels, () => rnd.below(256));
    const spec = {
      ...smallSpec({ leastSquares: true, mixing: i % 4 > 1, tiles: tiling, adaptive: i % 8 > 3 }),
      ...channels === 3 && i % 3 === 0 && { lattice: { JFIF: 100 } },
    };
    const weights = initialWeights(spec, channels, i), pictures = joined(set, tilingOf(spec));
    const code = await encodeTwoPart(
      pictures,
      spec,
      weights,
      quantisationSteps(spec, channels, weights),
      contextOf(1),
    );
    const program = programFrom(set, { ...code, decoder: await decoderFor(spec) }, { dataset: "tiles" });
    const { symbols } = await program.verify(set);
    assertEquals(symbols, set.symbols.length, JSON.stringify({ tiling, size, channels }));
  }
});

Deno.test("tiles are shorter as pictures; they are drawn, not completed, and the model is for single images", async () => {
  const set = tiles(6, { columns: 3, rows: 2 }, { height: 16, width: 16 }, 1, waves(3));
  const backend = await openBackend("wasm"), training = { steps: 300, exactly: true, threads: 1 } as const;
  const built = async (wanted: boolean) => {
    const chain = pipe(features({ width: 16, tiles: wanted }), compress(training));
    const { output } = await chain.run(set, contextOf(1));
    await output.verify(set);
    const bytes = output.ledger.entries.find(({ name }) => name === "payload")!.bytes;
    return { output, bytes };
  };
  const [alone, together] = [await built(false), await built(true)];
  await backend.close();
  assert(together.bytes < 0.98 * alone.bytes, `${together.bytes} of ${alone.bytes} bytes`);
  const { output } = together, model = await modelOf(output.bytes);
  assertEquals(output.spec?.tiles, { columns: 3, rows: 2 });
  assertEquals(model.spec.tiles, undefined);
  const bits = await bitsOf(model, joined(set, tilingOfProgram(output.info)));
  assertAlmostEquals(bits.reduce((a, b) => a + b) / 8, together.bytes, 16);
  const drawn = await output.generate(8, 1) as Dataset;
  assertEquals(drawn.groups, [{ count: 8, height: 16, width: 16 }]);
  assertEquals(tilingIn({ ...drawn, tiling: { columns: 4, rows: 2 } }), { columns: 4, rows: 2 });
  const half = { each: 8, known: () => new Uint8Array(8 * 16) };
  await assertRejects(() => drawImages(output.info, 1, 1, {}, half), MdlError, "made with tiles apart");
  const again = pipe(features({ tiles: true }), compress({ prior: model }));
  const { output: coded } = await again.run(set, contextOf(1));
  await coded.verify(set);
});

Deno.test("a pyramid, attention and predictors of their own have no tiles", async () => {
  const set = tiles(4, { columns: 2, rows: 2 }, { height: 16, width: 16 }, 1, waves(4)),
    context = contextOf(1);
  const plan = pipe(features({ tiles: true }), hierarchy({ order: "pyramid" }));
  assertEquals((await plan.run(set, context)).output.spec.tiles, undefined);
  const looking = pipe(features({ tiles: true }), attention({ over: "patches" }));
  assertEquals(tilingOf((await looking.run(set, context)).output.spec), undefined);
  const tiled = (await features({ tiles: true }).run(set, context)).spec;
  assertEquals(tilingOf(tiled), { columns: 2, rows: 2 });
  assertEquals(tilingOf({ ...tiled, grid: 2 }), undefined);
  assertEquals(tilingOf({ ...tiled, leastSquares: false }), undefined);
  assertEquals((await features().run(set, context)).spec.tiles, undefined);
  assertEquals(
    (await features({ tiles: true, leastSquares: false }).run(set, context)).spec.tiles,
    undefined,
  );
});
