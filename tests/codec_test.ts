/** The neural codec's laws: they hold for every set and every model, trained or not. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertEquals, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { type Dataset, dataset, type ImageGroup, symbolCount } from "../lib/image/dataset.ts";
import { sha256 } from "../lib/hash.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { decoderFor, decoderName } from "../lib/image/decoders.ts";
import type { Steps } from "../lib/image/parameters.ts";
import { MdlError } from "../lib/errors.ts";
import { initialWeights } from "../lib/image/predictor.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { ATTENTIONS, cellCount, cellSize, checkSpec, layers, type ModelSpec } from "../lib/image/spec.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { concat } from "../lib/program/bytes.ts";
import { type Program, programFrom, programOf } from "../lib/program/program.ts";
import { type Random, random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";

const PROVENANCE = { source: "computed", licence: "CC0", citation: "Drawn for this test." };
const EVEN: Steps = { input: 1, first: 1, second: 1, output: 1 };
const SPEC: ModelSpec = smallSpec();
/** All that a decoder can be asked for. */
const LARGE: ModelSpec = { ...SPEC, scales: 4, shareScales: false, leastSquares: true, attention: "patches" };

/** … in raster order. */
const MIXED: ModelSpec = { ...SPEC, leastSquares: true, attention: "patches", mixing: true };

type Channels = 1 | 3;

/** What the pictures of a test look like: the value of the i-th of n symbols. */
const LOOKS: Readonly<Record<string, (rnd: Random, i: number, n: number) => number>> = {
  noise: ({ below }) => below(256),
  constant: (_, _i, n) => n % 256,
  black: () => 0,
  white: () => 255,
  "black and white": ({ below }) => 255 * below(2),
  stripes: (_, i) => 255 * (i & 1),
  ramp: (_, i, n) => 255 * i / n,
  wave: ({ normal }, i) => 128 + 120 * Math.sin(i / 30) + 4 * normal(),
};

function drawSet(rnd: Random, look: string, channels: Channels, groups: readonly ImageGroup[]): Dataset {
  const n = symbolCount(groups, channels);
  const symbols = Uint8ClampedArray.from({ length: n }, (_, i) => LOOKS[look]!(rnd, i, n));
  return dataset({
    name: look,
    channels,
    groups,
    symbols: new Uint8Array(symbols.buffer),
    provenance: PROVENANCE,
  });
}

/** What a model needs so that its weights can follow the image. */
const FOLLOWING: Partial<ModelSpec> = { adaptive: true, scales: 1, grid: 1, tied: false, attention: "none" };

/** Up to three groups; images of one row, one column or one pixel come up often. */
function drawGroups(rnd: Random): ImageGroup[] {
  const side = () => rnd.below(3) ? 1 + rnd.below(17) : 1;
  return Array.from({ length: 1 + rnd.below(3) }, () => {
    return { count: 1 + rnd.below(3), height: side(), width: side() };
  });
}

function drawSpec({ below }: Random): ModelSpec {
  const one = <T>(of: readonly T[]) => of[below(of.length)]!, yes = () => below(2) === 1;
  const grid = one([1, 1, 2, 3]);
  return {
    neighbours: 1 + below(40),
    cross: 1 + below(20),
    width: one([4, 8, 20, 32]),
    blocks: below(4),
    tied: yes(),
    grid,
    bits: 2 + below(7),
    scales: one([1, 1, 2, 3, 4, 5]),
    shareScales: grid > 1 || yes(),
    leastSquares: yes(),
    attention: one(ATTENTIONS),
    mixing: yes(),
    adaptive: yes(),
  };
}

/** Weights whose sizes are spread over six powers of ten around `magnitude`; the padding is zero, as always. */
function drawWeights(rnd: Random, spec: ModelSpec, channels: Channels, magnitude = 1): Float32Array {
  const size = cellSize(spec, channels), weights = new Float32Array(cellCount(spec) * size);
  for (let cell = 0; cell < weights.length; cell += size) {
    for (const { rows, columns, used, offset } of layers(spec, channels)) {
      for (let i = 0; i < (rows + 1) * columns; i++) {
        if (i % columns >= used) continue;
        weights[cell + offset + i] = magnitude * rnd.normal() * 10 ** (6 * rnd.uniform() - 3);
      }
    }
  }
  return weights;
}

async function build(
  set: Dataset,
  spec: ModelSpec,
  code: Awaited<ReturnType<typeof encodeTwoPart>>,
  memoryBytes = code.memoryBytes,
): Promise<Program> {
  return programFrom(set, { ...code, memoryBytes, decoder: await decoderFor(spec) }, { dataset: set.name });
}

async function encode(set: Dataset, spec: ModelSpec, weights: Float32Array, steps?: Steps) {
  const own = steps ?? quantisationSteps(spec, set.channels, weights);
  const code = await encodeTwoPart(set, spec, weights, own, contextOf(1));
  return { code, program: await build(set, spec, code) };
}

Deno.test("decode(encode(x)) = x for every set and every model", async () => {
  const rnd = random(1, "law"), looks = Object.keys(LOOKS), decoders = new Set<string>();
  for (let i = 0; i < 96; i++) {
    const channels = rnd.below(2) ? 3 : 1, drawn = { ...drawSpec(rnd), ...i % 4 ? {} : FOLLOWING };
    const spec = channels === 3 && i % 2 ? { ...drawn, lattice: { JFIF: 200, PhotoCD: 9 } } : drawn;
    checkSpec(spec);
    decoders.add(decoderName(spec));
    const set = drawSet(rnd, looks[i % looks.length]!, channels, drawGroups(rnd));
    const { program } = await encode(set, spec, drawWeights(rnd, spec, channels, 10 ** (rnd.below(5) - 3)));
    const said = JSON.stringify({ spec, channels, groups: set.groups, look: set.name });
    assertEquals(await program.verify(set), { symbols: set.symbols.length, sha256: set.sha256 }, said);
    assertEquals(program.ledger.bytes, program.bytes.length);
  }
  assertEquals(decoders.size, 18); // of 22
});

Deno.test("… also where weights are cut to the table, steps are extreme, and activations overflow", async () => {
  const rnd = random(2, "extremes");
  for (
    const [magnitude, step] of [[1e3, 1e-3], [1, 1e30], [1e-3, 1e3], [1e30, 1e28], [1e38, 1e36]] as const
  ) {
    for (
      const [channels, shape] of [[1, SPEC], [3, SPEC], [1, LARGE], [3, LARGE], [1, MIXED], [
        3,
        MIXED,
      ]] as const
    ) {
      const spec = { ...shape, blocks: 3 };
      const set = drawSet(rnd, "noise", channels, [{ count: 1, height: 7, width: 300 }]);
      const steps = { input: step, first: step, second: step, output: step };
      const { program } = await encode(set, spec, drawWeights(rnd, spec, channels, magnitude), steps);
      await program.verify(set);
    }
  }
});

Deno.test("a model may have as many neighbours as are known nearby: 150, in a pyramid 140", async () => {
  const set = drawSet(random(6), "wave", 3, [{ count: 1, height: 20, width: 21 }]);
  for (const [scales, most] of [[1, 150], [3, 140]] as const) {
    const spec = { ...SPEC, scales, neighbours: most, cross: most };
    checkSpec(spec);
    await (await encode(set, spec, initialWeights(spec, 3, 1))).program.verify(set);
    for (const more of [{ neighbours: most + 1 }, { cross: most + 1 }]) {
      assertThrows(() => checkSpec({ ...spec, ...more }), MdlError, `from 1 to ${most}`);
    }
  }
});

/** Runs a program's module to its end; returns its memory, of which `from` on was filled with `filler` before. */
async function memoryAfter(program: Program, from: number, filler: number): Promise<Uint8Array> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(program.bytes));
  const { memory, start, next } = instance.exports as unknown as {
    memory: WebAssembly.Memory;
    start(drawn: number, seed: number): void;
    next(): number;
  };
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(filler, from);
  start(0, 0);
  while (next());
  return bytes;
}

Deno.test("a decoder stays within the memory that its program has, however wide or high the images", async () => {
  const rnd = random(7, "memory"), sizes = [[1, 700], [3, 500], [500, 2], [90, 1], [20, 20], [1, 1]] as const;
  const most = { ...LARGE, neighbours: 140, cross: 140, blocks: 3, width: 4, scales: 16 };
  for (let i = 0; i < 36; i++) {
    const channels = i % 2 ? 3 : 1, spec = i < 2 ? most : drawSpec(rnd), [height, width] = sizes[i % 6]!;
    const groups = [{ count: 1, height: 2, width: 3 }, { count: 1, height, width }];
    const set = drawSet(rnd, "wave", channels, i % 3 ? groups : groups.toReversed());
    const { code, program } = await encode(set, spec, drawWeights(rnd, spec, channels));
    const said = JSON.stringify({ spec, channels, height, width });
    assertEquals((await program.verify(set)).symbols, set.symbols.length, said);
    // in a larger memory nothing behind its end is written
    const { memoryBytes } = code, larger = await build(set, spec, code, memoryBytes + 65536);
    const after = await memoryAfter(larger, memoryBytes, 0xa5);
    assert(after.subarray(memoryBytes).every((byte) => byte === 0xa5), said);
  }
});

Deno.test("a symbol takes at most 17 bytes: memory grows with a model that knows nothing", async () => {
  // ∞ − ∞ makes every distribution undefined (NaN), and noise leaves the sharpness nothing to learn from.
  const pyramid: ModelSpec = { ...SPEC, scales: 3, leastSquares: true };
  for (const [spec, channels, side] of [[SPEC, 1, 900], [pyramid, 1, 600], [MIXED, 3, 200]] as const) {
    const set = drawSet(random(3), "noise", channels, [{ count: 1, height: side, width: side }]);
    const weights = new Float32Array(cellSize(spec, channels)).fill(Infinity);
    const output = layers(spec, channels).at(-1)!;
    weights.fill(-Infinity, output.offset + output.rows * output.columns); // its bias
    const { program } = await encode(set, spec, weights, { ...EVEN, output: 1e38 });
    await program.verify(set);
    assert(program.bytes.length > set.symbols.length);
  }
});

Deno.test("the decoder reads every byte of a payload: none can be changed without changing the data", async () => {
  const set = drawSet(random(4), "wave", 3, [{ count: 2, height: 7, width: 6 }]);
  for (const spec of [SPEC, { ...LARGE, scales: 3 }, MIXED]) {
    const { code } = await encode(set, spec, initialWeights(spec, 3, 1));
    assertEquals(code.payloads.length, spec.scales);
    for (const [scale, payload] of code.payloads.entries()) {
      const last = payload.bytes.length - 1;
      for (const at of [0, 1, last >> 1, last - 1, last]) {
        const bytes = payload.bytes.slice();
        bytes[at] = at < last ? bytes[at]! ^ 1 : 0; // the last byte is the least that will do: a larger one may, too
        if (bytes[at] === payload.bytes[at]) continue;
        const other = await build(set, spec, {
          ...code,
          payloads: code.payloads.with(scale, { ...payload, bytes }),
        });
        await assertRejects(() => other.decode(), MdlError, "SHA-256");
      }
    }
  }
});

Deno.test("a payload is at most 0.1 % and 64 bits longer than its symbols' information under the model", async () => {
  const scenes = drawScenes({ take: 20 }), rnd = random(5);
  const groups = [{ count: 10, height: 32, width: 32 }];
  for (const set of [scenes, drawSet(rnd, "wave", 1, groups), drawSet(rnd, "wave", 3, groups)]) {
    for (const spec of [SPEC, LARGE, MIXED]) {
      const { code } = await encode(set, spec, initialWeights(spec, set.channels, 1));
      assertEquals(code.payloads.length, spec.scales);
      for (const { bytes, estimatedBits } of code.payloads) {
        const estimated = estimatedBits!,
          real = 8 * bytes.length,
          said = `${real} bits, estimated ${estimated}`;
        assert(real <= 1.001 * estimated + 64, said);
        // what range >> 16 cuts off goes to the ones, so that improbable ones cost less than they should
        assert(real >= 0.99 * estimated, said);
      }
    }
  }
});

/** What the golden programs hold: six scenes; and six more as the colours of two pictures, the second one cut to 9 rows. */
function goldenSets(): readonly Dataset[] {
  const gray = drawScenes({ take: 6 }), scenes = drawScenes({ take: 12 }).symbols.subarray(6 * 1024);
  const colour = Uint8Array.from({ length: (32 + 9) * 32 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3),
      [a, b] = pixel < 1024 ? [pixel, pixel + 1024] : [pixel + 1024, pixel + 2048];
    return [scenes[a]!, (scenes[a]! + scenes[b]!) >> 1, scenes[b]!][i % 3]!;
  });
  const groups = [{ count: 1, height: 32, width: 32 }, { count: 1, height: 9, width: 32 }];
  return [
    gray,
    dataset({ ...gray, name: "colours", channels: 3, groups, symbols: colour, names: ["whole", "cut"] }),
  ];
}

/**
 * The golden programs, of which no byte changes: made by preset smoke, seed 1, wasm, from one of the two sets. With each
 * the SHA-256 of its symbols, and of two images that it draws with seed 5.
 */
const GOLDEN: readonly {
  readonly file: string;
  readonly model: Partial<ModelSpec>;
  readonly scales: number;
  readonly symbols: string;
  readonly drawn: string;
}[] = [
  {
    file: "two_part_v1_1",
    model: { attention: "none" },
    scales: 1,
    symbols: "d7b1fc9dfb7ee7018f77a97977472102f1695f23542f93151cee5b9082ad2d5d",
    drawn: "a778af454093bf2814859a506fda5bbfb5a557db7c40fa567516bbd11d9b9979",
  },
  {
    file: "two_part_v1_3",
    model: { attention: "none" },
    scales: 1,
    symbols: "72e9ca199fdf052b7c7163f0bb5bc650c867dbc806dde225f6586b413d8c81a1",
    drawn: "39bed04745d498c953d4ab1dce5ca9051260f2c55e54127798f3f89593573d0d",
  },
  {
    file: "two_part_v1_local_1",
    model: { leastSquares: true, attention: "none" },
    scales: 1,
    symbols: "d7b1fc9dfb7ee7018f77a97977472102f1695f23542f93151cee5b9082ad2d5d",
    drawn: "7c7f5fb1b4a477a1bee3df5fcf66b7ae731356d41ba490705e2dc4c810f67e1b",
  },
  {
    file: "two_part_v1_pyramid_3",
    model: { scales: 2, attention: "patches" },
    scales: 2,
    symbols: "72e9ca199fdf052b7c7163f0bb5bc650c867dbc806dde225f6586b413d8c81a1",
    drawn: "e08bece1c3f2d9fae895a530631f2931429d258411505de64b08eb97d734fa18",
  },
];

for (const { file, model, scales, symbols, drawn } of GOLDEN) {
  Deno.test(`programs of format version 1 stay readable: ${file}`, async () => {
    const set = goldenSets()[file.endsWith("1") ? 0 : 1]!;
    const golden = programOf(await Deno.readFile(new URL(`fixtures/${file}.wasm`, import.meta.url)));
    const { mode, record, names, segments } = golden.info;
    assertEquals([mode, record.preset, record.seed, names], ["two-part", "smoke", 1, set.names]);
    assertObjectMatch(record.model as Record<string, unknown>, model);
    assertEquals(segments.filter(({ kind }) => kind === "payload").length, scales);
    assertEquals((await golden.verify(set)).sha256, symbols);
    const [two, one] = [await golden.generate(2, 5), await golden.generate(1, 5)];
    assertEquals(two.symbols.slice(0, one.symbols.length), one.symbols);
    assertEquals(sha256(two.symbols), drawn, "images drawn from random bits");
  });
}

/** The beginning of the SHA-256 of weights and payloads. Where one changes, programs of the same data and seed do: so must the version. */
const CODES: readonly { readonly channels: Channels; readonly spec: ModelSpec; readonly code: string }[] = [
  { channels: 1, spec: SPEC, code: "733ffdf7c88ac7da" },
  { channels: 3, spec: SPEC, code: "0449278509ea00fb" },
  { channels: 1, spec: { ...SPEC, leastSquares: true }, code: "b6a7631315366baa" },
  { channels: 3, spec: { ...SPEC, attention: "patches" }, code: "802976117bc4d3c9" },
  { channels: 1, spec: LARGE, code: "6dabe2adcf86d6e8" },
  { channels: 3, spec: LARGE, code: "e653d36c3924dcaa" },
  { channels: 1, spec: MIXED, code: "514025677bac89f3" },
  { channels: 3, spec: { ...MIXED, attention: "none" }, code: "79e877ab68ed77c8" },
  { channels: 1, spec: { ...SPEC, ...FOLLOWING }, code: "b632f0b01e138c00" },
  { channels: 3, spec: { ...MIXED, ...FOLLOWING }, code: "deca9bd6059f8367" },
];

Deno.test("the coder makes the same code as ever of a set and a model", async () => {
  const codes: string[] = [];
  for (const { channels, spec } of CODES) {
    const { below } = random(3, "code"), size = cellSize(spec, channels), step = 1 / 32;
    const weights = new Float32Array(cellCount(spec) * size);
    for (let cell = 0; cell < weights.length; cell += size) {
      for (const { rows, columns, used, offset } of layers(spec, channels)) {
        for (let i = 0; i < (rows + 1) * columns; i++) {
          if (i % columns < used) weights[cell + offset + i] = step * (below(9) - 4);
        }
      }
    }
    const steps = { input: step, first: step, second: step, output: step };
    const { code, program } = await encode(goldenSets()[channels === 1 ? 0 : 1]!, spec, weights, steps);
    await program.verify(goldenSets()[channels === 1 ? 0 : 1]!);
    codes.push(sha256(concat([code.weights!, ...code.payloads].map(({ bytes }) => bytes))).slice(0, 16));
  }
  assertEquals(codes, CODES.map(({ code }) => code));
});
