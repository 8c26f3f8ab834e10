/** Coding a symbol as eight binary decisions, from the upper half of the values to the value itself. */
import { below } from "./mixture";
import { code } from "./range_coder";

/** Encoder: the model's probability of the last symbol, before it is rounded to the coder's precision. */
export let probability: f32;

/**
 * Codes one symbol (0–255) under the open mixture. Each decision is coded with the probability of the lower half given
 * what is known, 16 bits of it, never 0 nor 1; so the code is right for whatever rounding `below` suffers.
 */
export function codeSymbol(symbol: i32): i32 {
  let from = 0, size = 256;
  let low: f32 = 0, high: f32 = 1;
  while (size > 1) {
    size >>= 1;
    const middle = below(from + size);
    const zero = <i32> (((middle - low) / (high - low)) * 65536);
    if (code(i32(symbol >= from + size), max(1, min(65535, zero)))) {
      from += size;
      low = middle;
    } else high = middle;
  }
  if (ENCODE) probability = high - low;
  return from;
}
