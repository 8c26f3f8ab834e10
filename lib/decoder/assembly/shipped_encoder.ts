/**
 * The encoder of text under a transformer that is in the program: the decoder's model, with weights and symbols known.
 * Many positions of a window share a step.
 */
import { close as closeCode, open as openCode, reserve } from "./range_coder";
import { BLOCK, symbols } from "./shipped/block";
import { codeSymbol } from "./shipped/symbol";
import { codeWeights, openWeights } from "./shipped/weights";
import { openForward } from "./transformer/forward";
import { taken } from "./transformer/model";
import { beginWindow, nextRows, read, stepRows } from "./transformer/window";

export { close, spent } from "./range_coder";

let at: usize; // of the next symbol
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
  return closeCode();
}

/** Begins a window of so many symbols, u8, at `known`; its code goes to `to`. */
export function begin(known: usize, count: i32, to: usize): void {
  at = known;
  last = symbols();
  beginWindow(count, to);
}

/** Encodes as many symbols as a step takes; returns how many are left. */
export function encode(): i32 {
  const count = nextRows();
  for (let row = 0; row < count; row++) read(row, row ? load<u8>(at + row - 1) : last);
  const left = stepRows(count, 16);
  for (let row = 0; row < count; row++) last = codeSymbol(row, load<u8>(at++), 1);
  return left;
}
