/**
 * The encoder of text under a transformer: the decoder's model, with the tokens known. A window's tokens come as i32, an
 * escaped byte in the upper 8 bits; many positions of one window share a step.
 */
import { close as closeCode, open as openCode, reserve } from "./range_coder";
import { openCost, spent } from "./text/cost";
import { BLOCK, none } from "./transformer/block";
import { openForward, places, step, tokens, windows } from "./transformer/forward";
import { rows, taken } from "./transformer/model";
import { codeByte, codeToken } from "./transformer/token";

let at: usize; // of the next token
let left: i32;
let position: i32;
let last: i32;

/** Reads the block; returns the address behind all that the model needs. */
export function open(): usize {
  openForward(BLOCK);
  return taken();
}

/** Begins a window of so many tokens at `known`; its code goes to `to`. */
export function begin(known: usize, count: i32, to: usize): void {
  at = known;
  left = count;
  position = 0;
  last = none();
  openCost();
  openCode(to, false, 0);
}

/** Encodes as many tokens as a step takes; returns how many are left. */
export function encode(): i32 {
  const count = min(left, rows), token = 0xffffff;
  for (let row = 0; row < count; row++) {
    store<i32>(tokens + (row << 2), row ? load<i32>(at + (row - 1 << 2)) & token : last);
    store<i32>(places + (row << 2), position++);
    store<i32>(windows + (row << 2), 0);
  }
  step(count);
  reserve(40 * count);
  for (let row = 0; row < count; row++) {
    const known = load<i32>(at);
    last = known & token;
    codeToken(row, last, 1);
    if (last == none()) codeByte(known >>> 24);
    at += 4;
  }
  return left -= count;
}

/** Bits that the window took so far, to a fraction. */
export function bits(): f64 {
  return spent;
}

/** Ends a window's code; returns the address behind it. */
export function close(): usize {
  reserve(8);
  return closeCode();
}
