/** The commands as a user runs them: with the permissions of their tasks, in a folder of their own. */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { encode } from "fast-png";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { images } from "../lib/image/dataset.ts";
import { loadFolder } from "../lib/image/folder.ts";
import { decodeImage, encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { drawScenes } from "../lib/sources/scenes.ts";
import { random } from "../lib/random.ts";
import { chain } from "../lib/chain.ts";
import { contextOf } from "../lib/context.ts";
import type { Files } from "../lib/files/data.ts";
import { programOf } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import { outcome, withoutDeno } from "./run_task.ts";
import { detach } from "../scripts/laboratory/large_model/detached.ts";

type Task = "compress" | "decompress" | "verify" | "generate" | "samples" | "inspect" | "view" | "engines";

const root = fileURLToPath(new URL("..", import.meta.url));
const home = await Deno.makeTempDir(); // where the commands run; the tests make up one story
addEventListener("unload", () => Deno.removeSync(home, { recursive: true }));

/** Deno's arguments for a task as deno.json has it. */
function argumentsOf(task: Task, args: readonly string[]): string[] {
  const [, ...words] = manifest.tasks[task].split(" ");
  return [...words.slice(0, -1), "--no-prompt", join(root, words.at(-1)!), ...args];
}

const started = (task: Task, args: readonly string[]) => ({
  args: argumentsOf(task, args),
  cwd: home,
  env: { NO_COLOR: "1" },
  stdin: "null" as const,
  stdout: "piped" as const,
  stderr: "piped" as const,
});

async function run(task: Task, ...args: string[]) {
  return await outcome(new Deno.Command(Deno.execPath(), started(task, args)));
}

/** Runs `compress`, and sends a signal as soon as it has printed a line that matches. */
async function stopped(signal: Deno.Signal, at: RegExp, ...args: string[]) {
  const child = new Deno.Command(Deno.execPath(), started("compress", args)).spawn();
  const err = new Response(child.stderr).text();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const before = at.test(out);
    out += text;
    if (!before && at.test(out)) child.kill(signal);
  }
  return { code: (await child.status).code, out, err: withoutDeno(await err) };
}

/** What is said on stderr, but for progress and how images were brought to a program's size. */
const said = (err: string) =>
  err.split("\n").filter((line) => line !== "" && !/[█░]|^resized while reading/.test(line));

/** All files under the tests' folder with their sizes. */
function files(folder = ""): string[] {
  return [...Deno.readDirSync(join(home, folder))].flatMap(({ name, isDirectory }) => {
    const path = folder ? `${folder}/${name}` : name;
    return isDirectory ? files(path) : `${path} ${Deno.statSync(join(home, path)).size}`;
  }).sort();
}

/** A colour gradient with some noise. */
function picture(width: number, height: number, seed: number): Raster {
  const { below } = random(seed, "picture");
  const pixels = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => 7 * (i % (3 * width)) / width + 100 + below(12) + seed,
  );
  return { width, height, channels: 3, pixels };
}

function write(path: string, bytes: Uint8Array): void {
  Deno.mkdirSync(join(home, path, ".."), { recursive: true });
  Deno.writeFileSync(join(home, path), bytes);
}

const NAMES = ["a b", "b.c", "ä", "z"];
NAMES.forEach((name, i) =>
  write(`own/${name}.png`, encodePng(i === 1 ? picture(9, 21, i) : picture(60, 40, i)))
);
for (const [i, image] of [...images(drawScenes({ take: 12 }))].entries()) {
  write(`gray/${i + 10}.png`, encodePng({ ...image, channels: 1 }));
}

Deno.test("compress --json: one document on stdout, all else on stderr; the run is recorded and sums up", async () => {
  const { code, out, err } = await run(
    "compress",
    "own",
    "--preset",
    "smoke",
    "--seed",
    "3",
    "--only",
    "network",
    "--json",
    "--output",
    "x.wasm",
  );
  assertEquals(code, 0, err);
  const record = JSON.parse(out), size = Deno.statSync(join(home, "x.wasm")).size;
  assertEquals([record.dataset, record.seed, record.preset, record.output], ["own", 3, "smoke", "x.wasm"]);
  assertEquals([record.bytes, record.tried[0].bytes], [size, size]);
  assertEquals(record.ledger.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0), size);
  assertEquals(record.symbols.sha256, (await loadFolder(join(home, "own"))).sha256);
  assert(record.baselines.length >= 5 && record.seconds.encoding > 0);
  assertMatch(err, /verified: 22,167 symbols identical/);
  assertMatch(err, /E hierarchy 层次化结构 .* off /);
  const folder = "results/own-network-smoke-seed3";
  assertEquals(JSON.parse(Deno.readTextFileSync(join(home, folder, "run.json"))), record);
  assertEquals(files("results").map((file) => file.split(" ")[0]), [`${folder}/run.json`]); // no checkpoint left
});

Deno.test("decompress: names and pixels as they were; verify agrees, and tells where others differ", async () => {
  const { code, err } = await run("decompress", "x.wasm", "--output", "back");
  assertEquals(code, 0, err);
  assertEquals(files("back").length, NAMES.length);
  for (const name of NAMES) {
    const [before, after] = await Promise.all(
      ["own", "back"].map(async (folder) =>
        await decodeImage(Deno.readFileSync(join(home, folder, `${name}.png`)), name)
      ),
    );
    assertEquals(after, before);
  }
  const [same, other] = await Promise.all([
    run("verify", "x.wasm", "own"),
    run("verify", "x.wasm", "gray"),
  ]);
  assertEquals([same.code, other.code], [0, 1]);
  assertMatch(same.out, /^verified: 22,167 symbols identical, SHA-256 [0-9a-f]{64}\n$/);
  assertEquals(said(other.err), ["The program's images are in colour, those of gray are gray."]);
});

Deno.test("verify repeats what preprocess did", async () => {
  const done = await run(
    "compress",
    "own",
    "--preset",
    "smoke",
    "--take",
    "3",
    "--gray",
    "--size",
    "10x12",
  );
  assertEquals(done.code, 0, done.err);
  const path = "results/own-take3-gray-10x12-smoke-seed1/own.wasm";
  const { code, out, err } = await run("verify", path, "own");
  assertEquals(code, 0, err);
  assertMatch(out, /^verified: 360 symbols/);
});

Deno.test("generate: the same seed draws the same sheet; inspect says what is in a program", async () => {
  const sheet = async (seed: string) => {
    const args = ["x.wasm", "--count", "5", "--seed", seed, "--output", `${seed}.png`, "--force"];
    assertEquals((await run("generate", ...args)).code, 0);
    return Deno.readFileSync(join(home, `${seed}.png`));
  };
  const [first, second] = [await sheet("7"), await sheet("8")];
  assertEquals(await sheet("7"), first);
  assertNotEquals(second, first);
  const { width, height } = await decodeImage(first, "7.png");
  assertEquals([width, height], [3 * 62 + 2, 2 * 42 + 2]);
  const drawn = await run(
    "generate",
    "x.wasm",
    "--complete",
    "own",
    "--temperature",
    "0.7",
    "--output",
    "c.png",
  );
  assertMatch(
    drawn.out,
    /^c\.png: 4 images of own, a row each: .* the 20 of its 40 rows .* temperature 0\.7/,
  );
  assertEquals((await decodeImage(Deno.readFileSync(join(home, "c.png")), "c.png")).width, 6 * 62 + 2);
  const { code, out, err } = await run("inspect", "x.wasm", "--json");
  const { mode, images, channels, record, bytes } = JSON.parse(out);
  assertEquals([code, err, mode, images, channels, record.seed], [0, "", "two-part", 4, 3, 3]);
  assertEquals(bytes, Deno.statSync(join(home, "x.wasm")).size);
});

Deno.test("compress --order pyramid: a part of the file gives smaller pictures; what was cut off can be drawn", async () => {
  const made = await run(
    "compress",
    "gray",
    "--order",
    "pyramid",
    "--attention",
    "patches",
    "--preset",
    "smoke",
    "--json",
    "--output",
    "p.wasm",
  );
  assertEquals(made.code, 0, made.err);
  assertMatch(made.err, /hierarchy: 4 scales/);
  const record = JSON.parse(made.out), folder = "results/gray-pyramid-patches-smoke-seed1";
  assertEquals(JSON.parse(Deno.readTextFileSync(join(home, folder, "run.json"))), record);
  assertEquals([record.order, record.attention, record.scales.length], ["pyramid", "patches", 4]);
  const ends = record.scales.map(({ prefix }: { prefix: number }) => prefix);
  assertEquals(ends[3], record.bytes);

  const small = await run("decompress", "p.wasm", "--output", "small", "--scale", "5");
  assertEquals(small.code, 0, small.err);
  const size = (bytes: number) => bytes.toLocaleString("en");
  assertEquals(small.out.split("\n").slice(0, 2), [
    "12 images in small, every 4th pixel: the first 2 of 4 scales, checked by the checksums of its segments",
    `read ${size(ends[1])} of ${size(ends[3])} bytes`,
  ]);
  const pixels = async (path: string) => await decodeImage(Deno.readFileSync(join(home, path)), path);
  const original = await pixels("gray/10.png"), coarse = await pixels("small/10.png");
  assertEquals([coarse.width, coarse.height], [8, 8]);
  const at = (x: number, y: number) => original.pixels[(32 * y + x) * original.channels];
  coarse.pixels.forEach((value, i) => {
    if (i % coarse.channels === 0) {
      const pixel = i / coarse.channels;
      assertEquals(value, at(4 * (pixel % 8), 4 * Math.floor(pixel / 8)));
    }
  });

  write("short.wasm", Deno.readFileSync(join(home, "p.wasm")).subarray(0, ends[2] + 9));
  const refused = await run("decompress", "short.wasm", "--output", "new");
  assertEquals([refused.code, said(refused.err).length], [1, 1]);
  assertMatch(
    said(refused.err)[0]!,
    /^The program is cut short: .* the pictures of its first 3 scales can be had by decodePrefix, or decompress \(--partial\)\.$/,
  );
  const partial = await run("decompress", "short.wasm", "--output", "partial", "--partial");
  assertMatch(partial.out, /^12 images in partial, every second pixel: the first 3 of 4 scales, checked by/);
  assertEquals((await pixels("partial/10.png")).width, 16);
  const drawn = await run(
    "decompress",
    "short.wasm",
    "--output",
    "drawn",
    "--partial",
    "--generate",
    "--seed",
    "5",
  );
  assertMatch(drawn.out, /are data, checked by .*; the last is drawn from the model with seed 5\n$/);
  const picture = await pixels("drawn/10.png");
  assertEquals([picture.width, picture.pixels[2 * picture.channels]], [32, at(2, 0)]);
  const shown = await run("inspect", "short.wasm", "--partial", "--json");
  const { complete, scales, ledger, bytes } = JSON.parse(shown.out);
  assertEquals([complete, bytes, scales.map(({ prefix }: { prefix?: number }) => prefix)], [
    false,
    ends[2] + 9,
    [ends[0], ends[1], ends[2], undefined],
  ]);
  assertEquals(ledger.reduce((sum: number, entry: { bytes: number }) => sum + entry.bytes, 0), bytes);
  write("first.wasm", Deno.readFileSync(join(home, "p.wasm")).subarray(0, ends[0]));
  const first = JSON.parse((await run("inspect", "first.wasm", "--partial", "--json")).out);
  assertEquals(first.ledger.at(-2).name, "payload, scale 0"); // as in the whole program
});

Deno.test("compress --prior: no training; both sizes are said", async () => {
  const { code, out, err } = await run(
    "compress",
    "own",
    "--take",
    "2",
    "--prior",
    "x.wasm",
    "--output",
    "y.wasm",
  );
  assertEquals(code, 0, err);
  assertMatch(out, /no training, the weights are those of x\.wasm[^]*verified: /);
  const [, left] = /for a receiver who has x\.wasm: ([\d,]+) bytes, .* “decoder code” and “weights”/.exec(
    out,
  )!;
  assert(Number(left!.replace(",", "")) < Deno.statSync(join(home, "y.wasm")).size - 4000);
});

Deno.test("samples: every sample has its bits and its nearest datum; unseen images stand beside them", async () => {
  const { code, out, err } = await run("samples", "x.wasm", "--count", "3", "--against", "gray");
  assertEquals([code, said(err)], [1, ["The model is for colour images, and those of gray are in gray."]]);
  assertEquals(out, "");
  const done = await run("samples", "x.wasm", "--count", "3", "--output", "looks");
  assertEquals(done.code, 0, done.err);
  assertMatch(done.out, /^images .*\nsamples +3 .*\ndata +4 /);
  const record = JSON.parse(Deno.readTextFileSync(join(home, "looks/samples.json")));
  assertEquals(record.samples.length, 3);
  for (const { bits, nearest, relative } of record.samples) {
    assert(bits > 0 && NAMES.includes(nearest) && relative >= 0);
  }
  assertEquals(files("looks").map((file) => file.split(" ")[0]!.split("/")[1]), [
    "bits.png",
    "neighbours.png",
    "samples.json",
    "samples.png",
  ]);
});

Deno.test("what cannot be done is said in one sentence, with exit code 1 and nothing written", async () => {
  const program = Deno.readFileSync(join(home, "x.wasm")), flipped = program.slice();
  flipped[program.length >> 1]! ^= 4;
  write("flipped.wasm", flipped);
  write("cut.wasm", program.subarray(0, -100));
  write("gap.mdl", detach(program, readProgram(program)));
  write("notes.txt", new TextEncoder().encode("no program"));
  write("cut/a.png", encodePng(picture(30, 30, 1)).subarray(0, 900));
  write("none/a.txt", new Uint8Array(3));
  write(
    "deep/a.png",
    new Uint8Array(encode({ width: 2, height: 1, data: new Uint16Array(6), depth: 16, channels: 3 })),
  );
  const alpha = Uint8Array.of(1, 2, 3, 4);
  write("alpha/a.png", new Uint8Array(encode({ width: 1, height: 1, data: alpha, channels: 4 })));
  const cases: readonly (readonly [Task, string, RegExp])[] = [
    ["compress", "nowhere/at/all", /^There is no file and no folder nowhere\/at\/all\.$/],
    ["compress", "nowhere", /^There is no folder, file or data set nowhere; the sets are .*S1/],
    ["compress", "gray --bytes 100", /^gray holds images: bytes is for files only\.$/],
    ["compress", "notes.txt --gray", /^notes\.txt holds no images: gray is for images only\.$/],
    ["compress", "notes.txt --as image", /^notes\.txt is no folder/],
    ["compress", "notes.txt --as poem", /^--as takes image, text, bytes, table, audio, jpeg, not “poem”/],
    ["compress", "none --as image", /^There is no PNG, JPEG or WebP image in the folder none\.$/],
    ["compress", "cut", /^The image a\.png is damaged/],
    ["compress", "deep", /^The image a\.png has 16 bits a channel/],
    ["compress", "alpha", /^The image a\.png has transparent pixels/],
    [
      "compress",
      "own --output missing/x.wasm",
      /^missing\/x\.wasm cannot be written: there is no such folder/,
    ],
    ["compress", "own --output back", /^back cannot be written: it is a folder/],
    ["compress", "own gray", /^Too many arguments\. Usage: deno task compress/],
    ["compress", "own --colour", /^Unknown option '--colour'/],
    ["compress", "own --take 0", /^--take takes a whole number from 1 /],
    ["compress", "own --take -1", /^--take takes a whole number from 1 .*“-1”/],
    ["compress", "own --size 0x0", /^--size takes a whole number from 1 /],
    ["compress", "own --size 32", /^--size takes a width and a height/],
    ["compress", "own --seed 1.5", /^--seed takes a whole number/],
    ["compress", "own --preset slow", /^--preset takes smoke, quick, paper, not “slow”/],
    ["compress", "own --backend gpu", /^--backend takes auto, wasm, webgpu, cpu/],
    ["compress", "own --order scan", /^--order takes raster, pyramid, not “scan”/],
    ["compress", "own --attention all", /^--attention takes none, patches, not “all”/],
    ["compress", "own --fit global", /^--fit takes local, none/],
    ["compress", "own --tiles yes", /^--tiles takes joined, apart/],
    [
      "compress",
      "own --prior x.wasm --order raster",
      /^A prior brings its own order, attention, fit and mode/,
    ],
    ["compress", "own --prior x.wasm --seed 2", /^--seed does not go with --prior: nothing is trained\.$/],
    ["compress", "own --prior x.wasm --preset paper", /^--preset does not go with --prior: nothing is/],
    ["compress", "own --as text --pixels", /^--pixels does not go with --as text\.$/],
    ["inspect", "gap.mdl --columns", /^--columns goes with a program that has its weights\.$/],
    ["generate", "x.wasm --flatten", /^--flatten goes with --complete\.$/],
    ["samples", "x.wasm --recursive", /^--recursive goes with --against\.$/],
    [
      "compress",
      "own --prior x.wasm --relaxed",
      /^--relaxed does not go with --prior: nothing is trained\.$/,
    ],
    [
      "compress",
      "own --only drawing --preset smoke",
      /^--preset does not go with --only drawing, which trains nothing\.$/,
    ],
    ["compress", "own --limit 5", /^--limit goes with --prior\.$/],
    ["compress", "gray --prior x.wasm", /^The model is for colour images, and those of gray are in gray\.$/],
    ["compress", "notes.txt --with-weights", /^--with-weights goes with --prior smollm2\.$/],
    ["compress", "own --prior smollm2", /^A language model codes files, not images\.$/],
    ["compress", "notes.txt --prior smollm2 --seed 2", /^--seed does not go with the prior smollm2\.$/],
    ["compress", "--prior smollm2", /^A language model needs a file, a folder or a data set\.$/],
    ["compress", "notes.txt --prior smollm2 --output z.wasm", /^Without its weights a program is no module/],
    ["compress", "gray --prior notes.txt", /^This is no WebAssembly module/],
    ["compress", "gray --prior other", /^There is no file other: a prior is .* or the name smollm2\.$/],
    ["generate", "gap.mdl", /^gap\.mdl is a program without its weights: only decompress, verify and /],
    ["samples", "gap.mdl", /^gap\.mdl is a program without its weights/],
    ["view", "gap.mdl", /^gap\.mdl is a program without its weights/],
    ["engines", "gap.mdl", /^gap\.mdl is a program without its weights/],
    [
      "generate",
      "x.wasm --complete gray",
      /^The program draws images of 60×40 in colour, unlike those of gray/,
    ],
    ["generate", "x.wasm --temperature 0", /^--temperature takes a number from 0\.01 to 100/],
    ["decompress", "x.wasm", /^--output FOLDER is missing/],
    ["decompress", "x.wasm --output notes.txt", /^notes\.txt cannot be written: a file has that name/],
    ["decompress", "flipped.wasm --output new", /^The program is damaged/],
    ["decompress", "cut.wasm --output new", /^The program is cut short: it lacks 100 bytes of its /],
    [
      "decompress",
      "x.wasm --output new --scale 8",
      /^The program is in raster order: it has its images in full/,
    ],
    [
      "decompress",
      "p.wasm --output new --scale 33",
      /^No scale of the program .* at least 4, 8, 16, 32 in its 4/,
    ],
    [
      "decompress",
      "short.wasm --output new --scale 32",
      /^The program is cut short: 4 of its 4 scales are needed/,
    ],
    ["decompress", "missing.wasm --output new --scale 8", /^There is no file missing\.wasm/],
    ["decompress", "own --output new --scale 8", /^own is a folder, not a file\.$/],
    ["decompress", "notes.txt --output new --scale 8", /^This is no WebAssembly module/],
    ["decompress", "p.wasm --output new --scale 0", /^--scale takes a whole number from 1 /],
    ["decompress", "p.wasm --output new --scale 8 --partial", /^--scale and --partial exclude each other/],
    ["decompress", "p.wasm --output new --generate", /^--generate goes with --scale or --partial/],
    ["decompress", "p.wasm --output new --partial --seed 1", /^--seed goes with --generate/],
    ["decompress", "cut.wasm --output new --partial", /^The program is damaged: .* before the first scale/],
    ["inspect", "short.wasm", /^The program is cut short: .* by decodePrefix, or decompress \(--partial\)/],
    ["verify", "notes.txt own", /^This is no WebAssembly module/],
    ["verify", "x.wasm", /^Too few arguments/],
    ["generate", "missing.wasm", /^There is no file missing\.wasm/],
    ["generate", "x.wasm --count 0", /^--count takes a whole number from 1 /],
    ["inspect", "flipped.wasm", /^The program is damaged/],
  ];
  const before = files();
  for (let i = 0; i < cases.length; i += 2) { // two at a time
    await Promise.all(
      cases.slice(i, i + 2).map(async ([task, args, sentence]) => {
        const { code, out, err } = await run(task, ...args.split(" "));
        assertEquals([code, out, said(err).length], [1, "", 1], `${task} ${args}: ${out}${err}`);
        assertMatch(said(err)[0]!, sentence);
      }),
    );
  }
  assertEquals(files(), before);
});

Deno.test({
  name: "a write that fails half way leaves nothing half written",
  ignore: Deno.build.os === "windows", // no limit of file sizes there
  async fn() {
    const before = files();
    const limited = new Deno.Command("sh", {
      ...started("generate", []),
      args: ["-c", `trap "" XFSZ; ulimit -f 2; exec "$@"`, "sh", Deno.execPath()].concat(
        argumentsOf("generate", ["x.wasm", "--count", "400", "--output", "large.png"]),
      ),
    });
    const { code, err } = await outcome(limited), lines = said(err);
    assertEquals([code, lines.length], [1, 1], lines.join("\n"));
    assertMatch(lines[0]!, /^large\.png cannot be written: /);
    assertEquals(files(), before);
  },
});

Deno.test("Ctrl-C and kill while training: nothing half written, and the same program when asked again", async () => {
  const args = (
    output: string,
  ) => ["gray", "--only", "network", "--preset", "quick", "--seed", "2", "--output", output];
  const training = /compress: a model of/;
  const whole = await stopped("SIGINT", /verified: /, ...args("whole.wasm")); // while others are measured
  assertEquals([whole.code, said(whole.err)], [130, ["Stopped while measuring the baselines."]]);
  const before = files();

  const first = await stopped("SIGINT", training, ...args("again.wasm"));
  assertEquals([first.code, said(first.err)], [130, ["Stopped; the same command resumes here."]]);
  const left = files().filter((file) => !before.includes(file));
  assertEquals(left.length, 1);
  assertMatch(left[0]!, /^results\/checkpoints\/\w+\.checkpoint /);
  const folders = () => [...Deno.readDirSync(join(home, "results"))].map(({ name }) => name);
  const inPlace = [...args("unused.wasm").slice(0, -2), "--seed", "3"]; // --output left away
  assertEquals((await stopped("SIGINT", /^MDLab /, ...inPlace)).code, 130);
  assertEquals(folders().filter((name) => /^gray-.*seed3/.test(name)), [], "no empty folder");

  const killed = await stopped("SIGKILL", training, ...args("again.wasm"));
  assertEquals(killed.code, 137);
  assertEquals(files().filter((file) => !before.includes(file)), left);

  const last = await stopped("SIGTERM", /verified: /, ...args("again.wasm"));
  assertMatch(last.out, /Training resumes at step \d+ of \d+\./);
  assertEquals(
    Deno.readFileSync(join(home, "again.wasm")),
    Deno.readFileSync(join(home, "whole.wasm")),
  );
  assertEquals(files("results/checkpoints"), []);
});

Deno.test("inspect names the files of a program, and says what each column of a table takes", async () => {
  const fixture = join(root, "tests/fixtures/table_v2.wasm"),
    { code, out, err } = await run("inspect", fixture, "--columns");
  assertEquals([code, said(err)], [0, []]);
  assertMatch(out, /^files: \S+\.csv$/m);
  assertMatch(out, /^station +text +\d+ +\d/m);
  const table = await programOf<Files<"table">>(await Deno.readFile(fixture)).decode();
  const others = chain<Files<"table">>({ features: { columns: false } });
  write("other.wasm", (await others.run(table, contextOf(1))).output.bytes);
  const refused = await run("inspect", "other.wasm", "--columns");
  assertEquals([refused.code, said(refused.err).length], [1, 1]);
  assertMatch(refused.err, /made as text, with other options, or by an encoder of another version\.$/m);
});

Deno.test("what images have not is said in one sentence: planes of JPEG files, an upper half of one row", async () => {
  const drawing = join(root, "tests/fixtures/pixels_drawing_v2.wasm"), row = join(home, "row");
  const planes = await run("inspect", drawing, "--planes");
  assertEquals([planes.code, said(planes.err).length], [1, 1]);
  assertMatch(planes.err, /^No plane of this program has bytes of its own: its data are no JPEG files/m);
  Deno.mkdirSync(row);
  Deno.writeFileSync(
    join(row, "a.png"),
    await encodePng({ width: 9, height: 1, channels: 1, pixels: new Uint8Array(9) }),
  );
  const made = await run("compress", row, "--output", "row.wasm", "--only", "photo");
  assertEquals(made.code, 0);
  const { code, err } = await run("generate", "row.wasm", "--complete", row, "--output", "row.png");
  assertEquals([code, said(err)], [1, [
    "--complete keeps the upper half of an image: images of one row have none.",
  ]]);
});
