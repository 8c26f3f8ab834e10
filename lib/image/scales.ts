/**
 * The scales of a program in pyramid order. Scale s of n adds to every image what lies on the lattice of stride
 * 2^(n − 1 − s) and on no coarser one; with the scales before it, it gives the picture of every stride-th pixel in both
 * directions.
 */
import { type Dataset, datasetOf, type ImageGroup, images } from "./dataset.ts";
import { MdlError } from "../errors.ts";
import { readShape } from "./shape.ts";
import type { ProgramFront, ProgramInfo } from "../program/read.ts";

/** What a scale is, and where it ends in the file. */
export interface Scale {
  /** From 0, the coarsest, as in the ledger. */
  readonly scale: number;
  /** Every so many pixels of an image, from the first on, are in its picture. */
  readonly stride: number;
  /** Sizes of the pictures, group by group. */
  readonly groups: readonly ImageGroup[];
  /** Bytes of its payload; undefined where the file ends before it does. */
  readonly bytes?: number;
  /** Bytes of the shortest prefix of the file that has it; undefined likewise. */
  readonly prefix?: number;
}

/** Distance of the pixels of a scale's picture. */
export function strideOf(scales: number, scale: number): number {
  return 2 ** (scales - 1 - scale);
}

/**
 * All scales of a program, those included that a prefix lacks; one in raster order.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const order = mdl.hierarchy({ order: "pyramid" });
 * const chain = mdl.pipe(mdl.features(), order, mdl.compress({ steps: 60, exactly: true }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * assertEquals(image.scalesOf(program.info).map(({ stride }) => stride), [8, 4, 2, 1]);
 * ```
 */
export function scalesOf(info: ProgramInfo): readonly Scale[] {
  const { scales, segments } = info, { groups } = readShape(info);
  const payloads = segments.filter(({ kind }) => kind === "payload");
  return Array.from({ length: scales }, (_, scale) => {
    const stride = strideOf(scales, scale), payload = payloads[scale];
    return {
      scale,
      stride,
      groups: coarseGroups(groups, stride),
      ...(payload ? { bytes: payload.bytes.length, prefix: payload.end } : {}),
    };
  });
}

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

function coarseGroups(groups: readonly ImageGroup[], stride: number): ImageGroup[] {
  return groups.map(({ count, height, width }) => {
    return { count, height: coarse(height, stride), width: coarse(width, stride) };
  });
}

function coarse(length: number, stride: number): number {
  return Math.max(1, Math.ceil(length / stride));
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
