/**
 * The renderer of the set `scenes` (lib/sources/scenes.ts) as a decoder: 64 bits of the payload become a picture of 32 × 32
 * gray pixels. Parameter block: u32 number of scenes, little-endian. The payload lies behind it, 8 bytes a scene: the
 * fields in the order in which they are taken here, the first in the lowest bits.
 */
const SIDE = 32;
const IMAGE: usize = 16, BLOCK: usize = 1040, PAYLOAD: usize = 1044;

let at: usize; // the next scene
let left: i32; // scenes to come
let drawn: i32;
let noise: u64;
let bits: u64; // of the scene: those that have not been taken

/** Begins. With `random`, pictures are drawn from random bits of that seed, without end. */
export function start(random: i32, seed: u32): void {
  at = PAYLOAD;
  left = load<i32>(BLOCK);
  drawn = random;
  noise = seed;
}

function take(count: i32): i32 {
  const value = <i32> bits & ((1 << count) - 1);
  bits >>= count;
  return value;
}

/** A counter under a mixture of multiplications and shifts. */
function draw(): u64 {
  const odd: u64 = 0x9e3779b97f4a7c15;
  let z = (noise += odd);
  z = (z ^ (z >> 32)) * odd;
  z = (z ^ (z >> 29)) * odd;
  return z ^ (z >> 32);
}

/** A value that goes from `first` at step 0 to `last` at step `steps`. */
function ramp(first: i32, last: i32, step: i32, steps: i32): i32 {
  return (first * (steps - step) + last * step) / steps;
}

/** Draws the next picture; returns its address [32, 32], or 0 behind the last. */
export function next(): usize {
  if (drawn) bits = draw();
  else {
    if (!left--) return left = 0;
    bits = load<u64>(at);
    at += 8;
  }
  const skyTop = take(7), skyLow = take(7), groundFar = take(6), groundNear = take(6), horizon = 16 + take(3);
  const sunX = 8 + take(4), sunY = 3 + take(2), sunRadius = 1 + take(2), sunShade = 240 + take(4);
  const peakX = 6 + take(3), peakHeight = 2 + take(2), peakShade = 80 + take(4);
  const houseLeft = 20 + take(2), houseWidth = take(3), houseHeight = take(3);
  const houseBottom = horizon + 2 + take(2), houseShade = take(4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const dx = x - sunX, dy = y - sunY;
      let v: i32;
      if (<u32> (x - houseLeft) <= <u32> houseWidth && <u32> (houseBottom - y) <= <u32> houseHeight) {
        v = houseShade;
      } else if (y >= horizon) v = 16 + ramp(groundFar, groundNear, y - horizon, SIDE - 1 - horizon);
      else if (dx * dx + dy * dy <= sunRadius * sunRadius) v = sunShade;
      else if (horizon - y <= peakHeight - abs(x - peakX)) v = peakShade;
      else v = 96 + ramp(skyTop, skyLow, y, horizon - 1);
      store<u8>(IMAGE + y * SIDE + x, v);
    }
  }
  return IMAGE;
}
