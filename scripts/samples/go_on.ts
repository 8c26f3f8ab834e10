/** What can go on behind the data of a program, so that its model can be asked what it costs. */
import { MdlError } from "../../lib/errors.ts";
import { type Files, filesOf } from "../../lib/files/data.ts";
import { concat, equal } from "../../lib/program/bytes.ts";
import { tableOf } from "../../lib/table/csv.ts";
import type { Weighable } from "./code_lengths.ts";
import { soundOf } from "./stretches.ts";

const LF = 10, QUOTE = 34;

/** What was drawn: of a table the rows that are whole, up to the first one that is no row of the table. */
export function drawnBehind(data: Files<Weighable>, drawn: Files): Files {
  return data.modality === "table" ? rowsBehind(data, drawn) : drawn;
}

/**
 * About so many bytes of other data: whole files of sound, rows without the heading.
 *
 * @throws {MdlError} `usage` for another kind of data, sound of another format, or another table
 */
export function unseenBehind(data: Files<Weighable>, unseen: Files, size: number): Files {
  const { modality, name } = data;
  if (unseen.modality !== modality) {
    throw new MdlError("usage", `${unseen.name} is ${unseen.modality}, and ${name} is ${modality}.`);
  }
  if (modality === "audio") return soundsBehind(data, unseen, size);
  if (modality !== "table") return first(unseen, size);
  const [own, other] = [data, unseen].map(({ symbols }) => symbols.subarray(0, symbols.indexOf(LF) + 1));
  const headed = equal(own!, other!);
  const rows = rowsBehind(data, first(unseen, size, headed ? other!.length : 0));
  if (rows.symbols.length > 0) return rows;
  throw new MdlError("usage", `${unseen.name} has no rows such as those of ${name}.`);
}

/** A part of the bytes as one file. */
function first(files: Files, size: number, from = 0): Files {
  const symbols = files.symbols.slice(from, from + size);
  return filesOf({ ...files, names: files.names.slice(0, 1), lengths: [symbols.length], symbols });
}

function rowsBehind(data: Files, more: Files): Files {
  const table = data.lengths.length === 1 ? tableOf(data.symbols) : undefined, { symbols } = more;
  const isWhole = (row: Uint8Array) => !table || isRow(row, table);
  let end = 0;
  for (let next; (next = rowEnd(symbols, end, isWhole)) > 0;) end = next;
  const missing = data.symbols.at(-1) === LF ? [] : table?.crlf ? [13, LF] : [LF];
  const rows = end ? concat([missing, symbols.subarray(0, end)]) : new Uint8Array();
  return filesOf({ ...more, names: more.names.slice(0, 1), lengths: [rows.length], symbols: rows });
}

/** Behind the line end that ends the row at `at`; within quotes there may be others. 0 where there is no row. */
function rowEnd(symbols: Uint8Array, at: number, isWhole: (row: Uint8Array) => boolean): number {
  for (let end = at;;) {
    end = symbols.indexOf(LF, end) + 1;
    const row = symbols.subarray(at, end);
    if (!end || isWhole(row)) return end;
    if (row.filter((byte) => byte === QUOTE).length % 2 === 0) return 0; // no quote is open
  }
}

function isRow(
  line: Uint8Array,
  { columns, crlf, separator }: NonNullable<ReturnType<typeof tableOf>>,
): boolean {
  const row = tableOf(line);
  return row?.rows === 1 && row.columns === columns && row.crlf === crlf &&
    (columns === 1 || row.separator === separator);
}

function soundsBehind(data: Files, unseen: Files, size: number): Files {
  const format = (files: Files) => {
    const { bits, channels } = soundOf(files);
    return `${bits} bits, ${channels === 1 ? "mono" : "stereo"}`;
  };
  let count = 0, bytes = 0;
  while (count < unseen.lengths.length && bytes < size) bytes += unseen.lengths[count++]!;
  const [own, other] = [format(data), format(unseen)];
  if (own !== other) throw new MdlError("usage", `${unseen.name} has ${other}, and ${data.name} has ${own}.`);
  const { names, lengths, symbols } = unseen;
  return filesOf({
    ...unseen,
    names: names.slice(0, count),
    lengths: lengths.slice(0, count),
    symbols: symbols.slice(0, bytes),
  });
}
