/** Drawing new images from a program's model, by decoding random bits. */
import { type Dataset, dataset } from "./dataset.ts";
import { MdlError } from "../errors.ts";
import { isLattice, isMostly, planesBy } from "./lattice.ts";
import { tilingOfProgram } from "./model.ts";
import { checkArguments, checkOptions, SEED, whole } from "../options.ts";
import { type Drawing, drawItems } from "../program/regenerate.ts";
import type { ProgramInfo } from "../program/read.ts";
import { DRAWING, type DrawOptions } from "../program/sandbox.ts";
import { itemsOf, readShape } from "./shape.ts";

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
  const items = itemsOf({ channels, groups });
  if (!given) {
    return dataset({ ...await drawItems(info, { items, unit: "images", seed }, options), channels, groups });
  }
  if (tilingOfProgram(info)) {
    const name = info.record.dataset;
    throw new MdlError(
      "unsupported",
      `The images of ${name} are tiles of larger pictures: none is completed by itself, unless its program is made with ` +
        `tiles apart.`,
    );
  }
  const known = given.known(), each = known.length / count;
  const seen = { ...given, known: () => seenBy(info, known) };
  const drawn = await drawItems(info, { items, unit: "images", seed, given: seen }, options);
  const size = drawn.symbols.length / count;
  for (let i = 0; i < count; i++) {
    drawn.symbols.set(known.subarray(i * each, (i + 1) * each), i * size); // what is off a lattice is so still
  }
  return dataset({ ...drawn, channels, groups });
}

/** Rows of images as the decoder takes them: in the coordinates of the lattice, where most images lie on one. */
function seenBy({ record: { model } }: ProgramInfo, pixels: Uint8Array): Uint8Array {
  const lattice = (model as { readonly lattice?: unknown } | undefined)?.lattice;
  return isLattice(lattice) && isMostly(lattice) ? planesBy(lattice, 0)(pixels).pixels : pixels;
}
