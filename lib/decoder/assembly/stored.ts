/**
 * The decoder of stored data: the payload is the images as they are. Parameter block, little-endian: u32 address of the
 * payload; for each group of images u32 count, u32 bytes of one image; u32 0.
 */
const BLOCK: usize = 16;

let image: usize; // the next one
let entry: usize; // its group
let left: i32; // images of the group to come
let random: i32;
let noise: u32;

/** Begins. With `drawn`, images are uniform noise of that seed, without end, all of the first group's size. */
export function start(drawn: i32, seed: u32): void {
  image = load<u32>(BLOCK);
  entry = BLOCK + 4;
  left = load<i32>(entry);
  random = drawn;
  noise = seed;
}

/** Returns the address of the next image [height, width, channels], or 0 behind the last. */
export function next(): usize {
  if (random) {
    for (let i: usize = 0; i < load<u32>(entry, 4); i++) store<u8>(image + i, draw());
    return image;
  }
  if (!left) {
    entry += 8;
    left = load<i32>(entry);
  }
  if (!left) return 0;
  left--;
  const found = image;
  image += load<u32>(entry, 4);
  return found;
}

/** A counter under MurmurHash3's finaliser. */
function draw(): u32 {
  let h = (noise += 0x9e3779b9);
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return h >>> 24;
}
