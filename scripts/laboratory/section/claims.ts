/** Claims of the article, and what a run says of them. */
import type { Interval } from "../measure/interval.ts";
import type { Rows } from "../figures/table.ts";

/** A claim, written down before anything is measured. */
export interface Claim {
  /** Where the article makes it, e.g. "2.1" or "4.1–4.2". */
  readonly article: string;
  /** In English. */
  readonly en: string;
  /** In Chinese. */
  readonly zh: string;
  /** When it holds, and where that is less than everything, when in part: thresholds, not results. */
  readonly holds: { readonly en: string; readonly zh: string };
}

/** What became of a claim. */
export type Verdict = "holds" | "in part" | "fails";

/** A verdict in words, English and Chinese. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  "holds": "holds 成立",
  "in part": "holds in part 部分成立",
  "fails": "does not hold here 在此不成立",
};

/** A measured number; with an interval where it was measured over several seeds. */
export type Measure = number | Interval;

/** What was measured of a claim. */
export interface Finding {
  /** What became of it. */
  readonly verdict: Verdict;
  /** One sentence with the numbers that decide. */
  readonly measured: string;
  /** The numbers, under names that stay the same from run to run: what two runs are compared by. */
  readonly numbers: Readonly<Record<string, Measure>>;
}

/** A claim and what was found. */
export interface Judged extends Claim, Finding {
  /** Its name in the section. */
  readonly id: string;
}

/**
 * The verdict of a claim that holds, or else holds in part.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const saved = 0.04; // of the bytes
 * assertEquals(lab.verdictOf(saved > 0.05, saved > 0), "in part");
 * ```
 */
export function verdictOf(holds: boolean, inPart = false): Verdict {
  return holds ? "holds" : inPart ? "in part" : "fails";
}

/** Claims before they are tested, as rows of a table. */
export function claimRows(claims: readonly Claim[]): Rows {
  return claims.map(({ article, en, zh, holds }) => ({
    "§": article,
    "claim · 论断": `${en} · ${zh}`,
    "holds if · 标准": `${holds.en} · ${holds.zh}`,
  }));
}

/** Claims with their verdicts, as rows of a table. */
export function verdictRows(judged: readonly Judged[]): Rows {
  return judged.map(({ article, en, zh, holds, measured, verdict }) => ({
    "§": article,
    "claim · 论断": `${en} · ${zh}`,
    "holds if · 标准": `${holds.en} · ${holds.zh}`,
    "measured · 实测": measured,
    "verdict · 判定": VERDICTS[verdict],
  }));
}
