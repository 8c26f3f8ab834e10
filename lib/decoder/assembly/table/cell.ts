/**
 * A cell as text, byte after byte, each of eight decisions. What is known: the cell so far, the cells above, the cells
 * to the left, and what the number in it would be if the column went on as it did.
 */
import { spent } from "../range_coder";
import { allocate, columnWord, EARLIER_COLUMNS, EARLIER_ROWS, has, parameter, SHARED, tell } from "./memory";
import { clear, context, decide, hash } from "./mix";

const QUOTE = 34;
/** Bytes of a cell that are remembered. */
const KEPT: i32 = 252;
/** Of a column: hash of its last cell, hash of the one before, then length and bytes of the last three and of the guess. */
const COLUMN: i32 = 8 + 4 * 256;
/** Bytes behind which a drawn cell ends. */
const LONGEST: i32 = 4096;

let columns: usize;
let ends: usize; // where the file ends
let crlf: bool;
let separator: i32;
export let costs: usize; // encoder: f64[columns] bits
let recent: u64; // the bytes before

/** Reserves its memory: 1,040 bytes a column. */
export function openCells(end: usize): void {
  columns = allocate(parameter(5) * COLUMN);
  if (ENCODE) {
    costs = allocate(parameter(5) << 3);
    tell(1, costs);
  }
  ends = end;
  separator = parameter(6) & 255;
  crlf = (parameter(6) & 256) != 0;
}

/** Length, then bytes, of the column's cell `back` rows above; 3: of the guess. */
function cellAbove(column: i32, back: i32): usize {
  return columns + <usize> (column * COLUMN + 8 + (back << 8));
}

/** Hash of the newest cell of a column. */
function newest(column: i32): u32 {
  return load<u32>(columns + <usize> (column * COLUMN));
}

/** Encoder: does a cell end at `p`? */
function endsAt(p: usize): bool {
  const byte = load<u8>(p);
  return p == ends || byte == separator || byte == 10 || (crlf && byte == 13 && load<u8>(p, 1) == 10);
}

/** A byte of a remembered cell, or 0. */
function byteOf(cell: usize, i: i32): u32 {
  return i < <i32> load<u8>(cell) ? load<u8>(cell + i, 1) : 0;
}

/** Codes the cell of a column whose bytes begin at `from`; returns where it ends. */
export function codeCell(column: i32, from: usize): usize {
  const before = spent, word = columnWord(column);
  const rows = has(EARLIER_ROWS), left = TEXT && has(EARLIER_COLUMNS) && column > 0;
  const above = cellAbove(column, 0), guess = cellAbove(column, 3), beside = cellAbove(max(column - 1, 0), 0);
  const row = columns + <usize> (column * COLUMN);
  const up = load<u32>(row), upper = load<u32>(row, 4);
  const first = <i32> (word >> 8 & 255), second = <i32> (word >> 16 & 255);
  const one = left ? newest(first) : 0, two = left ? newest(second) : 0, next = left ? newest(column - 1) : 0;
  const moved = left && rows ? movement(column - 1) : 0;
  const all = has(SHARED) ? 0 : column + 1;
  let p = from,
    prefix: u32 = column + 1,
    asAbove = 1,
    asGuess = 1,
    asLeft = 1,
    quoted = false,
    edge = from, // where a quote opens
    letters: u32 = 0;
  for (;; p++) {
    const i = <i32> (p - from);
    const a = rows ? byteOf(above, i) : 0, g = rows ? byteOf(guess, i) : 0, l = left ? byteOf(beside, i) : 0;
    clear();
    context(prefix);
    if (rows) {
      context(hash(prefix, up));
      context(hash(prefix, hash(up, upper)));
      context(hash(column << 16 | asAbove << 8 | a, byteOf(above, i + 1) << 8 | <u32> (recent & 255)));
      context(hash(column << 16 | asGuess << 8 | g, asAbove << 8 | a));
    }
    if (left) {
      context(hash(prefix, next));
      context(hash(prefix, one));
      context(hash(prefix, hash(one, two)));
      if (rows) context(hash(column << 16 | asAbove << 8 | a, min(i, 15) << 8 | moved));
      context(hash(column << 16 | l << 8 | a, asLeft << 9 | asAbove << 8 | byteOf(beside, i + 1)));
    }
    context(hash(column << 16 | asAbove, i));
    context(hash(column, <u32> recent & 0xffff));
    context(hash(all, <u32> recent & 0xffff));
    context(hash(all, <u32> recent & 0xffffff));
    context(hash(all, <u32> recent));
    context(hash(hash(all, <u32> recent), <u32> (recent >> 32) & 0xffff));
    context(hash(all, letters));
    let byte: u32 = 10;
    if (ENCODE && (quoted || !endsAt(p))) byte = load<u8>(p);
    let node: u32 = 1;
    const flags = asAbove | asGuess << 1 | asLeft << 2;
    for (let k = 7; k >= 0; k--) {
      node = node << 1 |
        decide(
          byte >> k & 1,
          node,
          min(column, 63) << 3 | flags,
          512 + (flags << 8 | node),
          2560 + (min(i, 31) << 3 | k),
        );
    }
    byte = node & 255;
    recent = recent << 8 | byte;
    if (!quoted && (byte == 10 || byte == separator)) break; // a cell has neither, but where it is drawn
    store<u8>(p, byte);
    if (byte == QUOTE && (quoted || p == edge)) { // the second of two goes on with the cell
      quoted = !quoted;
      edge = p + 1;
    }
    prefix = hash(prefix, byte);
    const letter = (byte | 32) - 97 < 26 || byte > 127;
    letters = letter ? hash(letters, byte | 32) : 0;
    if (byte != a) asAbove = 0;
    if (byte != g) asGuess = 0;
    if (byte != l) asLeft = 0;
    if (!ENCODE && i > LONGEST && p > ends) break;
  }
  remember(column, from, p, prefix);
  if (ENCODE) {
    const cost = costs + (column << 3);
    store<f64>(cost, load<f64>(cost) + spent - before);
  }
  return p;
}

/** Takes a cell that was not coded as text for the newest of its column. */
export function takeCell(column: i32, from: usize, to: usize): void {
  let prefix: u32 = column + 1;
  for (let p = from; p < to; p++) prefix = hash(prefix, load<u8>(p));
  remember(column, from, to, prefix);
}

/** Writes what stands behind a column's cell; returns the address behind that. */
export function separate(column: i32, at: usize): usize {
  if (column + 1 < <i32> parameter(5)) store<u8>(at, separator);
  else {
    if (crlf) store<u8>(at++, 13);
    store<u8>(at, 10);
  }
  return at + 1;
}

/** Takes the cell between two addresses as the newest of its column. */
function remember(column: i32, from: usize, to: usize, hashed: u32): void {
  const row = columns + <usize> (column * COLUMN), above = cellAbove(column, 0);
  store<u32>(row, load<u32>(row), 4);
  store<u32>(row, hashed);
  memory.copy(above + 256, above, 512);
  const length = min(<i32> (to - from), KEPT);
  store<u8>(above, length);
  memory.copy(above + 1, from, length);
  extrapolate(above);
}

/** The guess: the last cell with the number at its end moved on by as much as it has just moved. */
function extrapolate(above: usize): void {
  const guess = above + 768, length = load<u8>(above);
  memory.copy(guess, above, 256);
  let number: i64 = 2 * trailing(above) - trailing(above + 256);
  if (number < 0) return;
  for (let i = length; i > 0 && isDigit(load<u8>(guess + i)); i--) {
    if (load<u8>(guess + i) == 46) continue;
    store<u8>(guess + i, <u8> (48 + number % 10));
    number /= 10;
  }
}

function isDigit(byte: u32): bool {
  return byte - 48 < 10 || byte == 46;
}

/** The number at a remembered cell's end, its decimal point left out. */
function trailing(cell: usize): i64 {
  let number: i64 = 0, scale: i64 = 1;
  for (let i = <i32> load<u8>(cell); i > 0 && isDigit(load<u8>(cell + i)); i--) {
    if (load<u8>(cell + i) == 46) continue;
    number += scale * (<i64> load<u8>(cell + i) - 48);
    scale *= 10;
  }
  return number;
}

/** How a column's number has just changed: 0 not at all, else its bits, and 64 if it fell. */
function movement(column: i32): u32 {
  const cell = cellAbove(column, 0), change = trailing(cell) - trailing(cell + 256);
  return change < 0 ? 128 - <u32> clz(-change) : 64 - <u32> clz(change);
}
