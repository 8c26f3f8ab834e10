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
  /** One sentence with the numbers that decide; in both languages where words are among them. */
  readonly measured: string | { readonly en: string; readonly zh: string };
  /** The numbers, under names that stay the same from run to run: what two runs are compared by. */
  readonly numbers: Readonly<Record<string, Measure>>;
  /** A threshold that decides lies within the interval of what was measured: another run may say otherwise. */
  readonly edge?: boolean;
  /** Where the numbers were not measured in this run: the stored results that they were read from, with their preset. */
  readonly stored?: string;
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

/**
 * Whether a measured number is so near to a threshold that its interval holds it; without an interval, nobody knows.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const saved = lab.intervalOf([0.04, 0.06, 0.05]); // 0.050 ± 0.025
 * assertEquals([lab.onEdge(saved, 0.03), lab.onEdge(saved, 0)], [true, false]);
 * ```
 */
export function onEdge({ mean, half }: Interval, threshold: number): boolean {
  return half !== null && Math.abs(mean - threshold) <= half;
}

/**
 * What was measured of several sets or models: a part of the sentence for each, in both languages.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const lost = [{ set: "S1", points: 0.2 }, { set: "S3", points: 0.4 }];
 * const { en } = lab.measuredOfEach(
 *   lost,
 *   ({ set, points }) => `${set}: ${points} points lost`,
 *   ({ set, points }) => `${set}：损失 ${points} 个百分点`,
 * );
 * assertEquals(en, "S1: 0.2 points lost; S3: 0.4 points lost");
 * ```
 */
export function measuredOfEach<T>(
  all: readonly T[],
  en: (one: T) => string,
  zh: (one: T) => string,
): { readonly en: string; readonly zh: string } {
  return { en: all.map(en).join("; "), zh: all.map(zh).join("；") };
}

/** A verdict as it is printed: in words, and whether it is on the edge. */
export function verdictWords({ verdict, edge }: Pick<Finding, "verdict" | "edge">): string {
  return `${VERDICTS[verdict]}${edge ? ", on the edge 处于临界" : ""}`;
}

/** What was measured, as it is printed: with the stored results that it was read from, if it was. */
export function measuredWords({ measured, stored }: Pick<Finding, "measured" | "stored">): string {
  const words = typeof measured === "string" ? measured : `${measured.en} · ${measured.zh}`;
  return stored === undefined ? words : `${words} (read from stored results 读自存储的结果: ${stored})`;
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
  return judged.map((one) => ({
    "§": one.article,
    "claim · 论断": `${one.en} · ${one.zh}`,
    "holds if · 标准": `${one.holds.en} · ${one.holds.zh}`,
    "measured · 实测": measuredWords(one),
    "verdict · 判定": verdictWords(one),
  }));
}
