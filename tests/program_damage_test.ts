/** Whatever the bytes: a sentence, never a crash, a hang or wrong data. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Dataset, dataset } from "../lib/image/dataset.ts";
import type { Coded } from "../lib/codec.ts";
import { runningNames } from "../lib/items.ts";
import { image } from "../lib/image/codec.ts";
import { readShape } from "../lib/image/shape.ts";
import { type ErrorCode, MdlError } from "../lib/errors.ts";
import { forged } from "../scripts/laboratory/fuzz/forge.ts";
import { buildProgram, type ProgramParts } from "../lib/program/build.ts";
import { concat, varint } from "../lib/program/bytes.ts";
import { decodeProgram, generateImages } from "./decoding.ts";
import { checksum, CODE_CHECKSUM } from "../lib/program/header.ts";
import { modelOf } from "../lib/image/model.ts";
import { type ProgramInfo, readProgram } from "../lib/program/read.ts";
import { programOf, storedProgram } from "../lib/program/program.ts";
import { DATA, MEMORY, PREAMBLE, writeSection } from "../lib/program/wasm_module.ts";
import { random } from "../lib/random.ts";
import { SOON } from "./soon.ts";

const PROVENANCE = { source: "computed", licence: "CC0", citation: "Random bytes." };

function set(names = runningNames(3)): Dataset {
  const rnd = random(1, "damage");
  return dataset({
    name: "noise",
    channels: 1,
    groups: [{ count: 3, height: 4, width: 4 }],
    names,
    provenance: PROVENANCE,
    symbols: Uint8Array.from({ length: 48 }, () => rnd.below(256)),
  });
}

/** Bodies (locals included) of `start` and `next` of hand-made decoders. */
const NOTHING = [0, 0x0b];
const LOOP = [0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b];
const constant = (address: number) => [0, 0x41, ...varint(address), 0x0b]; // below 64
const LOOP_THEN_0 = [0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0, 0x0b];
const TRAP = [0, 0, 0x0b];
const RECURSE = [0, 0x10, 1, 0x0b];

/** A decoder of these two functions, every export but `without`. */
function decoder(start: number[], next: number[], without = ""): Uint8Array {
  const exported = (name: string, kind: number, index: number) =>
    name === without ? [] : [name.length, ...new TextEncoder().encode(name), kind, index];
  const exports = [exported("memory", 2, 0), exported("start", 0, 0), exported("next", 0, 1)];
  return concat([
    PREAMBLE,
    writeSection(1, [2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 1, 0x7f]),
    writeSection(3, [2, 0, 1]),
    writeSection(MEMORY, [1, 0, 1]),
    writeSection(7, [exports.filter((e) => e.length).length, ...exports.flat()]),
    writeSection(10, [2, start.length, ...start, next.length, ...next]),
  ]);
}

function programWith(
  decoder: Uint8Array,
  { record = { dataset: "noise" }, items, ...coded }: Partial<Coded & ProgramParts> = {},
): Uint8Array {
  const data = set();
  return buildProgram({
    mode: coded.weights ? "two-part" : "stored",
    decoder,
    memoryBytes: 65536,
    parameters: { address: 0, bytes: new Uint8Array(16) },
    payloads: [{ address: 16, bytes: data.symbols.subarray(0, 16) }],
    ...coded,
  }, { data, items: items ?? image.items(data), shape: image.shape(data), record });
}

/** Offset of the code checksum: preamble, section id, length (one or two bytes here), name, version. */
const checksumAt = (bytes: Uint8Array) => 8 + 1 + (bytes[9]! < 128 ? 1 : 2) + 6 + 1;

/** Gives altered bytes the checksum that they would have had from a malicious builder. */
function resign(bytes: Uint8Array, dataAt: number): Uint8Array {
  const signed = bytes.slice();
  const at = checksumAt(bytes);
  signed.fill(0, at, at + CODE_CHECKSUM);
  signed.set(checksum(CODE_CHECKSUM, signed.subarray(0, dataAt)), at);
  return signed;
}

/** Where the data section of a complete program begins: it is the last and has all segments. */
function dataAt(bytes: Uint8Array, { segments }: ProgramInfo): number {
  const first = segments[0]!.bytes.byteOffset - bytes.byteOffset;
  return bytes.lastIndexOf(DATA, first - 6);
}

function code(act: () => unknown): ErrorCode {
  return (assertThrows(act, MdlError) as MdlError).code;
}

Deno.test("every flipped bit of a program is noticed", async () => {
  const { bytes } = await storedProgram(set(["a", "b", "c"]), { dataset: "noise" });
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const altered = bytes.slice();
      altered[i]! ^= 1 << bit;
      for (const prefix of [false, true]) {
        const found = code(() => readProgram(altered, { prefix }));
        assert(["damaged", "not-a-program"].includes(found), `byte ${i}: ${found}`);
      }
    }
  }
});

Deno.test("every truncation and anything appended is noticed", async () => {
  const { bytes } = await storedProgram(set(), { dataset: "noise" });
  for (let length = 0; length < bytes.length; length++) {
    for (const prefix of [false, true]) {
      const found = code(() => readProgram(bytes.subarray(0, length), { prefix }));
      assert(["damaged", "not-a-program"].includes(found), `${length} bytes: ${found}`);
    }
  }
  assertThrows(() => readProgram(bytes.subarray(0, -1)), MdlError, "it lacks 1 byte of its");
  assertThrows(() => readProgram(concat([bytes, [0]])), MdlError, "followed by 1 byte too many");
});

Deno.test("random bytes, and random bytes behind a valid beginning, are refused", async () => {
  const rnd = random(2, "garbage");
  const { bytes } = await storedProgram(set(), { dataset: "noise" });
  for (let i = 0; i < 3000; i++) {
    const noise = Uint8Array.from({ length: rnd.below(300) }, () => rnd.below(256));
    const front = [0, 8, 10, checksumAt(bytes)][i % 4]!;
    code(() => readProgram(concat([bytes.subarray(0, front), noise]), { prefix: i % 2 === 0 }));
  }
});

Deno.test("altered programs with a valid checksum end in a sentence or decode to what they announce", async () => {
  const rnd = random(3, "forged");
  const { bytes, info } = await storedProgram(set(["a", "b", "c"]), { dataset: "noise" });
  const end = dataAt(bytes, info), from = checksumAt(bytes) + CODE_CHECKSUM;
  let accepted = 0;
  for (let i = 0; i < 4000; i++) {
    const altered = bytes.slice();
    for (let n = 1 + rnd.below(2); n > 0; n--) {
      altered[from + rnd.below(end - from)] = rnd.below(256);
    }
    const forged = resign(altered, end);
    try {
      readProgram(forged);
    } catch (error) {
      assert(error instanceof MdlError, `${error}`);
      continue;
    }
    if (++accepted > 60) continue;
    try {
      assertEquals((await decodeProgram(forged, { timeLimit: 100 })).sha256, readProgram(forged).sha256);
    } catch (error) {
      assert(error instanceof MdlError, `${error}`);
    }
  }
  assert(accepted > 60, `${accepted}`);
});

Deno.test("modules that could reach outside their memory are refused before they are compiled", async () => {
  const { bytes, info } = await storedProgram(set(), { dataset: "noise" });
  const end = dataAt(bytes, info), headerEnd = end - info.sizes.decoder;
  const insert = (section: Uint8Array, at = headerEnd) =>
    resign(concat([bytes.subarray(0, at), section, bytes.subarray(at)]), end + section.length);
  const imports = writeSection(2, [1, 1, 0x65, 1, 0x66, 0, 0]);
  assertEquals(code(() => readProgram(insert(imports))), "not-a-program");
  assertThrows(() => readProgram(insert(imports)), MdlError, "has imports");
  assertThrows(() => readProgram(insert(writeSection(8, [0]), end)), MdlError, "a start function");
  assertThrows(
    () => readProgram(insert(writeSection(4, [1, 0x70, 0, 255, 255, 3]), end)),
    MdlError,
    "a table",
  );
  const types = (body: number[]) => {
    const at = headerEnd + 2 + bytes[headerEnd + 1]!; // behind the type section
    return forged(bytes, { decoder: concat([writeSection(1, body), bytes.subarray(at, end)]) });
  };
  assertThrows(() => readProgram(types([1, 0x5e, 0x78, 1])), MdlError, "types other than");
  assertThrows(() => readProgram(types([1, 0x60, 1, 0x70, 0])), MdlError, "types other than");
  assertThrows(
    () => readProgram(types([255, 255, 255, 255, 15])),
    MdlError,
    "4294967295 types; allowed are 256",
  );
  assertThrows(
    () => programWith(concat([PREAMBLE, imports])),
    MdlError,
    "imports",
  );
  assertThrows(
    () => programWith(new Uint8Array(9)),
    MdlError,
    "no WebAssembly",
  );
});

Deno.test("absurd sizes are refused before memory is taken", () => {
  const module = decoder(NOTHING, constant(16));
  const huge = programWith(module, { memoryBytes: 2 ** 31 });
  assertEquals(code(() => readProgram(huge)), "too-large");
  const given = (count: number, bytes: number) => () =>
    readProgram(programWith(module, { items: [{ count, bytes }] }));
  assertEquals(code(given(2 ** 31, 1)), "too-large");
  assertEquals(code(given(2 ** 32 - 1, 2 ** 32 - 1)), "too-large");
  assertEquals(code(given(1, 2 ** 20)), "damaged"); // larger than its memory
  assertEquals(code(given(0, 16)), "damaged");
  assertEquals(code(() => programOf(programWith(module, { items: [{ count: 1, bytes: 15 }] }))), "damaged"); // 4 rows
  assertEquals(code(given(2 ** 22 + 1, 1)), "too-large"); // few bytes, many items
  assertEquals(code(() => readProgram(programWith(module), { limits: { items: 2 } })), "too-large");
  assertEquals(readShape(readProgram(programWith(module))).groups, set().groups);
});

Deno.test("a record or names that swell when unpacked, or go deep, are refused", () => {
  const whole = programWith(decoder(NOTHING, constant(16)));
  const record = (fields: string) => () =>
    readProgram(forged(whole, { record: `{"dataset":"x",${fields}}` }));
  assertThrows(record(`"zeros":"${"0".repeat(2 ** 16)}"`), MdlError, "run record cannot be unpacked");
  assertThrows(record(`"deep":${"[".repeat(16)}${"]".repeat(16)}`), MdlError, "objects within objects");
  assertThrows(
    record(`"deep":${"[".repeat(30_000)}${"]".repeat(30_000)}`),
    MdlError,
    "objects within objects",
  );
  assertThrows(record(`"dataset":"${"x".repeat(1025)}"`), MdlError, "does not name a data set");
  const names = (text: string) => () => readProgram(forged(whole, { names: text }));
  assertThrows(names("0".repeat(2 ** 14)), MdlError, "list of names cannot be unpacked");
  assertThrows(names(`${"0".repeat(1025)}\0b\0c`), MdlError, "a name of 1025 bytes");
  assertThrows(names("a"), MdlError, "1 names");
  assertThrows(names("a\0b\0c\0"), MdlError, "4 names");
  const longest = ["ü".repeat(512), "", "\u001b"];
  assertEquals(names(longest.join("\0"))().names, longest);
  assertEquals(record(`"deep":${"[".repeat(15)}${"]".repeat(15)}`)().record.dataset, "x");
});

Deno.test("programs that loop, trap or give wrong data end in a sentence", async () => {
  const fails = async (module: Uint8Array, expected: ErrorCode, text: string) => {
    const error = await assertRejects(
      () => decodeProgram(programWith(module), { timeLimit: 300 }),
      MdlError,
      text,
    );
    assertEquals((error as MdlError).code, expected);
  };
  const began = performance.now();
  await fails(decoder(NOTHING, LOOP_THEN_0), "too-long", "ran for more than");
  await fails(decoder(LOOP, constant(16)), "too-long", "ran for more than");
  assert(performance.now() - began < SOON);
  await fails(decoder(NOTHING, TRAP), "damaged", "unreachable");
  await fails(decoder(NOTHING, RECURSE), "damaged", "fails when it runs");
  await fails(decoder(NOTHING, [0, 0x41, 0x7f, 0x0b]), "damaged", "fails when it runs"); // address −1
  await fails(decoder(NOTHING, [0, 0x41, 0xff, 0xff, 3, 0x0b]), "damaged", "fails when it runs"); // the last byte
  await fails(decoder(NOTHING, NOTHING), "damaged", "fails when it runs"); // does not validate
  await fails(decoder(NOTHING, constant(16)), "damaged", "SHA-256"); // thrice the first image
  const drawn = () => generateImages(programWith(decoder(NOTHING, LOOP_THEN_0)), 1, 1, { timeLimit: 100 });
  await assertRejects(drawn, MdlError, "ran for more than");
});

Deno.test("a model is taken from no program that loops, traps or holds none", async () => {
  const spec = { neighbours: 8, cross: 4, width: 8, blocks: 1, tied: false, grid: 1, bits: 6 };
  const fails = async (start: number[], model: unknown, heap: number, expected: ErrorCode) => {
    const block = new DataView(new ArrayBuffer(52));
    block.setUint32(16, heap, true);
    const bytes = programWith(decoder(start, constant(16)), {
      record: { dataset: "noise", model },
      parameters: { address: 64, bytes: new Uint8Array(block.buffer) },
      weights: { address: 128, bytes: Uint8Array.of(4, 5) },
      payloads: [{ address: 160, bytes: set().symbols }],
    });
    const error = await assertRejects(() => modelOf(bytes, { timeLimit: 300 }), MdlError);
    assertEquals((error as MdlError).code, expected);
  };
  await fails(LOOP, spec, 1024, "too-long");
  await fails(TRAP, spec, 1024, "damaged");
  await fails(NOTHING, spec, 65_000, "damaged"); // weights behind the end of memory
  await fails(NOTHING, { ...spec, grid: 64, width: 32 }, 1024, "damaged");
  await fails(NOTHING, spec, 1024, "unsupported"); // not the weights that are coded
  await fails(NOTHING, { ...spec, width: 1e9 }, 1024, "usage");
  await fails(NOTHING, { ...spec, grid: 64, width: 128, blocks: 16 }, 1024, "too-large");
  for (const model of [null, 5, {}, { ...spec, width: "8" }]) {
    await fails(NOTHING, model, 1024, "unsupported");
  }
});

Deno.test("a prefix that ends behind a scale is a module with the scales that are there", async () => {
  const { symbols } = set();
  const scales = [symbols.subarray(0, 3), symbols.subarray(3, 12), symbols.subarray(12)];
  const bytes = programWith(decoder(NOTHING, constant(32)), {
    parameters: { address: 8, bytes: Uint8Array.of(1, 2, 3) },
    weights: { address: 16, bytes: Uint8Array.of(4, 5) },
    payloads: [32, 35, 44].map((address, i) => ({ address, bytes: scales[i]! })),
  });
  const whole = readProgram(bytes);
  assertEquals(
    whole.segments.map(({ kind, scale }) => `${kind} ${scale}`).join(),
    "parameters 0,weights 0,payload 0,payload 1,payload 2",
  );
  const ends = whole.segments.slice(2).map(({ bytes: part }) => part.byteOffset + part.length);
  assertEquals(ends[2], bytes.length);
  for (let length = 0; length <= bytes.length; length++) {
    const there = ends.filter((end) => end <= length).length;
    const prefix = bytes.slice(0, length);
    if (there === 0) {
      code(() => readProgram(prefix, { prefix: true }));
      continue;
    }
    const info = readProgram(prefix, { prefix: true });
    assertEquals(info.complete, length === bytes.length);
    assertEquals(
      info.segments.filter(({ kind }) => kind === "payload").map((s) => s.bytes),
      scales.slice(0, there),
    );
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(info.module));
    const memory = new Uint8Array((instance.exports.memory as WebAssembly.Memory).buffer, 32, 48);
    const shown = [3, 12, 48][there - 1]!;
    assertEquals(memory.slice(0, shown), symbols.slice(0, shown));
    assert(memory.subarray(shown).every((byte) => byte === 0));
    if (!info.complete) code(() => readProgram(prefix));
  }
});
