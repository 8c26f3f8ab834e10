/** Transformers: the kernel against a plain forward pass, any bytes there and back, programs without their weights. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { randomModel } from "../notebooks/experiments/large_model/random_model.ts";
import { contextOf } from "../lib/context.ts";
import { compileModule } from "../lib/decoder/modules.ts";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { attach, detach, readDetached } from "../scripts/laboratory/large_model/detached.ts";
import { programFrom, programOf } from "../lib/program/program.ts";
import { forged } from "../scripts/laboratory/fuzz/forge.ts";
import { madeFiles } from "./made_files.ts";
import { random } from "../lib/random.ts";
import { inParallel } from "../scripts/laboratory/large_model/decode.ts";
import {
  encodeWindows,
  encodeWithModel,
  type ModelOptions,
} from "../scripts/laboratory/large_model/encode.ts";
import { readGguf, readRow } from "../scripts/laboratory/large_model/gguf.ts";
import { type LanguageModel, modelOf } from "../scripts/laboratory/large_model/llama.ts";
import { workBytes } from "../lib/decoder/transformer.ts";
import { wholeProgram } from "../scripts/laboratory/large_model/receiver.ts";
import {
  cutWindows,
  encoderWorkspace,
  placesFor,
  writeBlock,
} from "../scripts/laboratory/large_model/text.ts";
import { tokenizer } from "../scripts/laboratory/large_model/tokenizer.ts";

const MODULES = new URL("../scripts/laboratory/large_model/", import.meta.url);

const model = modelOf(randomModel(random(1, "model"))), context = contextOf(1);

/** Named as those in the golden program are. */
const files = (...contents: Uint8Array[]) => madeFiles("bytes", contents, contents.map((_, i) => `${i}`));

/** Bytes that are text, text that is broken, or anything. */
function someBytes(length: number, seed: number): Uint8Array {
  const { below } = random(seed, "bytes");
  const words = ["the ", "and ", "in an ", "\r\n", "图 ü 😀 ", "12 345 ", "\ufeff", "\0", "   ", "it's "];
  const text = Array.from({ length }, () => words[below(words.length)]).join("");
  const bytes = new TextEncoder().encode(text).subarray(0, length);
  for (let i = 0; i < bytes.length; i++) {
    if (seed % 3 === 2 || (seed % 3 === 1 && !below(9))) bytes[i] = below(256);
  }
  return bytes;
}

async function programOfFiles(data: Files<"bytes">, options: ModelOptions = {}, of = model) {
  const coded = await encodeWithModel(data, of, context, options);
  return programFrom(data, coded, { dataset: data.name });
}

async function parallel(
  program: Awaited<ReturnType<typeof programOfFiles>>,
  threads: number,
): Promise<Files> {
  const [one, other] = [{ threads }, { threads, weights: model.memory }];
  const symbols = (await inParallel(program, other).decode()).symbols,
    files = await inParallel(program, one).decode();
  assertEquals(symbols, files.symbols);
  return files;
}

Deno.test("any bytes come back, whatever the windows, and any number of threads gives the same file", async () => {
  for (const [seed, windows] of [[0, 1], [1, 5], [2, 2], [3, 9]] as const) {
    const data = files(
      someBytes(150, seed),
      new Uint8Array(),
      someBytes(150, seed + 1),
      someBytes(7, seed + 2),
    );
    const program = await programOfFiles(data, { windows, threads: 2 });
    assertEquals((await programOfFiles(data, { windows, threads: 1 })).bytes, program.bytes);
    assertEquals((await program.decode() as unknown as Files).symbols, data.symbols);
    for (const threads of [1, 2, 3]) {
      assertEquals((await parallel(program, threads)).symbols, data.symbols);
    }
    const { entries, bytes } = program.ledger;
    assertEquals(entries.reduce((sum, entry) => sum + entry.bytes, 0), bytes);
  }
});

Deno.test("nothing, and one byte, come back", async () => {
  for (const bytes of [new Uint8Array(), Uint8Array.of(255)]) {
    const data = files(bytes), program = await programOfFiles(data);
    assertEquals((await program.decode() as unknown as Files).symbols, bytes);
  }
});

Deno.test("a window that is longer than the ring of keys comes back", async () => {
  const data = files(someBytes(2500, 0));
  const { symbols } = await (await programOfFiles(data, { windows: 2 })).decode() as unknown as Files;
  assertEquals(symbols, data.symbols);
});

Deno.test("what a model says of each token is what a plain forward pass says", async () => {
  const text = new TextEncoder().encode("the and in an other\nthe first of the last 12 things");
  const { tokens } = tokenizer(model.vocabulary)(text), expected = costs(model, tokens);
  const spent = [0];
  for (let n = 1; n <= tokens.length; n++) {
    const window = { tokens: tokens.slice(0, n), bytes: n };
    spent.push((await encodeWindows([window], model, context, 1))[0]!.bits);
  }
  const found = expected.map((_, i) => spent[i + 1]! - spent[i]!);
  const worst = Math.max(...expected.map((bits, i) => Math.abs(bits - found[i]!)));
  assert(worst < 0.15, `${worst} bits`);
  assert(Math.max(...expected) - Math.min(...expected) > 5, "a model without opinions tells nothing");
});

Deno.test("a program's memory is what its module takes, whatever the sizes", async () => {
  for (const [seed, width, keyHeads, tied] of [[1, 16, 1, false], [2, 40, 3, true]] as const) {
    const spec = {
      ...model.spec,
      width,
      keyHeads,
      heads: 3,
      layers: 1,
      tied,
      headWidth: 16,
      inner: 8 * seed,
    };
    const other = modelOf(randomModel(random(seed, "sizes"), spec)), data = files(someBytes(90, 0));
    const windows = cutWindows(tokenizer(other.vocabulary)(data.symbols), 2),
      space = encoderWorkspace(windows);
    const places = placesFor(other, 0, [], 0), { address, bytes } = writeBlock(other, space, places, [], []);
    const { exports } = new WebAssembly.Instance(await compileModule("transformer_encoder", MODULES));
    const { memory, open } = exports as unknown as { memory: WebAssembly.Memory; open(): number };
    memory.grow(100);
    new Uint8Array(memory.buffer).set(bytes, address);
    new Uint8Array(memory.buffer).set(other.memory, places.spelling);
    assertEquals(open(), places.heap + workBytes(spec, space));
    const program = await programOfFiles(data, { windows: 2 }, other);
    assertEquals((await program.decode() as unknown as Files).symbols, data.symbols);
  }
});

Deno.test("a program without its weights is the program again with them, and with no others", async () => {
  const program = await programOfFiles(files(someBytes(80, 0))), file = detach(program.bytes, program.info);
  assert(file.length < program.bytes.length - model.memory.length + 60);
  const { memory } = modelOf(randomModel(random(2, "model")));
  assertEquals(attach(readDetached(file), model.memory), program.bytes);
  assertThrows(() => attach(readDetached(file), memory), MdlError, "not the weights");
  await assertRejects(() => wholeProgram(file), MdlError, "does not know");
  for (const length of [3, 12, 45, 60]) {
    const error = assertThrows(() => readDetached(file.subarray(0, length)), MdlError);
    assert(["damaged", "not-a-program"].includes(error.code), error.message);
  }
});

Deno.test("damage of a program without its weights is noticed before anything runs", async () => {
  const program = await programOfFiles(files(someBytes(80, 1))), file = detach(program.bytes, program.info);
  for (let at = 0; at < file.length; at += 11) {
    const damaged = file.slice();
    damaged[at]! ^= 1 << at % 8;
    assertThrows(() => programOf(attach(readDetached(damaged), model.memory)), MdlError);
  }
});

Deno.test("a model draws text from random bits, the same from the same seed", async () => {
  const program = await programOfFiles(files(someBytes(80, 0)));
  const drawn = async (seed: number) => (await program.generate(2, seed, { length: 50 })) as unknown as Files;
  const [one, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
  assertEquals([one.lengths, one.symbols], [[50, 50], again.symbols]);
  assert(one.symbols.join() !== other.symbols.join());
});

Deno.test("tokens are merged by rank, and spell what they came from", () => {
  const { vocabulary } = model, tokensOf = tokenizer(vocabulary);
  const spelled = (text: string) =>
    [...tokensOf(new TextEncoder().encode(text)).tokens].map((token) =>
      new TextDecoder().decode(vocabulary.spelling[token & 0xffffff])
    );
  assertEquals(spelled("the other and"), ["the", " ", "o", "the", "r", " ", "and"]);
  assertEquals(tokensOf(Uint8Array.of(250, 65)).tokens[0]! >>> 24, 250);
  for (let seed = 0; seed < 30; seed++) {
    const bytes = someBytes(400, seed), { tokens, lengths } = tokensOf(bytes);
    const back = [...tokens].flatMap((token) =>
      token & 0xffffff ? [...vocabulary.spelling[token]!] : [token >>> 24]
    );
    assertEquals([Uint8Array.from(back), lengths.length], [bytes, tokens.length]);
  }
});

Deno.test("GGUF: three kinds of numbers are read, and nothing else", () => {
  const { file, f32, q8, q4 } = gguf(), { tensors, metadata } = readGguf(file);
  assertEquals(metadata.get("list"), ["a", "b"]);
  for (const [name, expected] of [["f32", f32], ["q8", q8], ["q4", q4]] as const) {
    const row = new Float64Array(32);
    readRow(tensors.get(name)!, 1, row);
    assertEquals([...row], expected);
  }
  for (let length = 0; length < file.length; length += 7) {
    assertThrows(() => readGguf(file.subarray(0, length)), MdlError, "cannot be read");
  }
});

/** A file of three tensors of 2 rows and 32 columns, and their second rows. */
function gguf() {
  const bytes: number[] = [];
  const u32 = (n: number) => bytes.push(n & 255, n >> 8 & 255, n >> 16 & 255, n >>> 24);
  const u64 = (n: number) => [n, 0].forEach(u32);
  const text = (word: string) => (u64(word.length), bytes.push(...new TextEncoder().encode(word)));
  [0x46554747, 3].forEach(u32);
  [3, 1].forEach(u64);
  text("list");
  [9, 8].forEach(u32);
  u64(2);
  ["a", "b"].forEach(text);
  for (const [name, type, offset] of [["f32", 0, 0], ["q8", 8, 256], ["q4", 3, 352]] as const) {
    text(name);
    u32(2);
    [32, 2].forEach(u64);
    u32(type);
    u64(offset);
  }
  while (bytes.length % 32) bytes.push(0);
  const half = [0, 0x38], two = [0, 0xc0]; // 0.5 and −2
  const f32 = Array.from({ length: 32 }, (_, i) => i / 4 - 3),
    whole = Array.from({ length: 32 }, (_, i) => i - 9);
  bytes.push(...new Uint8Array(Float32Array.from([...f32.map(() => 0), ...f32]).buffer));
  for (let row = 0; row < 2; row++) bytes.push(...half, ...whole.map((n) => n & 255));
  while (bytes.length % 32) bytes.push(0);
  for (let row = 0; row < 2; row++) {
    bytes.push(
      ...half,
      ...two,
      ...Array.from({ length: 16 }, (_, i) => i | 15 - i << 4),
    );
  }
  const q4 = [...Array(32).keys()].map((i) => 0.5 * (i < 16 ? i : 31 - i) - 2);
  return { file: Uint8Array.from(bytes), f32, q8: whole.map((n) => n / 2), q4 };
}

/** Bits of each token by a forward pass as textbooks have it, in f64. */
function costs({ spec, memory, weightsAt }: LanguageModel, tokens: Int32Array): number[] {
  const { vocabulary, width, layers, heads, keyHeads, headWidth, inner, base, epsilon } = spec;
  const view = new DataView(memory.buffer);
  let at = weightsAt;
  const matrix = (n: number, k: number) => {
    const from = at;
    at += n * k + 4 * n;
    return Array.from(
      { length: n },
      (_, r) =>
        Array.from({ length: k }, (_, c) =>
          view.getFloat32(from + n * k + 4 * r, true) *
          view.getInt8(from + (r >> 3) * 8 * k + (c >> 1) * 16 + (r & 7) * 2 + (c & 1))),
    );
  };
  const vector = () => {
    at += 4 * width;
    return Array.from({ length: width }, (_, i) => view.getFloat32(at - 4 * width + 4 * i, true));
  };
  const times = (m: number[][], v: number[]) => m.map((row) => row.reduce((sum, w, i) => sum + w * v[i]!, 0));
  const norm = (v: number[], w: number[]) => {
    const root = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0) / width + epsilon);
    return v.map((x, i) => x / root * w[i]!);
  };
  const turn = (v: number[], position: number) =>
    v.map((x, i) => {
      const angle = position * base ** (-2 * ((i % headWidth) >> 1) / headWidth), pair = v[i ^ 1]!;
      return x * Math.cos(angle) + (i & 1 ? pair : -pair) * Math.sin(angle);
    });
  const embedding = matrix(vocabulary, width);
  let x = [0, ...tokens.subarray(0, -1)].map((token) => [...embedding[token & 0xffffff]!]);
  for (let layer = 0; layer < layers; layer++) {
    const before = vector(), project = matrix((heads + 2 * keyHeads) * headWidth, width);
    const join = matrix(width, heads * headWidth), between = vector();
    const gate = matrix(2 * inner, width), down = matrix(width, inner);
    const all = x.map((v) => times(project, norm(v, before))), queried = heads * headWidth;
    const queries = all.map((v, i) => turn(v.slice(0, queried), i));
    const keys = all.map((v, i) => turn(v.slice(queried, queried + keyHeads * headWidth), i));
    const values = all.map((v) => v.slice(queried + keyHeads * headWidth));
    x = x.map((v, i) => {
      const seen = Array.from({ length: heads }, (_, h) => {
        const from = Math.floor(h * keyHeads / heads) * headWidth;
        const head = (of: number[], first: number) => of.slice(first, first + headWidth);
        const scores = keys.slice(0, i + 1).map((k) =>
          Math.exp(times([head(k, from)], head(queries[i]!, h * headWidth))[0]! / Math.sqrt(headWidth))
        );
        const sum = scores.reduce((a, b) => a + b);
        return Array.from(
          { length: headWidth },
          (_, d) => scores.reduce((total, s, t) => total + s / sum * values[t]![from + d]!, 0),
        );
      }).flat();
      return v.map((value, j) => value + times(join, seen)[j]!);
    });
    x = x.map((v) => {
      const both = times(gate, norm(v, between));
      const passed = both.slice(0, inner).map((g, i) => g / (1 + Math.exp(-g)) * both[inner + i]!);
      const more = times(down, passed);
      return v.map((value, i) => value + more[i]!);
    });
  }
  const last = vector();
  return x.map((v, i) => {
    const logits = times(embedding, norm(v, last)), sum = logits.reduce((total, l) => total + Math.exp(l), 0);
    return Math.log2(sum / Math.exp(logits[tokens[i]! & 0xffffff]!));
  });
}

Deno.test("the golden program is what today's encoder makes, and decodes", async () => {
  const golden = await Deno.readFile(new URL("fixtures/transformer_v2.wasm", import.meta.url));
  const data = files(someBytes(700, 1), someBytes(300, 2)),
    program = await programOfFiles(data, { windows: 3 });
  // the same program in today's format
  assertEquals(program.bytes, forged(golden, { record: JSON.stringify(programOf(golden).info.record) }));
  assertEquals((await programOf<Files>(golden).decode()).symbols, data.symbols);
  assertEquals((await parallel(program, 2)).symbols, data.symbols);
});
