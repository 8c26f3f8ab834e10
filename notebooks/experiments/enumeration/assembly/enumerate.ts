/**
 * All programs of one length, run until they are decided. Enumeration is driven by execution: a program is a prefix of
 * opcodes that have been decided, and the next opcode is chosen only when the instruction pointer gets there. What a
 * prefix does, all programs do that begin with it: a prefix of k opcodes that prints a wrong symbol settles
 * 16^(length − k) programs at once. Several targets of the same size are looked for at once, a bit each.
 *
 * The host writes the tables WINDOWS and MATCH, calls `explore`, and reads COUNTS, UNDECIDED, FOUND and PROGRAMS.
 */
import { arithmetic, CELL, DUP, JUMP, MARK, ONE, OVER, PRINT, X, Y } from "./machine";

/** Addresses; notebooks/experiments/enumeration/search.ts has the same. */
const PROGRAM: usize = 16; // u8[16], one opcode each
const COUNTS: usize = 64; // u64[5]: programs by outcome
const STEPS: usize = 128; // u64: instructions executed
const NODES: usize = 136; // u64: prefixes visited
const UNDECIDED: usize = 256; // u64[32]: programs undecided while they agreed with a target
const FOUND: usize = 512; // u64[32]: programs that print a target
const PROGRAMS: usize = 768; // u8[32][16]: the first of them
const GAPS: usize = 1280; // u32[32]: its most instructions between two symbols
const WINDOWS: usize = 4096; // u8[16²], then [16³], [16⁴]: 1 where the last opcodes are redundant
const LEVELS: usize = 81920; // a state a prefix
const MATCH: usize = 655360; // u32[count][256]: the targets that have this symbol at this place

const PRINTED = 0, WRONG = 1, SILENT = 2, REDUNDANT = 3, OPEN = 4;

/** A state: header, two cells of 1, the stack. */
const LEVEL: usize = 16384, HEADER: usize = 56, STACK: usize = 64, LIMIT_OF_STACK: usize = 8000;
/** Where the snapshot of a state's topmost cells is, and how many bytes of them; the top is at its end. */
const SNAPSHOT: usize = 8192, MOST_COMPARED: usize = 128;

let length: i32, width: u32, count: u32, limit: i32, pruned: i32;
let steps: u64, nodes: u64;

function tally(outcome: i32, level: i32): void {
  const at = COUNTS + (<usize> outcome << 3);
  store<u64>(at, load<u64>(at) + (<u64> 1 << (<u64> (length - level) << 2)));
}

function tallyOpen(alive: u32, level: i32): void {
  tally(OPEN, level);
  for (; alive; alive &= alive - 1) {
    const at = UNDECIDED + (<usize> ctz(alive) << 3);
    store<u64>(at, load<u64>(at) + (<u64> 1 << (<u64> (length - level) << 2)));
  }
}

function tallyFound(alive: u32, level: i32, gap: i32): void {
  tally(PRINTED, level);
  for (; alive; alive &= alive - 1) {
    const target = <usize> ctz(alive), at = FOUND + (target << 3);
    if (!load<u64>(at)) {
      memory.copy(PROGRAMS + (target << 4), PROGRAM, level);
      store<u32>(GAPS + (target << 2), gap);
    }
    store<u64>(at, load<u64>(at) + (<u64> 1 << (<u64> (length - level) << 2)));
  }
}

/**
 * Whether a program that comes by the same opcode with the same mark, and has printed nothing since, goes round for
 * ever. Since then it has read no cell below `low`. If it is as high up its stack as it was then, or higher, and the
 * cells from there to the top are what they were then, all that it did it will do again. Where it has read below the
 * bottom, the whole stack must be the same.
 */
function repeats(base: usize, top: usize, before: usize, low: usize, snapshot: usize): bool {
  if (low < base ? top !== before : top < before) return false;
  const bytes = before - max(low, base);
  return bytes <= MOST_COMPARED && !memory.compare(top - bytes, snapshot + MOST_COMPARED - bytes, bytes);
}

/** Whether the last opcodes up to `level` do what fewer, or earlier ones, do. */
function redundant(level: i32): bool {
  if (level < 1) return false;
  const one = <usize> load<u8>(PROGRAM + level), two = <usize> load<u8>(PROGRAM + level - 1) << 4 | one;
  if (level < 2) return load<u8>(WINDOWS + two) !== 0;
  const three = <usize> load<u8>(PROGRAM + level - 2) << 8 | two;
  if (level < 3) return load<u8>(WINDOWS + 256 + three) !== 0;
  return load<u8>(WINDOWS + 4352 + (<usize> load<u8>(PROGRAM + level - 3) << 12 | three)) !== 0;
}

/** Which of PRINT, MARK and JUMP a prefix has, as bits. */
function kinds(op: i32): i32 {
  return op >= PRINT ? 1 << (op - PRINT) : 0;
}

const PRINTS = 1, MARKS = 2, JUMPS = 4;

/** Tries every opcode at the place `level`, in the state that is stored there. */
function branch(level: i32, first: i32, last: i32): void {
  const before = load<i32>(LEVELS + <usize> level * LEVEL + 36), left = length - level - 1;
  for (let op = first; op <= last; op++) {
    const has = before | kinds(op), print = has & PRINTS, idle = (has & (MARKS | JUMPS)) === MARKS;
    store<u8>(PROGRAM + level, op);
    if (!print && left === 0) tally(SILENT, level + 1); // it has no PRINT at all
    else if (pruned && idle && left < 2 - print) tally(REDUNDANT, level + 1); // a MARK and never a JUMP
    else if (pruned && redundant(level)) tally(REDUNDANT, level + 1);
    else go(level + 1, op, has);
  }
}

/** Runs the prefix of `level` opcodes, of which the last one, `op`, is new, from the state that its parent stored; `has` are its kinds. */
function go(level: i32, op: i32, has: i32): void {
  nodes++;
  const parent = LEVELS + <usize> (level - 1) * LEVEL, state = parent + LEVEL, base = state + STACK;
  let top = base + load<u32>(parent);
  let ip = level, mark = load<i32>(parent + 4), gap = load<i32>(parent + 8), longest = load<i32>(parent + 12);
  let printed = load<u32>(parent + 16), x = load<u32>(parent + 20), y = load<u32>(parent + 24);
  let alive = load<u32>(parent + 28), quiet = load<i32>(parent + 32);
  let jumps = 0, keptTop = top, low = top, keptIp = -1, keptMark = 0;
  for (let at: usize = 0, end = top - base; at < end; at += 8) {
    store<u64>(base + at, load<u64>(parent + STACK + at));
  }
  for (;;) {
    steps++;
    if (++gap > limit || top > base + LIMIT_OF_STACK) return tallyOpen(alive, level);
    switch (op) {
      case X:
        store<u32>(top, x);
        top += CELL;
        break;
      case Y:
        store<u32>(top, y);
        top += CELL;
        break;
      case ONE:
        store<u32>(top, 1);
        top += CELL;
        break;
      case DUP:
        low = min(low, top - CELL);
        store<u32>(top, load<u32>(top - CELL));
        top += CELL;
        break;
      case OVER:
        low = min(low, top - 2 * CELL);
        store<u32>(top, load<u32>(top - 2 * CELL));
        top += CELL;
        break;
      case PRINT: {
        const symbol = <usize> load<u8>(top - CELL);
        top = max(top - CELL, base);
        alive &= load<u32>(MATCH + ((<usize> printed << 8 | symbol) << 2));
        if (!alive) return tally(WRONG, level);
        longest = max(longest, gap);
        if (++printed === count) return tallyFound(alive, level, longest);
        if (++x === width) {
          x = 0;
          y++;
        }
        gap = jumps = quiet = 0;
        keptIp = -1;
        break;
      }
      case MARK:
        mark = ip;
        break;
      case JUMP: {
        const value = load<u32>(top - CELL);
        low = min(low, top - CELL);
        top = max(top - CELL, base);
        if (value) ip = mark;
        quiet = 0;
        if (ip === keptIp && mark === keptMark && repeats(base, top, keptTop, low, state + SNAPSHOT)) {
          return tally(SILENT, level);
        }
        jumps++;
        if (!(jumps & (jumps - 1))) {
          const bytes = min(top - base, MOST_COMPARED);
          memory.copy(state + SNAPSHOT + MOST_COMPARED - bytes, top - bytes, bytes);
          low = keptTop = top;
          keptIp = ip;
          keptMark = mark;
        }
        break;
      }
      default: {
        low = min(low, top - 2 * CELL);
        const value = arithmetic(op, load<u32>(top - 2 * CELL), load<u32>(top - CELL));
        top = max(top - CELL, base + CELL);
        store<u32>(top - CELL, value);
      }
    }
    if (ip === level) {
      if (level < length) break;
      if (quiet) return tally(SILENT, level); // all through without PRINT or JUMP: so it will go on
      quiet = 1;
      ip = 0;
    }
    op = load<u8>(PROGRAM + ip++);
  }
  store<u32>(state, top - base);
  store<i32>(state + 4, mark);
  store<i32>(state + 8, gap);
  store<i32>(state + 12, longest);
  store<u32>(state + 16, printed);
  store<u32>(state + 20, x);
  store<u32>(state + 24, y);
  store<u32>(state + 28, alive);
  store<i32>(state + 32, quiet);
  store<i32>(state + 36, has);
  branch(level, 0, 15);
}

/**
 * Runs all programs of `programLength` opcodes (1–15) that begin with `first`, against the targets of `targets`, which
 * have `symbols` symbols in rows of `columns`. A program that makes more than `most` instructions without printing, or
 * fills its stack, remains undecided. With `prune`, redundant windows are left out.
 */
export function explore(
  first: i32,
  programLength: i32,
  columns: u32,
  symbols: u32,
  most: i32,
  targets: u32,
  prune: i32,
): void {
  length = programLength;
  width = columns;
  count = symbols;
  limit = most;
  pruned = prune;
  steps = nodes = 0;
  memory.fill(COUNTS, 0, WINDOWS - COUNTS);
  memory.fill(LEVELS, 0, HEADER);
  for (let level = 0; level <= length; level++) {
    store<u64>(LEVELS + <usize> level * LEVEL + HEADER, 0x0000_0001_0000_0001);
  }
  store<u32>(LEVELS + 28, targets);
  store<i32>(LEVELS + 32, 1);
  branch(0, first, first);
  store<u64>(STEPS, steps);
  store<u64>(NODES, nodes);
}
