/**
 * The decoder of text and of any bytes: a program without weights, whose model learns while it decodes. Items lie in
 * memory one after another; `next` works on one for a while, so that the host sees how far it is.
 */
import { open } from "./range_coder";
import { free, payload, ROOM } from "./text/block";
import { restoreCalls } from "./text/calls";
import { at, beginItem, item } from "./text/history";
import { CODED, DRAWN, GIVEN } from "./text/model";
import { beginNext, codeNext, done, openItems, setItem, size } from "./text/items";
import { beginDrawing } from "./text/temperature";

export { temperature } from "./text/temperature";

/** Bytes of the current item that are ready. */
export let made: i32;
/** Of items that are drawn: bytes of each (at most ROOM), and how many of them are known. */
export let length: i32 = 1024;
export let given: i32 = 0;

/** Bytes that a call works on, at most. */
const PIECE = 4096;

const DECODING = 0, LEARNING = 1, DRAWING = 2;

let task: i32;
let number: u32; // of what is drawn
let prompt: i32; // what given bytes are: learnt from in the first item that is drawn
let end: usize; // of the data; items are drawn here, one over the other
let ready: i32; // with CALLS: bytes of the item that are as in the file

/** Begins: to decode, or with `drawn` to learn all data and then to draw items with that seed. */
export function start(drawn: i32, seed: u32): void {
  task = drawn ? LEARNING : DECODING;
  number = seed;
  end = openItems();
  open(payload(), false, 0);
}

/** Goes on with an item, or with the next if it is complete; returns its address, 0 behind the last. */
export function next(): usize {
  made = 0;
  if (task == LEARNING) {
    learn();
    return end;
  }
  if (done == size) {
    if (task == DRAWING) {
      prompt = size ? 0 : GIVEN;
      setItem(min(length, <i32> ROOM));
      beginItem(end);
    } else if (!beginNext()) return 0;
    if (CALLS) ready = given;
  }
  for (const stop = min(size, done + PIECE); done < stop;) {
    codeNext(load<u8>(at), task != DRAWING ? CODED : done >= given ? DRAWN : prompt);
  }
  if (CALLS) return inFile();
  made = done;
  return item;
}

/** The item as in the file, of which there is a copy: the model goes on with what it has seen. What is drawn is its last. */
function inFile(): usize {
  const drawing = task == DRAWING, copy = drawing ? item : free();
  if (!drawing || done == size) made = ready = restoreCalls(item, copy, ready, done, size);
  return copy;
}

/** A piece of the data; behind them, the code's bytes are random. */
function learn(): void {
  for (let n = 0; n < PIECE; n++) {
    while (done == size) {
      if (beginNext()) continue;
      task = DRAWING;
      beginDrawing();
      open(payload(), true, number);
      setItem(0);
      return;
    }
    codeNext(0, CODED);
  }
}
