/** Programs that were made to harm, read by the commands as real processes: one sentence, little memory, no trace. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { encodePng } from "../lib/image/image_file.ts";
import { forged } from "../scripts/laboratory/fuzz/forge.ts";
import { concat, varint } from "../lib/program/bytes.ts";
import { writeSection } from "../lib/program/wasm_module.ts";
import { measured } from "./peak_memory.ts";

type Task = "inspect" | "decompress" | "verify" | "samples" | "generate" | "compress";

const root = fileURLToPath(new URL("..", import.meta.url));
const hostile = (name: string) => join(root, "tests/fixtures/hostile", `${name}.wasm`);
const home = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(home, { recursive: true }));
Deno.mkdirSync(join(home, "own"));
const pixels = Uint8Array.from({ length: 28 * 28 }, (_, i) => i);
Deno.writeFileSync(join(home, "own/a.png"), await encodePng({ width: 28, height: 28, channels: 1, pixels }));

/** Bytes of memory that no command may take for any of these files; Deno itself takes 50 million. */
const MOST_MEMORY = 300e6;

/** Whatever steers a terminal, but for the ends of lines. */
const CONTROLS = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Deno's arguments for a task as deno.json has it. */
function argumentsOf(task: Task, ...args: string[]): string[] {
  const [, ...words] = manifest.tasks[task].split(" ");
  return [...words.slice(0, -1), "--no-prompt", join(root, words.at(-1)!), ...args];
}

async function run(task: Task, ...args: string[]) {
  const { code, out, err, peak } = await measured(argumentsOf(task, ...args), home);
  const said = err.split("\n").filter((line) => line !== "" && !/[█░]|^writing /.test(line)),
    what = `${task} ${args.join(" ")}`;
  assert(!/file:\/\/|^ +at /m.test(err), `${what}: ${err}`);
  assert(!CONTROLS.test(`${out}${err}`.replaceAll("\n", "")), `${what}: ${JSON.stringify(out + err)}`);
  assert(peak === undefined || (peak > 10e6 && peak < MOST_MEMORY), `${what}: ${peak} bytes of memory`);
  return { code, out, said };
}

/** All files under the tests' folder. */
function files(folder = ""): string[] {
  return [...Deno.readDirSync(join(home, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? files(join(folder, name)) : [join(folder, name)]
  ).sort();
}

Deno.test("a command's sentence stays one where it waits for another process that has node_modules locked", async () => {
  const place = join(root, "node_modules/.deno"), poll = join(place, ".deno.lock.poll"); // what Deno looks at
  using lock = await Deno.open(join(place, ".deno.lock"), { write: true, create: true });
  await lock.lock(true);
  const alive = setInterval(() => Deno.writeTextFileSync(poll, ""), 50);
  setTimeout(() => {
    clearInterval(alive);
    lock.unlockSync();
  }, 3000); // Deno says nothing of the first second
  const { said } = await run("inspect", hostile("42_record_deep"));
  assertEquals([said.length, REFUSED["42_record_deep"]!.test(said[0]!)], [1, true], said.join("\n"));
});

/** The sentences of those that are refused before anything of them is run. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "12_loop_30h": /^The program gives 1 item of 1,024 MiB in all; allowed are .* 190\.7 MiB\.$/,
  "20_memory_is_global": /^The module exports “memory” as constant i32, which no program does\.$/,
  "40_names_bomb_100M":
    /^The program is damaged: its list of names cannot be unpacked\.$|would become 1,048,576 files .*: --many/,
  "42_record_deep": /^The program is damaged: its run record cannot be unpacked\.$/,
  "51_scales_groups_10k": /^The program announces 10001 segments; allowed are 18\.$/,
  "61_ifs_5k": /^The module has 25006 bytes in function 0; allowed are 16384\.$/,
};

/** Runs two at a time. */
async function all(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = works.values();
  await Promise.all([1, 2].map(async () => {
    for (const work of left) await work();
  }));
}

Deno.test("hostile programs are refused in one sentence, in little memory, and nothing is written", async () => {
  const before = files();
  await all(
    Object.entries(REFUSED).flatMap(([name, sentence]) =>
      [["inspect"], ["decompress", "--output", "new"], ["verify", "own"]].map(
        ([task, ...rest]) => async () => {
          const { code, out, said } = await run(task as Task, hostile(name), ...rest);
          assertEquals([code, out, said.length], [1, "", 1], `${task} ${name}: ${out}${said.join("\n")}`);
          assertMatch(said[0]!, sentence);
        },
      )
    ),
  );
  assertEquals(files(), before);
});

Deno.test("hostile programs that can be read stay within their folder, and their texts harmless", async () => {
  const before = files();
  const succeeds = (task: Task, name: string, shown: RegExp, ...args: string[]) => async () => {
    const { code, out, said } = await run(task, hostile(name), ...args);
    assertEquals([code, said], [0, []]);
    assertMatch(out, shown);
  };
  const fails = (task: Task, name: string, sentence: RegExp, ...args: string[]) => async () => {
    const { code, out, said } = await run(task, hostile(name), ...args);
    assertEquals([code, out, said.length], [1, "", 1], `${task} ${name}: ${out}${said.join("\n")}`);
    assertMatch(said[0]!, sentence);
  };
  await all([
    succeeds("inspect", "04_names_dup", /3 images/),
    fails("verify", "04_names_dup", /^The program has 3 images, own has 1 image\.$/, "own"),
    succeeds("inspect", "17_count_4M", /4,194,304 images/),
    succeeds("inspect", "43_record_esc", /dataset: x\\u001b\]0;pwned.*\nnote: .*identical\\u000averified/),
    succeeds("inspect", "43_record_esc", /"dataset": "x\\u001b\]0;pwned/, "--json"),
    succeeds("decompress", "43_record_esc", /1 image/, "--output", "out/43"),
    fails("verify", "43_record_esc", /^Image .* is 4×4 in the program/, "own"),
    succeeds("inspect", "70_samples_traversal", /two-part/),
    succeeds("decompress", "71_dataset_esc", /20 images/, "--output", "out/71"),
    fails("verify", "71_dataset_esc", /^The program has 20 images, own has 1 image\.$/, "own"),
    succeeds("generate", "71_dataset_esc", /1 image drawn/, "--count", "1", "--output", "out/71.png"),
    succeeds("decompress", "72_pre_size_mid", /20 images/, "--output", "out/72"),
    fails(
      "verify",
      "72_pre_size_mid",
      /its run record gives its images another size than its header\.$/,
      "own",
    ),
    fails("generate", "72_pre_size_mid", /another size than its header\.$/, "--complete", "own"),
    fails(
      "samples",
      "72_pre_size_mid",
      /another size than its header\.$/,
      "--against",
      "own",
      "--output",
      "new",
    ),
  ]);
  const added = files().filter((file) => !before.includes(file));
  assertEquals(added.filter((file) => !file.startsWith("out/")), []);
});

Deno.test("a data set's name with escapes is shown as such in tables and figures", async () => {
  const drawn = await measured(
    argumentsOf("samples", hostile("71_dataset_esc"), "--count", "2", "--output", "looks"),
    home,
  );
  assertEquals(drawn.code, 0, drawn.err);
  assert(!CONTROLS.test(`${drawn.out}${drawn.err}`.replaceAll("\n", "")));
  assertEquals(files("looks").length, 4);
});

Deno.test("a program may run as long as its payload justifies, or as --limit says", async () => {
  const bytes = Deno.readFileSync(hostile("12_loop_30h")), path = join(home, "loop.wasm");
  Deno.writeFileSync(path, forged(bytes, { items: [{ count: 1, bytes: 100 }], shape: Uint8Array.of(1, 10) }));
  await all([["decompress", "--output", "new"], ["verify", "own"]].map(([task, ...rest]) => async () => {
    const { code, out, said } = await run(task as Task, "loop.wasm", ...rest, "--limit", "1");
    assertEquals([code, out], [1, ""]);
    assertEquals(said, [
      "The program was stopped: it ran for more than 1 s. --limit SECONDS gives it more time.",
    ]);
  }));
  const wrong = await run("verify", "loop.wasm", "own", "--limit", "0");
  assertMatch(wrong.said[0]!, /^--limit takes a whole number from 1 to 1000000/);
});

/** A decoder whose functions are as large as they may be, and all called by `next`. */
function largestDecoder(body: number[]): Uint8Array {
  const functions = Array.from({ length: 7 }, () => body), calls = functions.flatMap((_, i) => [0x10, 2 + i]);
  const code = [[0, 0x0b], [0, ...calls, 0x41, 8, 0x0b], ...functions];
  const exported = (
    name: string,
    kind: number,
    index: number,
  ) => [name.length, ...new TextEncoder().encode(name), kind, index];
  return concat([
    writeSection(1, [3, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 1, 0x7f, 0x60, 0, 0]),
    writeSection(3, [code.length, 0, 1, ...functions.map(() => 2)]),
    writeSection(5, [1, 1, 1, 1]),
    writeSection(7, [3, ...exported("memory", 2, 0), ...exported("start", 0, 0), ...exported("next", 0, 1)]),
    writeSection(10, [code.length, ...code.flatMap((body) => [...varint(body.length), ...body])]),
  ]);
}

/** 128 variables; `unit` as often as fits into a function, between what goes before and behind. */
function body(before: number[], unit: (i: number) => number[], behind: number[]): number[] {
  const code = [1, ...varint(128), 0x7f, ...before];
  for (let i = 0; i < 500 && code.length + unit(i).length + behind.length < 4096; i++) code.push(...unit(i));
  return [...code, ...behind, 0x0b];
}

const get = (i: number) => [0x20, ...varint(i % 128)], set = (i: number) => [0x21, ...varint(i % 128)];
const times = (count: number, code: number[]) => Array.from({ length: count }, () => code).flat();

Deno.test("the code that takes most to compile, within the limits, takes little memory", async () => {
  const bytes = Deno.readFileSync(hostile("12_loop_30h")), items = [{ count: 50_000, bytes: 1 }];
  const bodies = {
    conditions: body([], (i) => [...get(i), 0x04, 0x40, ...get(3 * i), ...set(7 * i), 0x0b], []),
    stack: body(times(600, [0x20, 5]), (i) => [...get(i), 0x04, 0x40, 0x0b], times(600, [0x1a])),
  };
  await all(
    Object.entries(bodies).map(([name, code]) => async () => {
      Deno.writeFileSync(
        join(home, `${name}.wasm`),
        forged(bytes, { items, shape: Uint8Array.of(1, 1), decoder: largestDecoder(code) }),
      );
      const { said } = await run("decompress", `${name}.wasm`, "--output", "new");
      assertEquals(said, ["The program is damaged: its data do not have the SHA-256 that it announces."]);
    }),
  );
});
