/**
 * Lossy image formats on a whole set: the images as one sheet, really encoded, decoded and cut up again. Bytes are those
 * of the files; what was lost is in the decoded set.
 */
import encodeJpeg from "@jsquash/jpeg/encode.js";
import { defaultOptions as JPEG_DEFAULTS } from "@jsquash/jpeg/meta.js";
import encodeWebp from "@jsquash/webp/encode.js";
import { jxl as libjxl } from "icodec/node";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import { type Raster, toColour, toGray } from "../../../lib/image/raster.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, contextWith, DATASET, decimal, oneOf, optional } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { jxl, rgba, webp } from "./image_codecs.ts";
import { type Layout, sheetLayouts } from "./layouts.ts";
import { packageVersion } from "./versions.ts";

/** A format that trades bytes for faithfulness by a quality from 0 to 100. */
interface LossyCodec {
  /** No picture may have a longer side (pixels). */
  readonly maxSide: number;
  version(): string | Promise<string>;
  encode(picture: Raster, quality: number): Uint8Array | Promise<Uint8Array>;
  /** The picture in a file; colour or gray as the format has it. */
  decode(file: Uint8Array): Raster | Promise<Raster>;
}

/** MozJPEG's names are an enumeration that types alone cannot import: a colour space, and the table of equal steps. */
const GRAYSCALE = 1, FLAT = 1;

const jpeg: LossyCodec = {
  maxSide: 65_500,
  version: () => `${packageVersion("@jsquash/jpeg")} (MozJPEG)`,
  async encode(picture, quality) {
    const color_space = picture.channels === 1 ? GRAYSCALE : JPEG_DEFAULTS.color_space;
    return new Uint8Array(await encodeJpeg(rgba(picture), { quality, color_space, quant_table: FLAT }));
  },
  decode: (file) => decodeImage(file, "encoded JPEG"),
};

/** Without what spends bits where an eye would look. */
const PLAIN = { sns_strength: 0, filter_strength: 0, segments: 1 } as const;

const lossyWebp: LossyCodec = {
  maxSide: webp.maxSide!,
  version: webp.version,
  encode: async (picture, quality) =>
    new Uint8Array(await encodeWebp(rgba(picture), { quality, method: 6, use_sharp_yuv: 1, ...PLAIN })),
  decode: (file) => decodeImage(file, "encoded WebP"),
};

const lossyJxl: LossyCodec = {
  maxSide: 65_500,
  version: jxl.version,
  async encode(picture, quality) {
    await libjxl.loadEncoder();
    return libjxl.encode(Object.assign(rgba(picture), { depth: 8 }), { quality, effort: 7 });
  },
  async decode(file) {
    await libjxl.loadDecoder();
    const { width, height, data } = libjxl.decode(file.slice());
    const pixels = Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => data[4 * Math.floor(i / 3) + i % 3]!,
    );
    return { width, height, channels: 3, pixels };
  },
};

/** A lossy format by its name. */
export type LossyCodecName = "JPEG" | "WebP" | "JPEG XL";

const CODECS: Readonly<Record<LossyCodecName, LossyCodec>> = {
  "JPEG": jpeg,
  "WebP": lossyWebp,
  "JPEG XL": lossyJxl,
};

/** The formats by name, the oldest first. */
export const LOSSY_CODECS: readonly LossyCodecName[] = Object.keys(CODECS) as LossyCodecName[];

/** A set as a lossy format keeps it. */
export interface LossyCoding {
  /** The format. */
  readonly codec: LossyCodecName;
  /** Of its package. */
  readonly version: string;
  /** How the images lie in its files. */
  readonly layout: string;
  /** From 0, the fewest bytes, to 100. */
  readonly quality: number;
  /** Of all its files together (one sheet, unless the set is too large for one). */
  readonly bytes: number;
  /** Seconds of encoding. */
  readonly encodingSeconds: number;
  /** Seconds of decoding. */
  readonly decodingSeconds: number;
  /** What the files decode to. */
  readonly decoded: Dataset;
}

/** Qualities are whole numbers from 0 to this. */
const BEST = 100;

/**
 * Codes a set at one quality, in a near-square sheet (of whole pictures where its images are tiles), and decodes it.
 *
 * @param quality A whole number from 0, the fewest bytes, to 100.
 * @throws {MdlError} `usage` for a quality that is no whole number from 0 to 100; `unsupported` when an image is larger
 * than the format allows.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const { bytes, decoded } = await lab.codeLossy(set, "WebP", 50);
 * assert(bytes < set.symbols.length && decoded.symbols.length === set.symbols.length);
 * ```
 */
export async function codeLossy(set: Dataset, codec: LossyCodecName, quality: number): Promise<LossyCoding> {
  checkArguments("codeLossy", { set, codec }, { set: DATASET, codec: oneOf(LOSSY_CODECS) });
  if (!Number.isInteger(quality) || quality < 0 || quality > BEST) {
    throw new MdlError("usage", `A quality is a whole number from 0 to ${BEST}, not ${quality}.`);
  }
  const { maxSide, version, encode, decode } = CODECS[codec];
  const layout = layoutFor(set, codec, maxSide), files: Uint8Array[] = [], pixels: Uint8Array[] = [];
  const begun = performance.now();
  for (const picture of layout.pictures()) files.push(await encode(picture, quality));
  const encoded = performance.now();
  for (const file of files) {
    const picture = await decode(file);
    pixels.push((set.channels === 1 ? toGray : toColour)(picture).pixels);
  }
  const symbols = layout.restore(pixels);
  return {
    codec,
    version: await version(),
    layout: layout.name,
    quality,
    bytes: files.reduce((sum, { length }) => sum + length, 0),
    encodingSeconds: (encoded - begun) / 1000,
    decodingSeconds: (performance.now() - encoded) / 1000,
    decoded: { ...set, name: `${set.name} (${codec} ${quality})`, symbols, sha256: sha256(symbols) },
  };
}

function layoutFor(set: Dataset, codec: LossyCodecName, maxSide: number): Layout {
  const layouts = sheetLayouts(set, maxSide);
  const layout = layouts.find(({ name }) => name.startsWith("square")) ?? layouts[0];
  if (layout) return layout;
  throw new MdlError("unsupported", `${codec} takes pictures of at most ${maxSide} pixels a side.`);
}

/**
 * The coding of the highest quality with at most `budget` bytes, found by bisection: a higher quality is taken to need
 * no fewer bytes. Undefined when even the lowest quality needs more.
 *
 * @param budget In bytes.
 * @throws {MdlError} as `codeLossy`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 4 });
 * const coding = await lab.atBytes(set, "WebP", 500);
 * assert(coding && coding.bytes <= 500);
 * ```
 */
export async function atBytes(
  set: Dataset,
  codec: LossyCodecName,
  budget: number,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<LossyCoding | undefined> {
  checkArguments("atBytes", { set, codec, budget, context }, {
    set: DATASET,
    codec: oneOf(LOSSY_CODECS),
    budget: decimal(0),
    context: optional(contextWith()),
  });
  const { signal, progress } = context;
  const counted = { label: `${codec} in ${budget.toLocaleString("en")} B`, unit: "trials" };
  const total = Math.ceil(Math.log2(BEST + 2));
  let best: LossyCoding | undefined, done = 0;
  for (let low = -1, high = BEST + 1; high - low > 1;) { // low fits (or is none), high does not (or is none)
    signal?.throwIfAborted();
    const quality = low + high >> 1, coding = await codeLossy(set, codec, quality);
    const note = `quality ${quality}: ${coding.bytes.toLocaleString("en")} B`;
    progress?.({ ...counted, done: Math.min(++done, total), total, note });
    if (coding.bytes <= budget) [best, low] = [coding, quality];
    else high = quality;
  }
  progress?.({ ...counted, done: total, total });
  return best;
}
