/** Controls of any set: what is shuffled is all there again, what is not stays where it was, and the bounds are counts. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { eachSample, readWav } from "../lib/audio/wav.ts";
import { join } from "node:path";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { dataset } from "../lib/image/dataset.ts";
import { random } from "../lib/random.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { tableOf } from "../lib/table/csv.ts";
import { type Control, controlsOf } from "../scripts/controls/destroyed.ts";
import { roundedEntropy, soundNoise } from "../scripts/controls/sound_noise.ts";
import {
  blocksOf,
  charactersOf,
  factorialBits,
  inRandomOrder,
  linesOf,
  orderBits,
  type Spans,
  wordsOf,
} from "../scripts/controls/spans.ts";
import { histogram } from "../scripts/laboratory/measure/shuffle.ts";
import { inFolder } from "./in_folder.ts";
import { madeFiles } from "./made_files.ts";
import { outcome, taskIn } from "./run_task.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text),
  textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const TEXT = "One fish, two fish:\nred fish!\n\nblue fish, 花间一壶酒 и рыба\nlast";
const CSV = '\ufeffname;price\r\nfig;3\r\n"a;b";12\r\n;7\r\nfig;3\r\n';

const piecesOf = (bytes: Uint8Array, spans: Spans) =>
  Array.from(
    { length: spans.length / 2 },
    (_, i) => textOf(bytes.subarray(spans[2 * i]!, spans[2 * i + 1]!)),
  );

/** A WAV file of these 16-bit values in stereo, with a chunk behind them. */
function wav(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(44 + 2 * values.length + 12), view = new DataView(file.buffer);
  const put = (at: number, text: string) => file.set(bytesOf(text), at);
  put(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  put(8, "WAVEfmt ");
  [16, 0x20001, 8000, 32000, 0x100004].forEach((word, i) => view.setUint32(16 + 4 * i, word, true));
  put(36, "data");
  view.setUint32(40, 2 * values.length, true);
  values.forEach((value, i) => view.setInt16(44 + 2 * i, value, true));
  put(44 + 2 * values.length, "LIST\u0004\0\0\0note");
  return file;
}

const named = (controls: readonly Control[], name: string) => controls.find((one) => one.name === name)!;

Deno.test("spans: lines, words, and characters of UTF-8 and of what is none", () => {
  const bytes = bytesOf(TEXT);
  assertEquals(piecesOf(bytes, linesOf(bytes)), TEXT.split("\n"));
  assertEquals(piecesOf(bytes, charactersOf(bytes)), [...TEXT]);
  assertEquals(
    piecesOf(bytes, wordsOf(bytes)).join(" "),
    "One fish two fish red fish blue fish 花 间 一 壶 酒 и рыба last",
  );
  const odd = Uint8Array.of(0x80, 0xe8, 0x8a, 0x20, 0xff, 0xf0, 0x9f);
  assertEquals([...charactersOf(odd)], [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]);
});

Deno.test("in random order: the same pieces between the same bytes; a law, for any bytes and spans", () => {
  const stream = random(1, "spans");
  for (let trial = 0; trial < 60; trial++) {
    const bytes = Uint8Array.from({ length: stream.below(60) }, () => 97 + stream.below(4)),
      cuts: number[] = [];
    for (let at = stream.below(4); at <= bytes.length; at += stream.below(4)) cuts.push(at);
    const spans = Uint32Array.from(cuts.slice(0, cuts.length & ~1));
    const { bytes: moved, bits } = inRandomOrder(bytes, spans, stream);
    assertEquals(histogram({ symbols: moved }), histogram({ symbols: bytes }));
    assertEquals(moved.length, bytes.length);
    assert(bits >= -1e-9 && bits <= factorialBits(spans.length >> 1) + 1e-9);
  }
  const words = bytesOf("aa b cccc b"), order = inRandomOrder(words, wordsOf(words), random(2, "x")).bytes;
  assertEquals(textOf(order).replaceAll(/\w+/g, "").length, 3);
  assertEquals(textOf(order).split(" ").sort(), ["aa", "b", "b", "cccc"]);
});

Deno.test("bits of an order are those of a count; log2 n! does not jump where it is no longer multiplied out", () => {
  const bytes = bytesOf("abcab"), seen = new Set<string>(), stream = random(3, "orders");
  for (let i = 0; i < 2000; i++) seen.add(textOf(inRandomOrder(bytes, blocksOf(bytes, 1), stream).bytes));
  assertAlmostEquals(2 ** orderBits(bytes, blocksOf(bytes, 1)), seen.size, 1e-9); // 5! / (2! 2!)
  for (let n = 1; n < 60; n++) {
    assertAlmostEquals(factorialBits(n) - factorialBits(n - 1), Math.log2(n), 1e-9);
  }
});

Deno.test("entropy of rounded noise: that of what is drawn, and the sum and the integral agree", () => {
  assertAlmostEquals(roundedEntropy(1e4, 3e4), roundedEntropy(1e3, 3e3) + Math.log2(10), 1e-3);
  assertAlmostEquals(roundedEntropy(1023.9, 4096), roundedEntropy(1023.9, 4097), 1e-4);
  for (const [level, bits] of [[0.1, 0], [0.15, 0.011], [0.16, 0.021], [0.18, 0.054]] as const) {
    assertAlmostEquals(roundedEntropy(level, 1), bits, 1e-3); // of hardly anything
  }
  const { normal } = random(1, "noise"), times = new Map<number, number>(), count = 200_000;
  for (let i = 0; i < count; i++) {
    const value = Math.round(2 * normal());
    if (Math.abs(value) <= 8) times.set(value, (times.get(value) ?? 0) + 1);
  }
  const all = [...times.values()].reduce((a, b) => a + b);
  const found = [...times.values()].reduce((sum, n) => sum - n / all * Math.log2(n / all), 0);
  assertAlmostEquals(roundedEntropy(2, 8), found, 0.01);
});

Deno.test("white noise is as loud as the sound and of the entropy that is said, in samples of any size", () => {
  for (const bits of [8, 16, 24] as const) {
    const { below } = random(bits, "tone"),
      size = bits / 8,
      wav = { bits, channels: 2, rate: 8000, start: 0, frames: 3000 } as const;
    const file = Uint8Array.from(
      { length: 6000 * size },
      (_, i) => i % size < size - 1 ? 16 * below(16) : (size > 1 ? 0 : 128) + below(32) - 16,
    );
    const noise = soundNoise(file, wav, random(1, "noise")), levels: number[] = [], low = new Set<number>();
    for (const bytes of [file, noise.bytes]) {
      let power = 0;
      eachSample(bytes, wav, (sample) => power += sample ** 2 / 6000);
      levels.push(Math.sqrt(power));
    }
    eachSample(noise.bytes, wav, (sample) => low.add(sample & 255));
    assertAlmostEquals(levels[1]! / levels[0]!, 1, 0.03);
    assert(size === 1 || low.size === 256);
    assertAlmostEquals(noise.bits / 6000, Math.log2(levels[0]! * Math.sqrt(2 * Math.PI * Math.E)), 0.01);
  }
});

Deno.test("controls of text: each level keeps what is below it, files their lengths, and the seed decides", () => {
  const set = madeFiles("text", [bytesOf(TEXT), bytesOf("x\n"), new Uint8Array()]),
    controls = controlsOf(set, 1);
  assertEquals(controls.map(({ name }) => name), [
    "as it is",
    "lines in random order",
    "words in random order",
    "characters in random order",
    "random bytes",
  ]);
  for (const { name, data } of controls.slice(0, 4)) {
    assertEquals((data as Files).lengths, set.lengths);
    assertEquals(histogram(data), histogram(set), name);
  }
  const lines = named(controls, "lines in random order").data.symbols.subarray(0, bytesOf(TEXT).length);
  assertEquals(textOf(lines).split("\n").sort(), TEXT.split("\n").sort());
  assertAlmostEquals(named(controls, "lines in random order").bound!.bits, Math.log2(120), 1e-9);
  const again = controlsOf(set, 1), other = controlsOf(set, 2);
  assertEquals(again.map(({ data }) => data.sha256), controls.map(({ data }) => data.sha256));
  assertNotEquals(other.at(-1)!.data.sha256, controls.at(-1)!.data.sha256);
  assertEquals([controls.at(-1)!.data.modality, controls.at(-1)!.bound!.bits], [
    "bytes",
    8 * set.symbols.length,
  ]);
});

Deno.test("controls of a table: the same cells in every column, the first row where it was, and a table again", () => {
  const set = madeFiles("table", [bytesOf(CSV)]), controls = controlsOf(set, 5);
  const cells = (bytes: Uint8Array, column: number) =>
    textOf(bytes).split("\r\n").slice(0, -1).map((row) => row.split(/;(?=\d|price)/)[column]!);
  for (const { name, data } of controls.slice(0, -1)) {
    const table = tableOf(data.symbols)!;
    assertEquals([table.rows, table.columns, table.crlf, table.mark], [5, 2, true, true], name);
    for (const column of [0, 1]) {
      assertEquals(cells(data.symbols, column).sort(), cells(set.symbols, column).sort(), name);
      assertEquals(cells(data.symbols, column)[0], cells(set.symbols, column)[0], name);
    }
  }
  const second = named(controls, "cells of column 2, price in random order").data.symbols;
  assertEquals(cells(second, 0), cells(set.symbols, 0));
  assertAlmostEquals(named(controls, "rows in random order").bound!.bits, Math.log2(12), 1e-9);
  assertEquals(
    controlsOf(madeFiles("table", [bytesOf(CSV), bytesOf(CSV)]), 1)[1]!.name,
    "lines in random order",
  );
});

Deno.test("controls of sound: headers and chunks stay, moments stay whole, and what is backwards twice is as it was", () => {
  const values = Array.from({ length: 400 }, (_, i) => Math.round(3000 * Math.sin(i / 9)) + (i & 1 ? 7 : 0));
  const set = madeFiles("audio", [wav(values), bytesOf("no sound")]), controls = controlsOf(set, 1);
  const of = (name: string) => named(controls, name).data as Files<"audio">;
  for (const { name, data } of controls.slice(0, -1)) {
    const file = data.symbols, last = set.symbols.length;
    assertEquals(readWav(file.subarray(0, last - 8)), readWav(set.symbols.subarray(0, last - 8)), name);
    assertEquals(file.subarray(0, 44), set.symbols.subarray(0, 44), name);
    assertEquals(file.subarray(844), set.symbols.subarray(844), name);
  }
  const moments = ({ symbols }: Files) => [...new Uint32Array(symbols.slice(44, 844).buffer)];
  assertEquals(moments(of("samples in random order")).sort(), moments(set).sort());
  assertEquals(moments(of("samples in reversed order")), moments(set).reverse());
  assertEquals(controlsOf(of("samples in reversed order"), 1)[1]!.data.sha256, set.sha256);
  const noisy = new Int16Array(of("white noise as loud").symbols.slice(44, 844).buffer);
  const level = Math.sqrt(noisy.reduce((sum, value) => sum + value * value, 0) / noisy.length);
  assert(level > 1800 && level < 2450, String(level)); // that of the sine is 2121
});

Deno.test("controls of images and bytes, and what has none", () => {
  const scenes = drawScenes({ take: 4 }), [, pixels, noise] = controlsOf(scenes, 1);
  assertEquals(histogram(pixels!.data), histogram(scenes));
  assertEquals(noise!.bound!.bits, 8 * 4 * 1024);
  assert(Math.min(...noise!.data.symbols) < 9 && Math.max(...noise!.data.symbols) > 246);
  const groups = [{ count: 1, height: 1, width: 3 }], symbols = Uint8Array.of(1, 2, 3, 1, 2, 3, 3, 2, 1);
  const [, whole] = controlsOf(dataset({ ...scenes, channels: 3, groups, symbols, names: ["three"] }), 1);
  assertAlmostEquals(whole!.bound!.bits, Math.log2(3), 1e-9); // pixels stay whole
  const bytes = madeFiles("bytes", [Uint8Array.from({ length: 200 }, (_, i) => i)]);
  const [, blocks] = controlsOf(bytes, 3);
  assertEquals([...blocks!.data.symbols.subarray(192)], [192, 193, 194, 195, 196, 197, 198, 199]);
  assertAlmostEquals(blocks!.bound!.bits, Math.log2(6), 1e-9);
  assertThrows(() => controlsOf(madeFiles("jpeg", [bytesOf("x")]), 1), MdlError, "none any more");
  assertThrows(() => controlsOf(madeFiles("text", [bytesOf("")]), 1), MdlError, "nothing to shuffle");
  assertThrows(() => controlsOf(madeFiles("audio", [bytesOf("x")]), 1), MdlError, "no samples");
});

Deno.test("deno task controls: all programs are decoded and measured once, whoever measures; sizes are those of the files", () =>
  inFolder(async (place) => {
    await Deno.writeTextFile(join(place, "fish.txt"), `${TEXT}\n`.repeat(20));
    const first = await outcome(taskIn(place, "controls", "--set", "fish.txt", "--jobs", "2"));
    assertEquals(first.code, 0, first.err);
    const again = await outcome(taskIn(place, "controls", "--set", "fish.txt", "--json"));
    assertEquals(again.code, 0, again.err);
    assertStringIncludes(again.err, "to make: 0");
    const { rows } = JSON.parse(again.out), folder = join(place, "results/controls-fish.txt-text-seed1");
    assertEquals(rows.length, 14); // five programs, five of xz, four bounds
    const own = rows.filter(({ kind }: { kind: string }) => kind === "ours");
    const files = Array.from(Deno.readDirSync(folder)).filter(({ name }) => name.endsWith(".wasm"));
    const sizes = files.map(({ name }) => Deno.statSync(join(folder, name)).size);
    assertEquals(own.map(({ bytes }: { bytes: number }) => bytes).sort(), sizes.sort());
    for (const [i, { kind, bytes }] of rows.entries()) {
      if (kind === "bound") assert(bytes < rows[i + 1].bytes);
    }
    await Deno.writeTextFile(join(place, "one.txt"), "x");
    const none = JSON.parse((await outcome(taskIn(place, "controls", "--set", "one.txt", "--json"))).out);
    const unnamed = none.rows.flatMap((row: { unnamed?: number }) => row.unnamed ?? []);
    assertEquals(
      unnamed,
      Array(5).fill(unnamed[0]),
      "what nothing is done to has no price, whatever its name",
    );
    await Deno.writeTextFile(join(place, "empty.txt"), "");
    const refused = await outcome(taskIn(place, "controls", "--set", "empty.txt"));
    assertEquals(refused.code, 1);
    const without = await outcome(taskIn(place, "controls", "--gray"));
    assertStringIncludes(without.err, "--gray goes with --set.");
    assertEquals(Array.from(Deno.readDirSync(join(place, "results")), ({ name }) => name).sort(), [
      "controls-fish.txt-text-seed1",
      "controls-one.txt-text-seed1",
      "measurements",
    ]);
    const planned = await outcome(taskIn(place, "controls", "--set", "fish.txt", "--workflow", "out"));
    assertMatch(planned.out, /out: 10 measurements of controls --set fish\.txt\n$/);
  }));
