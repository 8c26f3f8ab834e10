/** Two runs of the article's sections: what differs beyond the intervals. */
import type { Rows } from "./laboratory/figures/table.ts";
import { type Measure, VERDICTS } from "./laboratory/section/claims.ts";
import type { SectionRecord } from "./laboratory/section/record.ts";

/** A verdict or a number that is not the same in both runs. */
export interface Difference {
  readonly section: string;
  readonly claim: string;
  /** "verdict", or the number's name. */
  readonly what: string;
  readonly here: string;
  readonly there: string;
  /** Whether the intervals of both are apart; undefined where neither has one. */
  readonly apart?: boolean;
}

/** How many claims of a run the other one has, too. */
export function inCommon(here: readonly SectionRecord[], there: readonly SectionRecord[]) {
  const names = (records: readonly SectionRecord[]) =>
    records.flatMap(({ section, verdicts }) => verdicts.map(({ id }) => `${section} ${id}`));
  const known = new Set(names(there)), own = names(here);
  return { all: own.length, compared: own.filter((name) => known.has(name)).length };
}

/** All verdicts that differ, and the numbers whose intervals do not meet or that have none. */
export function differences(
  here: readonly SectionRecord[],
  there: readonly SectionRecord[],
): readonly Difference[] {
  return here.flatMap(({ section, verdicts }) => {
    const other = there.find((record) => record.section === section);
    return verdicts.flatMap((own) => {
      const its = other?.verdicts.find(({ id }) => id === own.id), at = { section, claim: own.en };
      if (!its) return [];
      const words = [VERDICTS[own.verdict], VERDICTS[its.verdict]] as const;
      return [
        ...(words[0] === words[1] ? [] : [{ ...at, what: "verdict", here: words[0], there: words[1] }]),
        ...Object.entries(own.numbers).flatMap(([what, value]) => {
          const found = its.numbers[what];
          const difference = found === undefined ? undefined : numbersDiffer(value, found);
          return difference ? [{ ...at, what, ...difference }] : [];
        }),
      ];
    });
  });
}

const parts = (value: Measure) =>
  typeof value === "number" ? { mean: value, half: null } : { mean: value.mean, half: value.half };

const written = (value: Measure) => {
  const { mean, half } = parts(value), short = (n: number) => String(Number(n.toPrecision(6)));
  return half === null ? short(mean) : `${short(mean)} ± ${short(half)}`;
};

/** Undefined for numbers that are equal, or whose intervals meet. */
function numbersDiffer(
  here: Measure,
  there: Measure,
): Omit<Difference, "section" | "claim" | "what"> | undefined {
  const [a, b] = [parts(here), parts(there)], gap = Math.abs(a.mean - b.mean);
  const known = a.half !== null || b.half !== null;
  if (gap <= (a.half ?? 0) + (b.half ?? 0)) return undefined;
  return { here: written(here), there: written(there), ...(known ? { apart: true } : {}) };
}

/** As rows of a table. */
export function differenceRows(found: readonly Difference[]): Rows {
  return found.map(({ section, claim, what, here, there, apart }) => ({
    section,
    claim,
    what,
    "this run": here,
    "the other": there,
    "intervals apart": apart ? "yes" : what === "verdict" ? "" : "none known",
  }));
}
