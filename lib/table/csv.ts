/**
 * The exact structure of a CSV file: where its cells are. Cells are taken as they stand, quotes included, so that the
 * file is its cells, separators and line ends again, byte for byte.
 */

/** A file as a table. Bytes of cell (row, column) are `bytes.subarray(starts[i], ends[i])`, i = row × columns + column. */
export interface Table {
  readonly bytes: Uint8Array;
  /** Byte that separates the cells of a row: comma, semicolon, tab or bar; a line feed where there is one column. */
  readonly separator: number;
  /** Lines end in CR LF, not in LF. */
  readonly crlf: boolean;
  /** The file begins with the byte-order mark EF BB BF. */
  readonly mark: boolean;
  readonly columns: number;
  /** The header, the first row, included. */
  readonly rows: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

const LF = 10, CR = 13, QUOTE = 34, SEPARATORS = [...",;\t|"].map((s) => s.charCodeAt(0));

/** Columns that a table has at most, and bytes: the encoder makes room for the worst code. */
const MOST_COLUMNS = 255, MOST_BYTES = 30e6;

/**
 * Finds the cells. The separator is what the first line has most of; a cell that begins with a quote
 * goes on to the quote that closes it, separators and line ends included; a last line end may be missing.
 *
 * @returns undefined when rows have different numbers of cells, when line ends are mixed, a quote is not closed, there
 * are more than 255 columns or 30 MB, or the file is empty: such a file is text.
 */
export function tableOf(bytes: Uint8Array): Table | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  const line = bytes.subarray(0, bytes.indexOf(LF) < 0 ? bytes.length : bytes.indexOf(LF));
  const counts = SEPARATORS.map((separator) => line.filter((byte) => byte === separator).length);
  const most = Math.max(...counts);
  return split(bytes, most ? SEPARATORS[counts.indexOf(most)]! : LF);
}

function split(bytes: Uint8Array, separator: number): Table | undefined {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf, starts: number[] = [];
  const ends: number[] = [];
  let columns = 0, crlf: boolean | undefined, at = mark ? 3 : 0;
  if (at >= bytes.length) return undefined;
  for (let column = 1;; at++) {
    starts.push(at);
    if (bytes[at] === QUOTE) at = closing(bytes, at);
    if (at < 0) return undefined;
    while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF) at++;
    const ended = at >= bytes.length;
    if (!ended && bytes[at] !== LF) {
      ends.push(at);
      column++;
      continue;
    }
    const carriage = !ended && bytes[at - 1] === CR && at > starts.at(-1)!;
    ends.push(carriage ? at - 1 : at);
    columns ||= column;
    if (column !== columns || columns > MOST_COLUMNS) return undefined;
    if (!ended && (crlf ??= carriage) !== carriage) return undefined;
    if (at + 1 >= bytes.length) break;
    column = 1;
  }
  const table = { bytes, separator, crlf: crlf ?? false, mark, columns, rows: ends.length / columns };
  return { ...table, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

/** Behind the last quote of a quoted cell; −1 where it is never closed. */
function closing(bytes: Uint8Array, from: number): number {
  let inside = false, at = from;
  for (; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) inside = !inside;
    else if (!inside) break;
  }
  return inside ? -1 : at;
}
