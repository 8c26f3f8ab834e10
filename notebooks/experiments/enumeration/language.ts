/**
 * A tiny language in which the length of a program is exact: 16 opcodes, 4 bits each. A program is a row of opcodes
 * that runs in a circle and prints symbols (bytes), for a sequence or, row by row, for a picture.
 *
 * The machine has a stack of numbers modulo 2³², below whose bottom lie ones without end, and a mark, at first the
 * start of the program. Behind the last opcode the first one follows. No opcode can fail.
 */

/** The opcodes by code: how they are written and what they do. */
export const OPCODES = [
  ["x", "push the column of the next symbol"],
  ["y", "push its row (0 in a sequence)"],
  ["1", "push 1"],
  ["d", "push the top again"],
  ["o", "push the second from the top again"],
  ["+", "a, b → a + b"],
  ["-", "a, b → a − b"],
  ["*", "a, b → a · b"],
  ["/", "a, b → ⌊a / b⌋, 0 for b = 0"],
  ["%", "a, b → a mod b, a for b = 0"],
  ["&", "a, b → bitwise and"],
  ["^", "a, b → bitwise exclusive or"],
  ["<", "a, b → 1 where a < b, else 0"],
  [".", "pop, print modulo 256"],
  [":", "set the mark behind this opcode"],
  ["?", "pop; where it is not 0, go on at the mark"],
] as const;

export const OPCODE_BITS = 4;

const PRINT = 13, MARK = 14;

/** A program as text. */
export function written(program: ArrayLike<number>): string {
  return Array.from(program, (code) => OPCODES[code]![0]).join("");
}

/** A text as a program; the inverse of `written`. */
export function parsed(text: string): Uint8Array {
  return Uint8Array.from(text, (sign) => OPCODES.findIndex(([own]) => own === sign));
}

/** Two opcodes to a byte, the first in the low half. */
export function packed(program: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(program.length / 2));
  for (let i = 0; i < program.length; i++) bytes[i >> 1]! |= program[i]! << 4 * (i & 1);
  return bytes;
}

/** a op b for the opcodes 5–12; numbers in [0, 2³²). */
export const ARITHMETIC: readonly ((a: number, b: number) => number)[] = [
  (a, b) => (a + b) >>> 0,
  (a, b) => (a - b) >>> 0,
  (a, b) => Math.imul(a, b) >>> 0,
  (a, b) => b ? Math.floor(a / b) : 0,
  (a, b) => b ? a % b : a,
  (a, b) => (a & b) >>> 0,
  (a, b) => (a ^ b) >>> 0,
  (a, b) => Number(a < b),
];

/** Does one of the opcodes 0–12 to a stack (its end is the top) at column x, row y. */
function compute(op: number, stack: number[], x: number, y: number): void {
  const top = stack.at(-1) ?? 1, second = stack.at(-2) ?? 1;
  if (op < 5) return void stack.push([x, y, 1, top, second][op]!);
  stack.pop();
  stack.pop();
  stack.push(ARITHMETIC[op - 5]!(second, top));
}

/** How far a program is let run. */
export interface Extent {
  /** Symbols to print. */
  readonly count: number;
  /** Symbols in a row; `count` for a sequence. */
  readonly width: number;
  /** Most instructions without printing. */
  readonly limit: number;
}

/** The symbols that a program prints, `count` of them or as many as it printed until it reached the limit. */
export function run(program: ArrayLike<number>, { count, width, limit }: Extent): Uint8Array {
  const symbols: number[] = [], stack: number[] = [];
  let ip = 0, mark = 0, gap = 0;
  while (symbols.length < count && ++gap <= limit) {
    const op = program[ip++]!;
    if (op === MARK) mark = ip;
    else if (op < PRINT) compute(op, stack, symbols.length % width, Math.floor(symbols.length / width));
    else {
      const value = stack.pop() ?? 1;
      if (op === PRINT) {
        symbols.push(value & 255);
        gap = 0;
      } else if (value) ip = mark;
    }
    if (ip === program.length) ip = 0;
  }
  return Uint8Array.from(symbols);
}
