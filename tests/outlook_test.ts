/** Generalisation, damage and the summary of a run. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openBackend } from "../lib/backend/backend.ts";
import { dataset } from "../lib/image/dataset.ts";
import { loadDataset } from "../scripts/laboratory/sets/named_sets.ts";
import { select } from "../scripts/laboratory/measure/select.ts";
import { turnBits } from "../notebooks/experiments/programs/damage.ts";
import { measureGeneralisation } from "../notebooks/experiments/programs/generalisation.ts";
import { contextOf } from "../lib/context.ts";
import { sectionNames } from "../scripts/laboratory/section/names.ts";
import { summaryRows, verdictParts } from "../scripts/laboratory/section/summary.ts";
import { transform } from "../lib/image/transform.ts";

const small = { gray: true, size: { width: 16, height: 16 } };

Deno.test("a model that saw few images knows them better than others; every program gives its data back", async () => {
  const backend = await openBackend("wasm");
  const all = transform(await loadDataset("S1", { take: 60 }), small);
  const indices = Array.from({ length: 60 }, (_, i) => i);
  const plan = { counts: [2, 15], seeds: [3], steps: 300, width: 16, reference: 15 };
  const { points, program, data } = await measureGeneralisation(
    select(all, indices.slice(0, 40)),
    select(all, indices.slice(40)),
    plan,
    contextOf(1),
  );
  assertEquals(points.map(({ count, seed, verified }) => [count, seed, verified]), [[2, 3, true], [
    15,
    3,
    true,
  ]]);
  const [few, many] = points;
  assert(few!.gap > many!.gap && few!.gap > 0.1, `${few!.gap} and ${many!.gap} bits a pixel`);
  assert(few!.unseen > many!.unseen);
  assertAlmostEquals(
    program.ledger.entries.find(({ name }) => name === "payload")!.bytes * 8 / 15 / 256,
    many!.seen,
    0.1,
  );
  // a reference that had seen what the model has seen would be the model itself
  assert(many!.gap > 0.01, `${many!.gap} bits a pixel`);
  // flat images cost fewer bits, seen or not: that is taken off
  const unseen = select(all, indices.slice(40));
  const flat = dataset({ ...unseen, symbols: unseen.symbols.map((v) => 96 + (v >> 2)) });
  const easy = await measureGeneralisation(
    select(all, indices.slice(0, 40)),
    flat,
    { ...plan, counts: [15] },
    contextOf(1),
  );
  const [{ seen: dear, unseen: cheap, gap }] = easy.points as [typeof points[number]];
  assert(cheap < dear - 0.5 && gap > -0.1, `${gap} bits a pixel, ${cheap} unseen, ${dear} seen`);

  const damage = await turnBits(program.bytes, data.sha256, 12, contextOf(1));
  assertEquals([damage.refused + damage.harmless, damage.silent], [12, 0]);
  assert(damage.refused > 8);
  await backend.close();
});

Deno.test("a summary has a row for every claim, and one for a section that was not run", async () => {
  const claim = (verdict: "holds" | "fails") => ({
    id: "a",
    article: "1",
    en: "this",
    zh: "这",
    holds: { en: "", zh: "" },
    measured: "so much",
    numbers: {},
    verdict,
  });
  const record = { section: "01_a", preset: "smoke", verdicts: [claim("holds"), claim("fails")] } as const;
  const rows = summaryRows(["01_a", "02_b"], [record]);
  assertEquals(rows.map((row) => row["verdict · 判定"]), [
    "holds 成立",
    "does not hold here 在此不成立",
    "–",
  ]);
  assertEquals(rows[2]!["measured · 实测"], "deno task reproduce --sections 2");
  assertEquals(verdictParts([record]).map(({ values }) => values), [[1], [0], [1]]);
  assert((await sectionNames()).includes("04_mathematical_model"));
});
