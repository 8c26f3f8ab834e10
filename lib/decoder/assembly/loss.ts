/** Code length of a symbol under the mixture, and its gradient. Trainer only. */
import { scale } from "./context";
import { log, sigmoid4 } from "./math";
import { centre, FLOOR, openMixture, share, slope, spread, sum4 } from "./mixture";

const LN2: f32 = 0.69314718;

/**
 * Bits of `symbol` under the network's outputs at `o` (for the context that was read last); the outputs are replaced
 * by the gradient of unit · bits.
 *
 * With σ the logistic function and z⁺, z⁻ the normalised upper and lower ends of the symbol's interval, a component
 * gives P = σ(z⁺) − σ(z⁻). Where both ends are above the mean the two are mirrored, so that small differences of
 * numbers near 1 do not cancel.
 */
export function lossAndGradient(o: usize, symbol: i32, unit: f32): f32 {
  openMixture(o);
  const zero = f32x4.splat(0), one = f32x4.splat(1), value = <f32> symbol;
  const upper = f32x4.mul(f32x4.sub(f32x4.splat(value + <f32> 0.5), centre), slope);
  const lower = f32x4.mul(f32x4.sub(f32x4.splat(value - <f32> 0.5), centre), slope);
  const above = f32x4.gt(f32x4.add(upper, lower), zero);
  const top = symbol == 255, bottom = symbol == 0;
  const far = f32x4.splat(80);
  const u = top ? far : upper, l = bottom ? f32x4.neg(far) : lower;
  const su = sigmoid4(v128.bitselect(f32x4.neg(l), u, above)),
    sl = sigmoid4(v128.bitselect(f32x4.neg(u), l, above));
  const part = f32x4.sub(su, sl);
  const p = sum4(f32x4.mul(share, part));
  const kept: f32 = 1 - 256 * FLOOR;
  const total = p * kept + FLOOR;

  // slopes of σ at the two ends; mirroring swaps them
  const du = f32x4.mul(su, f32x4.sub(one, su)), dl = f32x4.mul(sl, f32x4.sub(one, sl));
  const atUpper = top ? zero : v128.bitselect(dl, du, above),
    atLower = bottom ? zero : v128.bitselect(du, dl, above);
  const g = f32x4.mul(f32x4.splat((-unit * kept) / (total * LN2)), share);
  v128.store(o, f32x4.mul(g, f32x4.sub(part, f32x4.splat(p))));
  const byCentre = f32x4.mul(f32x4.sub(atLower, atUpper), f32x4.mul(slope, f32x4.splat(scale)));
  v128.store(o, f32x4.mul(g, byCentre), 16);
  const bySpread = f32x4.sub(f32x4.mul(atLower, lower), f32x4.mul(atUpper, upper));
  const inside = v128.and(f32x4.gt(spread, f32x4.splat(-3)), f32x4.lt(spread, f32x4.splat(6)));
  v128.store(o, v128.and(f32x4.mul(g, bySpread), inside), 32);
  v128.store(o, zero, 48);
  return -log(total) / LN2;
}
