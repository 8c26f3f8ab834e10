/**
 * The decoder of few photos: a program without weights, of gray pictures or, with COLOUR, of pictures in colour. `next`
 * makes an image; the first one that is drawn comes after all data have been learnt. It takes neither a temperature nor
 * rows that are given: each would be 30 bytes.
 */
import { draw, open, state } from "./photo/coder";
import { BLOCK, CHANNELS, codePixels, GROUPS } from "./photo/model";

let group: usize = COLOUR ? 24580 : 100; // GROUPS, which is no constant here
let image: usize;

/** Begins: to decode, or with `drawn` to learn all data and then to draw images with that seed. */
export function start(drawn: i32, seed: u32): void {
  image = load<u32>(BLOCK);
  open(image - CHANNELS);
  if (drawn) {
    while (next());
    draw(seed);
    group = GROUPS;
  }
}

/** Makes the next image; returns its address, 0 behind the last. */
export function next(): usize {
  if (i32(!state) & i32(image == load<u32>(group))) group += 12;
  const begin = image, line: usize = load<u32>(group, 8);
  if (!line) return 0;
  const end = begin + load<u32>(group, 4);
  codePixels(begin, begin, end, line);
  if (!state) image = end;
  return begin;
}
