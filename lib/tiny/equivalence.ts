/**
 * Which rows of opcodes are redundant: what they do, a shorter row does, or one of the same length that comes earlier.
 * A program that contains such a row is not the first shortest one to print what it prints, so a search can leave it
 * out. Marks are set and jumps taken between rows of this kind, never inside them.
 */
import { random } from "../random.ts";
import { compute } from "./language.ts";

/** Opcodes that compute: the others print or touch the order of execution. */
const COMPUTING = 13;

/** Longest row that is looked at, opcodes. */
const LONGEST = 4;

/** States in which rows are compared, and cells of their stacks: more than the longest row can take off. */
const STATES = 48, CELLS = 8;

interface State {
  readonly stack: readonly number[];
  readonly x: number;
  readonly y: number;
}

/**
 * Tables of the windows of 2, 3 and 4 opcodes (the earliest in the highest bits), one behind another: 1 where a window
 * is redundant. Two rows count as equal when they leave the same stack in 48 states, drawn so that zeros, ones, small,
 * equal and arbitrary numbers meet; x and y lie where they do in `count` symbols in rows of `width`.
 */
export function redundantWindows(width: number, count: number): Uint8Array {
  const tables = [2, 3, 4].map((length) => new Uint8Array(16 ** length));
  const known = new Set<string>();
  let rows: { readonly row: readonly number[]; readonly states: readonly State[] }[] = [
    { row: [], states: drawStates(width, count) },
  ];
  known.add(fingerprint(rows[0]!.states));
  for (let length = 1; length <= LONGEST; length++) {
    const longer: typeof rows = [];
    for (const { row, states } of rows) {
      for (let op = 0; op < COMPUTING; op++) {
        const next = states.map(({ stack, x, y }) => {
          const after = [...stack];
          compute(op, after, x, y);
          return { stack: after, x, y };
        });
        const effect = fingerprint(next);
        if (known.has(effect)) tables[length - 2]?.fill(1, ...one([...row, op]));
        else {
          known.add(effect);
          longer.push({ row: [...row, op], states: next });
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

function drawStates(width: number, count: number): State[] {
  const { below, uint32 } = random(1, "states of the tiny machine");
  const kinds = [uint32, () => below(4), () => below(256), () => (2 ** below(32)) >>> 0];
  const cell = () => kinds[below(kinds.length)]!();
  return Array.from({ length: STATES }, () => {
    const stack = Array.from({ length: CELLS }, cell), twice = below(4);
    if (twice === 0) stack[CELLS - 2] = stack[CELLS - 1]!;
    if (twice === 1) stack[CELLS - 3] = stack[CELLS - 1]!;
    return { stack, x: below(width), y: below(Math.max(1, count / width)) };
  });
}

/** 2 × 32 bits of all stacks. */
function fingerprint(states: readonly State[]): string {
  let a = 0x811c9dc5, b = 0x9e3779b9;
  for (const { stack } of states) {
    for (const value of [stack.length, ...stack]) {
      a = Math.imul(a ^ value, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + value, 0x85ebca6b);
      b ^= b >>> 13;
    }
  }
  return `${a >>> 0} ${b >>> 0}`;
}
