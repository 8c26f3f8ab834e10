/** What a table's columns are, found from its cells: which earlier columns tell most of each, and whether rows are events. */
import type { Table } from "./csv.ts";

/** Kinds of columns as the parameter block has them. */
export const KINDS = { text: 0, group: 1, key: 2, time: 3, value: 4 } as const;
export type Kind = keyof typeof KINDS;

/** What a column is. */
export interface Column {
  readonly kind: Kind;
  /** Two earlier columns whose cells tell most of this one's; 0 where there are none. */
  readonly parents: readonly [number, number];
}

/**
 * Rows as events of groups, such as ratings of films by users: in each run of one value in the first column, other keys
 * that ascend. Events are in the order of groups, time, key. A column that is missing is all zeros.
 */
export interface Events {
  /** Rows of each group. */
  readonly counts: Uint32Array;
  /** All keys there are, ascending. */
  readonly keys: Uint32Array;
  /** Of each event: index of its key, time, index of its value. */
  readonly items: Uint32Array;
  readonly times: Uint32Array;
  readonly values: Uint32Array;
  /** The values' texts in the order of a tree's leaves, with each leaf's depth and rank among the numbers. */
  readonly texts: readonly string[];
  readonly leaves: readonly { readonly depth: number; readonly rank: number }[];
}

/** Rows and cells looked at to find parents, and earlier columns that are tried. */
const SAMPLE = 4000, CELLS = 60_000, TRIED = 24;
/** Groups have that many rows on average, and a key that many, or rows are no events. */
const ROWS_A_GROUP = 4, ROWS_A_KEY = 2;
/** Values of a column at most, and bytes of each. */
const VALUES = 64, VALUE_BYTES = 60;
/** Depth of the values' tree, which the decoder goes down. */
const DEEPEST = 16;
/** What can be seconds since 1970: from 1973 on. */
const EARLIEST = 1e8;

/** The digit 0. */
const ZERO = 48;

const latin = new TextDecoder("latin1");

/** The text of a cell, a byte a character. */
function cellOf({ bytes, starts, ends, columns }: Table, row: number, column: number): string {
  const i = row * columns + column;
  return latin.decode(bytes.subarray(starts[i]!, ends[i]!));
}

/** What every column is: text, where rows are not events. Yields the share of the work that is done. */
export function* columnsOf(table: Table): Generator<number, Column[]> {
  const rows = Math.min(table.rows, SAMPLE, Math.ceil(CELLS / table.columns));
  const sample = Array.from(
    { length: table.columns },
    (_, column) => Array.from({ length: rows }, (_, row) => cellOf(table, row, column)),
  );
  const found: Column[] = [];
  for (const [column, cells] of sample.entries()) {
    yield column / table.columns;
    const tried = sample.slice(0, column).map((_, at) => at).filter((at) => at === 0 || at >= column - TRIED);
    const first = least(tried, (at) => surprise(cells, sample[at]!));
    const joint = (at: number) => sample[at]!.map((cell, row) => `${cell}\0${sample[first]![row]}`);
    const second = least(tried.filter((at) => at !== first), (at) => surprise(cells, joint(at)));
    found.push({ kind: "text", parents: [first, second] });
  }
  return found;
}

function least(of: readonly number[], cost: (candidate: number) => number): number {
  let best = 0, lowest = Infinity;
  for (const candidate of of) {
    const found = cost(candidate);
    if (found < lowest) [best, lowest] = [candidate, found];
  }
  return best;
}

/** Bits that cells take when each is expected as often as it has been seen beside the same condition. */
function surprise(cells: readonly string[], conditions: readonly string[]): number {
  const pairs = new Map<string, number>(), totals = new Map<string, number>();
  let bits = 0;
  cells.forEach((cell, row) => {
    const condition = conditions[row]!, pair = `${condition}\0${cell}`;
    const seen = pairs.get(pair) ?? 0, total = totals.get(condition) ?? 0;
    bits -= Math.log2((seen + 0.02) / (total + 1));
    pairs.set(pair, seen + 1);
    totals.set(condition, total + 1);
  });
  return bits;
}

/**
 * The table's rows as events, with the columns' kinds; undefined where they are none. Yields the share of the work that
 * is done.
 */
export function* eventsOf(
  table: Table,
  columns: readonly Column[],
): Generator<number, { columns: Column[]; events: Events } | undefined> {
  const rows = table.rows - 1, counts = yield* runsOf(table), numbers: (Uint32Array | undefined)[] = [];
  if (!rows || rows < ROWS_A_GROUP * counts.length) return undefined;
  for (let column = 0; column < table.columns; column++) {
    numbers.push(column ? yield* numbersOf(table, column) : undefined);
  }
  const key = numbers.findIndex((found) => found && ascends(found, counts));
  if (key < 0) return undefined;
  const keys = Uint32Array.from(new Set(numbers[key])).sort();
  if (rows < ROWS_A_KEY * keys.length) return undefined;
  const time = numbers.findIndex((found, at) => at !== key && found?.every((n) => n >= EARLIEST));
  let values: Values | undefined, value = 0;
  while (!values && ++value < columns.length) {
    if (value !== key && value !== time) values = yield* valuesOf(table, value);
  }
  const kinds: Kind[] = columns.map((_, at) =>
    at === 0 ? "group" : at === key ? "key" : at === time ? "time" : at === value ? "value" : "text"
  );
  const none = new Uint32Array(rows),
    { texts, leaves, indices } = values ?? { texts: [], leaves: [], indices: none };
  const index = new Map([...keys].map((found, i) => [found, i]));
  const times = numbers[time] ?? none, order = inOrder(counts, times);
  return {
    columns: columns.map(({ parents }, at) => ({ parents, kind: kinds[at]! })),
    events: {
      counts,
      keys,
      items: order.map((row) => index.get(numbers[key]![row]!)!),
      times: order.map((row) => times[row]!),
      values: order.map((row) => indices[row]!),
      texts,
      leaves,
    },
  };
}

/** Cells between two yields. */
const PIECE = 2 ** 14;

/** How many rows each run of one value in the first column has. */
function* runsOf(table: Table): Generator<number, Uint32Array> {
  const counts: number[] = [], { bytes, starts, ends, columns } = table;
  for (let row = 1; row < table.rows; row++) {
    if (row % PIECE === 0) yield row / table.rows / columns / 2;
    const i = row * columns, before = i - columns, length = ends[i]! - starts[i]!;
    let same = row > 1 && ends[before]! - starts[before]! === length;
    for (let k = 0; same && k < length; k++) same = bytes[starts[i]! + k] === bytes[starts[before]! + k];
    if (same) counts[counts.length - 1]!++;
    else counts.push(1);
  }
  return Uint32Array.from(counts);
}

/** A column's cells below the header where all are whole numbers below 2³² − 1, written as such. */
function* numbersOf(table: Table, column: number): Generator<number, Uint32Array | undefined> {
  const numbers = new Uint32Array(table.rows - 1), { bytes, starts, ends, columns } = table;
  for (let row = 1; row < table.rows; row++) {
    if (row % PIECE === 0) yield (column + row / table.rows) / columns / 2;
    const i = row * columns + column, start = starts[i]!, length = ends[i]! - start;
    if (length < 1 || length > 10 || (length > 1 && bytes[start] === ZERO)) return undefined;
    let number = 0;
    for (let k = 0; k < length; k++) {
      const digit = bytes[start + k]! - ZERO;
      if (digit < 0 || digit > 9) return undefined;
      number = 10 * number + digit;
    }
    if (number >= 2 ** 32 - 1) return undefined;
    numbers[row - 1] = number;
  }
  return numbers;
}

function ascends(numbers: Uint32Array, counts: Uint32Array): boolean {
  let at = 0;
  return counts.every((count) => {
    for (let k = 1; k < count; k++) if (numbers[at + k]! <= numbers[at + k - 1]!) return false;
    at += count;
    return true;
  });
}

/** Rows in the order of groups, time, and place in the file. */
function inOrder(counts: Uint32Array, times: Uint32Array): Uint32Array {
  const order = times.map((_, row) => row);
  let at = 0;
  for (const count of counts) order.subarray(at, at += count).sort((a, b) => times[a]! - times[b]! || a - b);
  return order;
}

/** Few numbers as indices of leaves: those of fewest decimals first, each of them ascending. */
type Values = Pick<Events, "texts" | "leaves"> & { readonly indices: Uint32Array };

/** A column as such values; undefined where it is none. */
function* valuesOf(table: Table, column: number): Generator<number, Values | undefined> {
  const counts = new Map<string, number>();
  for (let row = 1; row < table.rows; row++) {
    if (row % PIECE === 0) yield (1 + (column + row / table.rows) / table.columns) / 2;
    const cell = cellOf(table, row, column);
    if (!counts.has(cell) && (counts.size === VALUES || !/^-?\d+(\.\d+)?$/.test(cell))) return undefined;
    if (cell.length > VALUE_BYTES) return undefined;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  if (counts.size < 2) return undefined;
  const decimals = (text: string) => text.replace(/0+$/, "").split(".")[1]?.length ?? 0;
  const texts = [...counts.keys()].sort((a, b) => decimals(a) - decimals(b) || Number(a) - Number(b));
  const ranks = [...texts].sort((a, b) => Number(a) - Number(b));
  const depths = depthsOf(texts.map((text) => counts.get(text)!), texts.map(decimals));
  if (Math.max(...depths) > DEEPEST) return undefined;
  const leaves = texts.map((text, i) => ({ depth: depths[i]!, rank: ranks.indexOf(text) }));
  const index = new Map(texts.map((text, i) => [text, i]));
  const indices = new Uint32Array(table.rows - 1);
  for (let row = 1; row < table.rows; row++) {
    if (row % PIECE === 0) yield (1 + (column + row / table.rows) / table.columns) / 2;
    indices[row - 1] = index.get(cellOf(table, row, column))!;
  }
  return { texts, leaves, indices };
}

/** Depths of a tree's leaves: it is split between numbers of different decimals first, then into halves of like weight. */
function depthsOf(weights: readonly number[], classes: readonly number[]): number[] {
  if (weights.length === 1) return [0];
  const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
  const splits = weights.map((_, i) => i).slice(1);
  const between = splits.filter((i) => classes[i] !== classes[i - 1]);
  const at = least(
    between.length ? between : splits,
    (i) => Math.abs(sum(weights.slice(0, i)) - sum(weights.slice(i))),
  );
  return [
    ...depthsOf(weights.slice(0, at), classes.slice(0, at)),
    ...depthsOf(weights.slice(at), classes.slice(at)),
  ].map((depth) => depth + 1);
}
