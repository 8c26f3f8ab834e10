/**
 * The encoder of text under a transformer that is in the program: the decoder's model, with weights and symbols known.
 * Many positions of a window share a step.
 */
import { close as closeCode, open as openCode, reserve } from "./range_coder";
import { BLOCK, symbols } from "./shipped/block";
import { codeSymbol } from "./shipped/symbol";
import { codeWeights, openWeights } from "./shipped/weights";
import { openCost, spent } from "./text/cost";
import { openForward, places, step, tokens, windows } from "./transformer/forward";
import { rows, taken } from "./transformer/model";

let at: usize; // of the next symbol
let left: i32;
let position: i32;
let last: i32;

/** Reads the block; returns the address behind all that the model needs. */
export function open(): usize {
  openForward(BLOCK);
  openWeights();
  return taken();
}

/** Encodes so many multiples, int8, to an address; returns the address behind the code. The model has them then. */
export function encodeWeights(multiples: usize, count: i32, to: usize): usize {
  openCode(to, false, 0);
  reserve(10 * count);
  codeWeights(multiples);
  reserve(8);
  return closeCode();
}

/** Begins a window of so many symbols, u8, at `known`; its code goes to `to`. */
export function begin(known: usize, count: i32, to: usize): void {
  at = known;
  left = count;
  position = 0;
  last = symbols();
  openCost();
  openCode(to, false, 0);
}

/** Encodes as many symbols as a step takes; returns how many are left. */
export function encode(): i32 {
  const count = min(left, rows);
  for (let row = 0; row < count; row++) {
    store<i32>(tokens + (row << 2), row ? load<u8>(at + row - 1) : last);
    store<i32>(places + (row << 2), position++);
    store<i32>(windows + (row << 2), 0);
  }
  step(count);
  reserve(16 * count);
  for (let row = 0; row < count; row++) last = codeSymbol(row, load<u8>(at++), 1);
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
