import { MdlError } from "../errors.ts";
import type { Tiling } from "./dataset.ts";
import { isLattice, type Lattice } from "./lattice.ts";

/** What attention looks at: nothing, or earlier patches of the image whose contexts resemble the symbol's. */
export type Attention = "none" | "patches";
export const ATTENTIONS: readonly Attention[] = ["none", "patches"];

/** The predictor's shape: what the stages features, sharing, hierarchy and attention decide. */
export interface ModelSpec {
  /** Causal neighbours of the symbol's own channel (1–150, in a pyramid 1–140). */
  readonly neighbours: number;
  /** Causal neighbours of each of the two other channels (RGB only). */
  readonly cross: number;
  /** Width of the hidden layers, a multiple of 4. */
  readonly width: number;
  /** Residual blocks of two dense layers each. */
  readonly blocks: number;
  /** Sharing across layers: one block's weights serve all blocks. */
  readonly tied: boolean;
  /** Sharing across positions: 1 = one predictor for all; g = one for each of g × g cells of the image. */
  readonly grid: number;
  /** Sharing by quantisation: weights are multiples of a step of 2^(2 − bits) · 1.2 of their layer's RMS. */
  readonly bits: number;
  /** Scales in which an image is coded, the coarsest first: 1 = raster order, more = a pyramid (stage hierarchy). */
  readonly scales: number;
  /** Sharing across scales: false gives each scale a predictor of its own. */
  readonly shareScales: boolean;
  /** Inputs that a local least-squares fit predicts from earlier pixels (stage features). */
  readonly leastSquares: boolean;
  /** Where images lie on a lattice of colours, they are coded in its coordinates (stage features). */
  readonly lattice?: Lattice;
  /** Other predictors are mixed with the network, decision by decision (stage features); see `mixes`. */
  readonly mixing?: boolean;
  /** Images are tiles of larger pictures, and are coded as those (stage features); see `tilingOf`. */
  readonly tiles?: Tiling;
  /** The network's weights follow the image while it is coded (stage features); see `adapts`. */
  readonly adaptive?: boolean;
  /** What the symbol's context is compared with to weigh it (stage attention). */
  readonly attention: Attention;
}

/** Outputs of the network in use: logit, mean and log-scale of 4 logistics. */
const OUTPUTS = 12;
/** The same as laid out in memory. */
export const PADDED_OUTPUTS = 16;

/** Inputs that adapt within an image: two by least squares (prediction, deviation), two by attention. */
export function localInputs(
  { leastSquares, attention }: ModelSpec,
): { readonly fitted: number; readonly attended: number } {
  const attended = attention === "none" ? 0 : 2;
  return { fitted: leastSquares || attended ? 2 : 0, attended };
}

/** Whether decisions are mixed: in raster order, where there is a local fit to mix with. */
export function mixes(spec: ModelSpec): boolean {
  return spec.mixing === true && spec.scales === 1 && localInputs(spec).fitted > 0;
}

/** Whether weights follow the image: in raster order, where one predictor with layers of its own serves all of it. */
export function adapts({ adaptive, scales, grid, tied, attention }: Partial<ModelSpec>): boolean {
  return adaptive === true && scales === 1 && grid === 1 && !tied && attention === "none";
}

/** How pictures are cut into the images of the set: in raster order, where there is a local fit and no attention. */
export function tilingOf(spec: Partial<ModelSpec>): Tiling | undefined {
  const { tiles, scales, grid, leastSquares, attention } = spec;
  return scales === 1 && grid === 1 && leastSquares && attention === "none" ? tiles : undefined;
}

/** The model without what it is asked for and does not do, so that what a program records of it is so. */
export function inForce(spec: ModelSpec): ModelSpec {
  const idle = { mixing: !mixes(spec), tiles: !tilingOf(spec), adaptive: !adapts(spec) };
  const does = Object.entries(spec).filter(([name]) => !idle[name as keyof typeof idle]);
  return Object.fromEntries(does) as unknown as ModelSpec;
}

/** What images are coded with besides a network that reads a context, in words. */
export function codedWith(spec: ModelSpec): readonly string[] {
  return [
    ...(spec.lattice ? ["colours as luma and chroma"] : []),
    ...(mixes(spec) ? ["other predictors mixed in"] : []),
    ...(tilingOf(spec) ? ["tiles joined to pictures"] : []),
    ...(adapts(spec) ? ["weights that follow the image"] : []),
  ];
}

/**
 * Inputs of the network: neighbours, four border distances, two of position, log-scale, mean, other means …
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const { spec } = await mdl.features({ leastSquares: false }).run(set, mdl.contextOf(1));
 * assertEquals(image.featureCount(spec, set.channels), 24 + 8);
 * ```
 */
export function featureCount(spec: ModelSpec, channels: number): number {
  const { fitted, attended } = localInputs(spec);
  return spec.neighbours + (channels - 1) * spec.cross + 8 + (channels - 1) + Number(spec.scales > 1) +
    fitted +
    attended;
}

/** Input layers: one for each channel and, in a pyramid, for each of three kinds of passes, unless the cell tells it. */
export function inputLayers({ scales, grid }: ModelSpec, channels: number): number {
  return channels * (scales > 1 && grid === 1 ? 3 : 1);
}

/** Predictors with weights of their own. */
export function cellCount({ grid, scales, shareScales }: ModelSpec): number {
  return grid ** 2 * (shareScales ? 1 : scales);
}

/** Whether a cell ever uses an input layer: where each scale has a cell, it has only its own kinds of passes. */
export function usesInput(spec: ModelSpec, channels: number, cell: number, layer: number): boolean {
  return spec.shareScales || (cell === 0) === (layer < channels);
}

/** A dense layer's place in a predictor's flat weights: [rows, columns] and then the bias [columns]. */
export interface Layer {
  /** Its part in the predictor. */
  readonly kind: "input" | "first" | "second" | "output";
  /** Inputs. */
  readonly rows: number;
  /** Outputs. */
  readonly columns: number;
  /** Columns that are in use; the others are zero and are not stored. */
  readonly used: number;
  /** Index of the first weight within a cell. */
  readonly offset: number;
}

/** The layers of one cell's predictor in the order of memory: input layers, blocks, output. */
export function layers(spec: ModelSpec, channels: number): readonly Layer[] {
  const found: Layer[] = [];
  let offset = 0;
  const add = (kind: Layer["kind"], rows: number, columns: number, used = columns) => {
    found.push({ kind, rows, columns, used, offset });
    offset += (rows + 1) * columns;
  };
  for (let k = 0; k < inputLayers(spec, channels); k++) {
    add("input", featureCount(spec, channels), spec.width);
  }
  for (let l = 0; l < (spec.tied ? 1 : spec.blocks); l++) {
    add("first", spec.width, spec.width);
    add("second", spec.width, spec.width);
  }
  add("output", spec.width, PADDED_OUTPUTS, OUTPUTS);
  return found;
}

/** Weights of one cell's predictor as laid out in memory, padding included. */
export function cellSize(spec: ModelSpec, channels: number): number {
  return layers(spec, channels).reduce((n, l) => n + (l.rows + 1) * l.columns, 0);
}

/**
 * Parameters of the model: those that are stored.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const { spec } = await mdl.features({ leastSquares: false }).run(set, mdl.contextOf(1));
 * assertEquals(image.parameterCount(spec, set.channels), 33 * 48 + 2 * 49 * 48 + 49 * 12);
 * ```
 */
export function parameterCount(spec: ModelSpec, channels: number): number {
  return cellCount(spec) * layers(spec, channels).reduce((n, l) => n + (l.rows + 1) * l.used, 0);
}

/**
 * Floating-point operations (multiply and add count as two) of predicting one symbol; training takes three times that.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const { spec } = await mdl.features({ leastSquares: false }).run(set, mdl.contextOf(1));
 * assertEquals(image.flopPerSymbol(spec, set.channels), 2 * image.parameterCount(spec, set.channels));
 * ```
 */
export function flopPerSymbol(spec: ModelSpec, channels: number): number {
  const dense = (rows: number, columns: number) => 2 * (rows + 1) * columns;
  return dense(featureCount(spec, channels), spec.width) + 2 * spec.blocks * dense(spec.width, spec.width) +
    dense(spec.width, OUTPUTS);
}

/** Most neighbours: in a pyramid's passes of kind 1, no more are known within the nine steps that the decoder looks. */
const IN_RASTER = 150, IN_PYRAMID = 140;

const MOST_TILES = 2 ** 20;

/**
 * Checks that the decoder can run the model.
 *
 * @throws {MdlError} `usage`
 */
export function checkSpec(spec: ModelSpec): void {
  const whole = (name: string, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new MdlError(
        "usage",
        `A model's ${name} is a whole number from ${least} to ${most}, not ${value}.`,
      );
    }
  };
  const near = spec.scales > 1 ? IN_PYRAMID : IN_RASTER;
  whole("number of neighbours", spec.neighbours, 1, near);
  whole("number of neighbours in other channels", spec.cross, 1, near);
  whole("width divided by 4", spec.width / 4, 1, 32);
  whole("number of blocks", spec.blocks, 0, 16);
  whole("grid", spec.grid, 1, 64);
  whole("number of scales", spec.scales, 1, 16);
  if (spec.grid > 1 && !spec.shareScales) {
    throw new MdlError(
      "usage",
      "A model with predictors for parts of the image shares them among the scales.",
    );
  }
  whole("number of bits", spec.bits, 2, 8);
  if (spec.tiles) {
    whole("number of tiles beside one another", spec.tiles.columns, 1, MOST_TILES);
    whole("number of tiles above one another", spec.tiles.rows, 1, MOST_TILES);
  }
  if (spec.lattice !== undefined && !isLattice(spec.lattice)) {
    throw new MdlError("usage", "A model's lattice has known formulas, each with a share from 1 to 255.");
  }
}
