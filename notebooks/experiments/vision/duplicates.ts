/** Leaks between training and test: images that are in both. */
import { createHash } from "node:crypto";
import type { Context } from "../../../lib/context.ts";
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { neighboursOf } from "../../../scripts/laboratory/measure/neighbours.ts";
import { select, spread } from "../../../scripts/laboratory/measure/select.ts";

/** What was found. */
export interface Leaks {
  /** Test images that are, symbol by symbol, in the training set: as many of these were left out. */
  readonly same: number;
  /** Test images whose nearest training image was looked for. */
  readonly looked: number;
  /** Of those, such as differ from it by less than `NEAR` levels. */
  readonly near: number;
  /** Their distances to the nearest, in levels, ascending. */
  readonly distances: readonly number[];
  /** The test set without those that are the same. */
  readonly clean: Dataset;
}

/** Root mean square of the differences, in levels (0–255), below which two images are taken for one. */
export const NEAR = 8;

const nameOf = (pixels: Uint8Array) => createHash("sha256").update(pixels).digest("base64");

/**
 * Looks for test images in the training set, and leaves those out that are there exactly.
 *
 * @param sample How many test images are compared with all training images to find what is nearly the same.
 */
export async function leaksOf(
  train: Dataset,
  test: Dataset,
  sample: number,
  context: Pick<Context, "signal" | "progress">,
): Promise<Leaks> {
  const known = new Set([...images(train)].map(({ pixels }) => nameOf(pixels)));
  const kept = [...images(test)].flatMap(({ pixels }, i) => known.has(nameOf(pixels)) ? [] : [i]);
  const clean = select(test, kept), some = select(clean, spread(clean, sample));
  const distances = (await neighboursOf(some, train, context)).map(({ distance }) => distance);
  return {
    same: test.names.length - kept.length,
    looked: some.names.length,
    near: distances.filter((distance) => distance < NEAR).length,
    distances: distances.sort((a, b) => a - b),
    clean,
  };
}
