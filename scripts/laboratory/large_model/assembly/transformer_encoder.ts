/**
 * The encoder of text under a transformer: the decoder's model, with the tokens known. A window's tokens come as i32, an
 * escaped byte in the upper 8 bits; many positions of one window share a step.
 */
import { BLOCK, none } from "./transformer/block";
import { openForward } from "./transformer/forward";
import { taken } from "./transformer/model";
import { codeByte, codeToken } from "./transformer/token";
import { beginWindow, nextRows, read, stepRows } from "./transformer/window";

export { close, spent } from "./range_coder";

let at: usize; // of the next token
let last: i32;

/** Reads the block; returns the address behind all that the model needs. */
export function open(): usize {
  openForward(BLOCK);
  return taken();
}

/** Begins a window of so many tokens at `known`; its code goes to `to`. */
export function begin(known: usize, count: i32, to: usize): void {
  at = known;
  last = none();
  beginWindow(count, to);
}

/** Encodes as many tokens as a step takes; returns how many are left. */
export function encode(): i32 {
  const count = nextRows(), token = 0xffffff;
  for (let row = 0; row < count; row++) read(row, row ? load<i32>(at + (row - 1 << 2)) & token : last);
  const left = stepRows(count, 40);
  for (let row = 0; row < count; row++) {
    const known = load<i32>(at);
    last = known & token;
    codeToken(row, last, 1);
    if (last == none()) codeByte(known >>> 24);
    at += 4;
  }
  return left;
}
