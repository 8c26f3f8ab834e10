/** The rest of images of which the upper rows are given, drawn from a program's model. */
import { type Dataset, images } from "../../lib/image/dataset.ts";
import { drawImages } from "../../lib/image/draw.ts";
import { readShape } from "../../lib/image/shape.ts";
import { MdlError } from "../../lib/errors.ts";
import { BYTES, checkArguments, DATASET, SEED, whole } from "../../lib/options.ts";
import { readProgram } from "../../lib/program/read.ts";
import type { DrawOptions } from "../../lib/program/sandbox.ts";

/**
 * Draws what is below the first `rows` rows of each image of a set, which has the program's channels and all its images
 * in the first group's size.
 *
 * @param rows From 1 to the height of an image.
 * @param seed Of the random bits, a whole number below 2³².
 * @throws {MdlError} as a program's `generate`; `usage` when images or rows do not fit the program; `unsupported` when it
 * holds no model.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const chain = mdl.pipe(mdl.features(), mdl.sharing(), mdl.compress({ steps: 60 }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const completed = await lab.completeImages(program.bytes, image.take(set, 2), 16, 7);
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
  const given = { each: rows, known: () => topRows(set, rows), of: set.name };
  return await drawImages(info, set.names.length, seed, options, given);
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
