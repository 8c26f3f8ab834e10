/** Which models are worth trying on a set: a small set cannot pay for many weights. */
import type { Dataset } from "./dataset.ts";
import { type ModelSpec, tilingOf } from "./spec.ts";

/** From here on no smaller model is tried: the weights of the one asked for are then under 2 % of the payload. */
const LARGE = 400_000; // symbols

/** From here on the code of the local fit is too small a part of the program to ask whether it pays. */
const HUGE = 4e6;

/** Below this, the largest model is left out, too. */
const SMALL = 30_000;

/**
 * Whether a large set is tried without the local fit, too: of gray images it saves less than its code, or more; where they
 * are tiles, or attention looks for patches, more than the network builds on it.
 */
export function triesWithoutFit(asked: ModelSpec, symbols: number, channels: Dataset["channels"]): boolean {
  const optional = asked.leastSquares && asked.attention === "none" && asked.grid === 1 && !tilingOf(asked);
  return optional && channels === 1 && symbols >= LARGE && symbols < HUGE;
}

/**
 * The models to train on a set of that many symbols; the encoder keeps the one whose program is shortest. Narrower
 * ones have fewer neighbours, one block, and no least squares, whose code is more than they could save; nor do weights
 * follow the images of a small set.
 */
export function candidates(
  asked: ModelSpec,
  symbols: number,
  channels: Dataset["channels"],
): readonly ModelSpec[] {
  if (triesWithoutFit(asked, symbols, channels)) return [asked, { ...asked, leastSquares: false }];
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
