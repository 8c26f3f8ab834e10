/** A predictor so small that a test trains or codes with it at once. */
import type { ModelSpec } from "../lib/image/spec.ts";

/** Raster order, one shared predictor, no local predictions; but for what is asked. */
export function smallSpec(changes: Partial<ModelSpec> = {}): ModelSpec {
  return {
    neighbours: 12,
    cross: 6,
    width: 8,
    blocks: 1,
    tied: false,
    grid: 1,
    bits: 6,
    scales: 1,
    shareScales: true,
    leastSquares: false,
    attention: "none",
    ...changes,
  };
}
