/** Notebooks of one's own, as deno task new makes them. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { MdlError } from "../lib/errors.ts";
import { readNotebook } from "../scripts/ipynb.ts";
import { isSection } from "../scripts/laboratory/section/names.ts";
import { numbered } from "../scripts/new.ts";
import { cellsOf } from "../scripts/percent.ts";
import { outcome } from "./run_task.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

async function run(args: readonly string[], env: Record<string, string> = {}) {
  return await outcome(
    new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: root,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }),
  );
}

const start = (...args: string[]) => run([...manifest.tasks.new.split(" ").slice(1), ...args]);

Deno.test("a new experiment gets the first free number from 10 on, and no name twice", () => {
  assertEquals(numbered("mine", ["00_start", "09_questions"]), "10_mine");
  assertEquals(numbered("mine", ["10_a", "12_b"]), "11_mine");
  assert(!isSection("10_mine"));
  const refused = (name: string, taken: string[], sentence: RegExp) =>
    assertMatch(assertThrows(() => numbered(name, taken), MdlError).message, sentence);
  refused("start", ["00_start"], /^There is 00_start already: take another name\.$/);
  refused("My Data!", [], /^A name takes small letters, .* not “My Data!”: my_data would do\.$/);
  refused("../x/..", [], /: x would do\.$/);
  refused("数据", [], /not “数据”, such as my_experiment\.$/);
  refused(
    "mine",
    Array.from({ length: 90 }, (_, i) => `${i + 10}_a`),
    /^All numbers from 10 to 99 are taken/,
  );
});

Deno.test("deno task new makes a pair that is in step and runs, and refuses to make it again", async () => {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`, files: URL[] = [];
  try {
    const made = await start(name);
    const stem = new RegExp(`\\d\\d_${name}`).exec(made.out)![0];
    const place = (path: string) => new URL(`../${path}`, import.meta.url);
    files.push(place(`scripts/${stem}.ts`), place(`notebooks/${stem}.ipynb`));
    assertEquals(made.code, 0, made.err);
    const [script, notebook] = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    assertEquals(readNotebook(notebook!, stem).length, cellsOf(script!, stem).length);
    assertMatch(script!, new RegExp(`^// %% \\[markdown\\]\\n// # ${name.replaceAll("_", " ")}\\n`));
    const again = await start(name);
    assertEquals([again.code, again.out], [1, ""]);
    assertMatch(again.err, new RegExp(`^There is ${stem} already: take another name\\.\\n$`));
    const ran = await run(["run", "-A", `scripts/${stem}.ts`], { MDLAB_PRESET: "smoke" });
    assertEquals(ran.code, 0, ran.err);
    assertMatch(ran.out, /B preprocess[^]*G compress[^]*The program is [\d.]+ % (longer|shorter) than/);
  } finally {
    for (const file of files) await Deno.remove(file).catch(() => {});
  }
});

Deno.test("deno task new says what it takes", async () => {
  assertMatch((await start("--help")).out, /^Makes a notebook of your own.*\n\nUsage: deno task new NAME\n/);
  assertMatch((await start()).err, /^Too few arguments\. Usage: deno task new NAME\n$/);
  assertEquals((await start("No/Good")).code, 1);
});
