/** Programs in pyramid order: every prefix gives its scales exactly, nothing else is read, and the rest can be drawn. */
import { smallSpec } from "./small_spec.ts";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { type Dataset, dataset, type ImageGroup, images, symbolCount } from "../lib/image/dataset.ts";
import { type ErrorCode, MdlError } from "../lib/errors.ts";
import { quantisationSteps } from "../lib/image/quantise.ts";
import { cellCount, cellSize, checkSpec, layers, type ModelSpec } from "../lib/image/spec.ts";
import { encodeTwoPart } from "../lib/image/two_part.ts";
import { buildProgram } from "../lib/program/build.ts";
import { concat } from "../lib/program/bytes.ts";
import { decodeProgram } from "./decoding.ts";
import { completePrefix, decodePrefix } from "../scripts/laboratory/prefix.ts";
import { readPrefix, type Source } from "../scripts/prefix_file.ts";
import { type Program, programFrom, storedProgram } from "../lib/program/program.ts";
import { itemsOf, writeShape } from "../lib/image/shape.ts";
import { readProgram } from "../lib/program/read.ts";
import { scalesOf } from "../lib/image/scales.ts";
import { scalesUpTo } from "../scripts/laboratory/scales.ts";
import { PREAMBLE, writeSection } from "../lib/program/wasm_module.ts";
import { type Random, random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";
import { attention } from "../lib/stages/attention.ts";
import { compress } from "../lib/stages/compress.ts";
import { decoderBytes, decoderFor } from "../lib/image/decoders.ts";
import { features } from "../lib/stages/features.ts";
import { hierarchy } from "../lib/stages/hierarchy.ts";
import { stagePrices } from "../lib/stages/prices.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { SOON } from "./soon.ts";

const PROVENANCE = { source: "computed", licence: "CC0", citation: "Drawn for this test." };
const SPEC: ModelSpec = smallSpec({ scales: 4, leastSquares: true });

type Channels = 1 | 3;

/** Waves with some noise. */
function drawSet(rnd: Random, channels: Channels, groups: readonly ImageGroup[]): Dataset {
  const symbols = Uint8ClampedArray.from(
    { length: symbolCount(groups, channels) },
    (_, i) => 128 + 110 * Math.sin(i / 20) + 9 * rnd.normal(),
  );
  return dataset({
    name: "waves",
    channels,
    groups,
    symbols: new Uint8Array(symbols.buffer),
    provenance: PROVENANCE,
  });
}

/** Weights of all sizes; the padding is zero, as always. */
function drawWeights(rnd: Random, spec: ModelSpec, channels: Channels): Float32Array {
  const size = cellSize(spec, channels), weights = new Float32Array(cellCount(spec) * size);
  for (let cell = 0; cell < weights.length; cell += size) {
    for (const { rows, columns, used, offset } of layers(spec, channels)) {
      for (let i = 0; i < (rows + 1) * columns; i++) {
        if (i % columns < used) weights[cell + offset + i] = rnd.normal() * 10 ** (2 * rnd.uniform() - 2);
      }
    }
  }
  return weights;
}

async function pyramid(set: Dataset, spec: ModelSpec, rnd: Random): Promise<Program> {
  checkSpec(spec);
  const weights = drawWeights(rnd, spec, set.channels);
  const steps = quantisationSteps(spec, set.channels, weights);
  const code = await encodeTwoPart(set, spec, weights, steps, contextOf(1));
  return programFrom(set, { ...code, decoder: await decoderFor(spec) }, { dataset: set.name });
}

const MIXED: readonly ImageGroup[] = [
  { count: 1, height: 1, width: 1 },
  { count: 2, height: 3, width: 7 },
  { count: 2, height: 33, width: 20 },
  { count: 1, height: 32, width: 20 },
];

/** One program of mixed sizes in 4 scales, in colour and in gray. */
const mixed = new Map<Channels, Promise<{ set: Dataset; program: Program; ends: readonly number[] }>>();

function mixedProgram(channels: Channels) {
  if (!mixed.has(channels)) {
    const rnd = random(channels, "mixed"), set = drawSet(rnd, channels, MIXED);
    const spec = { ...SPEC, attention: channels === 3 ? "patches" : "none" } as const;
    mixed.set(
      channels,
      pyramid(set, spec, rnd).then((program) => {
        return { set, program, ends: scalesOf(program.info).map(({ prefix }) => prefix!) };
      }),
    );
  }
  return mixed.get(channels)!;
}

/** The pixels at multiples of `stride`, image by image: what a coarse picture has to be. */
function lattice(set: Dataset, stride: number): number[][] {
  return [...images(set)].map(({ width, pixels }) =>
    [...pixels].filter((_, i) => {
      const pixel = Math.floor(i / set.channels), x = pixel % width, y = (pixel - x) / width;
      return x % stride === 0 && y % stride === 0;
    })
  );
}

async function rejects(act: () => Promise<unknown>, code: ErrorCode, text: string): Promise<void> {
  assertEquals((await assertRejects(act, MdlError, text) as MdlError).code, code);
}

Deno.test("decode(encode(x)) = x in pyramid order, for any sizes, channels and models", async () => {
  const rnd = random(1, "pyramid"), side = () => rnd.below(3) ? 1 + rnd.below(35) : 1;
  for (let i = 0; i < 24; i++) {
    const channels = i % 2 ? 3 : 1, one = <T>(of: readonly T[]) => of[rnd.below(of.length)]!;
    const groups = i < 2 ? MIXED : Array.from({ length: 1 + rnd.below(3) }, () => {
      return { count: 1 + rnd.below(2), height: side(), width: side() };
    });
    const set = drawSet(rnd, channels, groups), grid = one([1, 1, 2]);
    const spec: ModelSpec = {
      neighbours: 1 + rnd.below(30),
      cross: 1 + rnd.below(12),
      width: one([4, 8]),
      blocks: rnd.below(3),
      tied: rnd.below(2) === 1,
      grid,
      bits: 6,
      scales: 2 + rnd.below(5),
      shareScales: grid > 1 || rnd.below(2) === 1,
      leastSquares: rnd.below(2) === 1,
      attention: one(["none", "patches"]),
    };
    const program = await pyramid(set, spec, rnd);
    const said = JSON.stringify({ spec, channels, groups });
    assertEquals(await program.verify(set), { symbols: set.symbols.length, sha256: set.sha256 }, said);
    assertEquals(scalesOf(program.info).at(-1)!.prefix, program.bytes.length);
  }
});

for (const channels of [1, 3] as const) {
  Deno.test(`every prefix gives its coarse pictures exactly, ${channels} channels`, async () => {
    const { set, program, ends } = await mixedProgram(channels);
    for (const [scale, end] of ends.entries()) {
      const stride = 2 ** (ends.length - 1 - scale), next = ends[scale + 1] ?? end;
      const lengths = new Set([end, Math.floor((end + next) / 2), Math.max(end, next - 1)]);
      for (const length of lengths) { // behind a scale, and in the middle of the one that follows
        const coarse = await decodePrefix(program.bytes.slice(0, length));
        assertEquals([...images(coarse)].map(({ pixels }) => [...pixels]), lattice(set, stride));
        assertEquals([coarse.channels, coarse.names], [channels, set.names]);
        assertEquals(
          [...images(coarse)].map(({ height, width }) => [height, width]),
          [...images(set)].map((
            { height, width },
          ) => [Math.ceil(height / stride), Math.ceil(width / stride)]),
        );
      }
      const asked = await decodePrefix(program.bytes, { scales: scale + 1 }); // of a file that has more
      assertEquals([...images(asked)].map(({ pixels }) => [...pixels]), lattice(set, stride));
    }
    const before = program.bytes.slice(0, ends[0]! - 1);
    await rejects(() => decodePrefix(before), "damaged", "ends before the first scale does");
  });

  Deno.test(`the missing scales are drawn with a seed around what is known, ${channels} channels`, async () => {
    const { set, program, ends } = await mixedProgram(channels);
    for (const [scale, end] of ends.slice(0, -1).entries()) {
      const prefix = program.bytes.slice(0, end + 3), stride = 2 ** (ends.length - 1 - scale);
      const [a, again, b, asked] = [
        await completePrefix(prefix, 7),
        await completePrefix(prefix, 7),
        await completePrefix(prefix, 8),
        await completePrefix(program.bytes, 7, { scales: scale + 1 }),
      ];
      assertEquals([a.groups, a.names, a.sha256, a.sha256], [
        set.groups,
        set.names,
        again.sha256,
        asked.sha256,
      ]);
      for (const drawn of [a, b]) assertEquals(lattice(drawn, stride), lattice(set, stride));
      assertNotEquals(a.sha256, b.sha256);
      assertNotEquals(a.sha256, set.sha256);
      assert(a.provenance.citation.includes(`the first ${scale + 1} of 4 scales`), a.provenance.citation);
    }
    assertEquals((await completePrefix(program.bytes, 7)).sha256, set.sha256); // nothing is missing
  });
}

Deno.test("a flipped byte is noticed where it is read, or makes scales look cut off, and never gives other data", async () => {
  const { program: { bytes, info }, ends } = await mixedProgram(1);
  const prefix = bytes.slice(0, ends[1]!), rnd = random(4, "flips"), accepted: number[] = [];
  for (let at = 0; at < prefix.length; at++) {
    const flipped = prefix.slice();
    flipped[at]! ^= 1 << rnd.below(8);
    try {
      const found = readProgram(flipped, { prefix: true }).segments;
      accepted.push(at);
      assertEquals(found, info.segments.slice(0, found.length));
    } catch (error) {
      assert(
        error instanceof MdlError && ["damaged", "not-a-program"].includes(error.code),
        `${at}: ${error}`,
      );
    }
  }
  // only the data section's length and that of the last segment: no more than 3 bytes each
  assert(accepted.length <= 6, accepted.join());
  const payload = prefix.slice();
  payload[ends[1]! - 2]! ^= 1;
  await rejects(() => decodePrefix(payload), "damaged", "a wrong checksum in segment 3 (payload)");
  await rejects(() => completePrefix(payload, 1), "damaged", "a wrong checksum in segment 3 (payload)");
  const behind = bytes.slice();
  behind[ends[2]! + 20]! ^= 1;
  await rejects(() => decodePrefix(behind), "damaged", "a wrong checksum in segment 5 (payload)");
  const read = await readPrefix(sourceOf(behind), () => 2);
  assertEquals(await decodePrefix(read), await decodePrefix(prefix));
});

/** Bytes that are given as they are asked for, at most `most` at once. */
function sourceOf(bytes: Uint8Array, most = Infinity): Source & { given(): number } {
  let at = 0;
  return {
    given: () => at,
    read: (into) => {
      const part = bytes.subarray(at, at + Math.min(into.length, most));
      into.set(part);
      at += part.length;
      return Promise.resolve(part.length || null);
    },
  };
}

Deno.test("of a file, the bytes as far as the scale's end are read and no more", async () => {
  const { program: { bytes, info }, ends } = await mixedProgram(3), folder = await Deno.makeTempDir();
  const path = join(folder, "x.wasm");
  await Deno.writeFile(path, bytes);
  for (const [scale, end] of ends.entries()) {
    using file = await Deno.open(path);
    const read = await readPrefix(file, (front) => {
      assertEquals([front.scales, front.leading, front.items], [4, 2, info.items]);
      return scale + 1;
    });
    assertEquals([read.length, await file.seek(0, Deno.SeekMode.Current)], [end, end]);
    assertEquals(read, bytes.slice(0, end));
    assertEquals(await readPrefix(sourceOf(bytes, 7), () => scale + 1), read); // in small pieces
  }
  await Deno.remove(folder, { recursive: true });

  const appended = concat([bytes, [0]]); // the whole file is read with its end
  const whole = await readPrefix(sourceOf(appended), () => 4);
  assertThrows(() => readProgram(whole, { prefix: true }), MdlError, "followed by 1 byte too many");
  const cut = bytes.slice(0, ends[1]! - 5), there = await readPrefix(sourceOf(cut), () => 2);
  assertEquals(there, cut);
  await rejects(
    () => decodePrefix(there, { scales: 2 }),
    "damaged",
    "2 of its 4 scales are needed, and 1 whole",
  );
});

/** Reads the prefix with one scale and checks it: what it is, or the sentence on what it is not. */
async function firstScale(bytes: Uint8Array) {
  try {
    return readProgram(await readPrefix(sourceOf(bytes), () => 1), { prefix: true });
  } catch (error) {
    if (error instanceof MdlError) return error;
    throw error;
  }
}

Deno.test("what is no program, cut or garbled, ends in a sentence", async () => {
  const { program: { bytes }, ends } = await mixedProgram(1), rnd = random(5, "cuts");
  const noise = sourceOf(new Uint8Array(1e6));
  await rejects(() => readPrefix(noise, () => 1), "not-a-program", "no WebAssembly module");
  assertEquals(noise.given(), 8); // and nothing more is read
  for (let length = 0; length < bytes.length; length += 1 + rnd.below(60)) {
    const found = await firstScale(bytes.slice(0, length));
    assertEquals(found instanceof MdlError, length < ends[0]!, `${length} bytes`);
  }
  for (let i = 0; i < 300; i++) {
    const front = bytes.subarray(0, rnd.below(ends[0]!)), rest = { length: 300 };
    await firstScale(concat([front, Uint8Array.from(rest, () => rnd.below(256))]));
  }
});

Deno.test("the scale is the coarsest whose pictures are all large enough; raster programs have only one", async () => {
  const { program: { info } } = await mixedProgram(1);
  const groups = [{ count: 2, height: 33, width: 50 }, { count: 1, height: 90, width: 40 }];
  const shape = { channels: 1, groups } as const;
  const large = { ...info, items: itemsOf(shape), shape: writeShape(shape) };
  assertEquals([1, 5, 6, 9, 10, 17, 18, 33].map((side) => scalesUpTo(large, side)), [1, 1, 2, 2, 3, 3, 4, 4]);
  assertThrows(() => scalesUpTo(large, 34), MdlError, "5, 9, 17, 33 in its 4 scales");
  assertEquals(scalesUpTo(info, 1), 1);
  assertThrows(() => scalesUpTo(info, 2), MdlError, "1, 1, 1, 1"); // an image has one pixel
  const set = drawSet(random(6), 1, MIXED), raster = await storedProgram(set, { dataset: "waves" });
  assertThrows(() => scalesUpTo(raster.info, 1), MdlError, "raster order");
  assertEquals((await decodePrefix(raster.bytes)).sha256, set.sha256);
  await rejects(() => decodePrefix(raster.bytes.slice(0, -1)), "damaged", "ends before the first scale does");
});

Deno.test("a cut program is refused with the way out; a prefix has no more scales than it has", async () => {
  const { program: { bytes }, ends } = await mixedProgram(1);
  const cut = bytes.slice(0, ends[1]! + 1), missing = bytes.length - cut.length;
  const sentence =
    `it lacks ${missing.toLocaleString("en")} bytes of its ${
      bytes.length.toLocaleString("en")
    }; the pictures of ` +
    "its first 2 scales can be had";
  await rejects(() => decodeProgram(cut), "damaged", sentence);
  await rejects(
    () => decodePrefix(cut, { scales: 3 }),
    "damaged",
    "3 of its 4 scales are needed, and 2 whole",
  );
  await rejects(() => decodePrefix(bytes, { scales: 5 }), "usage", "Of the program's 4 scales, 5");
  for (const scales of [0, 1.5]) {
    await rejects(() => decodePrefix(bytes, { scales }), "usage", `a whole number from 1 on, not ${scales}`);
  }
  const tooFew = assertThrows(() => readProgram(bytes.slice(0, ends[0]! - 1)), MdlError) as MdlError;
  assert(/lacks \S+ bytes of its \S+\d\.$/.test(tooFew.message), tooFew.message); // nothing is whole: no way out
});

Deno.test("earlier programs are read as before, as prefixes, too", async () => {
  for (const name of ["two_part_v1_1", "two_part_v1_3", "stored_v1"]) {
    const bytes = await Deno.readFile(new URL(`fixtures/${name}.wasm`, import.meta.url));
    const { sha256, scales } = readProgram(bytes);
    assertEquals([scales, (await decodePrefix(bytes)).sha256], [1, sha256]);
    assertEquals(await readPrefix(sourceOf(bytes), () => 1), bytes);
  }
});

Deno.test("each mechanism is charged with the code that the decoder has for it; all prices sum to the file", async () => {
  const { program: { bytes, ledger } } = await mixedProgram(3);
  const spec = { ...SPEC, attention: "patches" } as const, plain = { ...SPEC, scales: 1 };
  const size = async (of: ModelSpec) => (await decoderFor(of)).length, added = await decoderBytes(spec);
  assertEquals(added.hierarchy! + added.attention!, await size(spec) - await size(plain));
  assertEquals(added.hierarchy, await size(SPEC) - await size(plain));
  assertEquals(await decoderBytes(plain), { hierarchy: 0, attention: 0 });
  const on = [hierarchy({ order: "pyramid" }), attention({ over: "patches" })] as const;
  const stages = [features(), sharing(), ...on, compress()] as Parameters<typeof stagePrices>[0];
  const prices = stagePrices(stages, ledger, added).map((price) => price.bytes);
  assertEquals(prices.reduce((a, b) => a + b), bytes.length);
  assertEquals([prices[2], prices[3]], [added.hierarchy, added.attention]);
  assert(prices.every((price) => price > 200), prices.join());
});

/** A program in two scales whose decoder is made of these two function bodies. */
function handMade(start: number[], next: number[], mode: "stored" | "two-part" = "two-part"): Uint8Array {
  const set = drawSet(random(7), 1, [{ count: 1, height: 4, width: 4 }]);
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  return buildProgram({
    mode,
    decoder: concat([
      PREAMBLE,
      writeSection(1, [2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 1, 0x7f]),
      writeSection(3, [2, 0, 1]),
      writeSection(5, [1, 0, 1]),
      writeSection(7, [3, ...name("memory"), 2, 0, ...name("start"), 0, 0, ...name("next"), 0, 1]),
      writeSection(10, [2, start.length, ...start, next.length, ...next]),
    ]),
    memoryBytes: 65536,
    parameters: { address: 0, bytes: new Uint8Array(16) },
    ...(mode === "two-part" ? { weights: { address: 40, bytes: new Uint8Array(1) } } : {}),
    payloads: [
      { address: 16, bytes: set.symbols.subarray(0, 4) },
      { address: 20, bytes: set.symbols.subarray(4) },
    ],
  }, { data: set, items: itemsOf(set), shape: writeShape(set), record: { dataset: "x" } });
}

Deno.test("prefixes that loop or trap end in a sentence, within the time limit", async () => {
  const nothing = [0, 0x0b], loop = [0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0, 0x0b], trap = [0, 0, 0x0b];
  const run = { timeLimit: 300, scales: 1 }, began = performance.now();
  await rejects(() => decodePrefix(handMade(nothing, loop), run), "too-long", "ran for more than");
  await rejects(() => completePrefix(handMade(nothing, loop), 1, run), "too-long", "ran for more than");
  assert(performance.now() - began < SOON);
  await rejects(() => decodePrefix(handMade(nothing, trap), run), "damaged", "fails when it runs");
  await rejects(
    () => decodePrefix(handMade(nothing, trap, "stored"), run),
    "unsupported",
    "only be decoded as a whole",
  );
  const signal = AbortSignal.abort();
  await rejects(() => decodePrefix(handMade(nothing, loop), { ...run, signal }), "interrupted", "Stopped");
  const limits = { symbols: 15 };
  await rejects(() => decodePrefix(handMade(nothing, loop), { ...run, limits }), "too-large", "allowed are");
  await rejects(
    () => readPrefix(sourceOf(handMade(nothing, loop)), () => 1, { limits }),
    "too-large",
    "allowed",
  );
});
