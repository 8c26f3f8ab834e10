/**
 * Coding a symbol as eight binary decisions, from the upper half of the values to the value itself. The network is right
 * on the average, but surer of itself in one image and less so in another: every decision's logit is multiplied by a
 * sharpness that starts at 1 in each pass over an image and follows the decisions, one for each channel (a mixer of one
 * input, as in PAQ: Mahoney 2005). Where weights follow the image they see to that.
 */
import { log, sigmoid4 } from "./math";
import { below } from "./mixture";
import { adaptive, allocate } from "./model";
import { code } from "./range_coder";

/** How fast the sharpness follows. */
const STEP: f32 = 0.01;

let sharpness: usize; // f32 of each coding position of a channel

/** Whether decisions are sharpened. */
function sharpens(): bool {
  return !ADAPT || (ENCODE && !adaptive);
}

export function openSymbols(): void {
  if (sharpens()) sharpness = allocate(16);
}

/** A probability in 65,536ths, never none nor all of them. */
export function shareOf(p: f32): i32 {
  return max(1, min(65535, <i32> (p * 65536)));
}

/** Begins a pass over an image. */
export function beginSymbols(): void {
  if (sharpens()) v128.store(sharpness, f32x4.splat(1));
}

/**
 * Codes one symbol (0–255), the k-th of its pixel, under the open mixture. Each decision is coded with the probability
 * of the lower half given what is known, 16 bits of it, never 0 nor 1; so the code is right for whatever rounding
 * `below` suffers, and should it not be a number at all.
 */
export function codeSymbol(symbol: i32, k: i32): i32 {
  const place = sharpness + (k << 2);
  let from = 0, size = 256;
  let low: f32 = 0, high: f32 = 1;
  while (size > 1) {
    size >>= 1;
    const middle = below(from + size);
    const share = shareOf((middle - low) / (high - low));
    let coded = share, bit = i32(symbol >= from + size);
    if (sharpens()) {
      const logit = log(<f32> share / (<f32> 65536 - <f32> share)), w = load<f32>(place);
      const zero = f32x4.extract_lane(sigmoid4(f32x4.splat(w * logit)), 0);
      coded = shareOf(zero);
      bit = code(bit, coded);
      store<f32>(place, w + logit * (STEP * ((bit ? <f32> 0 : <f32> 1) - zero)));
    } else bit = code(bit, coded);
    if (bit) {
      from += size;
      low = middle;
    } else high = middle;
  }
  return from;
}
