/** Files as data: any bytes come back byte for byte, from the library and from the commands. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as mdl from "../lib/mod.ts";
import { planning } from "../lib/chain.ts";
import { checkCodec } from "./check_codec.ts";
import { codecOf, type ModelOf } from "../lib/codecs.ts";
import { contextOf } from "../lib/context.ts";
import { eachFile, type Files, type FilesModality } from "../lib/files/data.ts";
import { loadFiles } from "../lib/files/load.ts";
import { random } from "../lib/random.ts";
import { filePaths } from "../scripts/laboratory/file_names.ts";
import { madeFiles } from "./made_files.ts";
import { SOON } from "./soon.ts";

const utf8 = new TextEncoder(), context = contextOf(1);
const set = <M extends FilesModality>(modality: M, contents: readonly Uint8Array[]) =>
  madeFiles(modality, contents, contents.map((_, i) => `file ${i}.txt`));

/** Text of many words and signs. */
const BOOK = [
  "README.md",
  "notebooks/glossary.md",
  "lib/program/README.md",
  "lib/image/README.md",
  "lib/codec.ts",
]
  .map((file) => Deno.readFileSync(new URL(`../${file}`, import.meta.url)));

function words(count: number, seed: number): Uint8Array {
  const { below } = random(seed, "words"),
    known = ["the", "shorter", "program", "繁星", "generates", "data\n"];
  return utf8.encode(Array.from({ length: count }, () => known[below(known.length)]).join(" "));
}

/** A WAV file: 16 bits, two channels. */
function wave(frames: number): Uint8Array {
  const file = new DataView(new ArrayBuffer(44 + 4 * frames));
  const text = (at: number, text: string) => new Uint8Array(file.buffer).set(utf8.encode(text), at);
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  text(36, "data");
  for (
    const [at, value] of [[4, 36 + 4 * frames], [16, 16], [24, 8000], [28, 32_000], [40, 4 * frames]] as const
  ) {
    file.setUint32(at, value, true);
  }
  for (const [at, value] of [[20, 1], [22, 2], [32, 4], [34, 16]] as const) file.setUint16(at, value, true);
  for (let i = 0; i < 2 * frames; i++) file.setInt16(44 + 2 * i, Math.round(9000 * Math.sin(i / 9)), true);
  return new Uint8Array(file.buffer);
}

const { below } = random(3, "bytes");
const noise = Uint8Array.from({ length: 3000 }, () => below(256));
const HARD: Readonly<Record<string, readonly Uint8Array[]>> = {
  "nothing": [new Uint8Array()],
  "one byte": [Uint8Array.of(7)],
  "all values": [Uint8Array.from({ length: 256 }, (_, i) => i)],
  "no UTF-8": [Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xe2, 0x82, 0x41, 0xf8)],
  "noise": [noise],
  "a long run": [new Uint8Array(50_000).fill(65)],
  "a long line": [words(2000, 1).map((byte) => byte === 10 ? 32 : byte)],
  "several, one of them empty": [words(50, 2), new Uint8Array(), words(60, 3), Uint8Array.of(0)],
  "a table with quotes, and one that is none": [
    utf8.encode('a,b\r\n1,"a""b,c"\r\n2,"""x, y"""\r\n,\r\n'),
  ],
  "sound, cut short, and more behind it": [
    wave(500),
    wave(300).subarray(0, 301),
    wave(0),
    utf8.encode("RIFF"),
  ],
  "files that are empty at the end": [words(5, 4), new Uint8Array(), new Uint8Array()],
  "many that are alike": Array.from({ length: 40 }, (_, i) => words(20, i)),
};

for (const modality of ["text", "bytes", "audio", "table", "jpeg"] as const) {
  Deno.test(`the law of every codec holds for ${modality}: what decodes is what was encoded`, async () => {
    for (const [what, contents] of Object.entries(HARD)) {
      const data = set(modality, contents), { output: plan } = await planning<Files>().run(data, context);
      assertEquals(plan.dataset.sha256, data.sha256, what);
      const lengths: number[] = [];
      for (const spec of [null, ...codecOf<Files>(data).candidates(plan.spec, data, false)]) {
        const model = spec as ModelOf<Files> | null; // in mode prequential a spec is all of a model
        const program = await checkCodec<Files>(data, model, context);
        lengths.push(program.bytes.length - program.info.sizes.names);
      }
      const apart = 12 * contents.length; // lengths in header and block
      assert(Math.min(...lengths) <= data.symbols.length + 480 + apart, what);
    }
  });
}

Deno.test("of 2,000 bytes a program is at most 1,600 bytes longer than gzip, names apart", async () => {
  const { below } = random(4, "rows");
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i},${(4 + below(30) / 10).toFixed(1)},${below(5) * 100}`,
  );
  const wasm = await Deno.readFile(new URL("../lib/decoder/jpeg.wasm", import.meta.url));
  const all: readonly (readonly [FilesModality, Uint8Array])[] = [
    ...BOOK.map((book) => ["text", book] as const),
    ["table", utf8.encode(["key,size,weight", ...rows, ""].join("\n"))],
    ["bytes", wasm],
    ["bytes", wasm.slice(5000)],
    ["bytes", noise],
  ];
  for (const [modality, symbols] of all) {
    const data = set(modality, [symbols.slice(0, 2000)]),
      { output } = await mdl.chain<Files>().run(data, context);
    const bytes = output.bytes.length - output.ledger.entries.find(({ name }) => name === "names")!.bytes;
    const zipped = gzipSync(data.symbols, { level: 9 }).length;
    assert(bytes <= zipped + 1600, `${modality}: ${bytes} bytes, of gzip ${zipped}`);
  }
});

Deno.test("a file that repeats itself is in the decoder for that where its program is the shortest", async () => {
  const lock = Array.from({ length: 700 }, () => {
    const name = `module-${below(60)}`, version = `${below(9)}.${below(20)}.${below(9)}`;
    return `"${name}": {\n  "version": "${version}",\n  "from": "node_modules/${name}-${version}.tgz"\n}`;
  });
  const all = utf8.encode(lock.join(",\n")), decoders = { text: 0, bytes: 0, table: 0 };
  for (const modality of ["text", "bytes", "table"] as const) {
    const { output } = await mdl.chain<Files>().run(set(modality, [all]), context);
    decoders[modality] = output.info.sizes.decoder;
    assertEquals(output.bytes.length, Math.min(...output.tried.map(({ bytes }) => bytes)));
    const zipped = gzipSync(all, { level: 9 }).length;
    assert(output.bytes.length < zipped, `${modality}: ${output.bytes.length} bytes, of gzip ${zipped}`);
  }
  const { output } = await mdl.chain<Files>().run(set("bytes", [all.slice(0, 3000)]), context);
  const [plain, repeats] = [output.info.sizes.decoder, decoders.text];
  assertEquals(decoders, { text: repeats, bytes: repeats, table: repeats });
  assert(plain < repeats && repeats < plain + 320, `${plain} and ${repeats} bytes`);
});

Deno.test("a large table is tried as text where most of it is in long cells", async () => {
  const models = async (cell: string) => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},${cell.repeat(1 + i % 3)},${i % 7}`);
    const data = set("table", [utf8.encode(rows.join("\n"))]), codec = codecOf<Files>(data);
    const { output: plan } = await planning<Files>().run(data, context);
    return codec.candidates(plan.spec, data, false).map((spec) => codec.describe(spec, data));
  };
  assertEquals(await models("twelve.bytes"), ["columns and rows"]);
  const written = "a sentence that goes on for a while ";
  assertEquals(await models(written), ["columns and rows", "text, in the whole decoder"]);
});

Deno.test("what goes through the chain is what comes back, however many files are empty", async () => {
  const data = set("text", HARD["files that are empty at the end"]!);
  const { output } = await mdl.chain<Files>({ preprocess: { take: 9 } }).run(data, context);
  assertEquals([...eachFile(await output.decode())], [...eachFile(data)]);
});

Deno.test("a text becomes much shorter, and each stage can be switched off at a price", async () => {
  const data = set("text", BOOK.slice(0, 1)),
    size = async (options: mdl.ChainOptions) => {
      const { output } = await mdl.chain<Files>({ ...options, compress: { exactly: true } }).run(
        data,
        context,
      );
      await output.verify(data);
      return output.bytes.length;
    };
  const whole = await size({});
  assert(whole < 7000 + 0.3 * data.symbols.length, `${whole}`);
  for (
    const off of [
      { features: { orders: false } },
      { sharing: { positions: false } },
      { hierarchy: { level: "bytes" } },
      { attention: { match: false, gating: false } },
    ] as const
  ) assert(await size(off) > whole, JSON.stringify(off));
});

Deno.test("a stage says what it is for the data that pass, and refuses options of other kinds", async () => {
  const data = set("text", [words(200, 5)]);
  const { passages } = await mdl.chain<Files>().run(data, context);
  const said = Object.fromEntries(passages.map(({ stage }) => [stage.name, stage.summary]));
  assertEquals(said.hierarchy, "contexts of characters, words, lines");
  assertEquals(said.compress, "prequential code: the program learns while it decodes, entropy coded");
  const run = (options: mdl.ChainOptions) => mdl.chain<Files>(options).run(data, context);
  await assertRejects(
    () => run({ features: { neighbours: 8 } }),
    mdl.MdlError,
    "features has no option neighbours",
  );
  await assertRejects(
    () => run({ attention: { over: "patches" } }),
    mdl.MdlError,
    "attention has no option over",
  );
  await assertRejects(
    () => run({ preprocess: { gray: true } }),
    mdl.MdlError,
    "preprocess has no option gray",
  );
});

Deno.test("new text is drawn by the seed, begins as it is told, and has the length that is asked", async () => {
  const data = set("text", [words(4000, 5)]);
  const { output } = await mdl.chain<Files>().run(data, context);
  const draw = (seed: number, more = {}) => output.generate(2, seed, { length: 300, ...more });
  const [once, again, other] = [await draw(1), await draw(1), await draw(2)];
  assertEquals(once.lengths, [300, 300]);
  assertEquals(once.sha256, again.sha256);
  assert(once.sha256 !== other.sha256);
  const prompt = utf8.encode("the shorter pro"), prompted = await draw(1, { prompt });
  for (const { bytes } of eachFile(prompted)) assertEquals(bytes.subarray(0, prompt.length), prompt);
  const known = new Set(new TextDecoder().decode(data.symbols).split(/\s/));
  const share = async (temperature: number) => {
    const drawn = new TextDecoder().decode((await draw(1, { temperature })).symbols).split(/\s/);
    return drawn.filter((word) => known.has(word)).length / drawn.length;
  };
  const [tame, wild] = [await share(0.5), await share(6)];
  assert(tame > 0.8 && wild < tame, `${tame} and ${wild} of the words are known`);
});

Deno.test("a beginning is for text and bytes; what is too long is refused", async () => {
  const sound = set("audio", [wave(600)]), { output } = await mdl.chain<Files>().run(sound, context);
  await assertRejects(
    () => output.generate(1, 1, { prompt: "x" }),
    mdl.MdlError,
    "text and bytes, not of audio",
  );
  const { output: text } = await mdl.chain<Files>().run(set("text", [words(900, 5)]), context);
  await assertRejects(
    () => text.generate(1, 1, { prompt: "x".repeat(70_000) }),
    mdl.MdlError,
    "at most 65,536",
  );
  await assertRejects(() => text.generate(1, 1, { length: 70_000 }), mdl.MdlError, "from 1 to 65,536");
});

Deno.test("the first difference is named, be it in the first byte, the length, or the kind", async () => {
  const one = set("text", [utf8.encode("a text")]), { output } = await mdl.chain<Files>().run(one, context);
  const differs = async (other: Files, sentence: string) =>
    void await assertRejects(() => output.verify(other), mdl.MdlError, sentence);
  await differs(set("text", [utf8.encode("A text")]), "file 0.txt differs first at byte 0");
  await differs(set("text", [utf8.encode("a texT")]), "file 0.txt differs first at byte 5");
  await differs(set("text", [utf8.encode("a tex")]), "file 0.txt has 6 bytes in the program");
  await differs(
    set("text", [utf8.encode("a text"), new Uint8Array()]),
    "The program has 1 file, made has 2 files",
  );
  await differs(set("bytes", [utf8.encode("a text")]), "data of the kind text, and made is bytes");
});

Deno.test("a folder of files: sorted, hidden ones left out, kinds not mixed", async () => {
  const folder = await Deno.makeTempDir(), lines: string[] = [], log = (line: string) => lines.push(line);
  await Deno.mkdir(join(folder, "sub"));
  await Deno.writeTextFile(join(folder, "b.txt"), "second");
  await Deno.writeTextFile(join(folder, "a.txt"), "");
  await Deno.writeTextFile(join(folder, ".hidden"), "x");
  await Deno.writeTextFile(join(folder, "sub/c.txt"), "third");
  const { modality, names, lengths } = await loadFiles(folder, { recursive: true, log });
  assertEquals([modality, names, lengths], ["text", ["a.txt", "b.txt", "sub/c.txt"], [0, 6, 5]]);
  assertEquals(lines, ["1 hidden file left out"]);
  await Deno.writeFile(join(folder, "d.bin"), Uint8Array.of(0, 1, 2));
  await assertRejects(
    () => loadFiles(folder),
    mdl.MdlError,
    "several kinds of data, text (b.txt), bytes (d.bin)",
  );
  assertEquals((await loadFiles(folder, { as: "bytes" })).modality, "bytes");
  await assertRejects(
    () => loadFiles(join(folder, "nowhere")),
    mdl.MdlError,
    "There is no file and no folder",
  );
  await assertRejects(() => loadFiles("/dev/null"), mdl.MdlError, "a device or a pipe");
});

Deno.test("paths of files stay within the folder, and keep their subfolders where they are safe", () => {
  assertEquals(filePaths(["a/b.txt", "a/c/d.txt"]), ["a/b.txt", "a/c/d.txt"]);
  for (const names of [["../x"], ["/etc/x"], ["a/../../x"], ["a", "a/b"], ["A/x", "a/x"], ["a//b"]]) {
    const paths = filePaths(names);
    assert(paths.every((path) => !path.includes("/")), paths.join());
    assertEquals(new Set(paths.map((path) => path.toLowerCase())).size, names.length);
  }
});

Deno.test("a program of text is no program of images, and its damage is noticed", async () => {
  const data = set("text", [words(2000, 5)]), { output } = await mdl.chain<Files>().run(data, context);
  await assertRejects(() => mdl.modelOf(output.bytes), mdl.MdlError, "images are needed");
  for (let at = 0; at < output.bytes.length; at += 97) {
    const damaged = output.bytes.slice();
    damaged[at]! ^= 4;
    await assertRejects(() => Promise.resolve().then(() => mdl.programOf(damaged).decode()), mdl.MdlError);
  }
});

Deno.test("earlier programs decode as before", async () => {
  for (
    const [file, modality, lengths] of [
      ["text_v2.wasm", "text", [6000, 0, 3000]],
      ["text_plain_v2.wasm", "text", [6000]],
      ["bytes_v2.wasm", "bytes", [4000]],
      ["bytes_calls_v2.wasm", "bytes", [3005, 905]],
      ["bytes_repeats_v2.wasm", "bytes", [7200, 900]],
      ["audio_v2.wasm", "audio", [16044, 2044]],
      ["table_v2.wasm", "table", [7405]],
      ["jpeg_v2.wasm", "jpeg", [1789, 999, 13]],
    ] as const
  ) {
    const bytes = await Deno.readFile(new URL(`fixtures/${file}`, import.meta.url));
    const files = await mdl.programOf<Files>(bytes).decode();
    assertEquals([files.modality, files.lengths], [modality, lengths]);
  }
});

Deno.test("encoding and decoding stop within a second", async () => {
  const data = set("text", [words(40_000, 9)]),
    { output } = await mdl.chain<Files>().run(set("text", [data.symbols]), context);
  const stopped = async (work: (signal: AbortSignal) => Promise<unknown>) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const begun = performance.now();
    await assertRejects(() => work(controller.signal), mdl.MdlError, "topped");
    assert(performance.now() - begun < SOON);
  };
  await stopped((signal) => mdl.chain<Files>().run(data, { signal }));
  await stopped((signal) => output.decode({ signal }));
  await stopped((signal) => output.generate(1, 1, { signal, length: 50_000 }));
});
