/** Tables under a model that learns while it codes: the parameter block, the encoder in pieces, and what a column takes. */
import type { Code, Meter } from "../codec.ts";
import type { Context } from "../context.ts";
import { align, switchBits, switchesIn } from "../decoder/memory.ts";
import { openModule } from "../decoder/modules.ts";
import { encodingPace, paced, paceOf, STOPPED_ENCODING } from "../pace.ts";
import { type Column, columnsOf, type Events, eventsOf, type Kind, KINDS } from "./columns.ts";
import { type Table, tableOf } from "./csv.ts";

/** What the model may look at; each is on by default, and can be left out to see what it is worth. */
export interface TableSwitches {
  /** The cells above, and what the column's numbers would go on to. */
  readonly earlierRows: boolean;
  /** The cells to the left. */
  readonly earlierColumns: boolean;
  /** What columns, and groups of events, have in common. */
  readonly shared: boolean;
}

/** Everything on. */
export const SWITCHES: TableSwitches = { earlierRows: true, earlierColumns: true, shared: true };

/** Bits of the switches, as in `assembly/table/memory.ts`. */
const BITS = { earlierRows: 1, earlierColumns: 2, shared: 4 };

/** A code with the build of its decoder in place of the decoder, and what it is made of. */
export type TableCode = Code & {
  /** "table", or "table-groups" where rows are events, "-text" where these have text, too. */
  readonly build: "table" | "table-groups" | "table-groups-text";
  /** What the columns are taken for. */
  readonly columns: readonly Column[];
  /** Code length of each column under the model, in bits. */
  readonly columnBits: readonly number[];
};

/** Where the parameter block is; `assembly/table/memory.ts` documents its words. */
const BLOCK = 16;
/** log₂ of the model's slots: 24 for each byte, within these. */
const SLOTS = { least: 14, most: 22, each: 24 } as const;
/** Bytes of a table's beginning that are coded both ways when rows could be events. */
const TRIAL = 2 ** 17;
/** Bytes that the decoder of events is longer. */
const DEARER = 6_300;
/** Bytes in front of the encoder's payload where it tells addresses (`tell`), and what each word tells. */
const TOLD = 48;
const TELLS = [
  "file",
  "bits",
  "counts",
  "keys",
  "items",
  "times",
  "values",
  "odds",
  "chances",
  "watched",
] as const;
type Told = (what: typeof TELLS[number]) => number;
/** Room behind the file for what is drawn, and what mixing takes besides its slots. */
const ROOM = 2 ** 20, MIXING = 1_400_000;

/** Who looks at what the model expects of each event before it learns what it was; views are of the encoder's memory. */
export interface Watch {
  /** Odds of all items, f32[items], those that the group has had being 0, before event number `event` was coded. */
  items(event: number, odds: Float32Array): void;
  /** Chances of all values, f32[events][values], of a group's events, the first of them being number `event`. */
  values(event: number, chances: Float32Array): void;
}

/** What a table is coded as, be that the shortest way or not. */
export interface TableModel {
  /** What its columns are said to be (`columnsOf`). */
  readonly columns: readonly Column[];
  /** What its rows are, where they are events (`eventsOf`). */
  readonly events?: Events | undefined;
  /** Everything on by default. */
  readonly switches?: TableSwitches;
  /** log₂ of the model's slots; by default so many as suit the file. */
  readonly slots?: number;
}

/** Who looks on; the code is the same. */
export interface Looking {
  /** At what is expected of events. */
  readonly watch?: Watch;
  /** At what it costs: called behind each row, or group of events; the bits of each column, too, a view. */
  readonly meter?: (...cost: [...Parameters<Meter>, columns: Float64Array]) => void;
}

/** What a parameter block says of the model. */
export function readBlock(
  block: Uint8Array,
): { readonly slots: number; readonly switches: TableSwitches; readonly columns: readonly Column[] } {
  const words = new Uint32Array(block.slice().buffer), kinds = Object.keys(KINDS) as Kind[];
  const columns = Array.from(words.subarray(7, 7 + words[5]!), (word): Column => {
    const parents = [word >> 8 & 255, word >> 16 & 255] as const;
    return { kind: kinds.find((kind) => KINDS[kind] === (word & 255))!, parents };
  });
  return { slots: words[3]!, switches: switchesIn(BITS, words[4]!), columns };
}

/** What table-encoder.wasm exports: what a decoder does. Where things lie it tells in front of the payload (`tell`). */
interface EncoderModule {
  readonly memory: WebAssembly.Memory;
  start(drawn: number, seed: number): void;
  next(): number;
  readonly made: WebAssembly.Global;
}

/** Bytes that the model takes behind its heap address (an upper bound), the file included. */
function heapBytes({ bytes, columns }: Table, slots: number, events?: Events): number {
  const model = 8 * 2 ** slots + MIXING + 1056 * columns + bytes.length + ROOM;
  if (!events) return model;
  return model + 240 * (events.keys.length + 4) + 28 * events.items.length + 96 * (events.counts.length + 2) +
    8192;
}

/** Whether cells are coded as text beside the groups' names. */
const hasText = (columns: readonly Column[]) => columns.some(({ kind }) => kind === "text");

/** The parameter block of a model, without the two addresses that it begins with. */
function blockOf(
  table: Table,
  { columns, events, switches = SWITCHES, slots = slotsFor(table.bytes.length) }: TableModel,
): Uint32Array {
  const { bytes, separator, crlf, mark } = table;
  const earlierColumns = switches.earlierColumns && hasText(columns);
  const words = [
    0,
    0,
    bytes.length,
    slots,
    switchBits(BITS, { ...switches, earlierColumns }),
    table.columns,
    separator | Number(crlf) << 8 | Number(mark) << 9,
    ...columns.map(({ kind, parents: [first, second] }) => KINDS[kind] | first << 8 | second << 16),
  ];
  if (!events) return Uint32Array.from(words);
  const earliest = events.times.reduce((a, b) => Math.min(a, b)),
    latest = events.times.reduce((a, b) => Math.max(a, b));
  const texts = packed(events.texts);
  return Uint32Array.from([
    ...words,
    events.items.length,
    events.keys.length,
    events.counts.length,
    earliest,
    Math.ceil((latest - earliest + 1) / 10),
    events.leaves.length,
    ...events.leaves.map(({ depth, rank }) => depth | rank << 8),
    ...new Uint32Array(texts.buffer),
  ]);
}

function slotsFor(bytes: number): number {
  return Math.min(SLOTS.most, Math.max(SLOTS.least, Math.ceil(Math.log2(bytes * SLOTS.each))));
}

/** Texts, each behind a byte that says how long it is, filled up to whole words. */
function packed(texts: readonly string[]): Uint8Array {
  const bytes = texts.flatMap((text) => [text.length, ...new TextEncoder().encode(text)]);
  return Uint8Array.from([...bytes, ...new Uint8Array(-bytes.length & 3)]);
}

/**
 * Codes a table. Where rows could be events of groups, its beginning is coded both ways, and what makes the
 * shorter program is taken.
 *
 * @param bytes The CSV file.
 * @param switches What the model may look at; everything by default.
 * @param context What takes progress in bytes of the file, and what stops the work.
 * @returns undefined where `tableOf` says that the file is no table: it is text
 * @throws {MdlError} `interrupted` within a second of an abort
 */
export async function encodeTable(
  bytes: Uint8Array,
  switches: TableSwitches = SWITCHES,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<TableCode | undefined> {
  const table = tableOf(bytes);
  if (!table) return undefined;
  const { columns, found } = await look(table, context);
  if (found && await paysOff(table, switches, context)) {
    return await encodeAs(table, { ...found, switches }, context);
  }
  return await encodeAs(table, { columns, switches }, context);
}

/** What the columns are; and what they and the rows are, where rows could be events. */
async function look(table: Table, context: Parameters<typeof paceOf>[0]) {
  const passes = (unit: "columns" | "rows") => {
    const total = table[unit], work = { label: `look at ${unit}`, total, unit };
    const pace = paceOf(context, work, STOPPED_ENCODING);
    return (share: number) => pace(share * total);
  };
  const columns = await paced(columnsOf(table), passes("columns"));
  return { columns, found: await paced(eventsOf(table, columns), passes("rows")) };
}

function payloadBytes({ payloads }: TableCode): number {
  return payloads.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** Whether the beginning of a table is shorter as events. */
async function paysOff(
  table: Table,
  switches: TableSwitches,
  { signal }: Partial<Pick<Context, "signal">>,
): Promise<boolean> {
  let rows = 1;
  while (rows < table.rows && table.ends[rows * table.columns]! < TRIAL) rows++;
  const part = tableOf(table.bytes.subarray(0, table.ends[rows * table.columns - 1]!));
  if (!part) return false;
  const quiet = signal ? { signal } : {}, { columns, found } = await look(part, quiet);
  // too few rows to tell: what has been found in all of the table counts
  if (!found) return rows < table.rows;
  const plain = await encodeAs(part, { columns, switches }, quiet);
  const grouped = await encodeAs(part, { ...found, switches }, quiet);
  const saved = payloadBytes(plain) - payloadBytes(grouped);
  return saved * table.bytes.length / part.bytes.length > DEARER;
}

/**
 * Codes a table under a model.
 *
 * @throws {MdlError} `interrupted` within a second of an abort
 */
export async function encodeAs(
  table: Table,
  model: TableModel,
  context: Partial<Pick<Context, "signal" | "progress">>,
  { watch, meter }: Looking = {},
): Promise<TableCode> {
  const block = blockOf(table, model), { bytes } = table, { columns, events } = model;
  const heap = align(BLOCK + block.byteLength, 16), size = heapBytes(table, block[3]!, events) + TOLD;
  const start = align(heap + size + chancesBytes(events), 16);
  const { encoder, memory } = await openModule<EncoderModule>("table-encoder", start);
  const place = (at: number, numbers: Uint32Array) =>
    new Uint32Array(encoder.memory.buffer, at, numbers.length).set(numbers);
  const wordOf = (what: typeof TELLS[number]) => start - TOLD + 4 * TELLS.indexOf(what);
  const told: Told = (what) => new Uint32Array(encoder.memory.buffer, wordOf(what), 1)[0]!;
  block.set([start, heap]);
  place(BLOCK, block);
  encoder.start(0, 0);
  memory().set(bytes, told("file"));
  for (const what of events ? ["counts", "keys", "items", "times", "values"] as const : []) {
    place(told(what), events![what]);
  }
  if (watch || meter) place(wordOf("watched"), Uint32Array.of(1));
  const see = watch && events ? watcher(watch, events) : () => {};
  const pace = encodingPace(context, bytes.length, "bytes");
  for (let done = 0; done < bytes.length;) {
    encoder.next();
    see(encoder.memory.buffer, told);
    const before = done;
    await pace(done = encoder.made.value);
    if (meter && done > before) {
      const bits = new Float64Array(encoder.memory.buffer, told("bits"), table.columns);
      meter(done, bits.reduce((sum, more) => sum + more, 0), bits);
    }
  }
  const payload = memory().slice(start, told("file")), address = heap;
  const columnBits = [...new Float64Array(encoder.memory.buffer, told("bits"), table.columns)];
  // the coder may read 3 bytes past its code, which must be zero
  const behind = align(address + payload.length + 3, 16);
  block.set([address, behind]);
  const estimatedBits = columnBits.reduce((sum, bits) => sum + bits, 0);
  return {
    mode: "prequential",
    build: !events ? "table" : hasText(columns) ? "table-groups-text" : "table-groups",
    memoryBytes: behind + size,
    parameters: { address: BLOCK, bytes: new Uint8Array(block.buffer) },
    payloads: [{ address, bytes: payload, estimatedBits }],
    columns,
    columnBits,
  };
}

/** Bytes that the encoder alone needs: the chances of a group's values. */
const chancesBytes = (events?: Events) => events ? 4 * events.keys.length * events.leaves.length + 16 : 0;

/** Shows what is expected after each answer of the encoder: the first is of the header, all others of an event each. */
function watcher(watch: Watch, { counts, keys, leaves }: Events) {
  let event = -1, group = 0, last = counts[0]!; // first event of the next group
  return (memory: ArrayBufferLike, told: Told) => {
    if (event >= 0) watch.items(event, new Float32Array(memory, told("odds"), keys.length));
    if (++event < last) return;
    const count = counts[group++]!;
    watch.values(last - count, new Float32Array(memory, told("chances"), count * leaves.length));
    last += counts[group] ?? Infinity;
  };
}
