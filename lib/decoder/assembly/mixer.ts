/**
 * Coding a symbol as eight binary decisions that several predictors are asked about: the network's distribution, a
 * logistic around what the local fit predicts, and logistics around linear predictions from the nearest pixels, in
 * their own plane or corrected by what they miss in a plane that is known already. Each logistic is as wide as its
 * predictor was wrong nearby. What the network missed nearby, and in the pixel's other channels, says what it will miss:
 * a linear filter (normalised least mean squares: Nagumo & Noda 1967) corrects it, and where the filter itself was wrong,
 * that corrects it once more. The logits of a decision are mixed with weights that follow the decisions (a logistic
 * mixer, as in PAQ: Mahoney 2005): the sum of three sets, chosen by channel, decision and one thing more each: on a
 * lattice the parity, how wrong the network was nearby, and how wrong in the channel before. They begin with the network's
 * logit alone and are kept from image to image. The network's own distribution, and the same where the filter puts it,
 * take the place of their logistics. What is drawn is not learnt from: images are drawn by the network alone.
 */
import { channelAt, localInputs, mean, scale } from "./context";
import { formula } from "./lattice";
import { log, log4, sigmoid4, sum4 } from "./math";
import { below, belowShifted, centre, share } from "./mixture";
import { allocate, channels } from "./model";
import { code, learning } from "./range_coder";
import { shareOf } from "./symbol";

/** How fast weights and the filter follow. Found by trial, and flat: half as fast, or twice, costs less than 0.1 % of S2. */
const STEP: f32 = 0.001, FILTER_STEP: f32 = 0.002;
/** By how much a logistic is off on the average, in its scales: 2 ln 2. */
const MISS: f32 = 1.386;
/** Added to each error nearby; half a pixel more is there that has so large a sum of errors. A half or twice: 0.03 %. */
const LEAST: f32 = 0.12, FIRST: f32 = 0.6;
/**
 * The seven pixels nearby, a byte each, rows above << 3 | columns to the right + 2: on the left, above (these two count
 * twice), the latter's neighbours on both sides, two to the left, two above, above and two to the right. Then the pixel.
 */
const NEARBY: u64 = 0x020c12000b090a01;
/** Where the network as it is corrected, in four ways, is among the predictors, f32: before it are the network and three more. */
const CORRECTED: usize = 16;
/** Bytes of the linear predictors of one plane, which come last, and of all predictors. */
const LINEAR: usize = 32, ALL: usize = 128;
/** How wrong the network was: so many levels, three for each factor of e. */
const LEVELS: i32 = 16;
/** Filter: added four times to the sum of its inputs' squares; bytes of its inputs, four for each pixel nearby. */
const LEAST_ENERGY: f32 = 8, FILTER: usize = 128;

/**
 * In memory behind `place`, f32 for each predictor: where its logistic lies, then the inverse of its width, P(symbol < t)
 * at both ends of the interval that is left and in its middle, and logits; the filter's inputs and its weights for each
 * channel; weights of the mixer by parity, channel and decision, then twice by channel, level and decision; errors
 * [3 rows, columns, channels].
 */
const SLOPES: usize = ALL, LOWS: usize = 2 * ALL, HIGHS: usize = 3 * ALL, MIDDLES: usize = 4 * ALL;
const LOGITS: usize = 5 * ALL, INPUTS: usize = 6 * ALL;
const FILTERS: usize = INPUTS + FILTER, WEIGHTS: usize = FILTERS + 3 * FILTER;
const BY_PARITY: usize = 96, BY_LEVEL: usize = 384, SETS: usize = BY_PARITY + 2 * BY_LEVEL;
const ERRORS: usize = WEIGHTS + SETS * ALL;

let place: usize;
let columns: i32;
// of the symbol
let row: i32;
let column: i32;
let here: i32; // its place in the image
let squares: f32; // of the filter's inputs, their sum and a little more

/** Takes memory for images up to `widest` pixels wide. */
export function openMixer(widest: i32): void {
  place = allocate(ERRORS + <usize> (9 * widest) * ALL);
  memory.fill(place, 0, ERRORS);
}

/** Begins an image of `w` pixels in a row. */
export function beginMixing(w: i32): void {
  columns = w;
}

/** By how much the predictors were below a channel's value, at a pixel in this row or one of the two above. */
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

/** Writes 8 linear predictions of the pixel in a plane to `to`. */
function predictLinearly(plane: usize, to: usize): void {
  const w = near(plane, 1), n = near(plane, 10), nw = near(plane, 9), ne = near(plane, 11);
  v128.store(to, f32x4(w, n, nw, ne));
  v128.store(to, f32x4(w + n - nw, n + ne - near(plane, 19), w + ne - n, n + n - near(plane, 18)), 16);
}

/**
 * Reads at the pixels nearby how wrong all predictors were, as the inverse of their widths, and how wrong the network was
 * in all channels, as the filter's inputs. Returns what the corrected predictors missed on the left and above, together.
 */
function lookAround(k: i32, end: usize): v128 {
  let total: f32 = -0.5, missed = f32x4.splat(0), to = place + INPUTS;
  memory.fill(place + SLOPES, 0, FILTERS - SLOPES);
  if (!k) memory.fill(errorsAt(row, column, 0), 0, <usize> channels * ALL);
  for (let j = 0; j < 64; j += 8, to += 16) {
    const offset = <i32> (NEARBY >> j), y = row - ((offset >> 3) & 7), x = column + (offset & 7) - 2;
    if (y < 0 || <u32> x >= <u32> columns) continue;
    for (let c = 0; c < channels; c++) store<f32>(to + (<usize> c << 2), load<f32>(errorsAt(y, x, c)));
    let p = errorsAt(y, x, k);
    const weight = <f32> (i32(j < 16) + 1);
    total += weight;
    if (j < 16) missed = f32x4.add(missed, v128.load(p, CORRECTED));
    for (let v = place; v < end; v += 16, p += 16) {
      const error = f32x4.mul(f32x4.splat(weight), f32x4.abs(v128.load(p)));
      v128.store(v, f32x4.add(v128.load(v, SLOPES), error), SLOPES);
    }
  }
  for (let v = place; v < end; v += 16) {
    const sum = f32x4.add(v128.load(v, SLOPES), f32x4.splat(FIRST + LEAST * total));
    v128.store(v, f32x4.div(f32x4.splat(MISS * total), sum), SLOPES);
    v128.store(v, f32x4.splat(1), HIGHS);
  }
  return missed;
}

/**
 * The filter's weights take a step along its inputs; then it says what the network will miss the k-th symbol by. (Were an
 * input no number, it would say nothing sensible from then on: that costs length, and the code stays right.)
 */
function filter(k: i32, step: f32): f32 {
  let sum = f32x4.splat(0), energy = f32x4.splat(LEAST_ENERGY);
  for (let p = place + INPUTS, w = p + <usize> (k + 1) * FILTER; p < place + FILTERS; p += 16, w += 16) {
    const x = v128.load(p), weight = f32x4.add(v128.load(w), f32x4.mul(f32x4.splat(step), x));
    v128.store(w, weight);
    sum = f32x4.add(sum, f32x4.mul(x, weight));
    energy = f32x4.add(energy, f32x4.mul(x, x));
  }
  squares = sum4(energy);
  return sum4(sum);
}

/** What the network missed in the pixel's channel before the k-th: an input of the filter, or one that is always 0. */
function missedBefore(k: i32): f32 {
  return load<f32>(place + (<usize> k << 2), INPUTS + FILTER - 16 - 4);
}

/** What the predictors say of the k-th symbol of the pixel, and how wide they are; returns where they end. */
function ask(image: usize, k: i32): usize {
  const fit = mean + scale * load<f32>(localInputs()), first = place + CORRECTED + 16;
  const end = first + <usize> (k + 1) * LINEAR;
  const missed = lookAround(k, end);
  predictLinearly(image + channelAt(k), first);
  const network = sum4(f32x4.mul(share, centre));
  v128.store(place, f32x4(network, fit, mean, <f32> 0.5 * (fit + load<f32>(first, 16))));
  const offsets = f32x4.replace_lane(f32x4.mul(missed, f32x4(0, 0.5, 0.25, 0)), 3, missedBefore(k));
  v128.store(place, f32x4.add(f32x4.splat(network + filter(k, 0)), offsets), CORRECTED);
  for (let b = 0, to = first + LINEAR; to < end; b++, to += LINEAR) {
    const plane = image + channelAt(b);
    const value = f32x4.splat(load<u8>(plane + here));
    predictLinearly(plane, to);
    for (let j: usize = 0; j < LINEAR; j += 16) {
      v128.store(to + j, f32x4.add(v128.load(first + j), f32x4.sub(value, v128.load(to + j))));
    }
  }
  return end;
}

/** A channel's set of weights where the network was wrong by so much. */
function setOf(k: i32, wrong: f32): usize {
  const level = max(<f32> 0, min(<f32> (LEVELS - 1), 3 * log(wrong)));
  return <usize> (k * LEVELS + <i32> level) << 3;
}

/** As `codeSymbol`, for the k-th symbol of pixel (y, x) of the image. */
export function codeMixed(image: usize, symbol: i32, y: i32, x: i32, k: i32): i32 {
  row = y;
  column = x;
  here = (y * columns + x) * channels;
  const end = ask(image, k), shift = load<f32>(place, CORRECTED) - load<f32>(place);
  const parity = LATTICE && formula && k ? (x & 1) | ((y & 1) << 1) : 0;
  const first = <usize> (parity * 3 + k) << 3;
  // bytes from the first set of weights to the two others
  const nearby = (BY_PARITY + setOf(k, <f32> 4.5 / load<f32>(place, SLOPES)) - first) * ALL;
  const before = (BY_PARITY + BY_LEVEL + setOf(k, abs(missedBefore(k))) - first) * ALL;
  let p = place + first * ALL;
  let from = 0;
  for (let size = 128; size; size >>= 1, p += ALL) {
    const t = from + size, tiny = f32x4.splat(1e-6);
    for (let v = place; v < end; v += 16) {
      const z = f32x4.sub(f32x4.splat(<f32> t - <f32> 0.5), v128.load(v));
      v128.store(v, sigmoid4(f32x4.mul(z, v128.load(v, SLOPES))), MIDDLES);
    }
    store<f32>(place, below(t), MIDDLES);
    store<f32>(place, belowShifted(t, shift), MIDDLES + CORRECTED);
    for (let v = place; v < end; v += 16) {
      const middle = v128.load(v, MIDDLES);
      const upper = f32x4.add(f32x4.sub(v128.load(v, HIGHS), middle), tiny);
      const lower = f32x4.add(f32x4.sub(middle, v128.load(v, LOWS)), tiny);
      // cut to ±11, also what is no number
      const logit = f32x4.pmin(f32x4.splat(11), log4(f32x4.div(upper, lower)));
      v128.store(v, f32x4.mul(f32x4.splat(0.5), f32x4.pmax(f32x4.splat(-11), logit)), LOGITS);
    }
    // what has the network's shape counts, and follows, for more
    store<f32>(place, load<f32>(place, LOGITS) * 2, LOGITS);
    store<f32>(place, load<f32>(place, LOGITS + CORRECTED) * 2, LOGITS + CORRECTED);
    let dot = f32x4.splat(0);
    for (let v = place, a = p; v < end; v += 16, a += 16) {
      const weight = f32x4.add(v128.load(a, WEIGHTS), v128.load(a + nearby, WEIGHTS));
      dot = f32x4.add(
        dot,
        f32x4.mul(v128.load(v, LOGITS), f32x4.add(weight, v128.load(a + before, WEIGHTS))),
      );
    }
    // of the upper half: at first as the network says, whose logit counts besides its weights
    const one = f32x4.extract_lane(sigmoid4(f32x4.splat(load<f32>(place, LOGITS) + sum4(dot))), 0),
      zero = shareOf(1 - one);
    const bit = code(i32(symbol >= t), zero), truth = <f32> bit;
    const side = bit ? LOWS : HIGHS;
    const step = f32x4.splat(learning() ? STEP * (truth - one) : 0);
    for (let v = place, a = p; v < end; v += 16, a += 16) {
      const change = f32x4.mul(step, v128.load(v, LOGITS));
      v128.store(a, f32x4.add(v128.load(a, WEIGHTS), change), WEIGHTS);
      v128.store(a + nearby, f32x4.add(v128.load(a + nearby, WEIGHTS), change), WEIGHTS);
      v128.store(a + before, f32x4.add(v128.load(a + before, WEIGHTS), change), WEIGHTS);
      v128.store(v + side, v128.load(v, MIDDLES));
    }
    if (bit) from = t;
  }
  const value = f32x4.splat(<f32> from);
  for (let v = place, to = errorsAt(y, x, k); v < end; v += 16, to += 16) {
    v128.store(to, f32x4.sub(value, v128.load(v)));
  }
  filter(k, FILTER_STEP * (<f32> from - load<f32>(place, CORRECTED)) / squares);
  return from;
}
