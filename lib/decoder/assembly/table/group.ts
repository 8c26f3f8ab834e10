/**
 * Rows that belong together: runs of one value in the first column, each of different keys that ascend (`key`), perhaps
 * with times, which say in what order the rows came about, and values. A group is coded column by column: how many rows,
 * their times, their keys in the order of time, their values; other cells follow as text, row by row.
 */
import { spent } from "../range_coder";
import { codeCell, costs, separate, takeCell } from "./cell";
import { allocate, columnWord, parameter, tell, watched } from "./memory";
import { clear, context } from "./mix";
import { bitsOf, codeNumber } from "./number";
import { chosen, closeGroup, codeItem, groups, items, openGroup, openItems, when } from "./item";
import { codeTimes } from "./time";
import { codeValues, given, openValues } from "./value";

/** Kinds of columns, in the block's column words; 0 is text. */
const GROUP: u32 = 1, KEY: u32 = 2, TIME: u32 = 3, VALUE: u32 = 4;

/** Events between two answers: some hundredths of a second. */
const PIECE: i32 = 300;

let keys: usize; // u32[items], ascending
let counts: usize; // encoder: u32[groups] rows
let rows: usize; // u32[items]: event + 1 of the item in this group
let event: i32; // events before the group
let count: i32; // its events; 0 between groups
let done: i32; // those whose items are coded
let nameEnd: usize; // where the cell with its name ends
let before: u32; // bits of the last group's count

/** Words behind the columns': rows, keys, groups, earliest time, long time, values, then each value's leaf, then
 * their texts, each behind a byte that says how long it is. */
function word(index: i32): usize {
  return 16 + (<usize> (7 + parameter(5) + index) << 2);
}

function number(index: i32): u32 {
  return load<u32>(word(index));
}

/** Whether the file is made of groups. */
export function grouped(): bool {
  return (columnWord(0) & 255) == GROUP;
}

/** Reserves memory. */
export function openGroups(): void {
  openItems(number(1), number(0), number(2), <f32> number(4));
  openValues(word(6), number(5), number(0));
  keys = allocate(items << 2);
  rows = allocate(items << 2);
  if (ENCODE) {
    counts = allocate(number(2) << 2);
    tell(2, counts);
    tell(3, keys);
    tell(4, chosen);
    tell(5, when);
    tell(6, given);
  }
  event = count = 0;
  before = 0;
}

function columnOf(kind: u32): i32 {
  for (let c: u32 = 0; c < parameter(5); c++) if ((columnWord(c) & 255) == kind) return c;
  return -1;
}

function account(kind: u32, since: f64): void {
  if (!ENCODE) return;
  const p = costs + (columnOf(kind) << 3);
  store<f64>(p, load<f64>(p) + spent - since);
}

/** Codes what the groups share: the keys there are. */
export function codeShared(): void {
  const since = spent;
  let last: u32 = 0, size: u32 = 0, older: u32 = 0;
  for (let i = 0; i < items; i++) {
    clear();
    context(0);
    context(size);
    context(size << 5 | older);
    context(bitsOf(last));
    const p = keys + (i << 2), gap = codeNumber(load<u32>(p) - last, 17);
    store<u32>(p, last + gap);
    last += gap;
    older = size;
    size = bitsOf(gap);
  }
  account(KEY, since);
}

/** Whether a group is begun and not ended. */
export function busy(): bool {
  return count > 0;
}

/** Codes some more of a group, whose rows begin at `at`; returns where they end, once it is all coded. */
export function codeGroup(at: usize, end: usize): usize {
  if (!count) begin(at);
  const times = when + (event << 2), since = spent;
  for (let stop = min(count, done + (ENCODE && watched() ? 1 : PIECE)); done < stop; done++) {
    let rest = 0;
    const now = load<u32>(times + (done << 2));
    while (done + rest + 1 < count && load<u32>(times + ((done + rest + 1) << 2)) == now) rest++;
    codeItem(event + done, rest);
  }
  account(KEY, since);
  if (done < count) return at;
  if (number(5)) {
    const since = spent;
    codeValues(event, count, times, max(number(4) >> 2, 1));
    account(VALUE, since);
  }
  at = printGroup(at, end);
  if (<u32> (event + count) <= number(0)) {
    closeGroup(event, count);
    event += count;
  }
  count = 0;
  return at;
}

/** Begins a group at `at`: its name, how many rows it has, and their times. */
function begin(at: usize): void {
  nameEnd = codeCell(0, at);
  let since = spent;
  clear();
  context(0);
  context(before);
  const others = codeNumber(ENCODE ? load<u32>(counts + (groups << 2)) - 1 : 0, 16);
  count = 1 + <i32> (ENCODE ? others : min<u32>(others, items - 1));
  before = bitsOf(count);
  done = 0;
  account(GROUP, since);
  since = spent;
  if (columnOf(TIME) >= 0) {
    codeTimes(when + (event << 2), count, groups, number(3));
    account(TIME, since);
  }
  openGroup(event, count);
}

/** Writes a group's rows, its first cell standing at `name` already, and codes the cells that are text. */
function printGroup(name: usize, end: usize): usize {
  memory.fill(rows, 0, items << 2);
  for (let k = 0; k < count; k++) {
    store<u32>(rows + (<usize> load<u32>(chosen + ((event + k) << 2)) << 2), k + 1);
  }
  const columns = parameter(5);
  let at = nameEnd, from = name;
  for (let i = 0; i < items; i++) {
    const k = load<u32>(rows + (i << 2));
    if (!k) continue;
    const e = (event + k - 1) << 2;
    for (let c: u32 = 0; c < columns; c++) {
      const kind = columnWord(c) & 255;
      if (kind == GROUP) {
        if (from != name) {
          memory.copy(from, name, nameEnd - name);
          at = from + (nameEnd - name);
        }
      } else if (TEXT && !kind) at = codeCell(c, from);
      else {
        if (kind == VALUE) {
          const text = textOf(load<u32>(given + e)), length = load<u8>(text);
          memory.copy(from, text + 1, length);
          at = from + length;
        } else at = printNumber(kind == KEY ? load<u32>(keys + (i << 2)) : load<u32>(when + e), from);
        if (TEXT) takeCell(c, from, at);
      }
      if (at >= end) return at;
      at = separate(c, at);
      from = at;
    }
  }
  return at;
}

/** The length of a value's text, then its bytes. */
function textOf(value: u32): usize {
  let p = word(6 + number(5));
  for (; value; value--) p += load<u8>(p) + 1;
  return p;
}

function printNumber(number: u32, at: usize): usize {
  let digits = 1;
  for (let rest = number; rest > 9; rest /= 10) digits++;
  for (let i = digits - 1; i >= 0; i--, number /= 10) store<u8>(at + i, 48 + number % 10);
  return at + digits;
}
