/** What a search of the tiny language says: rows of tables and of figures. */
import type { Series } from "../../../scripts/laboratory/figures/curves.ts";
import type { Rows } from "../../../scripts/laboratory/figures/table.ts";
import type { Descriptions } from "./descriptions.ts";
import type { Outcome } from "./enumerator.ts";
import { OPCODE_BITS, parsed, written } from "./language.ts";
import type { Census, Finding, Search } from "./search.ts";
import type { Target, Targets } from "./targets.ts";

/** All that is known of one target. */
export interface Compared {
  readonly target: Target;
  readonly found: Finding;
  readonly others: Descriptions;
  /** The shortest program that is known: found, or else written by hand; null where there is none. */
  readonly program: Uint8Array | null;
  readonly bits: number | null;
  /** The least of gzip, brotli and xz, in bits. */
  readonly codec: number;
}

/** Puts together what the search found and what others make of the same targets. */
export function compare(
  { all }: Targets,
  { findings }: Search,
  descriptions: readonly Descriptions[],
): readonly Compared[] {
  return all.map((target, t) => {
    const found = findings[t]!, others = descriptions[t]!;
    const program = found.program ?? (target.byHand ? parsed(target.byHand) : null);
    const bits = program && OPCODE_BITS * program.length;
    return {
      target,
      found,
      others,
      program,
      bits,
      codec: 8 * Math.min(others.gzip, others.brotli, others.xz),
    };
  });
}

/** What became of all programs, a row a length. */
export function censusRows(what: string, { census }: Search): Rows {
  return census.map((one) => {
    const all = 16 ** one.length;
    const share = (outcome: Outcome) => Number((Number(one[outcome]) / all * 100).toPrecision(3));
    return {
      "looked for": what,
      opcodes: one.length,
      programs: all,
      printed: Number(one.printed),
      "wrong, %": share("wrong"),
      "never print again, %": share("silent"),
      "redundant, %": share("redundant"),
      undecided: Number(one.undecided),
      "beginnings run": one.prefixes,
      seconds: Number(one.seconds.toFixed(2)),
    };
  });
}

/** A quantity of each length that has it, over the length in bits. */
export function byLength(name: string, { census }: Search, quantity: (census: Census) => number): Series {
  const shown = census.filter((one) => quantity(one) > 0);
  return { name, x: shown.map(({ length }) => OPCODE_BITS * length), y: shown.map(quantity) };
}

/** Each target with its shortest program known, and whether that is the shortest there is. */
export function shortestRows(compared: readonly Compared[], longest: number): Rows {
  return compared.map(({ target, found, others, program, bits }) => ({
    target: `${target.name} ${target.zh}`,
    program: program ? written(program) : undefined,
    bits: bits ?? undefined,
    "is it the shortest?": certainty(found, program !== null, longest),
    "gzip, bits": 8 * others.gzip,
    "brotli, bits": 8 * others.brotli,
    "xz, bits": 8 * others.xz,
    "neural program, bits": 8 * others.neural,
    "stored program, bits": 8 * others.stored,
  }));
}

function certainty({ program, undecided }: Finding, known: boolean, longest: number): string {
  const open = `${undecided.toLocaleString("en")} undecided`;
  if (program) return undecided ? `perhaps: ${undecided.toLocaleString("en")} shorter ones undecided` : "yes";
  return `${known ? "by hand; " : ""}none found up to ${OPCODE_BITS * longest} bits (${open})`;
}

/** The lengths of all descriptions in bits, for a figure of dots; the tiny program without and with its interpreter. */
export const DESCRIPTIONS = [
  "tiny program",
  "with its interpreter",
  "gzip",
  "brotli",
  "xz",
  "neural program",
] as const;

export function descriptionDots(
  compared: readonly Compared[],
  interpreter: number,
): { label: string; values: (number | null)[] }[] {
  return compared.map(({ target, bits, others: { gzip, brotli, xz, neural } }) => ({
    label: target.name,
    values: [bits, bits && bits + 8 * interpreter, ...[gzip, brotli, xz, neural].map((bytes) => 8 * bytes)],
  }));
}
