/**
 * The distribution of a symbol: a mixture of four logistics around the local mean, in units of the local scale, cut
 * into 256 values (as in PixelCNN++, Salimans et al. 2017), with a floor under every value's share.
 */
import { logScale, mean, scale } from "./context";
import { exp4, sigmoid4 } from "./math";

/** What every value gets of the probability, whatever the network says. */
export const FLOOR: f32 = 2e-6;

/** Of the four logistics: shares that sum to 1, means, and the inverse of their scales. */
export let share: v128 = i64x2(0, 0);
export let centre: v128 = i64x2(0, 0);
export let slope: v128 = i64x2(0, 0);
/** Logarithms of the scales before they are cut to the range [−3, 6]. */
export let spread: v128 = i64x2(0, 0);

/** Drawing: above 1 the distribution widens, below 1 it narrows; the host may set it. */
export let temperature: f32 = 1;

export function sum4(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) +
    f32x4.extract_lane(v, 3);
}

/** Takes the network's outputs as the distribution of the symbol whose context was read last. */
export function openMixture(outputs: usize): void {
  let logits = v128.load(outputs);
  if (!ENCODE) logits = f32x4.div(logits, f32x4.splat(temperature));
  const e = exp4(logits); // which cuts at ±80: their sum is a number
  share = f32x4.div(e, f32x4.splat(sum4(e)));
  centre = f32x4.add(f32x4.splat(mean), f32x4.mul(f32x4.splat(scale), v128.load(outputs, 16)));
  spread = f32x4.add(v128.load(outputs, 32), f32x4.splat(logScale - 1));
  slope = exp4(f32x4.neg(f32x4.min(f32x4.max(spread, f32x4.splat(-3)), f32x4.splat(6))));
  if (!ENCODE) slope = f32x4.div(slope, f32x4.splat(temperature));
}

/** Where the values below t end, of each logistic in its scales from its mean. */
export function end4(t: f32): v128 {
  return f32x4.mul(f32x4.sub(f32x4.splat(t - <f32> 0.5), centre), slope);
}

/** P(symbol < t), for 0 ≤ t ≤ 256; the decoder asks for what is between. */
export function below(t: i32): f32 {
  if (ENCODE) {
    if (t <= 0) return 0;
    if (t >= 256) return 1;
  }
  return belowShifted(t, 0);
}

/** The same of the mixture that lies `shift` higher, for 0 < t < 256. */
export function belowShifted(t: i32, shift: f32): f32 {
  return sum4(f32x4.mul(share, sigmoid4(end4(<f32> t - shift)))) * (1 - 256 * FLOOR) + FLOOR * <f32> t;
}
