/**
 * The decoder: the part of a program that is the same in all of them. It reads the parameter block, weights and payloads
 * from its own memory and regenerates one image a call.
 */
import { openContext } from "./context";
import { codeScale, image, openImage } from "./image";
import { allocate, channels, group, groups, openModel, payload, scales, tiling } from "./model";
import { openNetwork } from "./network";
import { open, resume, suspend } from "./range_coder";
import { codeWeights } from "./weights";
import { openAdapting } from "./adapt";

export { given } from "./image";
export { temperature } from "./mixture";

let current: i32; // group of the next image
let done: i32; // images of that group decoded so far
let generating: bool;
let coders: usize; // [scales] states of the range coder
let tile: usize; // the one that was cut out of the picture
let cut: i32; // so many of its tiles have been

/**
 * Begins. `drawn` 0: to decode. 1: to draw images from the model, without end, by decoding random bits of that seed.
 * n > 1: to decode the first n − 1 scales, and draw the others.
 */
export function start(drawn: i32, seed: u32): void {
  openModel();
  openContext();
  openNetwork();
  openImage();
  if (TILES) tile = allocate(group(0, 1) * group(0, 2) * channels);
  codeWeights();
  if (ADAPT) openAdapting();
  if (PYRAMID) {
    coders = allocate(scales << 4);
    for (let s = 0; s < scales; s++) {
      open(payload(s), drawn != 0 && s >= drawn - 1, seed + s);
      suspend(coders + (s << 4));
    }
  } else open(payload(0), drawn != 0, seed);
  generating = drawn == 1;
  current = 0;
  done = 0;
  if (TILES) cut = 0;
}

/** Decodes the next image; returns its address [height, width, channels], or 0 behind the last. */
export function next(): usize {
  if (TILES && cut) return nextTile();
  if (!generating && done == group(current, 0)) {
    current++;
    done = 0;
  }
  if (current == groups) return 0;
  done++;
  const h = group(current, 1), w = group(current, 2);
  if (PYRAMID) {
    for (let s = 0; s < scales; s++) {
      resume(coders + (s << 4));
      codeScale(h, w, s);
      suspend(coders + (s << 4));
    }
  } else codeScale(h, w, 0);
  return TILES ? nextTile() : image;
}

/** Cuts the next tile out of the picture, row by row. */
function nextTile(): usize {
  const across = tiling(0), down = tiling(1), h = group(current, 1) / down;
  const w: usize = group(current, 2) / across * channels, step = w * across;
  let from = image + <usize> (cut / across * h) * step + <usize> (cut % across) * w;
  for (let to = tile, end = tile + h * w; to < end; to += w, from += step) memory.copy(to, from, w);
  cut = (cut + 1) % (across * down);
  return tile;
}
