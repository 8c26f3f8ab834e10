/** Coarse pictures of the images of a program in pyramid order: see `lib/image/scales.ts`. */
import { type Dataset, datasetOf, images } from "../../lib/image/dataset.ts";
import { coarse, coarseGroups, strideOf } from "../../lib/image/scales.ts";
import { readShape } from "../../lib/image/shape.ts";
import { MdlError } from "../../lib/errors.ts";
import type { ProgramFront } from "../../lib/program/read.ts";

/**
 * How many scales it takes, the coarsest first, for all pictures to have a shorter side of at least `side` pixels.
 *
 * @throws {MdlError} `usage` when there are no such scales, or the program is in raster order
 */
export function scalesUpTo(
  front: Pick<ProgramFront, "order" | "items" | "shape" | "scales">,
  side: number,
): number {
  const { order, scales } = front, { groups } = readShape(front);
  if (order === "raster") {
    throw new MdlError("usage", "The program is in raster order: it has its images in full size only.");
  }
  const sides = Array.from({ length: scales }, (_, scale) => {
    const found = coarseGroups(groups, strideOf(scales, scale));
    return found.reduce((least, { height, width }) => Math.min(least, height, width), Infinity);
  });
  const enough = sides.findIndex((shorter) => shorter >= side);
  if (enough >= 0) return enough + 1;
  throw new MdlError(
    "usage",
    `No scale of the program has pictures whose shorter sides all have ${side} pixels; they have at least ` +
      `${sides.join(", ")} in its ${scales} scales.`,
  );
}

/** A set's pictures at a coarser scale: every `stride`-th pixel in both directions. */
export function coarsePictures(set: Dataset, stride: number): Dataset {
  const { channels, names, provenance } = set;
  const pictures = [...images(set)].map(({ height, width, pixels }) => {
    const down = coarse(height, stride), across = coarse(width, stride);
    const picture = new Uint8Array(down * across * channels);
    for (let y = 0, to = 0; y < height; y += stride) {
      for (let x = 0; x < width; x += stride, to += channels) {
        const from = (y * width + x) * channels;
        picture.set(pixels.subarray(from, from + channels), to);
      }
    }
    return { height: down, width: across, pixels: picture };
  });
  const name = `every ${ordinal(stride)} pixel of ${set.name}`;
  return datasetOf(pictures, { name, channels, names, provenance });
}

/** A stride in words: "second", "4th", "32nd". */
export function ordinal(stride: number): string {
  return stride === 2 ? "second" : `${stride}${stride % 10 === 2 && stride % 100 !== 12 ? "nd" : "th"}`;
}
