/**
 * The decoder: the part of a program that is the same in all of them. It reads the parameter block, weights and payload
 * from its own memory and regenerates one image a call, pixel by pixel in raster order.
 */
import { openContext } from "./context";
import { codeImage, image, openImage } from "./image";
import { group, groups, openModel, payload } from "./model";
import { openNetwork } from "./network";
import { open } from "./range_coder";
import { codeWeights } from "./weights";

let current: i32; // group of the next image
let done: i32; // images of that group decoded so far
let generating: bool;

/** Begins. With `random`, images are drawn from the model by decoding random bits of that seed, without end. */
export function start(random: i32, seed: u32): void {
  openModel();
  openContext();
  openNetwork();
  openImage();
  codeWeights();
  open(payload(), random != 0, seed);
  generating = random != 0;
  current = 0;
  done = 0;
}

/** Decodes the next image; returns its address [height, width, channels], or 0 behind the last. */
export function next(): usize {
  if (!generating && done == group(current, 0)) {
    current++;
    done = 0;
  }
  if (current == groups) return 0;
  done++;
  codeImage(group(current, 1), group(current, 2));
  return image;
}
