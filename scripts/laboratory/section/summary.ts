/** All verdicts of a run in one place. */
import type { Part } from "../figures/stacked.ts";
import { PALETTE } from "../figures/figure.ts";
import type { Rows } from "../figures/table.ts";
import { measuredWords, type Verdict, VERDICTS, verdictWords } from "./claims.ts";
import { numberOf } from "./names.ts";
import type { SectionRecord } from "./record.ts";

/** A row a claim; a section that was not run has one that says how to run it. */
export function summaryRows(
  names: readonly string[],
  records: readonly Pick<SectionRecord, "section" | "preset" | "verdicts">[],
): Rows {
  return names.flatMap((name) => {
    const record = records.find(({ section }) => section === name);
    const row = (section: string, claim: string, measured: string, verdict: string) => ({
      section,
      "claim · 论断": claim,
      "measured · 实测": measured,
      "verdict · 判定": verdict,
    });
    if (!record) {
      return [row(name, "not run here · 未运行", `deno task reproduce --sections ${numberOf(name)}`, "–")];
    }
    return record.verdicts.map((one) => {
      const claim = `${one.en} · ${one.zh}`, section = `${name} (${record.preset}), § ${one.article}`;
      return row(section, claim, measuredWords(one), verdictWords(one));
    });
  });
}

/** The colour of a verdict, in figures and in the report. */
export const VERDICT_COLOURS: Readonly<Record<Verdict, string>> = {
  "holds": PALETTE.blue,
  "in part": "#8A6D00",
  "fails": PALETTE.vermilion,
};

/** How many claims of each section hold, hold in part, and do not: the parts of a stacked bar. */
export function verdictParts(records: readonly Pick<SectionRecord, "verdicts">[]): readonly Part[] {
  const names = { "holds": "holds", "in part": "holds in part", "fails": "does not hold here" } as const;
  return (Object.keys(VERDICTS) as Verdict[]).map((verdict) => ({
    name: names[verdict],
    colour: VERDICT_COLOURS[verdict],
    values: records.map(({ verdicts }) => verdicts.filter((one) => one.verdict === verdict).length),
  }));
}
