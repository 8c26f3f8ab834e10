/** Drawing new images from a program's model, by decoding random bits. */
import { type Dataset, dataset } from "./dataset.ts";
import { checkArguments, checkOptions, decimal, type Kinds, SEED, whole } from "../options.ts";
import { type Drawing, drawItems } from "../program/regenerate.ts";
import type { ProgramInfo } from "../program/read.ts";
import { DECODING, type DrawOptions } from "../program/sandbox.ts";
import { itemsOf, readShape } from "./shape.ts";

/** What the options take. */
export const DRAWING: Kinds = { ...DECODING, temperature: decimal(0.01, 100) };

/**
 * Draws `count` images of the first group's size from a program's model, by decoding random bits.
 *
 * @param given What is given of each: its first rows.
 * @throws {MdlError} as decoding; `usage` when `count` is no whole number above 0, or for a temperature that makes no
 * sense; `unsupported` for a temperature where there is no model; `too-large` for more symbols than the limits allow.
 */
export async function drawImages(
  info: ProgramInfo,
  count: number,
  seed: number,
  options: DrawOptions = {},
  given?: Drawing["given"],
): Promise<Dataset> {
  checkArguments("generate", { count, seed }, { count: whole(1), seed: SEED });
  checkOptions("generate", options, DRAWING);
  const { channels, groups: [first] } = readShape(info), groups = [{ ...first!, count }];
  const drawing = { items: itemsOf({ channels, groups }), unit: "images", seed, ...(given && { given }) };
  return dataset({ ...await drawItems(info, drawing, options), channels, groups });
}
