/**
 * For photos of which there are few, so that a decoder is much of the program: a value is predicted by a linear filter
 * over its neighbours and the pixel's other channels, whose weights follow each error (normalised least mean squares:
 * Widrow & Hoff 1960), and coded under Student's distribution with 4 degrees of freedom around that. Its scale follows
 * the errors nearby. Square roots are instructions, so y / √(1 + y²) stands in the logistic function's place, and its
 * inverse for the logarithm of the odds.
 */
import { code } from "../range_coder";
import { addCost } from "../text/cost";
import { divisor } from "../text/temperature";
import { channels, tables } from "./block";
import { at, image, line, x, y } from "./place";

/** Rows above, and columns to both sides, of which the filter knows all 12 pixels in a value's own channel. */
const REACH = 2;
/** Squared distance of the neighbours in other channels. */
const NEAR = 4;

/** Of the scale: at least, for each unit of the inputs' length, and of the sum of errors nearby. */
const LEAST: f32 = 0.4, BY_LENGTH: f32 = 0.012, BY_ERROR: f32 = 0.35 / 48;
/** How fast the weights follow, and what is added to the square of the inputs, in squared scales. */
const RATE: f32 = 0.1, STILL: f32 = 30;
/** How fast the sharpness follows. */
const STEP: f32 = 0.01;

/** f32[30], the inputs: 12, and 9 for each other channel. */
const INPUTS: usize = 64;
/** f32[3][32]: weights, and the sharpness less 1. */
const WEIGHTS: usize = 256, ROW: usize = 128, SHARPNESS: usize = 124;

let count: usize; // bytes of the inputs
let errors: usize; // from a value to its error, u8, in quarters

export function openModel(): void {
  errors = tables();
}

export function codePixel(known: bool): void {
  for (let k = 0; k < channels; k++) {
    const p = at + k, w = <usize> k * ROW;
    let centre: f32 = 0, square: f32 = 0;
    count = 0;
    let error = look(k, true);
    centre = level;
    for (let c = k - 1; c >= 0; c--) look(c, false);
    for (let j: usize = 0; j < count; j += 4) {
      const input = load<f32>(j, INPUTS);
      centre += input * load<f32>(w + j, WEIGHTS);
      square += input * input;
    }
    const scale = LEAST + BY_LENGTH * sqrt<f32>(square) + BY_ERROR * <f32> error;
    const value = codeValue(load<u8>(p), known, centre, scale, w), miss = <f32> value - centre;
    store<u8>(p, value);
    store<u8>(p + errors, <u32> min(<f32> 255, 4 * abs(miss)));
    const change = RATE * miss / (square + STILL * scale * scale);
    for (let j: usize = 0; j < count; j += 4) {
      store<f32>(w + j, load<f32>(w + j, WEIGHTS) + change * load<f32>(j, INPUTS), WEIGHTS);
    }
  }
}

/** The mean of the neighbours on the left and above. */
let level: f32;

/** Adds the neighbours in channel c to the inputs, less their level; returns the sum of their errors. */
function look(c: i32, own: bool): i32 {
  const from = count;
  let sum = 0, error = 0;
  for (let dy = 0; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= (dy ? REACH : -i32(own)); dx++) {
      const d = dy * dy + dx * dx;
      if (!own && d > NEAR) continue;
      // the pixel, or the nearest that is known
      const across = min(max(x + dx, 0), <i32> line / channels - 1);
      let p = image + <usize> max(y - dy, 0) * line + across * channels;
      if (d && p >= at) p = x ? at - channels : at - line;
      const v: i32 = load<u8>(p + c);
      store<f32>(count, <f32> v, INPUTS);
      count += 4;
      if (d == 1) sum += v;
      error += load<u8>(p + c + errors);
    }
  }
  level = <f32> sum * <f32> 0.5;
  for (let j = from; j < count; j += 4) store<f32>(j, load<f32>(j, INPUTS) - level, INPUTS);
  return error;
}

function squash(y: f32): f32 {
  return y / sqrt<f32>(1 + y * y);
}

/** Codes a value as eight decisions, from the upper half of the values on; the sharpness is at `w`. */
function codeValue(value: i32, known: bool, centre: f32, scale: f32, w: usize): i32 {
  let from = 0, low: f32 = 0, high: f32 = 1;
  for (let size = 128; size; size >>= 1) {
    const u = squash((<f32> (from + size) - <f32> 0.5 - centre) * <f32> 0.3 / (scale * divisor));
    const middle = <f32> 0.5 + u * (3 - u * u) * <f32> 0.25;
    const share = (middle - low + <f32> 1e-9) / (high - low + <f32> 2e-9) - <f32> 0.5;
    const d = max(min(share, <f32> 0.4999), <f32> -0.4999);
    const stretched = d / sqrt<f32>(<f32> 0.25 - d * d), sharp = load<f32>(w, WEIGHTS + SHARPNESS);
    const p = <f32> 0.5 + <f32> 0.5 * squash(sharp * stretched + stretched);
    const zero = <u32> (p * 65534) + 1;
    let bit = i32(value >= from + size);
    if (ENCODE || !known) bit = code(bit, zero);
    if (ENCODE) addCost(bit ? 65536 - zero : zero);
    let zeros: f32 = 1;
    if (bit) {
      zeros = 0;
      from += size;
      low = middle;
    } else high = middle;
    store<f32>(w, sharp + STEP * stretched * (zeros - p), WEIGHTS + SHARPNESS);
  }
  return from;
}
