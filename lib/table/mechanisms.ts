/** The article's mechanisms as tables have them: each is a part of the model that can be left out. */
import type { Mechanisms } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { switches } from "../files/switches.ts";
import { SWITCHES, type TableSwitches } from "./engine.ts";

/** A model of a table: what it looks at, and in which decoder; all but `table` take the file as text. */
export interface TableSpec extends TableSwitches {
  /** The decoder. */
  readonly model: "table" | "text" | "repeats" | "plain";
}

/** What the mechanisms of tables take: each is true by default. Of the hierarchy there is no choice. */
export interface TableOptions {
  /** What a cell is predicted from: the `columns` to the left, in the same row, too. */
  readonly features: { readonly columns?: boolean };
  /** What shares what was learnt: the `statistics` that columns, and groups of rows, have in common. */
  readonly sharing: { readonly statistics?: boolean };
  /** What is looked at besides: the `rows` above, and what the column's numbers would go on to. */
  readonly attention: { readonly rows?: boolean };
}

/** The mechanisms of tables. */
export const mechanisms: Mechanisms<Files<"table">, TableSpec, TableOptions & { hierarchy: object }> = {
  features: switches(
    { columns: "earlierColumns" },
    { columns: "contexts of a cell's bytes, and of the cells to the left" },
    "contexts of a cell's bytes",
    { ...SWITCHES, earlierRows: false, model: "table" },
  ),
  sharing: switches(
    { statistics: "shared" },
    { statistics: "across columns, and groups of rows" },
    "across the rows of a column",
  ),
  hierarchy: {
    kinds: {},
    describe: () => ({
      summary: "groups of rows where there are some, rows, cells, bytes",
      active: true,
    }),
    apply: (spec: TableSpec) => spec,
    asked: () => ({}),
  },
  attention: switches(
    { rows: "earlierRows" },
    { rows: "to the rows above, and what numbers would go on to" },
    "off (rows are alone)",
  ),
};
