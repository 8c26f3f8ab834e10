/**
 * The decoder of text under a small transformer over its bytes, whose weights are in the program. The text is cut into as
 * many windows as there are lanes, each with a code of its own, which are decoded side by side.
 */
import { open, resume, suspend } from "./range_coder";
import {
  BLOCK,
  occurs,
  PAIRS,
  ROOM,
  symbols,
  text,
  textBytes,
  weightCode,
  windowCode,
} from "./shipped/block";
import { codeSymbol } from "./shipped/symbol";
import { codeWeights, openWeights } from "./shipped/weights";
import { openForward, places, step, tokens, windows } from "./transformer/forward";
import { lanes, take } from "./transformer/model";

/** Bytes of the current item that are ready. */
export let made: i32;
/** Of items that are drawn: bytes of each, at most `ROOM`, and how many of them are known. */
export let length: i32 = 1024;
export let given: i32 = 0;
/** The logits of what is drawn are divided by it. */
export let temperature: f32 = 1;

let drawing: bool;
let entry: usize; // pair of the next item
let left: i32; // items of that pair to come
let item: usize;
let size: i32;
let bytes: usize; // u8, the byte of each symbol
let lane: usize; // of each lane: where its next byte goes, where it ends, position, last symbol, state of its coder

const LANE = 32;

/** Begins: to decode, or with `drawn` to draw items with that seed. */
export function start(drawn: i32, seed: u32): void {
  openForward(BLOCK);
  openWeights();
  bytes = take(264);
  lane = take(lanes * LANE);
  let symbol = 0;
  for (let byte = 0; byte < 256; byte++) if (occurs(byte)) store<u8>(bytes + symbol++, byte);
  open(weightCode(), false, 0);
  codeWeights(0);
  drawing = drawn != 0;
  entry = PAIRS;
  left = 0;
  size = 0;
  made = 0;
  item = text();
  for (let i = 0, at = item; i < lanes; i++) {
    const end = item + <u32> (i + 1) * textBytes() / <u32> lanes, p = lane + i * LANE;
    open(windowCode(i), drawing, seed);
    begin(p, at, end);
    suspend(p + 16);
    at = end;
  }
  if (drawing) item += textBytes(); // where the data end
}

/** A window begins. */
function begin(p: usize, at: usize, end: usize): void {
  store<u32>(p, at);
  store<u32>(p, end, 4);
  store<i32>(p, 0, 8);
  store<i32>(p, symbols(), 12);
}

/** Goes on with an item, or with the next if it is complete; returns its address, 0 behind the last. */
export function next(): usize {
  if (made == size) {
    made = 0;
    if (drawing) {
      size = min(length, <i32> ROOM);
      begin(lane, item, item + size);
      return item;
    }
    item += size;
    if (!left) {
      left = load<i32>(entry);
      if (!left) return 0;
      size = load<i32>(entry, 4);
      entry += 8;
    }
    left--;
  }
  if (drawing || ready() < item + size) go();
  made = min(size, max(0, <i32> (ready() - item)));
  return item;
}

/** All bytes before this address are there. */
function ready(): usize {
  let p = lane;
  if (!drawing) { for (; load<u32>(p) == load<u32>(p, 4) && p < lane + (lanes - 1) * LANE;) p += LANE; }
  return load<u32>(p);
}

/** A symbol in each lane, or in the first. */
function go(): void {
  const all = drawing ? 1 : lanes;
  let count = 0;
  for (let i = 0; i < all; i++) {
    const p = lane + i * LANE;
    if (load<u32>(p) == load<u32>(p, 4)) continue;
    store<i32>(tokens + (count << 2), load<i32>(p, 12));
    store<i32>(places + (count << 2), load<i32>(p, 8));
    store<i32>(windows + (count << 2), i);
    count++;
  }
  step(count);
  for (let row = 0; row < count; row++) {
    const p = lane + load<i32>(windows + (row << 2)) * LANE, at: usize = load<u32>(p);
    let symbol = symbols();
    if (drawing && at < item + given) {
      for (let i = 0; i < symbols(); i++) if (load<u8>(bytes + i) == load<u8>(at)) symbol = i;
    } else {
      resume(p + 16);
      symbol = codeSymbol(row, 0, drawing ? temperature : 1);
      suspend(p + 16);
      store<u8>(at, load<u8>(bytes + symbol));
    }
    store<u32>(p, at + 1);
    store<i32>(p, load<i32>(p, 8) + 1, 8);
    store<i32>(p, symbol, 12);
  }
}
