/** Sections of the article: claims, verdicts, and what a run of one leaves behind. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { show, showTable } from "../scripts/laboratory/figures/show.ts";
import { lines } from "../scripts/laboratory/figures/curves.ts";
import { intervalOf } from "../scripts/laboratory/measure/interval.ts";
import {
  type Claim,
  onEdge,
  verdictOf,
  verdictRows,
  VERDICTS,
  verdictWords,
} from "../scripts/laboratory/section/claims.ts";
import { readRecord } from "../scripts/laboratory/section/record.ts";
import { openSection } from "../scripts/laboratory/section/section.ts";

/** A name that no URL would keep. */
const RUN = `test #${crypto.randomUUID()}?%41`;
const folder = join(fileURLToPath(new URL("../results", import.meta.url)), RUN);
const claim = (en: string): Claim => ({
  article: "2.1",
  en,
  zh: "论断",
  holds: { en: "always", zh: "总是" },
});
const finding = (bytes: number) => ({ verdict: "holds", measured: "", numbers: { bytes } } as const);
const plot = lines({
  title: "t",
  series: [{ name: "s", x: [1, 2], y: [3, 4] }],
  x: { title: "x" },
  y: { title: "y" },
});

/** Works with the environment of `deno task reproduce`, and leaves nothing behind. */
async function inRun(
  settings: Readonly<Record<string, string>>,
  work: (environment: Map<string, string>) => Promise<void>,
): Promise<void> {
  try {
    await work(new Map(Object.entries({ MDLAB_RUN: RUN, ...settings })));
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

Deno.test("a claim holds, else in part, else not; each verdict in its words", () => {
  const said = [[true, false], [true, true], [false, true], [false, false]] as const;
  assertEquals(said.map(([holds, inPart]) => verdictOf(holds, inPart)), [
    "holds",
    "holds",
    "in part",
    "fails",
  ]);
  assertEquals([verdictOf(true), verdictOf(false)], ["holds", "fails"]);
  assertEquals(Object.values(VERDICTS).map((words) => words.split(/ (?=[^ -~])/)[0]), [
    "holds",
    "holds in part",
    "does not hold here",
  ]);
});

Deno.test("a verdict whose interval holds the threshold is on the edge, and one of stored results says so", () => {
  const measured = intervalOf([1, 2, 3]); // 2.00 ± 2.48
  assertEquals([-0.4, 0, 2, 4.4, 4.5, -0.5].map((threshold) => onEdge(measured, threshold)), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  assertEquals(onEdge(intervalOf([1]), 1), false, "a single run has no interval");
  assertEquals(verdictWords({ verdict: "holds", edge: false }), VERDICTS.holds);
  assertEquals(verdictWords({ verdict: "fails", edge: true }), `${VERDICTS.fails}, on the edge 处于临界`);
  const judged = { id: "a", ...claim("first"), ...finding(1), edge: true };
  const [row] = verdictRows([{
    ...judged,
    measured: { en: "one", zh: "一" },
    stored: "ablate, preset quick",
  }]);
  assertEquals(row!["verdict · 判定"], `${VERDICTS.holds}, on the edge 处于临界`);
  assertEquals(
    row!["measured · 实测"],
    "one · 一 (read from stored results 读自存储的结果: ablate, preset quick)",
  );
});

Deno.test("a section leaves its settings, verdicts in the order of the claims, and what it showed", () =>
  inRun({ MDLAB_PRESET: "smoke", MDLAB_SEED: "7" }, async (environment) => {
    const claims = { a: claim("first"), b: claim("second") };
    const section = await openSection("02_x", { preset: "paper", seed: 1 }, claims, environment);
    assertEquals([section.preset, section.seed], ["smoke", 7], "the environment overrides the first cell");
    assertEquals(section.by({ smoke: 1, quick: 2, paper: 3 }), 1);
    await show(plot, "A figure");
    await show(plot, "A figure");
    await showTable([{ n: 1 }], "A table · 表");
    section.spend(1e9);
    section.spend(1e9);
    section.judge("b", finding(2));
    const open = await assertRejects(() => section.close(), MdlError, "no verdict on: a");
    assertEquals(open.code, "usage");
    assertEquals(await readRecord(join(folder, "02_x")), undefined, "no record before all is judged");
    section.judge("a", finding(1));
    await section.close();

    const record = (await readRecord(join(folder, "02_x")))!;
    assertEquals(record.verdicts.map(({ id, en, numbers }) => [id, en, numbers.bytes]), [["a", "first", 1], [
      "b",
      "second",
      2,
    ]]);
    assertEquals([record.preset, record.seed, record.flop], ["smoke", 7, 2e9]);
    const files = record.shown.flatMap((one) =>
      one.kind === "figure" ? [one.png, one.json] : one.kind === "table" ? [one.csv] : []
    );
    assertEquals(files, [
      "claims.csv",
      "a_figure.png",
      "a_figure.json",
      "a_figure_2.png",
      "a_figure_2.json",
      "a_table.csv",
      "verdicts.csv",
    ]);
    for (const file of files) assert((await Deno.stat(join(folder, `02_x/${file}`))).size > 0, file);
    for (const file of ["claims.csv", "verdicts.csv"]) {
      assert((await Deno.readTextFile(join(folder, `02_x/${file}`))).includes("always · 总是"), file);
    }

    const next = await openSection("08_y", { preset: "smoke", seed: 1 }, {}, environment);
    assertEquals((await next.others()).map(({ section }) => section), ["02_x"]);
    await openSection("02_x", { preset: "smoke", seed: 1 }, {}, environment);
    assertEquals(await next.others(), [], "a section that was begun anew has no record until it ends");
  }));

Deno.test("a section refuses a preset or seed that makes no sense", () =>
  inRun({}, async (environment) => {
    const refused = async (name: string, value: string) => {
      const wrong = new Map([...environment, [name, value]]);
      const error = await assertRejects(
        () => openSection("02_x", { preset: "smoke", seed: 1 }, {}, wrong),
        MdlError,
      );
      assertEquals(error.code, "usage");
    };
    await refused("MDLAB_PRESET", "toString");
    await refused("MDLAB_SEED", "-1");
  }));

Deno.test("a damaged record is said to be one", () =>
  inRun({}, async () => {
    await Deno.mkdir(join(folder, "02_x"), { recursive: true });
    await Deno.writeTextFile(join(folder, "02_x/run.json"), "{");
    const error = await assertRejects(() => readRecord(join(folder, "02_x")), MdlError);
    assertEquals(error.code, "unreadable");
  }));

Deno.test("a section keeps its programs beside its record, which names them", () =>
  inRun({ MDLAB_PRESET: "smoke", MDLAB_SEED: "7" }, async (environment) => {
    const section = await openSection("02_x", { preset: "smoke", seed: 1 }, {}, environment);
    const bytes = Uint8Array.of(0, 97, 115, 109);
    await section.keep({ bytes }, "S1, pyramid/x");
    await assertRejects(() => section.keep({ bytes }, "s1, pyramid/X"), MdlError, "already");
    await section.close();
    const { programs: [kept, ...others] = [] } = (await readRecord(join(folder, "02_x")))!;
    assertEquals([kept!.name, kept!.file, kept!.bytes, others.length], [
      "S1, pyramid/x",
      "S1_pyramid_x.wasm",
      4,
      0,
    ]);
    assertEquals(await Deno.readFile(join(folder, `02_x/${kept!.file}`)), bytes);
  }));
