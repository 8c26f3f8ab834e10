/**
 * Coding a symbol as eight binary decisions that several predictors are asked about: the network's distribution, a
 * logistic around what the local fit predicts, and logistics around linear predictions from the nearest pixels, in
 * their own plane or corrected by what they miss in a plane that is known already. Each logistic is as wide as its
 * predictor was wrong nearby. The logits of a decision are mixed with weights that follow the decisions (a logistic
 * mixer, as in PAQ: Mahoney 2005): the sum of two sets, one chosen by channel, decision and, on a lattice, parity, one
 * by these and how wrong the network was nearby. They begin with the network's logit alone and are kept from image to
 * image. The network's own logit is sharpened before, and decisions are coded, as `symbol.ts` says.
 */
import { channelAt, localInputs, mean, scale } from "./context";
import { formula } from "./lattice";
import { log, log4, sigmoid4, sum4 } from "./math";
import { below, centre, share } from "./mixture";
import { allocate, channels } from "./model";
import { code } from "./range_coder";
import { probabilityOf, shareOf } from "./symbol";

/**
 * How fast weights, and the network's sharpness, follow. Found by trial, and flat: half as fast, or twice, costs 0.12 and
 * 0.03 % of the payload of 400 photos of 32×32 pixels in colour, and 0.03 % and nothing.
 */
const STEP: f32 = 0.002, SHARPNESS_STEP: f32 = 0.01;
/** By how much a logistic is off on the average, in its scales: 2 ln 2. */
const MISS: f32 = 1.386;
/** Added to each error nearby; half a pixel more is there that has so large a sum of errors. A half or twice: 0.03 %. */
const LEAST: f32 = 0.12, FIRST: f32 = 0.6;
/**
 * The seven pixels nearby, a byte each, rows above << 3 | columns to the right + 2: on the left, above (these two count
 * twice), the latter's neighbours on both sides, two to the left, two above, above and two to the right.
 */
const NEARBY: u64 = 0x0c12000b090a01;
/** Bytes of the linear predictors of one plane, f32, and of all predictors: before them are the network and three more. */
const LINEAR: usize = 48, ALL: usize = 160;
/** How wrong the network was nearby: so many levels, three for each factor of e. */
const LEVELS: i32 = 16;

/**
 * In memory behind `place`, f32 for each predictor: where its logistic lies, then the inverse of its width, P(symbol < t)
 * at both ends of the interval that is left and in its middle, and logits; sharpness of each channel; weights by parity,
 * channel and decision, then by channel, level and decision; errors [3 rows, columns, channels].
 */
const SLOPES: usize = ALL, LOWS: usize = 2 * ALL, HIGHS: usize = 3 * ALL, MIDDLES: usize = 4 * ALL;
const LOGITS: usize = 5 * ALL, SHARPNESS: usize = 6 * ALL, WEIGHTS: usize = SHARPNESS + 16;
const BY_PARITY: usize = 96, SETS: usize = BY_PARITY + 384, ERRORS: usize = WEIGHTS + SETS * ALL;

let place: usize;
let columns: i32;
// of the symbol
let row: i32;
let column: i32;
let here: i32; // its place in the image

/** Encoder: the probability with which the last symbol was coded. */
export let mixedProbability: f32;

/** Takes memory for images up to `widest` pixels wide. */
export function openMixer(widest: i32): void {
  place = allocate(ERRORS + <usize> (9 * widest) * ALL);
  memory.fill(place, 0, ERRORS);
  for (let j: usize = 0; j < BY_PARITY * ALL; j += ALL) store<f32>(place + j, 1, WEIGHTS);
}

/** Begins an image of `w` pixels in a row. */
export function beginMixing(w: i32): void {
  columns = w;
  v128.store(place, f32x4.splat(1), SHARPNESS);
}

/** Errors of the predictors of a channel at a pixel in this row or one of the two above. */
function errorsAt(y: i32, x: i32, k: i32): usize {
  return place + ERRORS + <usize> (((y % 3) * columns + x) * channels + k) * ALL;
}

/**
 * A pixel of a plane `offset` >> 3 rows above, in the column (`offset` & 7) − 2; beyond a side it is one of the row
 * above or below, and 128 where that is not yet known.
 */
function near(plane: usize, offset: i32): f32 {
  const at = here - ((offset >> 3) * columns + 2 - (offset & 7)) * channels;
  return <u32> at < <u32> here ? <f32> load<u8>(plane + at) : 128;
}

/** Writes 12 linear predictions of the pixel in a plane to `to`. */
function predictLinearly(plane: usize, to: usize): void {
  const w = near(plane, 1), n = near(plane, 10), nw = near(plane, 9), ne = near(plane, 11);
  v128.store(to, f32x4(w, n, nw, ne));
  v128.store(to, f32x4(w + n - nw, n + ne - near(plane, 19), w + ne - n, n + n - near(plane, 18)), 16);
  v128.store(
    to,
    f32x4(w + w - near(plane, 0), <f32> 0.5 * (w + n), <f32> 0.5 * (w + ne), w + nw - near(plane, 8)),
    32,
  );
}

/** What the predictors say of the k-th symbol of the pixel, and how wide they are; returns where they end. */
function ask(image: usize, k: i32): usize {
  const fit = mean + scale * load<f32>(localInputs()), first = place + 16;
  const end = first + <usize> (k + 1) * LINEAR;
  predictLinearly(image + channelAt(k), first);
  const network = sum4(f32x4.mul(share, centre));
  v128.store(place, f32x4(network, fit, mean, <f32> 0.5 * (fit + load<f32>(first, 16))));
  for (let b = 0, to = first + LINEAR; to < end; b++, to += LINEAR) {
    const plane = image + channelAt(b);
    const value = f32x4.splat(load<u8>(plane + here));
    predictLinearly(plane, to);
    for (let j: usize = 0; j < LINEAR; j += 16) {
      v128.store(to + j, f32x4.add(v128.load(first + j), f32x4.sub(value, v128.load(to + j))));
    }
  }
  let total: f32 = 0.5;
  memory.fill(place + SLOPES, 0, ALL);
  for (let j = 0; j < 56; j += 8) {
    const offset = <i32> (NEARBY >> j),
      r = row - ((offset >> 3) & 7),
      c = column + (offset & 7) - 2;
    if (r < 0 || <u32> c >= <u32> columns) continue;
    const weight: f32 = j < 16 ? 2 : 1;
    total += weight;
    for (let v = place, p = errorsAt(r, c, k); v < end; v += 16, p += 16) {
      v128.store(v, f32x4.add(v128.load(v, SLOPES), f32x4.mul(f32x4.splat(weight), v128.load(p))), SLOPES);
    }
  }
  for (let v = place; v < end; v += 16) {
    const sum = f32x4.add(v128.load(v, SLOPES), f32x4.splat(FIRST + LEAST * total));
    v128.store(v, f32x4.div(f32x4.splat(MISS * total), sum), SLOPES);
    v128.store(v, f32x4.splat(0), LOWS);
    v128.store(v, f32x4.splat(1), HIGHS);
  }
  return end;
}

/** As `codeSymbol`, for the k-th symbol of pixel (y, x) of the image. */
export function codeMixed(image: usize, symbol: i32, y: i32, x: i32, k: i32): i32 {
  row = y;
  column = x;
  here = (y * columns + x) * channels;
  const end = ask(image, k), sharp = place + SHARPNESS + (k << 2);
  const parity = LATTICE && formula && k ? (x & 1) | ((y & 1) << 1) : 0;
  const wrong = (<f32> 1.5 - log(load<f32>(place, SLOPES))) * 3;
  const level = <i32> max(<f32> 0, min(<f32> (LEVELS - 1), wrong));
  let p = <usize> ((parity * 3 + k) * 8) * ALL;
  const other = (BY_PARITY + <usize> ((k * LEVELS + level) * 8)) * ALL - p;
  p += place;
  let from = 0;
  if (ENCODE) mixedProbability = 1;
  for (let size = 128; size; size >>= 1, p += ALL) {
    const t = from + size, tiny = f32x4.splat(1e-6);
    for (let v = place; v < end; v += 16) {
      const z = f32x4.sub(f32x4.splat(<f32> t - <f32> 0.5), v128.load(v));
      const middle = sigmoid4(f32x4.mul(z, v128.load(v, SLOPES)));
      const upper = f32x4.add(f32x4.sub(v128.load(v, HIGHS), middle), tiny);
      const lower = f32x4.add(f32x4.sub(middle, v128.load(v, LOWS)), tiny);
      // cut to ±11, also what is no number
      const logit = f32x4.pmin(f32x4.splat(11), log4(f32x4.div(upper, lower)));
      v128.store(v, middle, MIDDLES);
      v128.store(v, f32x4.mul(f32x4.splat(0.5), f32x4.pmax(f32x4.splat(-11), logit)), LOGITS);
    }
    const middle = below(t), low = load<f32>(place, LOWS), w = load<f32>(sharp);
    const part = shareOf((load<f32>(place, HIGHS) - middle) / (load<f32>(place, HIGHS) - low));
    const logit = log(<f32> part / (<f32> 65536 - <f32> part));
    store<f32>(place, middle, MIDDLES);
    store<f32>(place, w * logit, LOGITS);
    let dot = f32x4.splat(0);
    for (let v = place, a = p; v < end; v += 16, a += 16) {
      const weight = f32x4.add(v128.load(a, WEIGHTS), v128.load(a + other, WEIGHTS));
      dot = f32x4.add(dot, f32x4.mul(v128.load(v, LOGITS), weight));
    }
    // of the upper half, by all and by the network alone
    const said = sigmoid4(f32x4(sum4(dot), w * logit, 0, 0));
    const one = f32x4.extract_lane(said, 0), zero = shareOf(1 - one);
    const bit = code(i32(symbol >= t), zero), truth = <f32> bit;
    if (ENCODE) mixedProbability *= probabilityOf(bit, zero);
    store<f32>(sharp, w + logit * (SHARPNESS_STEP * (truth - f32x4.extract_lane(said, 1))));
    const step = f32x4.splat(STEP * (truth - one));
    for (let v = place, a = p; v < end; v += 16, a += 16) {
      const change = f32x4.mul(step, v128.load(v, LOGITS));
      v128.store(a, f32x4.add(v128.load(a, WEIGHTS), change), WEIGHTS);
      v128.store(a + other, f32x4.add(v128.load(a + other, WEIGHTS), change), WEIGHTS);
      if (bit) v128.store(v, v128.load(v, MIDDLES), LOWS);
      else v128.store(v, v128.load(v, MIDDLES), HIGHS);
    }
    if (bit) from = t;
  }
  const value = f32x4.splat(<f32> from);
  for (let v = place, to = errorsAt(y, x, k); v < end; v += 16, to += 16) {
    v128.store(to, f32x4.abs(f32x4.sub(value, v128.load(v))));
  }
  return from;
}
