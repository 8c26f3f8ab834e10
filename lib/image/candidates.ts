/** Which models are worth trying on a set: a small set cannot pay for many weights. */
import type { ModelSpec } from "./spec.ts";

/** From here on only the model as asked for is tried: its weights are then under 2 % of the payload. */
const LARGE = 400_000; // symbols

/** Below this, the largest model is left out, too. */
const SMALL = 30_000;

/**
 * The models to train on a set of that many symbols; the encoder keeps the one whose program is shortest. Narrower
 * ones have fewer neighbours, one block, and no least squares, whose code is more than they could save; nor do weights
 * follow the images of a small set.
 */
export function candidates(asked: ModelSpec, symbols: number): readonly ModelSpec[] {
  if (symbols >= LARGE || asked.grid > 1) return [asked];
  const { adaptive: _, ...spec } = asked;
  const narrow = (width: number, neighbours: number): ModelSpec => ({
    ...spec,
    width: Math.min(spec.width, width),
    blocks: Math.min(spec.blocks, 1),
    leastSquares: false,
    neighbours: Math.min(spec.neighbours, neighbours),
    cross: Math.min(spec.cross, neighbours >> 1),
  });
  const smaller = [narrow(16, 12), narrow(8, 8)];
  return symbols < SMALL ? smaller : [spec, ...smaller];
}
