/** The images, one after another, row by row. */
import { first, GROUPS, openBlock, room } from "./block";
import { allocateModel, codePixel, openModel } from "./model";
import { advance, beginImage, bytes, image, x, y } from "./place";

let height: i32;
let entry: usize; // of the next group
let left: i32; // images of the current group to come

/** Before the first image that the block describes. */
export function openImages(): void {
  openBlock();
  allocateModel();
  openModel();
  entry = GROUPS;
  left = height = 0;
  beginImage(first, 0, 0);
}

/** Whether the current image is complete. */
export function complete(): bool {
  return y == height;
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
  begin(room, GROUPS);
}

function begin(address: usize, group: usize): void {
  height = load<i32>(group, 4);
  beginImage(address, height, load<i32>(group, 8));
}

/** Codes the next row, or learns one that is known. */
export function codeRow(known: bool): void {
  do {
    codePixel(known);
    advance();
  } while (x);
}
