/**
 * Writes the file from its markers and coefficients. Where encoders have a choice (how many blocks without a new
 * coefficient are told at once), it is made as the Independent JPEG Group's software makes it: as late as the format and
 * 937 bits of corrections allow. The encoder compares what comes out with the file.
 */
import { allocate } from "../text/block";
import {
  AC,
  ACROSS,
  across,
  COLUMNS,
  count,
  DC,
  DOWN,
  down,
  LAST,
  NAME,
  order,
  plane,
  progressive,
  ROWS,
  STRIDE,
  VALUES,
  word,
} from "./frame";

/** Bits of corrections that wait, at most: 1,000 less those of a block, as in that software. */
const CORRECTIONS = 937;

let tables: usize; // u32[8][256], of each symbol its code and, from bit 16 on, the code's length
let corrections: usize; // u8[CORRECTIONS + 64], bits that wait for the end of a run
let at: usize; // the next byte of the file
let limit: usize; // behind the last one that there is room for
let bits: u64; // of the next byte
let held: i32; // how many they are
let ones: bool; // bytes are filled up with ones
let run: i32; // blocks without a new coefficient
let waiting: i32; // their corrections
let symbols: usize; // the table of coefficients
let interval: i32; // units between restarts
let first: i32; // of the scan: first and last coefficient, lowest bit that is known and that is told
let last: i32;
let high: i32;
let low: i32;

export function allocateWriter(): void {
  tables = allocate(8 << 10);
  corrections = allocate(CORRECTIONS + 64);
}

function byte(value: u32): void {
  if (at < limit) store<u8>(at++, value);
}

function put(value: u32, length: i32): void {
  bits = bits << length | (value & ((1 << length) - 1));
  held += length;
  while (held >= 8) {
    held -= 8;
    const next = <u32> (bits >> held) & 255;
    byte(next);
    if (next == 255) byte(0);
  }
}

function symbol(table: usize, which: u32): void {
  const code = load<u32>(table + (<usize> which << 2));
  put(code & 0xffff, code >> 16);
}

/** How many bits a magnitude has. */
function length(value: u32): i32 {
  return 32 - <i32> clz(value);
}

/** The symbol of a value behind some zeros, and its bits. */
function number(table: usize, value: i32, before: i32): void {
  const size = length(abs(value));
  symbol(table, before << 4 | size);
  put(value < 0 ? value - 1 : value, size);
}

/** Tells the run, and what waits for it. */
function endRun(): void {
  if (run) {
    const size = length(run) - 1;
    symbol(symbols, size << 4);
    put(run, size);
    run = 0;
  }
  correct(corrections, waiting);
  waiting = 0;
}

function correct(from: usize, n: i32): void {
  for (const end = from + n; from < end; from++) put(load<u8>(from), 1);
}

/** A block of plane p, whose coefficients are at `values`. */
function block(p: usize, values: usize): void {
  let k = first;
  symbols = load<usize>(p, AC);
  if (!k) {
    const value = <i32> load<i16>(values) >> low;
    if (high) put(value & 1, 1);
    else {
      number(load<usize>(p, DC), value - load<i32>(p, LAST), 0);
      store<i32>(p, value, LAST);
    }
    k++;
  }
  if (k > last) return;
  let end = last; // the last new one
  if (high) { for (end = last; end >= k && magnitude(values, end) != 1;) end--; }
  let zeros = 0, from = waiting;
  for (; k <= last; k++) {
    const size = magnitude(values, k);
    if (!size) {
      zeros++;
      continue;
    }
    while (zeros > 15 && k <= end) {
      endRunBefore(from);
      from = 0;
      symbol(symbols, 0xf0);
      correct(corrections, waiting);
      waiting = 0;
      zeros -= 16;
    }
    if (high && size > 1) {
      store<u8>(corrections + waiting++, size & 1);
      continue;
    }
    endRunBefore(from);
    from = 0;
    const value = <i32> load<i16>(values + (<usize> load<u8>(order + k) << 1));
    if (high) {
      symbol(symbols, zeros << 4 | 1);
      put(i32(value > 0), 1);
      correct(corrections, waiting);
      waiting = 0;
    } else number(symbols, value < 0 ? -size : size, zeros);
    zeros = 0;
  }
  if (zeros || waiting > from) {
    run++;
    if (run == (progressive ? 0x7fff : 1) || waiting > CORRECTIONS) endRun();
  }
}

function magnitude(values: usize, k: i32): i32 {
  return abs(<i32> load<i16>(values + (<usize> load<u8>(order + k) << 1))) >> low;
}

/** Tells the run of the blocks before, whose corrections are the first `n`; those of this block go on waiting. */
function endRunBefore(n: i32): void {
  const more = waiting - n;
  if (run) {
    waiting = n;
    endRun();
    memory.copy(corrections, corrections + n, more);
    waiting = more;
  }
}

function fillUp(): void {
  if (held) put(ones ? 255 : 0, 8 - held);
}

/** Before each unit but the first: a marker where there is to be one. */
function restart(unit: i32): void {
  if (!interval || unit % interval) return;
  endRun();
  fillUp();
  byte(0xff);
  byte(0xd0 | (unit / interval - 1) & 7);
  for (let i = 0; i < count; i++) store<i32>(plane(i), 0, LAST);
}

/** The scan whose header's body is at `header`. */
function writeScan(header: usize): void {
  const n: i32 = load<u8>(header), end = header + 1 + (n << 1);
  first = load<u8>(end);
  last = load<u8>(end, 1);
  high = load<u8>(end, 2) >> 4;
  low = load<u8>(end, 2) & 15;
  run = waiting = held = 0;
  let unit = 0, p: usize = 0;
  for (let i = n; i > 0; i--) {
    p = planeOf(load<u8>(header + (i << 1) - 1));
    const selected = load<u8>(header + (i << 1));
    store<usize>(p, tables + (<usize> (selected >> 4 & 3) << 10), DC);
    store<usize>(p, tables + (<usize> (4 | selected & 3) << 10), AC);
    store<i32>(p, 0, LAST);
  }
  const rows = n > 1 ? down : load<i32>(p, ROWS), columns = n > 1 ? across : load<i32>(p, COLUMNS);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, unit++) {
      if (unit) restart(unit);
      if (n == 1) block(p, blockAt(p, x, y));
      else {
        for (let i = 0; i < n; i++) unitOf(planeOf(load<u8>(header + (i << 1), 1)), x, y);
      }
    }
  }
  endRun();
  fillUp();
}

function unitOf(p: usize, x: i32, y: i32): void {
  const h = load<i32>(p, ACROSS), v = load<i32>(p, DOWN);
  for (let j = 0; j < v; j++) for (let i = 0; i < h; i++) block(p, blockAt(p, x * h + i, y * v + j));
}

function blockAt(p: usize, x: i32, y: i32): usize {
  return load<usize>(p, VALUES) + (<usize> (y * load<i32>(p, STRIDE) + x) << 7);
}

function planeOf(name: i32): usize {
  let p = plane(0);
  for (let i = 1; i < count && load<i32>(p, NAME) != name; i++) p = plane(i);
  return p;
}

function readTables(p: usize, end: usize): void {
  while (p < end) {
    const name = load<u8>(p++), table = tables + (<usize> (name >> 2 & 4 | name & 3) << 10);
    let next = p + 16, code = 0;
    memory.fill(table, 0, 1 << 10);
    for (let size = 1; size <= 16; size++) {
      for (let n = load<u8>(p++); n > 0; n--) {
        store<u32>(table + (<usize> load<u8>(next++) << 2), size << 16 | code++);
      }
      code <<= 1;
    }
    p = next;
  }
}

/** Writes the file whose bytes but for its scans lie from `from` to `to`; returns its end. */
export function writeFile(from: usize, to: usize, file: usize, room: i32, filled: bool): usize {
  at = file;
  limit = file + room;
  ones = filled;
  interval = 0;
  for (let p = from + 2; p + 2 <= to && load<u8>(p, 1) != 0xd9;) {
    const kind = load<u8>(p, 1);
    if (kind == 0xff) {
      p++;
      continue;
    }
    const end = p + 2 + word(p + 2);
    if (kind == 0xc4) readTables(p + 4, end);
    if (kind == 0xdd) interval = word(p + 4);
    if (kind == 0xda) {
      from = copy(from, end);
      writeScan(p + 4);
    }
    p = end;
  }
  copy(from, to);
  return at;
}

function copy(from: usize, to: usize): usize {
  const size = min(to - from, limit - at);
  memory.copy(at, from, size);
  at += size;
  return to;
}
