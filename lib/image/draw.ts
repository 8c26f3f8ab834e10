/** Drawing new images from a program's model, by decoding random bits: whole ones, or the rest of given ones. */
import { type Dataset, dataset, imageCount, images } from "./dataset.ts";
import { MdlError } from "../errors.ts";
import {
  BYTES,
  checkArguments,
  checkOptions,
  DATASET,
  decimal,
  type Kinds,
  SEED,
  whole,
} from "../options.ts";
import { drawItems } from "../program/draw.ts";
import { type ProgramInfo, readProgram } from "../program/read.ts";
import { DECODING, type DrawOptions } from "../program/sandbox.ts";
import { itemsOf, readShape } from "./shape.ts";

/** What the options take. */
const DRAWING: Kinds = { ...DECODING, temperature: decimal(0.01, 100) };

/**
 * Draws `count` images of the first group's size from a program's model, by decoding random bits.
 *
 * @throws {MdlError} as `decodeProgram`; `usage` when `count` is no whole number above 0, or for a temperature that
 * makes no sense; `unsupported` for a temperature where there is no model; `too-large` for more symbols than the limits
 * allow.
 */
export async function generateImages(
  bytes: Uint8Array,
  count: number,
  seed: number,
  options: DrawOptions = {},
): Promise<Dataset> {
  checkArguments("generateImages", { bytes, count, seed }, { bytes: BYTES, count: whole(1), seed: SEED });
  return await drawImages(readProgram(bytes, options), count, seed, options);
}

/** The same from a program that has been read. Throws as `generateImages`. */
export async function drawImages(
  info: ProgramInfo,
  count: number,
  seed: number,
  options: DrawOptions = {},
): Promise<Dataset> {
  checkArguments("generateImages", { count, seed }, { count: whole(1), seed: SEED });
  checkOptions("generateImages", options, DRAWING);
  return await draw(info, count, seed, options);
}

/**
 * Draws what is below the first `rows` rows of each image of a set, which has the program's channels and all its images
 * in the first group's size.
 *
 * @param rows From 1 to the height of an image.
 * @param seed Of the random bits, a whole number below 2³².
 * @throws {MdlError} as `generateImages`; `usage` when images or rows do not fit the program; `unsupported` when it
 * holds no model.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const completed = await image.completeImages(program.bytes, image.take(set, 2), 16, 7);
 * const upper = (symbols: Uint8Array) => symbols.slice(0, 16 * 32);
 * assertEquals(upper(completed.symbols), upper(set.symbols)); // the lower half is new
 * ```
 */
export async function completeImages(
  bytes: Uint8Array,
  set: Dataset,
  rows: number,
  seed: number,
  options: DrawOptions = {},
): Promise<Dataset> {
  checkArguments("completeImages", { bytes, set, rows, seed }, {
    bytes: BYTES,
    set: DATASET,
    rows: whole(1),
    seed: SEED,
  });
  checkOptions("completeImages", options, DRAWING);
  const info = readProgram(bytes, options),
    { channels, groups } = readShape(info),
    { height, width } = groups[0]!;
  if (set.channels !== channels || set.groups.some((g) => g.height !== height || g.width !== width)) {
    const wanted = `${width}×${height} ${channels === 3 ? "in colour" : "in gray"}`;
    throw new MdlError("usage", `The program draws images of ${wanted}, unlike those of ${set.name}.`);
  }
  if (rows > height) {
    throw new MdlError("usage", `Of ${height} rows a whole number above 0 can be given, not ${rows}.`);
  }
  return await draw(info, imageCount(set.groups), seed, options, { set, rows });
}

async function draw(
  info: ProgramInfo,
  count: number,
  seed: number,
  options: DrawOptions,
  from?: { readonly set: Dataset; readonly rows: number },
): Promise<Dataset> {
  const { channels, groups: [first] } = readShape(info), groups = [{ ...first!, count }];
  const given = from && { each: from.rows, known: () => topRows(from.set, from.rows), of: from.set.name };
  const drawing = { items: itemsOf({ channels, groups }), unit: "images", seed, ...(given && { given }) };
  return dataset({ ...await drawItems(info, drawing, options), channels, groups });
}

/** The first rows of each image, [images, rows, width, channels]. */
function topRows(set: Dataset, rows: number): Uint8Array {
  const each = rows * set.groups[0]!.width * set.channels;
  const top = new Uint8Array(each * set.names.length);
  let at = 0;
  for (const { pixels } of images(set)) {
    top.set(pixels.subarray(0, each), at);
    at += each;
  }
  return top;
}
