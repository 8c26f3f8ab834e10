import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { type Laid, sheetLayouts, streamLayouts } from "../scripts/laboratory/baselines/layouts.ts";
import { BASELINES, measureBaselines } from "../scripts/laboratory/baselines/measure.ts";
import { type ProgramName, PROGRAMS } from "../scripts/laboratory/baselines/path_programs.ts";
import { png } from "../scripts/laboratory/baselines/image_codecs.ts";
import { gzip } from "../scripts/laboratory/baselines/stream_codecs.ts";
import type { Codec, Setting } from "../scripts/laboratory/baselines/codec.ts";
import { outcomeOf, type Trial, verifiedTrial } from "../scripts/laboratory/baselines/trials.ts";
import { codecJob } from "../scripts/laboratory/measure/codings.ts";
import { type Dataset, datasetOf } from "../lib/image/dataset.ts";
import { runningNames } from "../lib/items.ts";
import { crop, type Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import type { Progress } from "../lib/progress.ts";
import { random } from "../lib/random.ts";
import { RATE, wavOf } from "../notebooks/experiments/speech/sound.ts";
import { picture } from "./picture.ts";
import { madeFiles } from "./made_files.ts";

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };
const packaged = BASELINES.filter((name) => name !== "paq8px" && !Object.hasOwn(PROGRAMS, name));

function setOf(pictures: readonly Raster[], tiling?: Dataset["tiling"]): Dataset {
  const { channels } = pictures[0]!, names = runningNames(pictures.length);
  return datasetOf(pictures, { name: "test", channels, names, provenance, ...(tiling && { tiling }) });
}

/** A smooth bump somewhere, with a little noise: compressible, but not by much. */
function bump(channels: 1 | 3, seed: number): Raster {
  const r = random(seed), left = r.below(16), top = r.below(16);
  return picture(
    16,
    16,
    channels,
    (x, y, c) => 230 - 6 * Math.hypot(x - left, y - top) - 20 * c + r.below(8),
  );
}

const noise = (width: number, height: number, channels: 1 | 3, seed: number) => {
  const r = random(seed);
  return picture(width, height, channels, () => r.below(256));
};

Deno.test("every layout of any set leads back to the set, and no side is too long", () => {
  const r = random(1, "layouts");
  for (let round = 0; round < 60; round++) {
    const channels = r.below(2) ? 3 : 1, tiling = { columns: 1 + r.below(3), rows: 1 + r.below(3) };
    const pictures = Array.from({ length: 1 + r.below(3) }, () => {
      const width = 1 + r.below(9),
        height = 1 + r.below(9),
        count = tiling.columns * tiling.rows * (1 + r.below(7));
      return Array.from({ length: count }, (_, i) => noise(width, height, channels, i));
    }).flat();
    const set: Laid = setOf(pictures, r.below(2) ? tiling : undefined);
    const maxSide = r.below(2) ? Infinity : 27 + r.below(30); // the largest whole picture has 27 pixels a side
    const sheets = sheetLayouts(set, maxSide);
    assert(sheets.length > 0);
    for (const layout of [...streamLayouts(set), ...sheets]) {
      const drawn = [...layout.pictures()];
      assertEquals(layout.restore(drawn.map(({ pixels }) => pixels)), set.symbols, layout.name);
      if (!sheets.includes(layout)) continue;
      for (const { width, height } of drawn) assert(Math.max(width, height) <= maxSide, layout.name);
    }
  }
});

Deno.test("a planar stream holds an image's colours one after another", () => {
  const set = setOf([picture(2, 1, 3, (x, _, c) => 10 * c + x), picture(1, 1, 3, (_x, _y, c) => 100 + c)]);
  const planar = streamLayouts(set).find(({ name }) => name === "planar stream")!;
  assertEquals([...[...planar.pictures()][0]!.pixels], [0, 1, 10, 11, 20, 21, 100, 101, 102]);
});

Deno.test("tiles are put together as the pictures that they were cut from", () => {
  const photos = [1, 2, 3].map((seed) => noise(12, 8, 3, seed));
  const tiles = photos.flatMap((photo) =>
    Array.from({ length: 6 }, (_, i) => crop(photo, i % 3 * 4, Math.floor(i / 3) * 4, 4, 4))
  );
  const [column] = sheetLayouts(setOf(tiles, { columns: 3, rows: 2 }));
  const [sheet] = column!.pictures();
  assertEquals([column!.name, sheet!.width, sheet!.height], ["column of whole pictures", 12, 24]);
  assertEquals(sheet!.pixels, setOf(photos).symbols);
});

for (const channels of [1, 3] as const) {
  Deno.test(`all packaged codecs code and decode a set with ${channels} channel(s)`, async () => {
    const set = setOf(Array.from({ length: 30 }, (_, seed) => bump(channels, seed)));
    const notes: string[] = [];
    const results = await measureBaselines(set, {
      effort: "quick",
      progress: ({ note }) => notes.push(note ?? ""),
    });
    assertEquals(results.map(({ codec }) => codec), packaged);
    for (const { codec, version, bytes, verified, tried } of results) {
      assert(verified);
      assertMatch(version, /@\d+\.\d+\.\d+/);
      assertEquals(bytes, Math.min(...tried.map((trial) => trial.bytes)));
      assert(bytes > set.symbols.length / 4 && bytes < set.symbols.length, `${codec}: ${bytes} B`);
      for (const trial of tried) {
        assert(notes.some((note) => note.includes(trial.layout) && note.startsWith(codec)));
      }
    }
  });
}

Deno.test("no codec shortens noise; a constant costs next to nothing, also where PNG stores it as gray", async () => {
  const noisy = setOf(Array.from({ length: 16 }, (_, seed) => noise(16, 16, 3, seed)));
  for (const { codec, bytes } of await measureBaselines(noisy, { effort: "quick" })) {
    assert(bytes >= noisy.symbols.length * 0.99, `${codec}: ${bytes} B`);
  }
  const flat = setOf(Array.from({ length: 16 }, () => picture(16, 16, 3, () => 77)));
  for (const { codec, bytes } of await measureBaselines(flat, { effort: "quick" })) {
    assert(bytes < 200, `${codec}: ${bytes} B`);
  }
});

Deno.test("mixed sizes give one sheet for each, their bytes summed", async () => {
  const small = setOf([bump(1, 1), bump(1, 2)]), wide = setOf([noise(40, 3, 1, 3)]);
  const both = setOf([bump(1, 1), bump(1, 2), noise(40, 3, 1, 3)]);
  const bytes = async (set: Dataset) => {
    const [result] = await measureBaselines(set, { effort: "quick", only: ["PNG"] });
    return result!.tried.find(({ layout }) => layout.startsWith("column"))!.bytes;
  };
  assertEquals(await bytes(both), await bytes(small) + await bytes(wide));
});

Deno.test("gray that PNG stores as a palette, and colourless RGB that it stores as gray, come back", async () => {
  const r = random(5), levels = [5, 82, 159];
  const stored = async (pictures: readonly Raster[]) => {
    const set = setOf(pictures), layout = sheetLayouts(set)[0]!, setting = png.settings[0]!;
    await verifiedTrial("PNG", set, layout, setting, png.decode);
    return (await setting.encode([...layout.pictures()][0]!))[25]; // the header's colour type
  };
  assertEquals(await stored([picture(64, 64, 1, () => levels[r.below(3)]!)]), 3);
  const gray = picture(64, 64, 1, () => r.below(256)).pixels;
  assertEquals(await stored([picture(64, 64, 3, (x, y) => gray[64 * y + x]!)]), 0);
});

Deno.test("a codec that does not give the set back is an error, not a result", async () => {
  const set = setOf([bump(1, 1)]), [layout] = streamLayouts(set);
  const lossy = { label: "halved", encode: ({ pixels }: Raster) => gzipSync(pixels.map((v) => v & 254)) };
  const error = await assertRejects(() => verifiedTrial("gzip", set, layout!, lossy, gzip.decode), MdlError);
  assertEquals(error.code, "mismatch");
});

Deno.test("a codec that fails, or gives other data back, is left out with the reason, and ends nothing", async () => {
  const set = setOf([bump(1, 1)]), trials: Trial[] = [];
  const run = { set, effort: "quick", report: (trial: Trial) => void trials.push(trial) } as const;
  const exact = { label: "level 1", encode: ({ pixels }: Raster) => gzipSync(pixels) };
  const halved = { label: "halved", encode: ({ pixels }: Raster) => gzipSync(pixels.map((v) => v & 254)) };
  const throwing = {
    label: "none",
    encode: () => {
      throw new Error("out of memory");
    },
  };
  const outcome = (...settings: Setting[]) => outcomeOf("mine", { ...gzip, settings }, run);
  assertEquals(await outcome(exact, halved), {
    absent: "it fails on this set (mine halved did not give back the set (layout stream))",
  });
  assertEquals(await outcome(throwing), { absent: "it fails on this set (out of memory)" });
  const whole = await outcome(exact);
  assert("tried" in whole && whole.tried.length === 1);
  assertEquals(trials.map(({ effort }) => effort), ["level 1", "level 1"]);
});

Deno.test("what cannot be measured is left out with a reason", async () => {
  const log: string[] = [], line = setOf([picture(16384, 1, 1, (x) => x % 7)]);
  const options = { effort: "slow", log: (line: string) => void log.push(line) } as const;
  assertEquals(await measureBaselines(line, { ...options, only: ["WebP"] }), []);
  assertMatch(log.join(), /WebP is left out: .*16383/);
  if ((await Deno.permissions.query({ name: "run", command: "paq8px" })).state === "granted") return;
  assertEquals(await measureBaselines(line, { ...options, only: ["paq8px"] }), []);
  assertMatch(log.join(), /paq8px is left out: .*--allow-run=paq8px/);
});

Deno.test("progress goes on to the last codec; decoding is not counted into encoding", async () => {
  const set = setOf(Array.from({ length: 30 }, (_, seed) => bump(1, seed))), said: Progress[] = [];
  await measureBaselines(set, { effort: "quick", only: ["gzip", "zstd"], progress: (p) => said.push(p) });
  assertEquals(said.map(({ done }) => done), said.map(({ done }) => done).toSorted());
  assertEquals([said.at(-1)!.done, said.at(-1)!.total], [2, 2]);

  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const slowly: Codec["decode"] = async (file, channels) => {
    await wait(50);
    return await gzip.decode(file, channels);
  };
  const begun = performance.now();
  const trial = await verifiedTrial("gzip", set, streamLayouts(set)[0]!, gzip.settings[0]!, slowly);
  const whole = (performance.now() - begun) / 1000;
  assert(trial.decodeSeconds >= 0.045 && trial.seconds + trial.decodeSeconds <= whole);
});

Deno.test("measuring can be stopped", async () => {
  const set = setOf(Array.from({ length: 30 }, (_, seed) => bump(1, seed)));
  for (const milliseconds of [0, 50]) {
    const stop = new AbortController(),
      measuring = measureBaselines(set, { effort: "quick", signal: stop.signal });
    setTimeout(() => stop.abort(), milliseconds);
    assertEquals((await assertRejects(() => measuring, MdlError)).code, "interrupted");
  }
});

Deno.test("optimised PNG gives noise back, whose deflate stream has long runs of literals", async () => {
  const set = setOf([noise(600, 600, 1, 3)]), layout = sheetLayouts(set)[0]!;
  await verifiedTrial("PNG", set, layout, png.settings[0]!, png.decode);
});

/** A second of a tone as a WAV file. */
function tone(frequency: number): Uint8Array {
  const { below } = random(frequency),
    wave = (i: number) => 8000 * Math.sin(2 * Math.PI * frequency * i / RATE);
  return wavOf(Float32Array.from({ length: RATE }, (_, i) => (wave(i) + below(64)) / 32768));
}

async function onPath(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { stdout: "null", stderr: "null", stdin: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

Deno.test("programs on PATH code files and give them back; those that are not there are left out", async () => {
  const text = new TextEncoder().encode("what was said before is said again. ".repeat(300));
  const sets = { text: madeFiles("text", [text, text]), audio: madeFiles("audio", [tone(440), tone(700)]) };
  for (const [name, { program, sound = false }] of Object.entries(PROGRAMS)) {
    const data = sound ? sets.audio : sets.text, log: string[] = [];
    const options = {
      only: [name as ProgramName],
      effort: "slow",
      log: (line: string) => log.push(line),
    } as const;
    const results = await measureBaselines(data, options);
    const { identity } = await codecJob(data, name as ProgramName); // what is kept is kept for one version
    if (!await onPath(program)) {
      assertEquals(identity["version"], "absent");
      assertEquals([results, log], [[], [`${name} is left out: there is no program ${program} on PATH.`]]);
      continue;
    }
    assertEquals(log, []);
    const [{ bytes, verified, version, layout }] = results as [typeof results[number]];
    assertEquals([verified, layout], [true, sound ? "files" : "stream"]);
    assertMatch(version, new RegExp(`^${program} \\d+\\.\\d`));
    assertEquals(identity["version"], version);
    assert(bytes < (sound ? 0.75 : 0.1) * data.symbols.length, `${name}: ${bytes} bytes`);
    assertEquals(await measureBaselines(sound ? sets.text : sets.audio, options), []);
    assertEquals(await measureBaselines(sets.text, { effort: "quick", only: ["zpaq"] }), [], "slow");
  }
  assertEquals((await measureBaselines(sets.text)).map(({ codec }) => codec), [
    "gzip",
    "brotli",
    "zstd",
    "xz",
  ]);
});
