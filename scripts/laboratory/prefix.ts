/**
 * Decoding a prefix of a program in pyramid order: the pictures of the scales that are there, or full-size images whose
 * missing scales are drawn from the model. The SHA-256 of all symbols cannot be compared then; the checksums of decoder
 * and segments are.
 */
import { type Dataset, dataset } from "../../lib/image/dataset.ts";
import { MdlError } from "../../lib/errors.ts";
import { BYTES, checkArguments, checkOptions, type Kinds, SEED, whole } from "../../lib/options.ts";
import { programOf } from "../../lib/program/program.ts";
import { type ProgramInfo, readProgram } from "../../lib/program/read.ts";
import { regenerate } from "../../lib/program/regenerate.ts";
import { type DecodeOptions, DECODING } from "../../lib/program/sandbox.ts";
import { readShape } from "../../lib/image/shape.ts";
import { strideOf } from "../../lib/image/scales.ts";
import { coarsePictures } from "./scales.ts";

/** How much of a prefix is decoded. */
export interface PrefixOptions extends DecodeOptions {
  /** Scales to decode, the coarsest first; all that are whole by default. */
  readonly scales?: number;
}

/** What the options take. */
const PREFIX: Kinds = { ...DECODING, scales: whole(1) };

/**
 * The pictures of a program's first scales: every stride-th pixel of its images in both directions. `bytes` are the
 * program or a prefix of it. With all scales it decodes as a whole.
 *
 * @throws {MdlError} as `programOf` and its `decode`; `damaged` when the file ends before the scales do; `usage` for more
 * scales than the program has; `unsupported` for a program that stores its data.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const order = mdl.hierarchy({ order: "pyramid" });
 * const chain = mdl.pipe(mdl.features(), order, mdl.compress({ steps: 60, exactly: true }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const coarse = await lab.decodePrefix(program.bytes, { scales: 2 });
 * assertEquals(coarse.groups, [{ count: 12, height: 8, width: 8 }]);
 * ```
 */
export async function decodePrefix(bytes: Uint8Array, options: PrefixOptions = {}): Promise<Dataset> {
  checkArguments("decodePrefix", { bytes }, { bytes: BYTES });
  checkOptions("decodePrefix", options, PREFIX);
  const { info, known } = open(bytes, options);
  if (known === info.scales) return await decodeWhole(bytes, options);
  const set = await completed(info, known, options);
  return coarsePictures(set, strideOf(info.scales, known - 1));
}

/**
 * A program's images in full size: the pixels of its first scales are decoded, the others drawn from the model with that
 * seed, given the first. There is no temperature: it would change how the first scales are decoded, too.
 *
 * @param seed Of the random bits, a whole number below 2³².
 * @throws {MdlError} as `decodePrefix`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * const order = mdl.hierarchy({ order: "pyramid" });
 * const chain = mdl.pipe(mdl.features(), order, mdl.compress({ steps: 60, exactly: true }));
 * const { output: program } = await chain.run(set, mdl.contextOf(1));
 *
 * const [, second] = image.scalesOf(program.info);
 * const whole = await lab.completePrefix(program.bytes.subarray(0, second!.prefix), 7);
 * assertEquals(whole.groups, set.groups); // 8×8 pixels of each are data, the others drawn
 * ```
 */
export async function completePrefix(
  bytes: Uint8Array,
  seed: number,
  options: PrefixOptions = {},
): Promise<Dataset> {
  checkArguments("completePrefix", { bytes, seed }, { bytes: BYTES, seed: SEED });
  checkOptions("completePrefix", options, PREFIX);
  const { info, known } = open(bytes, options);
  if (known === info.scales) return await decodeWhole(bytes, options);
  return await completed(info, known, options, seed);
}

/** All scales are there. */
async function decodeWhole(bytes: Uint8Array, { scales: _, ...decoding }: PrefixOptions): Promise<Dataset> {
  const { limits } = decoding;
  return await programOf(bytes, {}, limits && { limits }).decode(decoding);
}

/** Reads a prefix and says how many of its scales are to be decoded. */
function open(bytes: Uint8Array, options: PrefixOptions) {
  const info = readProgram(bytes, { ...options, prefix: true });
  const whole = info.segments.at(-1)!.scale + 1, known = options.scales ?? whole;
  if (known > info.scales) {
    throw new MdlError("usage", `Of the program's ${info.scales} scales, ${known} cannot be decoded.`);
  }
  if (known > whole) {
    const text =
      `The program is cut short: ${known} of its ${info.scales} scales are needed, and ${whole} whole.`;
    throw new MdlError("damaged", text);
  }
  if (info.mode === "stored" && known < info.scales) {
    throw new MdlError("unsupported", "The program stores its data: it can only be decoded as a whole.");
  }
  return { info, known };
}

/** All images, of which the first `known` scales are data and the others drawn: for themselves when there is a seed. */
async function completed(
  info: ProgramInfo,
  known: number,
  options: DecodeOptions,
  seed?: number,
): Promise<Dataset> {
  const { items, names, record, scales } = info, { channels, groups } = readShape(info);
  const start = { drawn: known + 1, seed: seed ?? 0 } as const;
  const label = seed === undefined ? "decode" : "generate";
  const symbols = await regenerate(info, { items, start, label, unit: "images" }, options);
  const drawn = seed === undefined ? "" : `, the others drawn with seed ${seed}`;
  return dataset({
    name: record.dataset,
    channels,
    groups,
    names,
    symbols,
    provenance: {
      source: "computed",
      licence: `that of ${record.dataset}`,
      citation:
        `Regenerated from the first ${known} of ${scales} scales of a program from ${record.dataset}${drawn}.`,
    },
  });
}
