/**
 * The decoder of sound: a set of WAV files, byte for byte. Samples are coded under a model that learns from each as soon
 * as it is known, so that no weights need to be in the program.
 */
import { at, beginDrawn, beginFile, BLOCK, item, openFiles, PIECE, total, work } from "./audio/file";
import { open } from "./range_coder";

export { temperature } from "./audio/residual";

/** How many bytes of the item are ready. */
export let made: i32;
/** Of an item that is drawn, in bytes; never more than the largest file has, or 2²². */
export let length: i32 = 16000;

let left: i32; // files to come
let learning: bool; // decoding, so as to draw
let source: u32; // seed of what is drawn

/** Begins. `drawn` 0: to decode. 1: to learn from all the data, and then draw, without end, by decoding random bits. */
export function start(drawn: i32, seed: u32): void {
  openFiles();
  left = load<i32>(BLOCK, 8);
  learning = drawn != 0;
  source = seed;
  made = 0;
}

/** Works on the item for a while; returns its address, 0 behind the last one. */
export function next(): usize {
  if (at == total) {
    if (left > 0) {
      left--;
      beginFile();
    } else if (left < 0) beginDrawn(length);
    else if (learning) {
      learning = false;
      left = -1;
      open(0, true, source);
      beginDrawn(length);
    } else return 0;
  }
  work(PIECE);
  made = learning ? 0 : at;
  return item;
}
