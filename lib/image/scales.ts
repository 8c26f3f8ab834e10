/**
 * The scales of a program in pyramid order. Scale s of n adds to every image what lies on the lattice of stride
 * 2^(n − 1 − s) and on no coarser one; with the scales before it, it gives the picture of every stride-th pixel in both
 * directions.
 */
import type { ImageGroup } from "./dataset.ts";
import { readShape } from "./shape.ts";
import type { ProgramInfo } from "../program/read.ts";

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

/** Sizes of the pictures of every `stride`-th pixel. */
export function coarseGroups(groups: readonly ImageGroup[], stride: number): ImageGroup[] {
  return groups.map(({ count, height, width }) => {
    return { count, height: coarse(height, stride), width: coarse(width, stride) };
  });
}

/** Pixels of a side of which every `stride`-th is taken. */
export function coarse(length: number, stride: number): number {
  return Math.max(1, Math.ceil(length / stride));
}
