/**
 * How a sample is coded: a few binary decisions about where it lies from the prediction on. Is it above? In the first
 * stretch, the next, twice as long one …? In which half of that? Eight logistic distributions, four predictions with a
 * quick and a slow measure of their error each, say what they think of every decision; a logistic mixture of them that
 * learns (as in PAQ: Mahoney 2005) decides.
 */
import { sigmoid4, sum4 } from "../math";
import { Channel, MIXTURE, switches } from "./channel";
import { codeBit } from "./plain";
import { boundary, levels, place, unit } from "./values";

/** Decisions that have weights of their own: 1 side, 16 stretches, 6 × 8 halves. */
const NODES = 65;
/** Sets of weights: by how the error of late compares with that of long. */
const SETS = 4;
/** Halvings of a stretch that are predicted; below it is flat enough. */
const HALVINGS = 3;
/** How fast the mixture learns, in the end. */
const STEP: f32 = 0.004;
/** What a channel's weights take, in bytes. */
export const WEIGHTS: usize = SETS * NODES * 32;

/** Drawing: above 1 the distribution widens, below 1 it narrows; the host may set it. */
export let temperature: f32 = 1;
let heat: f32; // the temperature in use: 1 to decode

let step: f32; // how fast the mixture learns now
let set: usize; // the weights in use
let centre: v128 = i64x2(0, 0); // predictions, from the first boundary on
let steep0: v128 = i64x2(0, 0), steep1: v128 = i64x2(0, 0); // 1 / scale by the quick and the slow measure
let near0: v128 = i64x2(0, 0), near1: v128 = i64x2(0, 0); // shares beyond the known stretch's near end
let far0: v128 = i64x2(0, 0), far1: v128 = i64x2(0, 0); // and beyond its far end
let here0: v128 = i64x2(0, 0), here1: v128 = i64x2(0, 0); // and beyond the boundary in question

/** Begins to decode, or to draw. */
export function openResidual(drawn: bool): void {
  heat = drawn ? temperature : 1;
}

/** All weights equal, and quick to learn. */
export function openWeights(c: Channel): void {
  for (let i: usize = 0; i < WEIGHTS; i += 4) store<f32>(c.weights + i, 0.12);
  step = 0.02;
}

/** ln p/(1 − p), four at once. */
function stretch4(p: v128): v128 {
  const one = f32x4.splat(1), odds = f32x4.div(p, f32x4.sub(one, p));
  const exponent = i32x4.sub(i32x4.shr_s(odds, 23), i32x4.splat(127));
  const m = v128.or(v128.and(odds, i32x4.splat(0x7fffff)), one); // 1 ≤ m < 2
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), t2 = f32x4.mul(t, t);
  let series = f32x4.add(f32x4.splat(0.66666667), f32x4.mul(t2, f32x4.splat(0.4)));
  series = f32x4.add(f32x4.splat(2), f32x4.mul(t2, series));
  return f32x4.add(
    f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.69314718)),
    f32x4.mul(t, series),
  );
}

/** A logit of the share `part` of `whole`, never beyond ±11. */
function logit4(part: v128, whole: v128): v128 {
  const tiny = f32x4.splat(1e-33);
  const p = f32x4.div(f32x4.add(part, tiny), f32x4.add(whole, f32x4.splat(2e-33)));
  return stretch4(f32x4.pmin(f32x4.splat(0.99998), f32x4.pmax(f32x4.splat(1.5e-5), p)));
}

/** Codes whether the sample lies beyond the boundary in question. */
function decide(bit: i32, node: usize): i32 {
  const x0 = logit4(f32x4.sub(here0, far0), f32x4.sub(near0, far0));
  const x1 = logit4(f32x4.sub(here1, far1), f32x4.sub(near1, far1));
  const w = set + (node << 5), w0 = v128.load(w), w1 = v128.load(w, 16);
  const dot = sum4(f32x4.add(f32x4.mul(w0, x0), f32x4.mul(w1, x1)));
  const p = f32x4.extract_lane(sigmoid4(f32x4.splat(dot)), 0);
  bit = codeBit(bit, 65536 - <i32> (p * 65536));
  if (switches & MIXTURE) {
    const error = f32x4.splat((<f32> bit - p) * step);
    v128.store(w, f32x4.add(w0, f32x4.mul(error, x0)));
    v128.store(w, f32x4.add(w1, f32x4.mul(error, x1)), 16);
  }
  if (bit) {
    near0 = here0;
    near1 = here1;
  } else {
    far0 = here0;
    far1 = here1;
  }
  return bit;
}

/** Looks at a boundary, `distance` from the first, in the direction `sign`. */
function look(distance: f64, sign: f32): void {
  const z = f32x4.mul(f32x4.sub(centre, f32x4.splat(<f32> distance)), f32x4.splat(sign));
  here0 = sigmoid4(f32x4.mul(z, steep0));
  here1 = sigmoid4(f32x4.mul(z, steep1));
}

/** 1 / scale of four logistics, from running means of errors. */
function steepness(quick: v128, share: f32, slow: v128): v128 {
  const error = f32x4.add(f32x4.mul(f32x4.splat(share), quick), f32x4.mul(f32x4.splat(1 - share), slow));
  const scale = f32x4.max(f32x4.mul(f32x4.splat(0.7), error), f32x4.splat(<f32> (0.1 * unit)));
  return f32x4.div(f32x4.splat(1), f32x4.mul(scale, f32x4.splat(heat)));
}

/** Codes the level (0 … levels − 1) of a channel's next sample, and returns it. */
export function codeLevel(c: Channel, level: i32): i32 {
  const quick = v128.load(c.errors), middling = v128.load(c.errors, 16), slow = v128.load(c.errors, 32);
  steep0 = steepness(quick, 0.35, middling);
  steep1 = steepness(middling, 0.3, slow);
  const error = f32x4.extract_lane(quick, 0) + f32x4.extract_lane(middling, 0);
  const mean = load<f64>(c.predictions), first = place(mean), origin = boundary(first);
  centre = c.beyond(origin);
  const ratio = f32x4.extract_lane(quick, 0) / (f32x4.extract_lane(slow, 0) + <f32> (0.05 * unit));
  const calm = i32(ratio > 0.6) + i32(ratio > 1) + i32(ratio > 1.6);
  set = c.weights + <usize> calm * (NODES * 32);
  step = max(STEP, step * 0.9995);

  near0 = near1 = f32x4.splat(1);
  far0 = far1 = f32x4.splat(0);
  look(0, 1);
  const above = first ? decide(i32(level >= first), 0) : 1;
  const sign: i32 = above ? 1 : -1, direction = <f32> sign;
  const start = above ? first : first - 1, count = above ? levels - first : first; // from `start` on, count levels
  look(0, direction);
  near0 = here0;
  near1 = here1;
  far0 = far1 = f32x4.splat(0);
  // Stretches: as long as half the error, then twice as long each.
  const away = ENCODE ? (level - start) * sign : 0;
  const reach = min(place(mean + 0.75 * <f64> error) - first, count);
  let length = 1;
  while (length << 1 < reach) length <<= 1;
  let from = 0, to = length, stretch = 0;
  while (to < count) {
    look(boundary(above ? first + to : first - to) - origin, direction);
    if (!decide(i32(away >= to), 1 + min(stretch, 15))) break;
    from = to;
    to <<= 1;
    stretch++;
  }
  const row = 17 + (min(stretch, 5) << 3);
  let path = 1;
  for (let half = (to - from) >> 1; half > 0; half >>= 1) {
    const middle = from + half;
    if (middle >= count) continue;
    let bit = i32(away >= middle);
    if (path < 1 << HALVINGS) {
      look(boundary(above ? first + middle : first - middle) - origin, direction);
      bit = decide(bit, row + path);
    } else bit = codeBit(bit, 32768);
    path = (path << 1) | bit;
    if (bit) from = middle;
  }
  return start + from * sign;
}
