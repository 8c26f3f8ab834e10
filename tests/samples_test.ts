/** What programs of files draw, weighed by the model that drew it: the data cost their payload, and the drawn what it should. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readWav } from "../lib/audio/wav.ts";
import { chain, type ChainOptions } from "../lib/chain.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import type { Program } from "../lib/program/program.ts";
import { random } from "../lib/random.ts";
import { wavOf } from "../notebooks/experiments/speech/sound.ts";
import { codeLengths, type Weighable } from "../scripts/samples/code_lengths.ts";
import { COPIED, copiesOf } from "../scripts/samples/copies.ts";
import { drawnBehind, unseenBehind } from "../scripts/samples/go_on.ts";
import { soundFigure, soundRows } from "../scripts/samples/sound_statistics.ts";
import { type Stretches, stretchesOf, stretchRows, unitOf } from "../scripts/samples/stretches.ts";
import { tableRows } from "../scripts/samples/table_statistics.ts";
import { byteRows, textRows } from "../scripts/samples/text_statistics.ts";
import { inFolder } from "./in_folder.ts";
import { madeFiles } from "./made_files.ts";
import { outcome, taskIn } from "./run_task.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text),
  textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const context = contextOf(1);

/** Letters that are drawn independently, each as likely as the others. */
function letters(count: number, of: string, seed: number): string {
  const { below } = random(seed, "letters");
  return Array.from({ length: count }, () => of[below(of.length)]).join("");
}

/** A sound of two tones with noise, 16 bits, 8 kHz; all values are multiples of `step`. */
function wav(frames: number, seed: number, loudness = 1000, step = 1): Uint8Array {
  const { normal } = random(seed, "sound");
  return wavOf(Float32Array.from({ length: frames }, (_, i) => {
    const sample = loudness * Math.sin(i / 7) + loudness / 2 * Math.sin(i / 3) + 20 * normal();
    return step * Math.round(sample / step) / 32768;
  }));
}

async function programOf(data: Files, options: ChainOptions = {}): Promise<Program<Files<Weighable>>> {
  const made = { compress: { exactly: true }, ...options };
  return (await chain<Files>(made).run(data, context)).output as Program<Files<Weighable>>;
}

/** Draws, and weighs what was drawn. */
async function weighed(
  program: Program<Files<Weighable>>,
  length: number,
  { temperature = 1, seed = 3 } = {},
) {
  const data = await program.decode(), drawn = await program.generate(1, seed, { length, temperature });
  const more = drawnBehind(data, drawn);
  return {
    data,
    drawn,
    more,
    lengths: await codeLengths(program.info, data, more, { every: 1000, drawn: true }, {}),
  };
}

const lastOf = <T>(all: readonly T[]) => all.at(-1)!;
const costOf = (marks: readonly { readonly bits: number }[]) => lastOf(marks).bits - marks[0]!.bits;
const payloadOf = (program: Program<Files<Weighable>>) => lastOf(program.info.segments).bytes.length;

Deno.test("text and bytes: the data cost their payload, and what is drawn costs its entropy", async () => {
  const text = letters(6000, "abcd", 1),
    files = madeFiles("text", [bytesOf(text.slice(0, 2500)), bytesOf(text.slice(2500))]);
  for (const data of [files, { ...files, modality: "bytes" as const }]) {
    const program = await programOf(data), { lengths, drawn } = await weighed(program, 3000);
    assertAlmostEquals(lastOf(lengths.own).bits / 8, payloadOf(program), 8);
    assertEquals([lengths.own[0]!.bytes, lastOf(lengths.own).bytes, lengths.more[0]!.bytes], [0, 6000, 6000]);
    assertEquals(lengths.more.map(({ bytes }) => bytes), [6000, 7000, 8000, 9000]);
    const rate = costOf(lengths.more) / drawn.symbols.length;
    assert(rate > 1.9 && rate < 2.3, `${rate} bits a byte, of 2`);
    if (data.modality === "bytes") continue;
    const [cold, hot] = [
      await weighed(program, 1000, { temperature: 0.3 }),
      await weighed(program, 1000, { temperature: 4 }),
    ];
    assert(costOf(cold.lengths.more) < costOf(hot.lengths.more));
  }
});

Deno.test("small files in the plain decoder are weighed, too; stored ones hold no model, and other decoders are refused", async () => {
  const data = madeFiles("text", [
    bytesOf("the quick brown fox jumps over the lazy dog, ".repeat(40) + letters(5000, "xyz ", 2)),
  ]);
  const program = await programOf(data, { compress: {} });
  assertEquals(program.info.mode, "prequential");
  assert(program.info.sizes.decoder < 2500, "the plain decoder");
  const { lengths } = await weighed(program, 500);
  assertAlmostEquals(lastOf(lengths.own).bits / 8, payloadOf(program), 8);
  const files = await program.decode(),
    other = { ...program.info, module: (await programOf(madeFiles("audio", [wav(500, 1)]))).info.module };
  const weigh = (info: typeof program.info, of: typeof files) =>
    codeLengths(info, of, of, { every: 1000, drawn: false }, {});
  await assertRejects(() => weigh(other, files), MdlError, "another version");
  const changed = { ...files, symbols: files.symbols.map((byte, i) => byte ^ (i % 251)) };
  await assertRejects(() => weigh(program.info, changed), MdlError, "another version");
});

Deno.test("tables: rows are weighed column by column, be they cells or events, and bad rows end what is drawn", async () => {
  const { below } = random(4, "rows");
  const cells = Array.from({ length: 600 }, (_, i) => `${i},${"ab"[below(2)]},${below(4)}`).join("\n");
  const program = await programOf(madeFiles("table", [bytesOf(`number,letter,digit\n${cells}`)])); // no line end behind
  const { data, more, lengths } = await weighed(program, 2000);
  const sets = stretchesOf(data, { name: "drawn", symbols: more.symbols, lengths });
  assertAlmostEquals(lastOf(lengths.own).bits / 8, payloadOf(program), 8);
  for (const { bits, columns } of [...lengths.own.slice(1), ...lengths.more.slice(1)]) {
    assertAlmostEquals(columns!.reduce((a, b) => a + b), bits, 1e-6);
  }
  assertEquals(
    sets.filter(({ name }) => name.startsWith("data")).flatMap(({ stretches }) => stretches).length,
    600,
  );
  const [first, { bytes, stretches: second }] = ["first", "second"].map((half) =>
    sets.find(({ name }) => name === `data, ${half} half`)!
  ) as [Stretches, Stretches];
  assertEquals(first.known, bytes, "each half is held against the other");
  const letter = second.reduce((sum, { columns }) => sum + columns![1]!, 0) / second.length;
  assert(letter > 0.9 && letter < 1.5, `${letter} bits, of 1`);
  const rows = unseenBehind(
    data,
    madeFiles("table", [bytesOf("number,letter,digit\n7,a,3\n8,b\n9,a,1\n")]),
    1000,
  );
  assertEquals(textOf(rows.symbols), "\n7,a,3\n");
  const behind = (data: string, more: string) =>
    textOf(
      unseenBehind(madeFiles("table", [bytesOf(data)]), madeFiles("table", [bytesOf(more)]), 99).symbols,
    );
  assertEquals(behind("a,b\n1,2\n", "a,c\n3,4\n"), "a,c\n3,4\n", "another heading is a row");
  assertEquals(behind("a,b\r\n1,2", "a,b\r\n3,4\r\n5,6\n"), "\r\n3,4\r\n");
  assertEquals(
    behind('a,b\n1,"x\ny"\n', '3,"u\nv, ""w"""\n4,5\n6\n'),
    '3,"u\nv, ""w"""\n4,5\n',
    "quoted line ends",
  );
  assertEquals(behind("a,b\n1,2\n", '3,5" disk\n4,5\n'), '3,5" disk\n4,5\n', "a quote within a cell");
  const wrong = () => unseenBehind(data, madeFiles("table", [bytesOf("x;y\n1;2\n")]), 1000);
  assertThrows(wrong, MdlError, "no rows such as those");
  assertThrows(
    () => unseenBehind(data, madeFiles("text", [bytesOf("x")]), 9),
    MdlError,
    "is text, and made is table",
  );
});

Deno.test("sound: pieces of its samples, without headers; another sound goes on where its format is the same", async () => {
  const program = await programOf(madeFiles("audio", [wav(9000, 1), wav(5000, 2)])),
    { data, more, lengths } = await weighed(program, 20_000);
  assertAlmostEquals(lastOf(lengths.own).bits / 8, payloadOf(program), 8);
  assertEquals(unitOf(data).bytes, 8192);
  const unseen = unseenBehind(
    data,
    madeFiles("audio", [wav(6000, 9, 9000), wav(100, 1), wav(100, 1)]),
    12_050,
  );
  assertEquals(unseen.lengths.length, 2); // whole files
  const heard = await codeLengths(program.info, data, unseen, { every: 1, drawn: false }, {});
  const sets = stretchesOf(data, { name: "drawn", symbols: more.symbols, lengths }, {
    ...unseen,
    lengths: heard,
  });
  for (const { stretches } of sets) {
    for (const { bytes } of stretches) assert(bytes[0] !== 82 || !readWav(bytes));
  }
  const brief = unseenBehind(data, madeFiles("audio", [wav(2000, 4)]), 12_050);
  const short = {
    ...brief,
    lengths: await codeLengths(program.info, data, brief, { every: 1, drawn: false }, {}),
  };
  const tooShort = () => stretchesOf(data, { name: "drawn", symbols: more.symbols, lengths }, short);
  assertThrows(tooShort, MdlError, "Nothing of made is as long as half of a stretch, which has 8,192 bytes");
  const rate = (name: string) =>
    Number(stretchRows(sets, unitOf(data)).find(({ stretches }) => stretches === name)!["bits/sample"]);
  const own = rate("data, second half");
  assert(own > 5.5 && own < 7.5, `${own} bits a sample: the noise alone has 6.4`);
  assert(rate("made (unseen)") > own);
  const [level] = soundRows(sets.filter(({ name }) => name === "data, second half"), readWav(data.symbols)!);
  assertAlmostEquals(
    Number(level!["level, dB"]),
    10 * Math.log10((1000 ** 2 + 500 ** 2) / 2 / 32768 ** 2),
    0.3,
  );
  const coarse = await programOf(madeFiles("audio", [wav(9000, 1, 1000, 50)])), rough = await coarse.decode();
  const fine = await codeLengths(coarse.info, rough, unseen, { every: 1, drawn: false }, {});
  assert(costOf(fine.more) / 6100 > 6.4, "values that the data do not have are told, and paid for");
  const stereo = wav(100, 1);
  stereo[22] = 2;
  stereo[32] = 4;
  assertThrows(() => unseenBehind(data, madeFiles("audio", [stereo]), 9), MdlError, "16 bits, stereo");
  assertThrows(() => unitOf(madeFiles("audio", [bytesOf("no sound")])), MdlError, "holds no sound");
});

/** A set of one stretch. */
const setOf = (bytes: Uint8Array, known: Uint8Array, units = 1): Stretches => ({
  kind: "drawn",
  name: "drawn",
  stretches: [{ at: 0, bytes, bits: 0, units }],
  bytes,
  known,
});

Deno.test("statistics of text, bytes, tables and sound are those that can be counted by hand", () => {
  const said = "red fish, blue fish: red fish, blue fish",
    [text] = textRows([setOf(bytesOf(said), bytesOf("red fish"))]);
  assertEquals(Object.values(text!).slice(1, 6), [8, 3.75, 25, 3, 20]);
  const alike = "distance of characters, bits";
  assertEquals([
    textRows([setOf(bytesOf("ab"), bytesOf("ba"))])[0]![alike],
    textRows([setOf(bytesOf("a"), bytesOf("b"))])[0]![alike],
  ], [0, 1]);
  const [bytes] = byteRows([setOf(Uint8Array.of(0, 9, 0, 9, 0), Uint8Array.of(0, 9))]);
  assertEquals(Object.values(bytes!).slice(1, 7), [5, 2, 0.971, 0, 60, 0]);
  const table = tableRows([setOf(bytesOf("1,a\n3,b\n"), bytesOf("9,a\n9,a\n"), 2)], ["n", "l"]);
  assertEquals(table.map((row) => [row["known, %"], row["mean"], row["deviation"]]), [[0, 2, 1], [
    50,
    undefined,
    undefined,
  ]]);
  const format = { bits: 16, channels: 2, rate: 8000, start: 0, frames: 0 } as const;
  const left = Int16Array.from(
    { length: 16_384 },
    (_, i) => i & 1 ? 0 : 16_384 * Math.sin(Math.PI * i * 10.5 / 512),
  );
  const sound = setOf(new Uint8Array(left.buffer), new Uint8Array()), [row] = soundRows([sound], format);
  assertEquals([row!["level, dB"], row!["seconds"]], [-9, 1]); // a sine of half the range
  assertAlmostEquals(Number(row!["changes of sign/s"]), 2 * 8000 * 10.5 / 512, 2);
  const [{ y }] = soundFigure("sine", [sound], format).data as unknown as [{ readonly y: readonly number[] }];
  assert(y[9]! > -20 && y[99]! < y[9]! - 80, "a window keeps a tone in its place");
});

Deno.test("copies: the longest run that is in known data, and the bytes in long ones, are those of a search of all", () => {
  const { below } = random(5, "copies");
  for (let trial = 0; trial < 30; trial++) {
    const known = Uint8Array.from({ length: 400 }, () => below(3)),
      stretch = Uint8Array.from({ length: 150 }, () => below(3));
    stretch.set(known.subarray(100, 100 + below(60)), below(90));
    const there = textOf(known),
      seen = (from: number, to: number) => there.includes(textOf(stretch.subarray(from, to)));
    let longest = 0;
    const covered = new Uint8Array(stretch.length);
    for (let from = 0; from < stretch.length; from++) {
      while (from + longest < stretch.length && seen(from, from + longest + 1)) longest++;
      if (from + COPIED <= stretch.length && seen(from, from + COPIED)) covered.fill(1, from, from + COPIED);
    }
    const copied = covered.reduce((a, b) => a + b, 0);
    assertEquals(copiesOf([stretch], known), [{ longest: Math.max(longest, 0), copied }]);
  }
  assertEquals(copiesOf([bytesOf("abc"), new Uint8Array()], bytesOf("abc")), [{ longest: 0, copied: 0 }, {
    longest: 0,
    copied: 0,
  }]);
});

Deno.test("deno task samples on text: all halves add up, files are written, and what cannot be asked is a sentence", () =>
  inFolder(async (place) => {
    const words = "what the model draws is as likely as data are, or tamer, or wilder".split(" "),
      { below } = random(6, "words");
    const text = Array.from({ length: 3000 }, () => words[below(words.length)]).join(" ");
    await Deno.writeTextFile(join(place, "words.txt"), text);
    await Deno.writeTextFile(join(place, "other.txt"), letters(3000, "abcdefg ", 1));
    const succeeds = async (...args: Parameters<typeof taskIn>) => {
      const { code, out, err } = await outcome(taskIn(...args));
      assertEquals(code, 0, err);
      return out;
    };
    await succeeds(place, "compress", "words.txt", "--output", "x.wasm");
    const out = await succeeds(
      place,
      "samples",
      "x.wasm",
      "--count",
      "3",
      "--against",
      "other.txt",
      "--output",
      "looks",
    );
    assertMatch(
      out,
      /^stretches .*\ndrawn, near .*\ndrawn, further .*\ndata, first .*\ndata, second .*\nother\.txt \(unseen\) .*\n\ntext /,
    );
    const { rows, stretches } = JSON.parse(await Deno.readTextFile(join(place, "looks/samples.json")));
    const [near, far, first, second, unseen] = rows.map((row: Record<string, number>) => row["bits/byte"]);
    assert(Math.max(near, far, second) < 1.2 && first < 1.6 && unseen > 2, JSON.stringify(rows));
    assertEquals(stretches.map((of: { stretches: unknown[] }) => of.stretches.length).slice(0, 2), [2, 1]);
    const files = [...Deno.readDirSync(join(place, "looks"))].map(({ name }) => name).sort();
    assertEquals(files, ["along.png", "bits.png", "drawn.txt", "samples.json", "statistics.png"]);
    const refused = async (sentence: RegExp, ...args: string[]) => {
      const { code, err } = await outcome(taskIn(place, "samples", ...args));
      assertEquals(code, 1);
      assertMatch(err, sentence);
    };
    await refused(
      /at most 65 stretches can be drawn, of 1,000 bytes each/,
      "x.wasm",
      "--count",
      "66",
      "--output",
      "more",
    );
    assert(!existsSync(join(place, "more")), "what is refused leaves no folder");
    await succeeds(
      place,
      "compress",
      "other.txt",
      "--as",
      "bytes",
      "--bytes",
      "20",
      "--output",
      "stored.wasm",
    );
    await refused(/stored\.wasm stores its data: what it draws is noise/, "stored.wasm");
  }));
