/** Pictures that are learnt while they are decoded: what is encoded comes back, and is as short as it was. */
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { MdlError } from "../lib/errors.ts";
import { chain } from "../lib/chain.ts";
import type { Way } from "../lib/codecs.ts";
import type { Files } from "../lib/files/data.ts";
import { loadFiles } from "../lib/files/load.ts";
import { contextOf } from "../lib/context.ts";
import { type Dataset, dataset, type ImageGroup, images, type ImageView } from "../lib/image/dataset.ts";
import { encodePrequential, type LearnerName, LEARNERS } from "../lib/image/prequential.ts";
import { modelOf } from "../lib/image/model.ts";
import type { Progress } from "../lib/progress.ts";
import { type Program, programFrom, programOf } from "../lib/program/program.ts";
import { type Random, random } from "../lib/random.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { compress } from "../lib/stages/compress.ts";
import { completeImages } from "../scripts/laboratory/complete.ts";

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

function setOf(channels: 1 | 3, groups: readonly ImageGroup[], pixel: (i: number) => number): Dataset {
  const size = groups.reduce((sum, { count, height, width }) => sum + count * height * width * channels, 0);
  const symbols = Uint8Array.from({ length: size }, (_, i) => pixel(i));
  return dataset({ name: "pixels", channels, groups, symbols, provenance });
}

/** Overlapping rectangles of few colours, with soft edges: what is drawn, not photographed. */
function drawing(rnd: Random, channels: 1 | 3, height: number, width: number, colours: number): Dataset {
  const { below } = rnd,
    palette = Array.from({ length: colours }, () => [below(256), below(256), below(256)]);
  const symbols = new Uint8Array(height * width * channels);
  for (let n = 0; n < 150; n++) {
    const top = below(height), left = below(width), colour = palette[below(colours)]!;
    const bottom = top + below(20), right = left + below(30);
    for (let y = top; y < Math.min(height, bottom); y++) {
      for (let x = left; x < Math.min(width, right); x++) {
        const edge = y === top || x === left;
        for (let k = 0; k < channels; k++) {
          const at = (y * width + x) * channels + k;
          symbols[at] = edge ? (symbols[at]! + colour[k]!) >> 1 : colour[k]!;
        }
      }
    }
  }
  return setOf(channels, [{ count: 1, height, width }], (i) => symbols[i]!);
}

async function programOfSet(set: Dataset, way: LearnerName): Promise<Program> {
  return programFrom(set, await encodePrequential(set, way, {}), { dataset: set.name });
}

async function law(set: Dataset, way: LearnerName): Promise<Program> {
  const program = await programOfSet(set, way);
  await program.verify(set);
  const { entries, bytes } = program.ledger;
  assertEquals([entries.reduce((sum, entry) => sum + entry.bytes, 0), bytes], [bytes, program.bytes.length]);
  const { bytes: payload, estimatedBits } = entries.find(({ name }) => name === "payload")!;
  assert(Math.abs(payload - estimatedBits! / 8) < 0.002 * payload + 8, "what was spent is what is there");
  return program;
}

for (const way of LEARNERS) {
  Deno.test(`${way}: images of any size and number of colours come back`, async () => {
    const { below } = random(5, "sizes");
    for (const channels of [1, 3] as const) {
      for (const colours of [1, 2, 256, 257]) {
        const one = [{ count: 1, height: 20, width: 20 }];
        await law(
          setOf(channels, one, (i) => (Math.floor(i / channels) % colours * 7 + i % channels) % 256),
          way,
        );
      }
      await law(setOf(channels, [{ count: 1, height: 1, width: 1 }], () => 200), way);
      const groups = Array.from(
        { length: 9 },
        () => ({ count: 1 + below(3), height: 1 + below(9), width: 1 + below(9) }),
      );
      await law(setOf(channels, groups, () => below(256)), way);
      await law(
        setOf(
          channels,
          [{ count: 2, height: 40, width: 1 }, { count: 2, height: 1, width: 40 }],
          () => below(4),
        ),
        way,
      );
    }
  });

  Deno.test(`${way}: images of one row or two, however long, come back among others and alone`, async () => {
    const { below } = random(6, "rows");
    for (const channels of [1, 3] as const) {
      for (const height of [1, 2]) {
        const row = { count: 1, height, width: 4500 }, small = { count: 2, height: 2, width: 3 };
        for (const groups of [[row], [small, row], [row, small]]) {
          await law(setOf(channels, groups, () => below(20)), way);
        }
      }
    }
  });

  Deno.test(`${way}: what is drawn depends on the seed alone, and given rows stay`, async () => {
    const set = drawScenes({ take: 6 }), program = await programOfSet(set, way);
    const [one, same, other] = [
      await program.generate(2, 7),
      await program.generate(2, 7),
      await program.generate(2, 8),
    ];
    assertEquals(one.sha256, same.sha256);
    assert(one.sha256 !== other.sha256);
    assertEquals(one.groups, [{ count: 2, height: 32, width: 32 }]);
    const completing = completeImages(program.bytes, set, 16, 7), size = 32 * 32;
    if (way === "photo") { // whose decoder is short, and takes nothing
      assertEquals((await assertRejects(() => completing, MdlError, "“given”")).code, "unsupported");
      return;
    }
    const completed = await completing;
    for (let i = 0; i < 6 * size; i++) {
      if (i % size < size / 2) assert(completed.symbols[i] === set.symbols[i], `symbol ${i} was given`);
    }
    assert(completed.sha256 !== set.sha256, "what is below is drawn");
  });

  Deno.test(`${way}: encoding stops when it is told to; a program that learns has no model to take out`, async () => {
    const set = drawScenes({ take: 400 }), signal = AbortSignal.timeout(50);
    const stopped = await assertRejects(() => encodePrequential(set, way, { signal }), MdlError);
    assertEquals(stopped.code, "interrupted");
    const { bytes } = await programOfSet(drawScenes({ take: 1 }), way);
    const none = await assertRejects(() => modelOf(bytes), MdlError, "it learns while it decodes");
    assertEquals(none.code, "unsupported");
  });

  Deno.test(`${way}: a damaged payload is refused, and never gives other images`, async () => {
    const { bytes } = await programOfSet(drawScenes({ take: 3 }), way), damaged = bytes.slice();
    damaged[bytes.length - 20]! ^= 4;
    await assertRejects(async () => await programOf(damaged).decode(), MdlError, "damaged");
  });
}

/** Payloads in bytes: compression that gets worse is noticed, and what gets better is written here. */
const PAYLOADS: Readonly<
  Record<LearnerName, { readonly gray: number; readonly colour: number; readonly scenes: number }>
> = {
  drawing: { gray: 705, colour: 1140, scenes: 1429 },
  photo: { gray: 6560, colour: 14454, scenes: 14311 },
};

Deno.test("what programs that learn take for small sets stays within half a percent", async () => {
  const rnd = random(9, "drawing"),
    sets = {
      gray: drawing(rnd, 1, 120, 160, 5),
      colour: drawing(rnd, 3, 120, 160, 12),
      scenes: drawScenes({ take: 30 }),
    };
  for (const [way, expected] of Object.entries(PAYLOADS)) {
    for (const [name, set] of Object.entries(sets)) {
      const { payloads } = await encodePrequential(set, way as LearnerName, {});
      const bytes = payloads[0]!.bytes.length, most = expected[name as keyof typeof sets];
      assert(
        Math.abs(bytes - most) <= 0.005 * most,
        `${way}, ${name}: ${bytes} bytes, and ${most} are expected`,
      );
    }
  }
});

/** The set in tests/fixtures/*.wasm, and what is drawn from it: pixels_photo_v2 has the first decoder of photos. */
const GOLDEN: Readonly<Record<string, { readonly symbols: string; readonly drawn: string }>> = {
  pixels_drawing_v2: {
    symbols: "05978558106fc39b5c7381be263427ad5312c360eaf6d91c0bec0bf8dc7182e0",
    drawn: "3b83c7502620351bfd4ea3bc6befb5108f960183d621b7161222e9e8d862dc7e",
  },
  pixels_photo_v2: {
    symbols: "05978558106fc39b5c7381be263427ad5312c360eaf6d91c0bec0bf8dc7182e0",
    drawn: "dcaa94a58b1a944bc762f7e55a9c062f515089a2e099ad46a8cdc1787d84f356",
  },
  photo_v2: {
    symbols: "05978558106fc39b5c7381be263427ad5312c360eaf6d91c0bec0bf8dc7182e0",
    drawn: "1794efe572d12c91c4079e459cc44c297135622ba6898567880107449e5bbd94",
  },
};

for (const [name, { symbols, drawn }] of Object.entries(GOLDEN)) {
  Deno.test(`a program of today's format stays readable: ${name}`, async () => {
    const golden = programOf(await Deno.readFile(new URL(`fixtures/${name}.wasm`, import.meta.url)));
    assertEquals([golden.info.mode, golden.info.modality], ["prequential", "image"]);
    assertEquals((await golden.decode()).sha256, symbols);
    assertEquals((await golden.generate(1, 5)).sha256, drawn);
  });
}

/** The share of pixels that differ from the one before, of gray images. */
function changes(images: readonly ImageView[]): number {
  const shares = images.map(({ pixels }) =>
    pixels.filter((value, i) => i && value !== pixels[i - 1]).length / pixels.length
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

Deno.test("nothing is learnt from drawings that are drawn: the last of 64 are like the data", async () => {
  const set = drawScenes({ take: 30 }), program = await programOfSet(set, "drawing");
  for (const seed of [1, 2]) {
    const last = changes([...images(await program.generate(64, seed))].slice(-8));
    const data = changes([...images(set)]);
    assert(last > 0.7 * data && last < 1.4 * data, `${last} of the pixels change; of the data ${data}`);
  }
});

async function compressed(set: Dataset, ways: readonly Way[], fast = false) {
  const log: string[] = [], context = contextOf(1, { log: (line) => log.push(line) });
  const { output } = await chain({ compress: { preset: "smoke", ways, fast } }).run(set, context);
  return { output, log: log.join("\n") };
}

Deno.test("of several ways the shortest is kept, and it is said what was tried", async () => {
  const set = drawing(random(4, "choice"), 3, 100, 150, 20);
  const { output, log } = await compressed(set, ["network", ...LEARNERS]);
  assertEquals([output.spec, output.trained, output.info.mode], [null, null, "prequential"]);
  assertEquals(output.tried[0]!.model, "drawing");
  assert(log.includes("by a sample"), log);
  await output.verify(set);
  const alone = await compressed(set, ["drawing"], true);
  assertEquals(alone.output.bytes, output.bytes);
  assertEquals(Object.keys(alone.output.info.record), ["dataset", "mdlab"]);
});

Deno.test("fast builds the way that was best on the sample, not one of which nothing is known", async () => {
  const set = drawing(random(5, "fast"), 3, 60, 60, 20), backend = await openBackend("cpu");
  const { output, log } = await compressed(set, ["network", "drawing"], true).finally(backend.close);
  assert(/network \?.*; built: drawing$/m.test(log), log);
  assertEquals(output.tried.map(({ model }) => model).sort(), ["drawing", "stored"]);
});

Deno.test("while ways are weighed it is shown how far that is, and whoever stops is not told that it would go on", async () => {
  const { below } = random(6, "weigh"),
    set = setOf(3, [{ count: 4, height: 64, width: 64 }], () => below(256));
  const shares: number[] = [], stop = new AbortController();
  const run = (training: boolean) => {
    const progress = ({ label, done, total }: Progress) => {
      if (label !== "weigh ways") return;
      shares.push(done / total);
      if (training && done > 2) stop.abort();
    };
    const context = contextOf(1, { progress, ...training && { signal: stop.signal } });
    const ways = training ? [...LEARNERS, "network"] as const : LEARNERS;
    return chain({ compress: { preset: "smoke", checkpoints: "unused", ways } }).run(set, context);
  };
  await run(false);
  assert(shares.length > 2 && shares[0] === 0 && shares.at(-1) === 1);
  assert(shares.every((share, i) => i === 0 || share > shares[i - 1]!), shares.join(", "));
  const { code, message } = await assertRejects(() => run(true), MdlError);
  assertEquals([code, message], ["interrupted", "Stopped; nothing of this training is kept."]);
});

Deno.test("of images too long for the network's training the other ways are tried, and it is said why", async () => {
  const { below } = random(7, "long"), lines: string[] = [];
  const set = setOf(1, [{ count: 1, height: 1, width: 70_000 }], () => 100 + below(9));
  const ways = chain<Dataset>({ compress: { ways: ["network", "drawing", "photo"], steps: 1, threads: 1 } });
  const { output } = await ways.run(set, contextOf(1, { log: (line) => lines.push(line) }));
  assertEquals((await output.verify(set)).symbols, 70_000);
  assert(!output.tried.some(({ model }) => model.includes("parameters")));
  const why = "compress: an image has a side of more than 65,535 pixels, so that there is no network";
  assert(lines.includes(why), lines.join("\n"));
});

Deno.test("a way that a kind of data does not have is refused", async () => {
  const files = await loadFiles(fileURLToPath(import.meta.url));
  const running = chain<Files>({ compress: { ways: ["drawing"] } }).run(files, contextOf(1));
  assertEquals((await assertRejects(() => running, MdlError, "“drawing”")).code, "usage");
});

Deno.test("ways that could not be taken are refused, and one that is said twice is built once", async () => {
  const { below } = random(3, "twice"), set = setOf(1, [{ count: 1, height: 20, width: 20 }], () => below(3));
  const { output } = await compressed(set, ["drawing", "drawing"]);
  assertEquals(output.tried.map(({ model }) => model).sort(), ["drawing", "stored"]);
  const scales = chain({ hierarchy: { order: "pyramid" }, compress: { ways: ["network", "photo"] } });
  assertEquals((await assertRejects(() => scales.run(set, contextOf(1)), MdlError, "“photo”")).code, "usage");
  const { output: model } = await chain({ compress: { steps: 2, exactly: true } }).run(set, contextOf(1));
  const prior = await modelOf(model.bytes);
  for (const other of [{ exactly: true }, { prior }]) {
    for (const options of [{ ways: ["network", "photo"] }, { ways: ["drawing"] }, { fast: true }] as const) {
      const { code, message } = assertThrows(() => compress({ ...other, ...options }), MdlError);
      assertEquals([code, message.includes(Object.keys(other)[0]!)], ["usage", true]);
    }
    compress({ ...other, ways: ["network"] });
  }
});
