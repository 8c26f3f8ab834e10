/**
 * The decoder of pictures that are learnt while they are decoded: a program without weights. `next` makes an image; the
 * first one that is drawn comes after all data have been learnt.
 */
import { payload } from "./pixels/block";
import { beginDrawn, beginNext, codeRows, openImages } from "./pixels/images";
import { image } from "./pixels/place";
import { open } from "./range_coder";
import { beginDrawing } from "./text/temperature";

export { temperature } from "./text/temperature";

/** Drawing: so many rows of an image are known and not coded; the host writes them. */
export let given: i32 = 0;

const DECODING = 0, LEARNING = 1, DRAWING = 2;

let task: i32;
let number: u32; // of what is drawn

/** Begins: to decode, or with `drawn` to learn all data and then to draw images with that seed. */
export function start(drawn: i32, seed: u32): void {
  task = drawn;
  number = seed;
  openImages();
  open(payload(), false, 0);
}

/** Makes the next image; returns its address, 0 behind the last. */
export function next(): usize {
  if (task == LEARNING) {
    while (beginNext()) codeRows(i32.MAX_VALUE, 0);
    task = DRAWING;
    beginDrawing();
    open(payload(), true, number);
  }
  if (task == DECODING) {
    if (!beginNext()) return 0;
  } else beginDrawn();
  codeRows(i32.MAX_VALUE, given);
  return image;
}
