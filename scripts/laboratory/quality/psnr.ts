import { MdlError } from "../../../lib/errors.ts";

/** The largest value of a symbol. */
const PEAK = 255;

/**
 * Mean of the squared differences of two equally long rows of symbols.
 *
 * @throws {MdlError} `usage` when their lengths differ or are 0.
 */
export function meanSquaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) {
    throw new MdlError("usage", `Rows of ${a.length} and ${b.length} symbols cannot be compared.`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

/**
 * Peak signal-to-noise ratio in dB, 10 log₁₀(255² / mean squared error); Infinity when both are equal. Over a set, give
 * it all symbols at once: a mean over images would be infinite as soon as one (flat) image comes back exactly.
 *
 * @throws {MdlError} as `meanSquaredError`
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lab.psnr([10, 20], [11, 21]).toFixed(1), "48.1"); // dB
 * ```
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return 10 * Math.log10(PEAK ** 2 / meanSquaredError(a, b));
}
