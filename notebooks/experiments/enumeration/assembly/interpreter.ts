/**
 * Runs one program of the tiny language: the constant part of every description in it. Opcodes lie in PROGRAM, two to a
 * byte, the first in the low half; the symbols are written to OUTPUT.
 */
import { arithmetic, CELL, DUP, JUMP, MARK, ONE, OVER, PRINT, X, Y } from "./machine";

const PROGRAM: usize = 16, OUTPUT: usize = 256, ONES: usize = 8192, STACK: usize = 8192 + 8;

/** Runs a program of `length` opcodes until it has printed `count` symbols; there is no limit of steps. */
export function run(length: i32, width: u32, count: u32): void {
  let ip = 0, mark = 0, top = STACK;
  store<u32>(ONES, 1);
  store<u32>(ONES + 4, 1);
  for (let printed: u32 = 0; printed < count;) {
    if (ip === length) ip = 0;
    const op = <i32> load<u8>(PROGRAM + (ip >> 1)) >> ((ip & 1) << 2) & 15;
    ip++;
    if (op === MARK) {
      mark = ip;
      continue;
    }
    let value: u32 = load<u32>(top - CELL);
    if (op >= PRINT) { // or JUMP
      if (top > STACK) top -= CELL;
      if (op === PRINT) store<u8>(OUTPUT + printed++, value);
      else if (value) ip = mark;
      continue;
    }
    const second = load<u32>(top - 2 * CELL);
    if (op === X) value = printed % width;
    else if (op === Y) value = printed / width;
    else if (op === ONE) value = 1;
    else if (op === OVER) value = second;
    else if (op !== DUP) {
      value = arithmetic(op, second, value);
      top = max(top - 2 * CELL, STACK);
    }
    store<u32>(top, value);
    top += CELL;
  }
}
