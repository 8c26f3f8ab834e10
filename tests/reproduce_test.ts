/** Reports on runs of the article's sections, and their comparison. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { intervalOf } from "../scripts/laboratory/measure/interval.ts";
import { type Finding, type Judged, VERDICTS } from "../scripts/laboratory/section/claims.ts";
import { scriptOf } from "../scripts/laboratory/section/names.ts";
import { readRecord, type SectionRecord } from "../scripts/laboratory/section/record.ts";
import { PROGRAMS_PAGE, reportPage } from "../scripts/article_report.ts";
import { differences } from "../scripts/compare_runs.ts";
import { experiments } from "../scripts/pair.ts";
import { findBrowser, pageProblems } from "./browser.ts";

const root = new URL("../", import.meta.url);
/** Records of sections that were run with `paper`. */
const stored = new URL("data/results/article-paper-seed1/", root);

const claim = (id: string, finding: Finding): Judged => ({
  id,
  article: "2.1",
  en: `claim ${id}`,
  zh: "论断",
  holds: { en: "always", zh: "总是" },
  ...finding,
});

const record = (verdicts: readonly Judged[]): SectionRecord => ({
  section: "02_x",
  preset: "smoke",
  seed: 1,
  backend: "wasm",
  mdlab: "0",
  deno: "0",
  platform: "x",
  ended: "2026-01-01T00:00:00Z",
  seconds: 1,
  flop: 0,
  data: [],
  shown: [],
  before: [],
  verdicts,
});

Deno.test("two runs differ in verdicts, in numbers apart, and in numbers without an interval", () => {
  const run = (verdict: Finding["verdict"], bytes: number, of: number[]) =>
    record([claim("a", { verdict, measured: "", numbers: { bytes, rate: intervalOf(of) } })]);
  const one = run("holds", 100, [1, 2, 3]);
  assertEquals(differences([one], [one]), []);
  assertEquals(differences([one], [run("holds", 100, [2, 3, 4])]), [], "the intervals meet");
  const found = differences([one], [run("fails", 101, [51, 52, 53])]);
  assertEquals(found.map(({ what, apart }) => [what, apart]), [
    ["verdict", undefined],
    ["bytes", undefined],
    ["rate", true],
  ]);
  assertEquals(found[0]!.there, VERDICTS.fails);
  assertEquals(differences([one], [record([])]), [], "what the other run has not measured is no difference");
});

/** Runs the task in the project, as `deno task reproduce` does. */
async function reproduce(...args: string[]) {
  const [, ...words] = manifest.tasks.reproduce.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words, ...args],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  return { code, out, err };
}

/** No other run has this seed. */
const SEED = "424242", run = new URL(`results/article-smoke-seed${SEED}/`, root);

Deno.test("reproduce runs a section once, and its report has every claim, table and figure", async () => {
  await Deno.remove(run, { recursive: true }).catch(() => {});
  try {
    const settings = ["--sections", "1", "--preset", "smoke", "--seed", SEED];
    const first = await reproduce(...settings);
    assertEquals(first.code, 0, first.err);
    const [section] = experiments(["01"]),
      record = (await readRecord(fileURLToPath(new URL(section!, run))))!;
    assertEquals([record.preset, record.seed], ["smoke", Number(SEED)]);
    const page = await Deno.readTextFile(new URL("report.html", run));
    for (const { en, zh } of record.verdicts) assert(page.includes(en) && page.includes(zh), en);
    const figures = record.shown.filter(({ kind }) => kind === "figure");
    assert(figures.length > 0);
    assertEquals(page.split("<figure").length - 1, figures.length);
    assert(!/(?:src|href)="(?!data:|#)/.test(page.slice(0, page.indexOf("</main>"))), "needs no other file");
    for (const shown of record.shown) {
      if (shown.kind === "markdown") continue;
      const stem = shown.kind === "table" ? shown.csv : shown.png;
      const files = shown.kind === "table"
        ? [stem]
        : ["png", "svg", "json", "html"].map((e) => stem.replace(/png$/, e));
      for (const file of files) assert((await Deno.stat(new URL(`${section}/${file}`, run))).size > 0, file);
    }

    if (findBrowser()) assertEquals(await pageProblems(fileURLToPath(new URL("report.html", run))), []);

    const second = await reproduce(...settings, "--compare", fileURLToPath(run));
    assertEquals(second.code, 0, second.err);
    assertMatch(second.err, /done already/);
    assertMatch(second.out, /3 of 3 claims compared\.\nNothing differs/);
    const third = await reproduce(...settings, "--compare", fileURLToPath(stored));
    assertEquals(third.code, 0, third.err);
    assertMatch(third.out, /3 of 3 claims compared\.\nThe presets differ: smoke here, paper there\./);
  } finally {
    await Deno.remove(run, { recursive: true }).catch(() => {});
  }
});

Deno.test("the runs with paper that come with the project judge what their sections judge", async () => {
  for await (const { name } of Deno.readDir(stored)) {
    const { section, preset, seed, verdicts } = (await readRecord(fileURLToPath(new URL(name, stored))))!;
    assertEquals([section, preset, seed], [name, "paper", 1]);
    const script = await Deno.readTextFile(scriptOf(section));
    for (const { id } of verdicts) assertMatch(script, new RegExp(`\\b${id}\\b`), `${section} ${id}`);
    assert(verdicts.length > 0, section);
  }
});

Deno.test("the report links a section's programs, and the page that shows them", () => {
  const programs = [{ name: "S1 <a>", file: "S1_a.wasm", bytes: 12_345, sha256: "ab".repeat(32) }];
  const read = () => new Uint8Array(),
    sections = [{ record: { ...record([]), programs }, opening: "# x", read }];
  const page = reportPage(sections, [], "");
  assert(page.includes(`<a href="02_x/S1_a.wasm" download>S1 &lt;a&gt;</a>, 12,345 bytes`));
  assert(page.includes(`href="${PROGRAMS_PAGE}#02_x%2FS1_a.wasm"`));
});

Deno.test("reproduce refuses what it cannot do in one sentence", async () => {
  for (
    const args of [["--sections", "77"], ["--sections", "6.1.3"], ["--preset", "huge"], [
      "--compare",
      "results/nothing",
    ], [
      "--seed",
      "x",
    ]]
  ) {
    const { code, out, err } = await reproduce(...args);
    assertEquals([code, out, err.trim().split("\n").length], [1, "", 1], err);
  }
});
