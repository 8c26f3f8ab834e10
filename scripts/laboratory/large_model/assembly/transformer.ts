/**
 * The decoder of text under a transformer whose weights are in memory: those of its program, or a receiver's own. Windows
 * of the text are decoded side by side (`lanes.ts`); items lie in memory one after another, and `next` makes a token in
 * each lane, so that the host sees how far it is.
 */
import { open } from "./range_coder";
import { BLOCK, itemPairs, room, text } from "./transformer/block";
import { openForward } from "./transformer/forward";
import { beginWindow, busy, decodeStep, madeOf, openLanes, ready } from "./transformer/lanes";

/** Bytes of the current item that are ready. */
export let made: i32;
/** Bytes of an item that is drawn, at most as many as the block has room for. */
export let length: i32 = 1024;
/** The logits of what is drawn are divided by it. */
export let temperature: f32 = 1;

let drawing: bool;
let number: u32;
let entry: usize; // pair of the next item
let left: i32; // items of that pair to come
let item: usize;
let size: i32;

/** Begins: to decode, or with `drawn` to draw items with that seed. */
export function start(drawn: i32, seed: u32): void {
  drawing = drawn != 0;
  number = seed;
  openForward(BLOCK);
  openLanes();
  entry = itemPairs();
  left = 0;
  item = text();
  size = 0;
  made = 0;
}

/** Goes on with an item, or with the next if it is complete; returns its address, 0 behind the last. */
export function next(): usize {
  if (drawing) return draw();
  if (made == size) {
    item += size;
    while (!left) {
      left = load<i32>(entry);
      if (!left) return 0;
      size = load<i32>(entry, 4);
      entry += 8;
    }
    left--;
    made = 0;
  }
  if (ready() < item + size) decodeStep(1);
  made = min(size, max(0, <i32> (ready() - item)));
  return item;
}

/** A new item in the first lane, from random bits; where its positions end, it goes on as if anew. */
function draw(): usize {
  const bytes = min(length, room());
  if (!busy(0)) {
    if (made >= bytes) made = 0;
    if (!made) open(0, true, number++);
    beginWindow(0, 0, item + made, item + bytes);
  }
  decodeStep(temperature);
  made = <i32> (madeOf(0) - item);
  return item;
}
