/** What drawn rows are like beside the data, column by column. */
import { tableOf } from "../../lib/table/csv.ts";
import { rateBars } from "../laboratory/figures/bars.ts";
import type { Figure } from "../laboratory/figures/figure.ts";
import type { Rows } from "../laboratory/figures/table.ts";
import type { Stretches } from "./stretches.ts";
import { distance } from "./text_statistics.ts";

/** Rows by columns: the cells of each column as text. */
function columnsIn(rows: Uint8Array): readonly (readonly string[])[] {
  const table = tableOf(rows), latin = new TextDecoder("latin1");
  if (!table) return [];
  return Array.from({ length: table.columns }, (_, column) =>
    Array.from({ length: table.rows }, (_, row) => {
      const i = row * table.columns + column;
      return latin.decode(table.bytes.subarray(table.starts[i]!, table.ends[i]!));
    }));
}

/** What a column is called, by the first row of the data. */
export function headsOf(data: Uint8Array): readonly string[] {
  return columnsIn(data).map(([head = ""], column) => head.trim() || `column ${column + 1}`);
}

const rounded = (value: number) => Number(value.toPrecision(4));

/** A line for each column and set. */
export function tableRows(sets: readonly Stretches[], heads: readonly string[]): Rows {
  const parts = sets.map(({ bytes, known, stretches }) => {
    const rows = stretches.reduce((sum, { units }) => sum + units, 0);
    return { cells: columnsIn(bytes), others: columnsIn(known), stretches, rows };
  });
  return heads.flatMap((head, column) =>
    sets.map(({ name }, i) => {
      const { cells, others, stretches, rows } = parts[i]!,
        own = cells[column] ?? [],
        there = others[column] ?? [];
      const known = new Set(there),
        numbers = own.map(Number),
        numeric = own.length > 0 &&
          own.every((cell, i) => cell.trim() !== "" && Number.isFinite(numbers[i]!));
      const mean = numbers.reduce((a, b) => a + b, 0) / own.length;
      const bits = stretches.reduce((sum, { columns }) => sum + (columns?.[column] ?? 0), 0);
      return {
        column: head,
        rows: name,
        number: own.length,
        "bits/cell": stretches.some(({ columns }) => columns) ? Number((bits / rows).toFixed(2)) : undefined,
        "distinct, %": Number((100 * new Set(own).size / Math.max(1, own.length)).toFixed(1)),
        "known, %": Number(
          (100 * own.filter((cell) => known.has(cell)).length / Math.max(1, own.length)).toFixed(1),
        ),
        "distance of values, bits": own.length && there.length ? distance(own, there) : undefined,
        mean: numeric ? rounded(mean) : undefined,
        deviation: numeric
          ? rounded(Math.sqrt(numbers.reduce((sum, n) => sum + (n - mean) ** 2, 0) / own.length))
          : undefined,
      };
    })
  );
}

/** What cells of each column cost. */
export function tableFigure(name: string, sets: readonly Stretches[], heads: readonly string[]): Figure {
  const rates = heads.flatMap((group, column) =>
    sets.map(({ kind, name: label, stretches }) => {
      const sum = (of: (stretch: Stretches["stretches"][number]) => number) =>
        stretches.reduce((total, one) => total + of(one), 0);
      const rate = sum(({ columns }) => columns?.[column] ?? 0) / sum(({ units }) => units);
      return { group, label, rate, kind: kind === "drawn" ? "ours" as const : "other" as const };
    })
  );
  return rateBars({
    title: `${name}: what cells cost, in rows that the model draws and in the data`,
    rates,
    unit: "cell",
  });
}
