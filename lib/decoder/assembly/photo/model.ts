/**
 * For photos of which there are few, so that a decoder is much of the program: a value is predicted by a linear filter
 * over its neighbours and the pixel's other channels, whose weights follow each error, and coded under Student's
 * distribution with 4 degrees of freedom around that, as wide as the errors nearby. In gray, weights follow by normalised
 * least mean squares (Widrow & Hoff 1960); in colour, which pays for more code, by recursive least squares (Plackett 1950).
 */
import { addCost, reserve } from "../range_coder";
import { above, below, cut, isAbove } from "./coder";

/** Bytes of a pixel. */
export const CHANNELS = COLOUR ? 3 : 1;
/** Neighbours: of two rows above, and of the pixel's own, up to two columns away; then the pixel itself. */
const NEIGHBOURS = 12, COLUMNS = 5, REACH = 2;

/**
 * f32[], the inputs, by channel the weight of each, and in colour what a value moves of each weight; f32[][], by channel
 * what is known of the inputs. A row has room for 40.
 */
const INPUTS: usize = 0, WEIGHTS: usize = COLOUR ? 320 : 48, MOVES: usize = 160, KNOWN: usize = 1024;
const ROW: usize = 160, MATRIX: usize = 40 * ROW;

/**
 * The parameter block, little-endian: u32 address of the first image; for each group of images u32 address behind it, bytes
 * of an image, and of a row. Behind it is 0.
 */
export const BLOCK: usize = COLOUR ? 24576 : 96;
/** Its groups. */
export const GROUPS: usize = COLOUR ? 24580 : 100;

/** What each value has of a distribution's 2¹⁸, whatever is predicted. Rounding takes less. */
const LEAST = 2;

/**
 * Codes an image's pixels from one to another, in rows of `line` bytes; their errors go to f32[] at four times a value's
 * address. What would be beside the image, or above it, is what is above the pixel; in the first row what is on its left.
 */
// @inline
export function codePixels(image: usize, from: usize, to: usize, line: usize): void {
  let at = from;
  do {
    if (ENCODE) reserve(9 * CHANNELS);
    const before = at - line, up = before < image ? at - CHANNELS : before;
    if (COLOUR) {
      for (let k = 0; k < 3; k++) codeValue(k, image, line, at, up);
    } else codeValue(0, image, line, at, up);
    at += CHANNELS;
  } while (at < to);
}

/** The place of channel k in a pixel: green comes first. */
// @inline
function placeOf(k: i32): i32 {
  return COLOUR ? k ^ i32(k < 2) : 0;
}

// @inline
function codeValue(k: i32, image: usize, line: usize, at: usize, up: usize): void {
  let prediction: f32 = 0, square: f32 = 0, error: f32 = 1, count: usize = 0, plane = k;
  const weights: usize = COLOUR ? <usize> k * ROW : 0;
  do {
    const place = placeOf(plane), base = <f32> load<u8>(up + place);
    let t = COLOUR && plane != k ? NEIGHBOURS + 1 : NEIGHBOURS;
    if (!COLOUR || plane == k) prediction = base;
    do {
      t--;
      const dx = t % COLUMNS - REACH, dy = REACH - t / COLUMNS;
      let p = at + dx * CHANNELS - <usize> dy * line;
      if (<u32> ((at - image) % line + dx * CHANNELS) >= <u32> line || p < image) p = up;
      p += place;
      const far = abs(<f32> dx) + <f32> dy, distance = COLOUR ? far + 1 : far * 3;
      const input = (<f32> load<u8>(p) - base) / distance;
      const j: usize = COLOUR ? count : <usize> t << 2;
      store<f32>(j, input, INPUTS);
      prediction += input * load<f32>(weights + j, WEIGHTS);
      if (!COLOUR) square += input * input;
      if (!COLOUR || plane == k) error += load<f32>(p << 2) / distance;
      else if (t == NEIGHBOURS) error += load<f32>(p << 2) / 3;
      count += 4;
    } while (t);
  } while (COLOUR && --plane >= 0);
  if (COLOUR) error *= <f32> 1.56 / <f32> (k + 3);
  error *= error;
  const p = at + placeOf(k), value = codeAround(ENCODE ? load<u8>(p) : 0, prediction, error);
  store<u8>(p, value);
  const miss = <f32> value - prediction;
  store<f32>(p << 2, abs(miss));
  if (COLOUR) learn(weights, count, miss, error);
  else {
    const change = miss / ((square + error) * 4);
    let j = NEIGHBOURS << 2;
    do {
      j -= 4;
      store<f32>(j, load<f32>(j, WEIGHTS) + change * load<f32>(j, INPUTS), WEIGHTS);
    } while (j);
  }
}

/**
 * Recursive least squares, of which a ten-thousandth is forgotten with each value. In front of everything the weights'
 * covariance is ½ times the unit matrix; KNOWN is by how much it is less.
 */
// @inline
function learn(weights: usize, count: usize, miss: f32, error: f32): void {
  let sum = error;
  const known = weights * (MATRIX / ROW);
  let i = count;
  do {
    i -= 4;
    let move = load<f32>(i, INPUTS) * 0.5, j = count;
    do {
      j -= 4;
      move -= load<f32>(known + i * 40 + j, KNOWN) * load<f32>(j, INPUTS);
    } while (j);
    store<f32>(i, move, MOVES);
    sum += move * load<f32>(i, INPUTS);
  } while (i);
  i = count;
  do {
    i -= 4;
    const move = load<f32>(i, MOVES) / sum;
    store<f32>(weights + i, load<f32>(weights + i, WEIGHTS) + move * miss, WEIGHTS);
    let j = count;
    do {
      j -= 4;
      const p = known + i * 40 + j;
      store<f32>(p, (load<f32>(p, KNOWN) + move * load<f32>(j, MOVES)) * <f32> 0.9999, KNOWN);
    } while (j);
  } while (i);
}

/** Codes a value, halving what is left, under a distribution of that centre and squared width. */
// @inline
function codeAround(value: i32, centre: f32, width: f32): i32 {
  let from = 0, low = 0, all: u32 = (1 << 18) + (LEAST << 8), size = 128;
  do {
    const next = from + size, z = <f32> next - centre - <f32> 0.5, u = z / sqrt<f32>(z * z + width);
    const middle = <i32> ((u * (3 - u * u) + 2) * 65536) + next * LEAST, part = middle - low;
    const c = cut(part, all);
    if (ENCODE ? value >= next : isAbove(c)) {
      above(c);
      low = middle;
      from = next;
      all -= part;
    } else {
      below(c);
      all = part;
    }
  } while (size >>= 1);
  if (ENCODE) {
    addCost(all);
    addCost(1 << 14); // 2 bits: shares are of 2¹⁸, not of 2¹⁶
  }
  return from;
}
