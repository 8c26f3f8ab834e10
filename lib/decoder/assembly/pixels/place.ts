/** Where the next pixel is, and what is known around it. */
import { channels } from "./block";

/** Address of the next pixel, its place in the image, and where the image begins. */
export let at: usize;
export let x: i32;
export let y: i32;
export let image: usize;
/** Bytes of the image, and of a row. */
export let bytes: usize;
export let line: usize;
/** Bytes from a pixel to the one above: three pixels at least, so that its right neighbours are known in narrow images, too. */
export let up: usize;

/** An image begins. */
export function beginImage(address: usize, height: i32, width: i32): void {
  image = at = address;
  line = <usize> width * channels;
  bytes = <usize> height * line;
  up = max(line, 3 * channels);
  x = y = 0;
}

/** Goes on to the next pixel. */
export function advance(): void {
  at += channels;
  if (<usize> (++x * channels) == line) {
    x = 0;
    y++;
  }
}

/** The byte `back` places before the next pixel's first. */
export function past(back: usize): i32 {
  return load<u8>(at - back);
}

/** The colour of the pixel that begins there, all of its channels. */
export function colour(back: usize): u32 {
  return load<u32>(at - back) & (channels == 1 ? 0xff : 0xffffff);
}
