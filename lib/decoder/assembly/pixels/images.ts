/** The images, one after another. */
import { first, GROUPS, openBlock, room } from "./block";
import { codePixel, openModel } from "./drawing";
import { reserve } from "../range_coder";
import { advance, beginImage, bytes, image, line, x, y } from "./place";

/** Rows of the image. */
let height: i32;
let entry: usize; // of the next group
let left: i32; // images of the current group to come

/** Before the first image that the block describes. */
export function openImages(): void {
  openBlock();
  openModel();
  entry = GROUPS;
  beginImage(first(), 0, 0);
}

/** Begins the next image; false behind the last one. */
export function beginNext(): bool {
  if (!left) {
    left = load<i32>(entry);
    if (!left) return false;
    entry += 12;
  }
  left--;
  begin(image + bytes, entry - 12);
  return true;
}

/** Begins an image that is drawn, of the first group's size; they lie one over the other. */
export function beginDrawn(): void {
  begin(room(), GROUPS);
}

function begin(address: usize, group: usize): void {
  height = load<i32>(group, 4);
  beginImage(address, height, load<i32>(group, 8));
}

/** Codes the image's rows before `end`, or all; the first `given` are known, and only learnt. */
export function codeRows(end: i32, given: i32): void {
  while (y < min(end, height)) {
    if (ENCODE && !x) reserve(<i32> line * 9);
    codePixel(y < given);
    advance();
  }
}
