/** The article's mechanisms as tables have them: each is a part of the model that can be left out. */
import type { Mechanism, MechanismName } from "../codec.ts";
import type { Files } from "../files/data.ts";
import { FLAG } from "../options.ts";
import { SWITCHES, type TableSwitches } from "./engine.ts";

/** A model of a table: what it looks at, and in which decoder; `text` and `plain` take the file as text. */
export interface TableSpec extends TableSwitches {
  /** The decoder. */
  readonly model: "table" | "text" | "plain";
}

/** What a cell is predicted from. */
export interface TableFeatureOptions {
  /** The cells to the left, in the same row; true by default. */
  readonly columns?: boolean;
}

/** What shares what was learnt with what. */
export interface TableSharingOptions {
  /** What columns, and groups of rows, have in common; true by default. */
  readonly statistics?: boolean;
}

/** Tables have no choice here. */
export type TableHierarchyOptions = Readonly<Record<never, never>>;

/** What is looked at besides. */
export interface TableAttentionOptions {
  /** The rows above, and what the column's numbers would go on to; true by default. */
  readonly rows?: boolean;
}

type Part<Options extends object> = Mechanism<Files<"table">, TableSpec, Options>;

/** The mechanisms of tables. */
export const mechanisms: {
  readonly features: Part<TableFeatureOptions>;
  readonly sharing: Part<TableSharingOptions>;
  readonly hierarchy: Part<TableHierarchyOptions>;
  readonly attention: Part<TableAttentionOptions>;
} = {
  features: {
    kinds: { columns: FLAG },
    describe: ({ columns = true }) => ({
      summary: `contexts of a cell's bytes${columns ? ", and of the cells to the left" : ""}`,
      active: true,
      options: { columns },
    }),
    apply: (_, __, { columns = true }) => ({
      ...SWITCHES,
      earlierColumns: columns,
      earlierRows: false,
      model: "table",
    }),
  },
  sharing: {
    kinds: { statistics: FLAG },
    describe: ({ statistics = true }) => ({
      summary: statistics ? "across columns, and groups of rows" : "across the rows of a column",
      active: true,
      options: { statistics },
    }),
    apply: (spec: TableSpec, _, { statistics = true }) => ({ ...spec, shared: statistics }),
  },
  hierarchy: {
    kinds: {},
    describe: () => ({
      summary: "groups of rows where there are some, rows, cells, bytes",
      active: true,
      options: {},
    }),
    apply: (spec: TableSpec) => spec,
  },
  attention: {
    kinds: { rows: FLAG },
    describe: ({ rows = true }) => ({
      summary: rows ? "to the rows above, and what numbers would go on to" : "off (rows are alone)",
      active: rows,
      options: { rows },
    }),
    apply: (spec: TableSpec, _, { rows = true }) => ({ ...spec, earlierRows: rows }),
  },
};

/** What the mechanisms would have to be asked for a model. */
export function optionsOf({ earlierColumns, earlierRows, shared }: TableSpec) {
  return {
    features: { columns: earlierColumns },
    sharing: { statistics: shared },
    hierarchy: {},
    attention: { rows: earlierRows },
  } as const satisfies Record<MechanismName, object>;
}
