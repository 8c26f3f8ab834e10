import { counted } from "../counted.ts";
import { type Dataset, datasetOf, images, take } from "./dataset.ts";
import { itemCount } from "../items.ts";
import { type Raster, resizing, toGray } from "./raster.ts";
import { MOST_SYMBOLS } from "../sources/loading.ts";
import { MdlError } from "../errors.ts";
import { checkArguments, checkOptions, DATASET, FLAG, type Kinds, SIZE, whole } from "../options.ts";
import { finish, paced, paceOf } from "../pace.ts";
import type { Context } from "../context.ts";
import { readShape } from "./shape.ts";
import { damaged } from "../program/bytes.ts";
import type { ProgramInfo } from "../program/read.ts";

/**
 * What is done to source images before anything is coded. A plain JSON value: a program stores it, so that `verify`
 * can repeat it on the source files. Applied in the order take, gray, size.
 */
export interface ImagePreprocessOptions {
  /** Only the first images. */
  readonly take?: number;
  /** Luma instead of colour. */
  readonly gray?: boolean;
  /** All images to this size in pixels, by area averaging, without regard to the aspect ratio. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** What the options take. */
export const PREPROCESS: Kinds = { take: whole(1), gray: FLAG, size: SIZE };

/**
 * Turns source images into the symbols that a program must regenerate exactly; pure, and the same on every engine. The
 * stage `preprocess` does the same within a chain.
 *
 * @throws {MdlError} `usage` for an option that makes no sense; `too-large` when all images in their new size
 * have more than `MOST_SYMBOLS`.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const small = mdl.transform(set, { size: { width: 8, height: 8 } });
 * assertEquals(small.groups, [{ count: 2, height: 8, width: 8 }]);
 * ```
 */
export function transform(set: Dataset, options: ImagePreprocessOptions): Dataset {
  return finish(transforming(set, options));
}

/** The same for sets of any size: it shows progress, and can be stopped. Throws also `interrupted`. */
export async function transformInPieces(
  set: Dataset,
  options: ImagePreprocessOptions,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<Dataset> {
  const total = Math.min(set.names.length, options.take ?? Infinity);
  const pace = paceOf(
    context,
    { label: "preprocess", total, unit: "images" },
    "Stopped while preprocessing.",
  );
  return await paced(transforming(set, options), pace);
}

/** Yields the number of images that are done. */
function* transforming(set: Dataset, options: ImagePreprocessOptions): Generator<number, Dataset> {
  checkArguments("preprocess", { set }, { set: DATASET });
  checkOptions("preprocess", options, PREPROCESS);
  const taken = options.take === undefined ? set : take(set, options.take);
  if (!(options.gray && taken.channels === 3) && !options.size) return taken;
  const channels = options.gray ? 1 : taken.channels,
    pictures: Raster[] = [],
    count = taken.names.length;
  if (options.size && count * options.size.width * options.size.height * channels > MOST_SYMBOLS) {
    const { width, height } = options.size, most = `${MOST_SYMBOLS / 1e6} MB`;
    throw new MdlError(
      "too-large",
      `${set.name}: ${count.toLocaleString("en")} images of ${width}×${height} pixels are more than ${most}.`,
    );
  }
  for (const image of images(taken)) {
    const picture: Raster = { ...image, channels: taken.channels };
    const toned = options.gray ? toGray(picture) : picture;
    if (options.size) {
      const { width, height } = options.size, work = resizing(toned, width, height);
      let part = work.next();
      for (; !part.done; part = work.next()) yield pictures.length + part.value;
      yield pictures.push(part.value);
    } else yield pictures.push(toned);
  }
  return datasetOf(pictures, { ...taken, channels });
}

/**
 * What a program says that preprocess was asked to do, to repeat it on other images. It is believed as far as the
 * program's header, whose sizes have been tested, says the same.
 *
 * @throws {MdlError} `damaged` when its run record says anything else
 */
export function preprocessOf(info: Pick<ProgramInfo, "record" | "items" | "shape">): ImagePreprocessOptions {
  const { record } = info, { channels, groups } = readShape(info);
  const said = record.preprocess ?? {};
  const wrong = (what: string) => {
    throw damaged(`its run record ${what}`);
  };
  if (typeof said !== "object" || Array.isArray(said)) wrong("does not say how images were preprocessed");
  const { take, gray, size, ...others } = said as Record<string, unknown>;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) {
    wrong(`asks for a way of preprocessing that is not known here, “${unknown.slice(0, 80)}”`);
  }
  if (gray !== undefined && !(typeof gray === "boolean" && (!gray || channels === 1))) {
    wrong("does not say rightly whether images were made gray");
  }
  if (take !== undefined && !(Number.isSafeInteger(take) && Number(take) >= itemCount(groups))) {
    wrong("does not say rightly how many images were taken");
  }
  const same = typeof size === "object" && size !== null && Object.keys(size).length === 2 &&
    groups.every(({ width, height }) => isSize(size) && size.width === width && size.height === height);
  if (size !== undefined && !same) wrong("gives its images another size than its header");
  return said as ImagePreprocessOptions;
}

function isSize(value: object): value is { readonly width: unknown; readonly height: unknown } {
  return "width" in value && "height" in value;
}

/** Width×height of a set's images and their kind, or how many sizes there are. */
function shape({ groups, channels }: Dataset): string {
  const sizes = new Set(groups.map((g) => `${g.width}×${g.height}`));
  const size = sizes.size === 1 ? `${[...sizes][0]} pixels` : `${sizes.size.toLocaleString("en")} sizes`;
  return `${size} in ${channels === 3 ? "colour" : "gray"}`;
}

/** Number, size and kind of a set's images: "1,000 images of 32×32 pixels in gray". */
export function describeSet(set: Dataset): string {
  const count = set.names.length;
  return `${counted(count, "image")} of ${shape(set)}`;
}

/** What preprocess threw away, in bytes of raw symbols: it is lost before coding begins, and no merit of a codec. */
export function describeLoss(before: Dataset, after: Dataset): string {
  const bytes = (set: Dataset) => set.symbols.length.toLocaleString("en");
  return `${describeSet(before)} → ${describeSet(after)}: ${bytes(before)} → ${
    bytes(after)
  } bytes before coding`;
}

/** What the options do, step by step. */
export function steps({ take, gray, size }: ImagePreprocessOptions): string[] {
  return [
    ...(take === undefined ? [] : [take === 1 ? "the first image" : `the first ${take} images`]),
    ...(gray ? ["gray"] : []),
    ...(size ? [`${size.width}×${size.height} pixels`] : []),
  ];
}
