/** What a reader takes at most, and that the encoder says so before it writes more. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dataset, type ImageGroup, symbolCount } from "../lib/image/dataset.ts";
import { runningNames } from "../lib/items.ts";
import { MdlError } from "../lib/errors.ts";
import { forged } from "../scripts/laboratory/fuzz/forge.ts";
import { printable } from "../lib/printable.ts";
import { concat, varint } from "../lib/program/bytes.ts";
import { scalesOf } from "../lib/image/scales.ts";
import { readProgram } from "../lib/program/read.ts";
import { timeLimit } from "../lib/program/sandbox.ts";
import { storedProgram } from "../lib/program/program.ts";
import { writeSection } from "../lib/program/wasm_module.ts";
import { contextOf } from "../lib/context.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { preprocessOf, transform } from "../lib/image/transform.ts";
import { pipe } from "../lib/pipeline.ts";
import { SOON } from "./soon.ts";

const PROVENANCE = { source: "computed", licence: "CC0", citation: "Zeros." };

function zeros(groups: readonly ImageGroup[], names?: readonly string[]) {
  const count = groups.reduce((sum, g) => sum + g.count, 0);
  return dataset({
    name: "zeros",
    channels: 1,
    groups,
    provenance: PROVENANCE,
    names: names ?? runningNames(count),
    symbols: new Uint8Array(symbolCount(groups, 1)),
  });
}

const { bytes: whole } = await storedProgram(zeros([{ count: 3, height: 4, width: 4 }]), {
  dataset: "zeros",
});

/** An export: name, kind, index. */
const exported = (
  name: string,
  kind: number,
  index: number,
) => [name.length, ...new TextEncoder().encode(name), kind, index];
const MEMORY = exported("memory", 2, 0), START = exported("start", 0, 0), NEXT = exported("next", 0, 1);
const F32 = [0x7d, 1, 0x43, 0, 0, 0, 0, 0x0b], I32 = [0x7f, 1, 0x41, 0, 0x0b];

/** A program with a decoder of these functions (locals and code), exports and variables. */
function program(
  { functions = [], exports = [MEMORY, START, NEXT], globals = [], types = [] }: {
    /** Behind `start` and `next`, all () → (). */
    readonly functions?: readonly number[][];
    readonly exports?: readonly number[][];
    readonly globals?: readonly number[][];
    readonly types?: readonly number[][];
  },
): Uint8Array {
  const code = [[0, 0x0b], [0, 0x41, 0, 0x0b], ...functions];
  const decoder = concat([
    writeSection(1, [
      ...varint(3 + types.length),
      0x60,
      2,
      0x7f,
      0x7f,
      0,
      0x60,
      0,
      1,
      0x7f,
      0x60,
      0,
      0,
      ...types.flat(),
    ]),
    writeSection(3, [...varint(code.length), 0, 1, ...functions.map(() => 2)]),
    writeSection(5, [1, 1, 1, 1]),
    writeSection(6, [...varint(globals.length), ...globals.flat()]),
    writeSection(7, [...varint(exports.length), ...exports.flat()]),
    writeSection(10, [...varint(code.length), ...code.flatMap((body) => [...varint(body.length), ...body])]),
  ]);
  return forged(whole, { decoder });
}

const refused = (bytes: Uint8Array, sentence: string) => {
  const error = assertThrows(() => readProgram(bytes), MdlError, sentence);
  assert(["not-a-program", "too-large"].includes(error.code), error.code);
};

const repeat = (count: number, unit: number[]) => Array.from({ length: count }, () => unit).flat();

Deno.test("a decoder's size, functions, variables, blocks and branches are limited before it is compiled", () => {
  const one = (...code: number[]) => program({ functions: [[0, ...code, 0x0b]] });
  assertEquals(readProgram(one()).items.length, 1);
  refused(
    program({ functions: Array.from({ length: 300 }, () => [0, 0x0b]) }),
    "302 functions; allowed are 256",
  );
  refused(one(...repeat(17_000, [1])), "17002 bytes in function 2; allowed are 16384");
  refused(
    program({ functions: Array.from({ length: 9 }, () => [0, ...repeat(4000, [1]), 0x0b]) }),
    "bytes; allowed are 32768",
  );
  refused(program({ functions: [[1, ...varint(129), 0x7f, 0x0b]] }), "129 variables in function 2");
  refused(program({ functions: [[2, 100, 0x7f, 100, 0x7b, 0x0b]] }), "200 variables in function 2");
  refused(program({ functions: [[1, 1, 0x70, 0x0b]] }), "variables other than numbers");
  const nested = (depth: number) => one(...repeat(depth, [2, 0x40]), ...repeat(depth, [0x0b]));
  assertEquals(readProgram(nested(64)).items.length, 1);
  refused(nested(65), "65 blocks within blocks");
  refused(one(...repeat(257, [0x41, 0, 4, 0x40, 5, 0x0b])), "branches in function 2; allowed are 512");
  refused(one(0x41, 0, 0x0e, ...varint(600), ...repeat(601, [0])), "601 branches");
  refused(one(0x41, 0, 0x0e, ...varint(2 ** 32 - 1)), "4294967296 branches");
  refused(one(2, 0, 0x0b), "a block of several values");
  const parameters = [0x60, 33, ...repeat(33, [0x7f]), 0], results = [0x60, 0, 2, 0x7f, 0x7f];
  refused(program({ types: [parameters] }), "33 parameters; allowed are 32");
  refused(program({ types: [results] }), "2 results; allowed are 1");
  refused(program({ types: repeat(300, [0x60, 0, 0]).map((byte) => [byte]) }), "types; allowed are 256");
});

Deno.test("instructions that no decoder has are refused: tables, references, threads, exceptions, relaxed vectors", () => {
  const foreign: Readonly<Record<string, number[]>> = {
    "11": [0x11, 0, 0], // a call through a table
    "12": [0x12, 0], // a tail call
    "25": [0x25, 0], // a table
    "08": [0x08, 0], // an exception
    "1f": [0x1f, 0x40, 0],
    "d0": [0xd0, 0x70], // a reference
    "fb 0": [0xfb, 0, 0], // the heap
    "fe 0": [0xfe, 0, 2, 0], // threads
    "fc 12": [0xfc, 12, 0, 0], // table.init
    "fc 8": [0xfc, 8, 0, 0], // memory.init
    "fd 256": [0xfd, 0x80, 2], // relaxed
  };
  for (const [name, code] of Object.entries(foreign)) {
    refused(
      program({ functions: [[0, ...code, 0x0b]] }),
      "has an instruction that no decoder has, " + name.slice(0, 2),
    );
  }
});

Deno.test("exports are what README.md lists, of the right kinds and types, each once", () => {
  const globals = [F32, I32, [0x7d, 0, 0x43, 0, 0, 0, 0, 0x0b]], exports = [MEMORY, START, NEXT];
  const drawing = [exported("temperature", 3, 0), exported("given", 3, 1)];
  assertEquals(readProgram(program({ globals, exports: [...drawing, ...exports] })).names.length, 3);
  const refuses = (sentence: string, ...found: number[][]) =>
    refused(program({ globals, exports: found }), sentence);
  refuses("exports “memory” as variable i32", exported("memory", 3, 1), START, NEXT);
  refuses("exports “memory” as something else", exported("memory", 2, 1), START, NEXT);
  refuses("exports “start” as function () → (i32)", MEMORY, exported("start", 0, 1), NEXT);
  refuses("exports “start” as something else", MEMORY, exported("start", 0, 7), NEXT);
  refuses("exports “next” as variable f32", MEMORY, START, exported("next", 3, 0));
  refuses("exports “temperature” as constant f32", ...exports, exported("temperature", 3, 2));
  refuses("exports “given” as variable f32", ...exports, exported("given", 3, 0));
  refuses("exports “next” twice", ...exports, NEXT);
  refuses("exports “then” as function () → (i32)", ...exports, exported("then", 0, 1));
  refuses("exports “toString” as", ...exports, exported("toString", 0, 1));
  for (const missing of exports) {
    const left = exports.filter((found) => found !== missing);
    refuses(`does not export “${new TextDecoder().decode(Uint8Array.from(missing.slice(1, -2)))}”`, ...left);
  }
});

Deno.test("10,000 images of different sizes are read in linear time; more groups and segments than the limits are not", async () => {
  const groups = Array.from({ length: 10_000 }, (_, i) => ({ count: 1, height: 1 + i % 2, width: 1 }));
  const set = zeros(groups), { bytes, decode } = await storedProgram(set, { dataset: "zeros" });
  const begun = performance.now(), info = readProgram(bytes);
  assertEquals([info.items.length, scalesOf(info)[0]!.groups.length], [10_000, 10_000]);
  assert(performance.now() - begun < SOON);
  assertEquals((await decode()).sha256, set.sha256);
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ count: 1, bytes: 1 + i % 2 }));
  refused(forged(whole, { items: many(2 ** 16 + 1) }), "65537 groups; allowed are 65536");
  const segment = { kind: "payload", checksum: new Uint8Array(8) } as const;
  refused(
    forged(whole, { segments: Array.from({ length: 19 }, () => segment) }),
    "19 segments; allowed are 18",
  );
});

Deno.test("what no reader takes is said before it is trained for", async () => {
  const build = async (groups: readonly ImageGroup[], names?: readonly string[]) => {
    const set = zeros(groups, names), stages = pipe(features(), compress({ preset: "smoke" }));
    const log = (line: string) => assert(!line.startsWith("compress: "), line);
    await stages.run(set, contextOf(1, { log }));
  };
  const size = { height: 1, width: 1 };
  const fails = (sentence: string, ...args: Parameters<typeof build>) =>
    assertRejects(() => build(...args), MdlError, sentence);
  await fails("a name of more than 1024 bytes", [{ count: 1, ...size }], ["ü".repeat(513)]);
  await fails("holds a NUL", [{ count: 1, ...size }], ["a\0b"]);
  const long = Array.from({ length: 20_000 }, () => "x".repeat(900));
  await fails("more than 16777216 bytes of names", [{ count: 20_000, ...size }], long);
  const changing = Array.from({ length: 2 ** 16 + 1 }, (_, i) => ({ count: 1, height: 1 + i % 2, width: 1 }));
  await fails("change their size more than 65536 times", changing);
  const record = (fields: object) =>
    storedProgram(zeros([{ count: 1, ...size }]), { dataset: "x", ...fields });
  await assertRejects(() => record({ text: "x".repeat(2 ** 16) }), MdlError, "more than a program holds");
  await assertRejects(() => record({ dataset: "x".repeat(1025) }), MdlError, "more than a program holds");
});

Deno.test("what a run record asks of preprocess is what its header says, or nothing", () => {
  const info = readProgram(whole), size = { width: 4, height: 4 };
  const asked = (preprocess: unknown) => preprocessOf({ ...info, record: { dataset: "x", preprocess } });
  assertEquals(asked(undefined), {});
  assertEquals(asked({ take: 3, gray: true, size }), { take: 3, gray: true, size });
  assertEquals(asked({ take: 1000 }), { take: 1000 });
  const wrong: readonly unknown[] = [
    5,
    "gray",
    [],
    [1],
    { flatten: true },
    { take: 2 },
    { take: "3" },
    { take: 1e300 },
    { take: -1 },
    { gray: 1 },
    { gray: "yes" },
    { size: 4 },
    { size: null },
    { size: {} },
    { size: { width: 4 } },
    { size: { width: 30_000, height: 30_000 } },
    { size: { width: "4", height: 4 } },
    {
      size: { ...size, depth: 1 },
    },
  ];
  for (const preprocess of wrong) {
    const error = assertThrows(
      () => asked(preprocess),
      MdlError,
      "its run record",
      JSON.stringify(preprocess),
    );
    assertEquals(error.code, "damaged");
  }
  const shape = Uint8Array.of(3, 4), items = [{ count: 3, bytes: 48 }];
  const colour = () => preprocessOf({ shape, items, record: { dataset: "x", preprocess: { gray: true } } });
  assertThrows(colour, MdlError, "gray");
});

Deno.test("images are not enlarged beyond what can be compressed", () => {
  const set = zeros([{ count: 3, height: 4, width: 4 }]);
  const error = assertThrows(() => transform(set, { size: { width: 30_000, height: 30_000 } }), MdlError);
  assertEquals([error.code, error.message], [
    "too-large",
    "zeros: 3 images of 30000×30000 pixels are more than 200 MB.",
  ]);
});

Deno.test("the time limit counts symbols in so far as the payload can hold them, and is an hour at most", () => {
  const segments = (...lengths: number[]) =>
    lengths.map((length, scale) =>
      ({ kind: "payload", scale, address: 0, bytes: new Uint8Array(length), end: 0 }) as const
    );
  const seconds = (symbols: number, scales: number, ...lengths: number[]) => {
    const items = [{ count: 1, bytes: Math.max(1, symbols) }];
    return timeLimit({ items, scales, segments: segments(...lengths) }, symbols) / 1000;
  };
  assertEquals(seconds(1e6, 1, 500_000), 130);
  assertEquals(seconds(1e6, 1, 23), 130); // 1,000 flat images of 32×32
  assertEquals(Math.round(seconds(1e9, 1, 16)), 103); // a payload of 16 bytes can hold 727,000 symbols
  assertEquals(seconds(1e9, 1, 1e9), 3600);
  assertEquals(seconds(64e4, 4, 1), 94); // of a prefix with the first of four scales, every 64th symbol is there
  assertEquals(seconds(0, 1, 0), 30);
});

Deno.test("text from files is shown without what steers a terminal", () => {
  assertEquals(
    printable("a\u001b[2J\r\n\u009b\u007f\u202eb\ud800c\u2066"),
    String.raw`a\u001b[2J\u000d\u000a\u009b\u007f\u202eb\ud800c\u2066`,
  );
  assertEquals(printable("图 ü 😀\nb", true), "图 ü 😀\nb");
  const value = { name: "\u009b\u202e\u007f", nested: ["\u2028"] };
  assertEquals(JSON.parse(printable(JSON.stringify(value, null, 2), true)), value);
});
