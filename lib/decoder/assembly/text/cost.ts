/** What the encoder has spent so far: for estimates, so that nobody has to wait for the code. */

/** The sum of −log₂ of all probabilities. */
export let spent: f64;

export function openCost(): void {
  spent = 0;
}

/** Adds what a decision costs whose probability was `share` / 2¹⁶. */
export function addCost(share: u32): void {
  const bits = reinterpret<u64>(<f64> share);
  const m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000); // 1 ≤ m < 2
  const t = (m - 1) / (m + 1), t2 = t * t;
  const ln = 2 * t * (1 + t2 * (1.0 / 3 + t2 * (1.0 / 5 + t2 * (1.0 / 7 + t2 * (1.0 / 9 + t2 / 11)))));
  spent += 16 - <f64> ((bits >> 52) - 1023) - ln * 1.4426950408889634;
}
