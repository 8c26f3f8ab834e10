/**
 * Which rows of opcodes are redundant: what they do, a shorter row does, or one of the same length that comes earlier.
 * A program that contains such a row is not the first shortest one to print what it prints, so a search can leave it
 * out. Marks are set and jumps taken between rows of this kind, never inside them.
 */
import { random } from "../../../lib/random.ts";
import { ARITHMETIC } from "./language.ts";

/** Opcodes that compute: the others print or touch the order of execution. */
const COMPUTING = 13;

/** Longest row that is looked at, opcodes. */
const LONGEST = 4;

/** States in which rows are compared, and cells of their stacks: as many as the longest row can touch. */
const STATES = 1024, CELLS = 5;

/** A number in each of the states; equal columns have equal ids. */
interface Column {
  readonly id: number;
  readonly values: Uint32Array;
}

/**
 * Tables of the windows of 2, 3 and 4 opcodes (the earliest in the highest bits), one behind another: 1 where a window
 * is redundant. Two rows count as equal when they leave the same stack in 1,024 states, whatever x and y are there (y is
 * 0 in a sequence). The states are drawn so that zeros, ones, small, equal and arbitrary numbers meet often: two rows
 * of so few opcodes that agree in all of them and still differ somewhere are not known.
 */
export function redundantWindows({ sequence }: { readonly sequence: boolean }): Uint8Array {
  const tables = [2, 3, 4].map((length) => new Uint8Array(16 ** length));
  const columnOf = columns(), { x, y, stack } = drawStates(sequence);
  const pushed = [x, y, new Uint32Array(STATES).fill(1)].map(columnOf), start = stack.map(columnOf);
  let rows: { readonly row: readonly number[]; readonly stack: readonly Column[] }[] = [{
    row: [],
    stack: start,
  }];
  const effect = (stack: readonly Column[]) => stack.map(({ id }) => id).join();
  const known = new Set([effect(start)]);
  for (let length = 1; length <= LONGEST; length++) {
    const longer: typeof rows = [];
    for (const { row, stack } of rows) {
      for (let op = 0; op < COMPUTING; op++) {
        const top = stack.at(-1)!, second = stack.at(-2)!;
        const next = op < 5
          ? [...stack, [...pushed, top, second][op]!]
          : [...stack.slice(0, -2), columnOf(combined(op, second, top))];
        if (known.has(effect(next))) tables[length - 2]?.fill(1, ...one([...row, op]));
        else {
          known.add(effect(next));
          longer.push({ row: [...row, op], stack: next });
        }
      }
    }
    rows = longer;
  }
  return closed(tables);
}

/** The place of a window in its table, as a range of one. */
function one(row: readonly number[]): [number, number] {
  const index = row.reduce((sum, op) => sum * 16 + op, 0);
  return [index, index + 1];
}

/** A window is redundant, too, when it ends in one that is. */
function closed([two, three, four]: readonly Uint8Array[]): Uint8Array {
  three!.forEach((_, i) => three![i]! |= two![i & 0xff]!);
  four!.forEach((_, i) => four![i]! |= three![i & 0xfff]!);
  const all = new Uint8Array(two!.length + three!.length + four!.length);
  all.set(two!);
  all.set(three!, two!.length);
  all.set(four!, two!.length + three!.length);
  return all;
}

function combined(op: number, { values: a }: Column, { values: b }: Column): Uint32Array {
  const arithmetic = ARITHMETIC[op - 5]!;
  return a.map((v, i) => arithmetic(v, b[i]!));
}

/** Gives columns their ids. */
function columns(): (values: Uint32Array) => Column {
  const ids = new Map<string, number>();
  return (values) => {
    let a = 0x811c9dc5, b = 0x9e3779b9;
    for (const value of values) {
      a = Math.imul(a ^ value, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + value, 0x85ebca6b);
      b ^= b >>> 13;
    }
    const key = `${a} ${b}`; // 64 bits
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return { id, values };
  };
}

/** Each state takes its numbers from a few, so that equal ones meet. */
function drawStates(sequence: boolean) {
  const { below, uint32 } = random(1, "states of the tiny machine");
  const kinds = [uint32, () => below(3), () => below(16), () => below(256), () => (2 ** below(32)) >>> 0];
  const column = () => new Uint32Array(STATES);
  const x = column(), y = column(), stack = Array.from({ length: CELLS }, column);
  for (let state = 0; state < STATES; state++) {
    const few = Array.from({ length: 1 + below(6) }, () => kinds[below(kinds.length)]!());
    for (const numbers of [x, y, ...stack]) numbers[state] = few[below(few.length)]!;
    if (sequence) y[state] = 0;
  }
  return { x, y, stack };
}
