/**
 * The decoder of pictures that are learnt while they are decoded: a program without weights. `next` makes a row, so that
 * the host sees how far it is.
 */
import { payload, room } from "./pixels/block";
import { beginDrawn, beginNext, codeRow, complete, openImages } from "./pixels/images";
import { image, line, y } from "./pixels/place";
import { open } from "./range_coder";
import { beginDrawing } from "./text/temperature";

export { temperature } from "./text/temperature";

/** Bytes of the current image that are ready. */
export let made: i32;
/** Drawing: so many rows of an image are known and not coded; the host writes them. */
export let given: i32 = 0;

const DECODING = 0, LEARNING = 1, DRAWING = 2;

let task: i32;
let number: u32; // of what is drawn

/** Begins: to decode, or with `drawn` to learn all data and then to draw images with that seed. */
export function start(drawn: i32, seed: u32): void {
  task = drawn ? LEARNING : DECODING;
  number = seed;
  openImages();
  open(payload(), false, 0);
}

/** Goes on with an image, or with the next if it is complete; returns its address, 0 behind the last. */
export function next(): usize {
  made = 0;
  if (complete()) {
    if (task == DRAWING) beginDrawn();
    else if (!beginNext()) {
      if (task == DECODING) return 0;
      task = DRAWING;
      beginDrawing();
      open(payload(), true, number);
      return room;
    }
  }
  codeRow(task == DRAWING && y < given);
  if (task == LEARNING) return room;
  made = y * <i32> line;
  return image;
}
