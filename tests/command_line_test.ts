/** What commands make of a command line: where paths are, what is not written over, what is refused. */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { openBackend } from "../lib/backend/backend.ts";
import { type Dataset, datasetOf, images } from "../lib/image/dataset.ts";
import { decodeImage, encodePng } from "../lib/image/image_file.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { pipe } from "../lib/pipeline.ts";
import { programOf, storedProgram } from "../lib/program/program.ts";
import { contextOf } from "../lib/context.ts";
import { compress } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { outcome } from "./run_task.ts";
import { picture } from "./picture.ts";
import { SOON } from "./soon.ts";

type Task = keyof typeof manifest.tasks;

const root = fileURLToPath(new URL("..", import.meta.url)), fixtures = join(root, "tests/fixtures");
const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

/** A folder for one test. */
async function folder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Runs a task as one who stands in a folder does. */
async function run(place: string, task: Task, ...args: string[]) {
  return await outcome(
    new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "--config", join(root, "deno.json"), task, ...args],
      cwd: place,
      env: { NO_COLOR: "1", INIT_CWD: place },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }),
  );
}

/** Runs a task that has to be refused in one sentence. */
async function refused(place: string, sentence: RegExp, task: Task, ...args: string[]): Promise<void> {
  const { code, out, err } = await run(place, task, ...args),
    said = err.split("\n").filter((line) => line !== "" && !/[█░]/.test(line));
  assertEquals([code, out, said.length], [1, "", 1], `${task} ${args.join(" ")}: ${out}${err}`);
  assertMatch(said[0]!, sentence);
}

/** A set of small images with these names. */
function setOf(names: readonly string[], side = 2): Dataset {
  const drawn = names.map((_, i) => picture(side, side, 1, (x, y) => 31 * i + 7 * x + y));
  return datasetOf(drawn, { name: "x", channels: 1, names, provenance });
}

/** Writes a program that holds such a set; `dataset` is the set's name as the program says it. */
async function writeProgram(path: string, set: Dataset, dataset = "x"): Promise<void> {
  await Deno.writeFile(path, (await storedProgram(set, { dataset })).bytes);
}

async function writePictures(path: string, count: number): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
  for (const [i, image] of [...images(drawScenes({ take: count }))].entries()) {
    await Deno.writeFile(join(path, `${i}.png`), encodePng({ ...image, channels: 1 }));
  }
}

/** All files below a folder with their content. */
function files(path: string): Map<string, string> {
  return new Map(
    [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) => {
      const inside = join(path, name);
      return isDirectory
        ? [...files(inside)].map(([file, content]) => [join(name, file), content] as const)
        : [[name, Deno.readFileSync(inside).toHex()] as const];
    }).sort(),
  );
}

/** Options that README shows: all but those that every task has, and that only our own processes use. */
const isForUsers = (option: string) => !["--help", "--measurement"].includes(option);

Deno.test("--help of every task: each option on a line of its own, and an example", async () => {
  await using place = await folder();
  const readme = await Deno.readTextFile(join(root, "README.md"));
  const [, commands] = /## Commands\n+```sh\n([\s\S]*?)```/.exec(readme)!;
  const tasks = (Object.keys(manifest.tasks) as Task[]).filter((task) => task !== "test");
  for (let i = 0; i < tasks.length; i += 2) { // two at a time
    await Promise.all(
      tasks.slice(i, i + 2).map(async (task) => {
        const { code, out } = await run(place.path, task, "--help");
        assertEquals(code, 0, `${task}: ${out}`);
        const [, usage] = /^Usage: (.*)$/m.exec(out)!, [, options] = /^Options\n([\s\S]*?)\n\n/m.exec(out)!;
        assertMatch(usage!, new RegExp(`^deno task ${task}( |$)`));
        const lines = options!.split("\n");
        assert(lines.every((line) => /^ {2}(-\w, | {4})--[\w-]+( \S+)? {2,}\S/.test(line)), options!);
        const named = lines.map((line) => /--[\w-]+/.exec(line)![0]);
        assertEquals([...usage!.matchAll(/--[\w-]+/g), ["--help"]].map(([name]) => name!), named);
        assertMatch(out, new RegExp(`^Example: deno task ${task}( |$)`, "m"));
        const [said] = new RegExp(`^deno task ${task} .*(\n +.*)*`, "m").exec(commands!) ?? [];
        const shown = [...(said ?? "").replaceAll(/#.*$/gm, "").matchAll(/--[\w-]+/g)].map(([name]) => name);
        if (said) {
          assertEquals([...new Set(shown)].sort(), named.filter(isForUsers).sort(), `README: ${task}`);
        }
      }),
    );
  }
  assertEquals([...files(place.path)], []);
});

Deno.test("options that are not there, have no value, or a negative one", async () => {
  await using place = await folder();
  const cases: readonly (readonly [Task, string, RegExp])[] = [
    ["compress", "pics --seed -1", /^--seed takes a whole number from 0 to 4294967295, not “-1”\.$/],
    ["compress", "pics --size -3", /^--size takes a width and a height such as 32x32, not “-3”\.$/],
    ["generate", "x.wasm --count -5", /^--count takes a whole number from 1 to /],
    [
      "generate",
      "x.wasm --temperature -.5",
      /^--temperature takes a number from 0\.01 to 100, not “-\.5”\.$/,
    ],
    ["compress", "pics --seed", /^--seed takes a value, N\. Usage: deno task compress /],
    ["compress", "pics --output --force", /^--output takes a value, x\.wasm\. Usage: /],
    ["samples", "x.wasm -o -c", /^--output takes a value, FOLDER\. Usage: /],
    ["build", "--chekc", /^Unknown option '--chekc'. Usage: deno task build \[--check\]$/],
    ["ok", "tests", /^Too many arguments\. Usage: deno task ok \[--no-tests\]$/],
    ["profile", "--fast", /^Unknown option '--fast'. Usage: deno task profile$/],
    [
      "decompress",
      "x.wasm",
      /^--output FOLDER is missing\. Usage: deno task decompress x\.wasm --output FOLDER /,
    ],
    ["decompress", "x.wasm --output -", /^--output takes a folder: several files cannot go to stdout\./],
    ["samples", "x.wasm --output -", /^--output takes a folder: several files cannot go to stdout\./],
    [
      "compress",
      "pics --output - --json",
      /^--output - writes the program to stdout, but --json goes there, too\.$/,
    ],
  ];
  for (const [task, args, sentence] of cases) await refused(place.path, sentence, task, ...args.split(" "));
});

Deno.test("paths are meant from where the user stands, and results go there", async () => {
  await using place = await folder();
  await writePictures(join(place.path, "pics"), 3);
  await Deno.mkdir(join(place.path, "deep"));
  const deep = join(place.path, "deep");
  const { code, out, err } = await run(deep, "compress", "../pics", "--preset", "smoke");
  assertEquals(code, 0, err);
  const path = "results/pics-smoke-seed1/pics.wasm";
  assertMatch(out, new RegExp(`^${path}: `, "m"));
  const done = await run(place.path, "decompress", `deep/${path}`, "--output", "back");
  assertMatch(done.out, /^3 images in back, /);
  assertEquals(
    Deno.readFileSync(join(place.path, "back/1.png")),
    Deno.readFileSync(join(place.path, "pics/1.png")),
  );
  assertMatch((await run(deep, "verify", path, "../pics")).out, /^verified: /);
  assertMatch((await run(deep, "inspect", path)).out, /^results\/pics-smoke-seed1\/pics\.wasm: /);

  const again = await run(deep, "compress", "../pics", "--preset", "smoke", "--output", "-");
  assertEquals(again.stdout, Deno.readFileSync(join(deep, path)));
  assertMatch(again.err, /^what an earlier run has left in results\/pics-smoke-seed1 is replaced$/m);
  const sheet = await run(deep, "generate", path, "--count", "4", "--output", "-");
  assertEquals((await decodeImage(sheet.stdout, "sheet")).width, 70);

  await Deno.remove(join(place.path, "pics/2.png"));
  const before = files(place.path),
    other = /^results\/pics-smoke-seed1\/run\.json is of another run .* --force\.$/;
  await refused(deep, other, "compress", "../pics", "--preset", "smoke");
  await Deno.remove(join(deep, "results/pics-smoke-seed1/run.json")); // as of a run that was stopped late
  await refused(deep, /pics\.wasm is of another run/, "compress", "../pics", "--preset", "smoke");
  before.delete("deep/results/pics-smoke-seed1/run.json");
  assertEquals(files(place.path), before);
  const forced = await run(deep, "compress", "../pics", "--preset", "smoke", "--force", "--json");
  assertEquals(JSON.parse(forced.out).symbols.symbols, 2 * 32 * 32);
});

Deno.test("one who stands in the project gets results in the project's results/", async () => {
  await using place = await folder();
  const program = join(place.path, "x.wasm"), name = `test ${crypto.randomUUID()}`;
  const backend = await openBackend("wasm");
  const stages = [
    features({ width: 8, blocks: 1, neighbours: 8 }),
    sharing(),
    compress({ preset: "smoke", exactly: true, threads: 1 }),
  ] as const;
  const set = { ...drawScenes({ take: 12 }), name: `../../${name}/../../x` };
  await Deno.writeFile(program, (await pipe(...stages).run(set, contextOf(1))).output.bytes);
  await backend.close();
  const stem = `samples-_._.._${name.replace(" ", "_")}_.._.._x-seed1`, results = join(root, "results", stem);
  try {
    const { code, out, err } = await run(join(root, "tests"), "samples", program, "--count", "2");
    assertEquals(code, 0, err);
    assertMatch(out, new RegExp(`^\\.\\./results/${stem.replaceAll(".", "\\.")}: samples\\.png`, "m"));
    assertEquals([...Deno.readDirSync(results)].length, 4);
    const inside = await run(join(root, "results"), "samples", program, "--count", "2");
    assertEquals(inside.code, 0, inside.err);
    assertMatch(inside.out, new RegExp(`^\\./${stem.replaceAll(".", "\\.")}: samples\\.png`, "m"));
    await refused(
      root,
      /^results\/samples-.*samples\.json is of another run/,
      "samples",
      program,
      "--count",
      "3",
    );
  } finally {
    await Deno.remove(results, { recursive: true });
  }
});

Deno.test("a folder that is called like a data set, and how to name either", async () => {
  await using place = await folder();
  await writePictures(join(place.path, "scenes"), 4);
  await writeProgram(join(place.path, "x.wasm"), setOf(["a", "b", "c"]));
  const both =
    /^scenes is a folder here and a data set: \.\/scenes names the folder, set:scenes the data set\.$/;
  for (const task of ["compress", "verify"] as const) {
    await refused(place.path, both, task, ...(task === "verify" ? ["x.wasm"] : []), "scenes");
  }
  const verify = async (source: string) => (await run(place.path, "verify", "x.wasm", source)).err;
  assertMatch(
    await verify("./scenes"),
    /The program has 3 images, scenes has 4 images\./,
  );
  await refused(
    place.path,
    /^There is no data set pics: the sets are photos, /,
    "verify",
    "x.wasm",
    "set:pics",
  );
  const drawn = drawScenes({ take: 2 });
  await writeProgram(join(place.path, "drawn.wasm"), drawn, "scenes");
  assertMatch(
    await run(place.path, "verify", "drawn.wasm", "set:scenes").then(({ err }) => err),
    /has 2 images/,
  );
});

Deno.test("bench: what is the user's own is measured beside codecs of its kind, once; names that are none are refused", async () => {
  await using place = await folder();
  const text = "Once there was a program. ".repeat(20), at = (path: string) => join(place.path, path);
  await Deno.writeTextFile(at("a.txt"), text);
  await Deno.writeFile(at("empty.bin"), new Uint8Array(0));
  await Deno.mkdir(at("mixed/b"), { recursive: true });
  await Deno.writeTextFile(at("mixed/a.txt"), `${text}!`);
  await Deno.writeFile(at("mixed/b.bin"), Uint8Array.from({ length: 300 }, (_, i) => i * i));
  await Deno.writeTextFile(at("mixed/b/a.txt"), text.slice(9));
  await writePictures(at("pics"), 2);
  const sets = async (...args: string[]) => {
    const { code, out, err } = await run(place.path, "bench", "--preset", "smoke", "--json", ...args);
    assertEquals(code, 0, err);
    const { results } = JSON.parse(out) as {
      readonly results: readonly { set: string; raw: number; baselines: readonly { codec: string }[] }[];
    };
    return { results, err, codecs: results[0]!.baselines.map(({ codec }) => codec) };
  };
  const streams = ["gzip", "brotli", "zstd", "xz"], own = ["a.txt", "mixed/b/a.txt"];
  const first = await sets(...own, "a.txt");
  assertEquals(first.results.map(({ set, raw }) => [set, raw]), [["a.txt", 520], ["a_2.txt", 511]]);
  assertEquals(first.codecs.slice(0, 4), streams); // and what of PPMd and bzip3 is on PATH
  assertMatch(first.err, /^read as text: UTF-8/m);
  assertEquals((await sets(...own)).results, first.results); // with the seconds that it took the first time
  for (const [i, file] of own.entries()) {
    const { code, err } = await run(
      place.path,
      "verify",
      `results/bench-smoke/a${i ? "_2" : ""}.txt.wasm`,
      file,
    );
    assertEquals(code, 0, err);
  }
  const whole = await sets("mixed", "--as", "bytes", "--bytes", "400");
  assertEquals(whole.results.map(({ set, raw }) => [set, raw]), [["mixed-bytes400", 400]]);
  assertEquals((await run(place.path, "verify", "results/bench-smoke/mixed-bytes400.wasm", "mixed")).code, 0);
  const pictures = await sets("pics", "--gray");
  assertEquals(pictures.results.map(({ set }) => set), ["pics-gray"]);
  assert(["PNG", "WebP", "JPEG XL"].every((codec) => pictures.codecs.includes(codec)));

  await Deno.writeTextFile(at("a.txt"), "other text");
  const cases: readonly (readonly [string, RegExp])[] = [
    ["nowhere", /^There is no folder, file or data set nowhere; the sets are photos, .*$/m],
    ["no.txt --preset smoke", /^There is no file and no folder no\.txt\.$/m],
    [
      "--sets a.txt",
      /^--sets takes images, .*, not “a\.txt”: a file or folder of your own is named without --sets\.$/m,
    ],
    ["--as text", /^--as goes with a folder, file or data set that is named without --sets\.$/m],
    ["empty.bin", /^empty\.bin holds no byte: there is nothing to measure\.$/m],
    ["mixed", /^mixed holds several kinds of data, .* or take all as one \(--as\), such as bytes\.$/m],
    ["a.txt --gray", /^a\.txt holds no images: gray is for images only\.$/m],
    ["a.txt --preset smoke", /^results\/bench-smoke\/a\.txt\.wasm is of another run with the same name: /m],
  ];
  for (const [args, sentence] of cases) {
    const { code, err } = await run(place.path, "bench", ...args.split(" "));
    assertEquals(code, 1, err);
    assertMatch(err, sentence);
  }
});

Deno.test("decompress: as many files as it says, whatever the images are called", async () => {
  await using place = await folder();
  const names = [
    "x\\y",
    "x_y",
    "a",
    "a",
    "A",
    "\u00e9",
    "e\u0301",
    "../../evil",
    "/abs",
    "CON",
    "n".repeat(251),
  ];
  const set = setOf([...names, "m".repeat(300), "\x1b[2J"]);
  await writeProgram(join(place.path, "x.wasm"), set);
  const { code, out, err } = await run(place.path, "decompress", "x.wasm", "--output", "back");
  assertEquals(code, 0, err);
  assertMatch(out, /^13 images in back, /);
  assertMatch(err, /^writing 13 files, at most 962 bytes, to back$/m);
  assertMatch(
    err,
    /^9 names were changed so that each has a file of its own, on any system: “x\\y” is x_y_2/m,
  );
  const written = [...Deno.readDirSync(join(place.path, "back"))].map(({ name }) => name);
  assertEquals(written.length, set.names.length);
  assert(
    ["x_y.png", "x_y_2.png", "a_2.png", "_._.._evil.png", "_[2J.png"].every((file) => written.includes(file)),
  );
  assertEquals([...Deno.readDirSync(place.path)].map(({ name }) => name).sort(), ["back", "x.wasm"]);
});

Deno.test("decompress: what is very much is written only when asked for", async () => {
  await using place = await folder();
  const count = 100_001, names = Array.from({ length: count }, (_, i) => String(i).padStart(6, "0"));
  const symbols = new Uint8Array(count), groups = [{ count, height: 1, width: 1 }], channels = 1;
  const set = {
    modality: "image",
    name: "x",
    channels,
    groups,
    symbols,
    names,
    provenance,
    sha256: "0".repeat(64),
  } as const;
  await writeProgram(join(place.path, "x.wasm"), set);
  const much = /^x\.wasm would become 100,001 files of up to 7\.0 MB in all: --many writes them\.$/;
  await refused(place.path, much, "decompress", "x.wasm", "--output", "back");
  await refused(
    place.path,
    /^The program is damaged: its data/,
    "decompress",
    "x.wasm",
    "-o",
    "back",
    "--many",
  );
  assertEquals([...files(place.path).keys()], ["x.wasm"]);
});

Deno.test("what is there is not written over, but with --force", async () => {
  await using place = await folder();
  const at = (path: string) => join(place.path, path), program = join(fixtures, "two_part_v1_1.wasm");
  await writePictures(at("pics"), 3);
  await Deno.mkdir(at("back/c.png"), { recursive: true });
  await Deno.mkdir(at("looks"));
  await Deno.mkdir(at("results/pics-quick-seed1"), { recursive: true });
  await Deno.copyFile(program, at("model.wasm"));
  await writeProgram(at("x.wasm"), setOf(["a", "b"]));
  await writeProgram(at("y.wasm"), setOf(["a", "b", "d"]));
  await writeProgram(at("z.wasm"), setOf(["c"]));
  for (const file of ["back/a.png", "samples.png", "looks/samples.json", "looks/bits.png"]) {
    await Deno.writeTextFile(at(file), "the user's own");
  }
  const before = files(place.path);
  const cases: readonly (readonly [Task, string, RegExp])[] = [
    [
      "compress",
      "pics --output pics/1.png",
      /^pics\/1\.png is there already: choose another name, or replace it with --force\.$/,
    ],
    ["compress", "pics --prior model.wasm --output model.wasm", /^model\.wasm is there already/],
    [
      "compress",
      "pics --output results/pics-quick-seed1/run.json",
      /^results\/pics-quick-seed1\/run\.json is going to hold what is said of the run: choose another name\.$/,
    ],
    [
      "decompress",
      "x.wasm --output back",
      /^back\/a\.png is there already: choose another folder, or replace it with --force\.$/,
    ],
    ["decompress", "z.wasm --output back", /^back\/c\.png cannot be written: it is a folder\.$/],
    ["decompress", "z.wasm --output back --force", /^back\/c\.png cannot be written: it is a folder\.$/],
    ["generate", "model.wasm", /^samples\.png is there already/],
    [
      "samples",
      "model.wasm --output looks",
      /^looks\/bits\.png and 1 other file are there already: choose another folder, or replace them/,
    ],
  ];
  for (const [task, args, sentence] of cases) await refused(place.path, sentence, task, ...args.split(" "));
  assertEquals(files(place.path), before);

  const beside = await run(place.path, "decompress", "x.wasm", "--output", "pics"); // its names are others
  assertEquals(beside.code, 0, beside.err);
  const back = await run(place.path, "decompress", "x.wasm", "--output", "back", "--force");
  assertEquals(back.code, 0, back.err);
  assertNotEquals(files(place.path).get("back/a.png"), before.get("back/a.png"));
  const sheet = await run(place.path, "generate", "model.wasm", "--count", "1", "--force");
  assertMatch(sheet.out, /^samples\.png: 1 image drawn with seed 1, /);
  await refused(
    place.path,
    /^pics\/a\.png and 1 other file are there already/,
    "decompress",
    "y.wasm",
    "-o",
    "pics",
  );
  assert(!files(place.path).has("pics/d.png"));
});

Deno.test("decompress: Ctrl-C and kill leave whole files only", async () => {
  await using place = await folder();
  const names = Array.from({ length: 20_000 }, (_, i) => `i${i}`);
  await writeProgram(join(place.path, "x.wasm"), setOf(names, 8));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-read",
        "--allow-write",
        join(root, "scripts/decompress.ts"),
        "x.wasm",
        "-o",
        signal,
      ],
      cwd: place.path,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const err = new Response(child.stderr).text();
    const begun = async () =>
      await Deno.stat(join(place.path, signal, "i9.png")).then(() => true, () => false);
    while (!await begun()) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    const sent = performance.now(), { code } = await child.status;
    assert(performance.now() - sent < SOON);
    const [, said] = /Stopped; ([\d,]+) of 20,000 images are written/.exec(await err) ?? [];
    const written = [...Deno.readDirSync(join(place.path, signal))].map(({ name }) => name);
    assertEquals([code, written.length], [130, Number(said?.replace(",", ""))]);
    assert(written.length < names.length && written.every((name) => name.endsWith(".png")));
  }
});

Deno.test("--bytes takes the whole rows of a table, and says so", async () => {
  await using place = await folder();
  const rows = Array.from({ length: 400 }, (_, i) => `${i},"${i % 7}\n",${i * i % 97}\n`).join("");
  await Deno.writeTextFile(join(place.path, "t.csv"), `a,b,c\n${rows}`);
  const { code, out, err } = await run(
    place.path,
    "compress",
    "t.csv",
    "--bytes",
    "2000",
    "--output",
    "t.wasm",
  );
  assertEquals(code, 0, err);
  const [, , taken] =
    /^t\.csv: the first 2,000 bytes end within a row; taken: (\d+) rows, ([\d,]+) bytes$/m.exec(out) ?? [];
  const bytes = Number(taken?.replace(",", ""));
  assert(bytes > 1980 && bytes < 2000 && rows[bytes - 7] === "\n", out);
  assertMatch(out, /a model of columns and rows/);
  const { preprocess } = programOf(await Deno.readFile(join(place.path, "t.wasm"))).info.record;
  assertEquals([preprocess, (await run(place.path, "verify", "t.wasm", "t.csv")).code], [{ bytes }, 0]);
  const within = await run(place.path, "compress", "t.csv", "--bytes", "1", "--output", "one.wasm");
  assertMatch(within.out, /^t\.csv: the first byte ends within the first row, which is cut there$/m);
  assertMatch(within.out, /^the files on disk, before preprocess: [\d,]+ bytes$/m); // the program is of less
});

Deno.test("all paths that a command prints exist where the user stands", async () => {
  await using place = await folder();
  await writePictures(join(place.path, "pics"), 3);
  const { code, out, err } = await run(
    place.path,
    "scale",
    "--set",
    "pics",
    "--counts",
    "2,3",
    "--preset",
    "smoke",
  );
  assertEquals(code, 0, err);
  const printed = [...out.matchAll(/\S*results\/[^\s:;]+/g)].map(([path]) => path);
  assertEquals(printed.length, 3);
  for (const path of printed) {
    assert(Deno.statSync(join(place.path, path)).isFile, relative(place.path, path));
  }
});

Deno.test("a pipe or a folder in a program's place is refused before it is opened", async () => {
  await using place = await folder();
  await new Deno.Command("mkfifo", { args: [join(place.path, "pipe.wasm")] }).output();
  await Deno.mkdir(join(place.path, "pics"));
  const cases = [["inspect", "pipe.wasm"], [
    "decompress",
    "pipe.wasm",
    "--output",
    "new",
    "--scale",
    "8",
  ]] as const;
  await Promise.all(
    cases.map(([task, ...args]) =>
      refused(place.path, /^pipe\.wasm is a device or a pipe, not a file\.$/, task, ...args)
    ),
  );
  await refused(place.path, /^pics is a folder, not a file\.$/, "inspect", "pics");
});

Deno.test("what a source has left out is said, in the words of the command line", async () => {
  await using place = await folder();
  await writePictures(join(place.path, "pics"), 2);
  await writePictures(join(place.path, "pics/more"), 1);
  await writeProgram(join(place.path, "x.wasm"), setOf(["a", "b", "c"]));
  const { code, err } = await run(place.path, "verify", "x.wasm", "pics");
  assertEquals(code, 1);
  assert(err.includes("1 subfolder left out, read only when asked (--recursive)"), err);
  assert(err.includes("The program has 3 images, pics has 2 images."), err);
  await Deno.mkdir(join(place.path, "moving"));
  await Deno.copyFile(join(fixtures, "images/anim.webp"), join(place.path, "moving/1 (size).webp"));
  await refused(
    place.path,
    /^The image 1 \(size\)\.webp is animated: its first picture can be taken \(--first-frame\)\.$/,
    "compress",
    "moving",
  );
});
