/** Lossless image formats, each encoder a WebAssembly package in one thread. */
import initOxipng, { optimise } from "@jsquash/oxipng/codec/pkg/squoosh_oxipng.js";
import decodeWebp from "@jsquash/webp/decode.js";
import encodeWebp from "@jsquash/webp/encode.js";
import { jxl as libjxl } from "icodec/node";
import { decodeImage, encodePng } from "../../../lib/image/image_file.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import type { Codec, Setting } from "./codec.ts";
import { packageVersion } from "./versions.ts";

const oxipngLevel = (level: number): Setting => ({
  label: `oxipng -o ${level}`,
  async encode(picture) {
    await initOxipng();
    const interlaced = false, changesTransparent = false;
    return optimise(encodePng(picture), level, interlaced, changesTransparent);
  },
});

export const png: Codec = {
  form: "sheet",
  settings: [oxipngLevel(2), { ...oxipngLevel(6), slow: true }],
  version: () => packageVersion("@jsquash/oxipng"),
  async decode(file, channels) {
    const { width, height, pixels, channels: stored } = await decodeImage(file, "optimised PNG");
    return Uint8Array.from( // oxipng may store gray as a palette of colours, and colourless RGB as gray
      { length: width * height * channels },
      (_, i) => pixels[Math.floor(i / channels) * stored + Math.min(i % channels, stored - 1)]!,
    );
  },
};

/** Quality is the effort of a lossless WebP: 100 tries all its transforms. */
const webpQuality = (quality: number): Setting => ({
  label: `-m 6 -q ${quality}`,
  encode: async (picture) =>
    new Uint8Array(await encodeWebp(rgba(picture), { lossless: 1, exact: 1, method: 6, quality })),
});

export const webp: Codec = {
  form: "sheet",
  maxSide: 16383,
  settings: [webpQuality(99), { ...webpQuality(100), slow: true }],
  version: () => packageVersion("@jsquash/webp"),
  decode: async (file, channels) => withoutAlpha(await decodeWebp(file.slice().buffer), channels),
};

const LIBJXL = "0.11.0"; // says the package's list of versions, which cannot be imported

/** All pixels (-I 100), not half of them, train the tree that chooses a pixel's context. */
const jxlEffort = (effort: number, predictor?: number): Setting => ({
  label: `-d 0 -e ${effort} -I 100${predictor === undefined ? "" : ` -P ${predictor}`}`,
  async encode(picture) {
    await libjxl.loadEncoder();
    const tuned = predictor === undefined ? {} : { modularPredictor: predictor };
    const image = Object.assign(rgba(picture), { depth: 8 });
    return libjxl.encode(image, { lossless: true, effort, iterations: 100, ...tuned });
  },
});

const EVERY_PREDICTOR = 15;

/** Which of these is the better differs from set to set and from effort to effort. */
const SHEETS = ["column", "square"];

export const jxl: Codec = {
  form: "sheet",
  settings: [
    jxlEffort(7),
    jxlEffort(8),
    { ...jxlEffort(9), slow: true, layouts: SHEETS },
    { ...jxlEffort(9, EVERY_PREDICTOR), slow: true },
    { ...jxlEffort(10), slow: true, layouts: SHEETS },
  ],
  version: () => `${packageVersion("icodec/node")} (libjxl ${LIBJXL})`,
  async decode(file, channels) {
    await libjxl.loadDecoder();
    return withoutAlpha(libjxl.decode(file.slice()), channels);
  },
};

/** Samples of 8 bits: an image's data may be of other types elsewhere. */
export type Rgba = ImageData & { readonly data: Uint8ClampedArray<ArrayBuffer> };

/** What the encoders take: gray as three equal channels, opaque. They find both out. */
export function rgba({ width, height, channels, pixels }: Raster): Rgba {
  const out = new ImageData(width, height), data = out.data as Uint8ClampedArray<ArrayBuffer>;
  for (let from = 0, to = 0; from < pixels.length; from += channels) {
    for (let c = 0; c < 3; c++) data[to++] = pixels[from + c % channels]!;
    data[to++] = 255;
  }
  return out as Rgba;
}

/** The first `channels` of every four samples. */
function withoutAlpha({ data }: ImageData, channels: number): Uint8Array {
  const out = new Uint8Array(data.length / 4 * channels);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
  }
  return out;
}
