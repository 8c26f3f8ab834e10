import type { Codec, Effort, Setting } from "./codec.ts";
import { type Laid, type Layout, sheetLayouts, streamLayouts } from "./layouts.ts";
import { brotli, gzip, xz, zstd } from "./stream_codecs.ts";
import { jxl, png, webp } from "./image_codecs.ts";
import { MdlError } from "../../../lib/errors.ts";

/** A lossless codec by its name. */
export type CodecName = "gzip" | "brotli" | "zstd" | "xz" | "PNG" | "WebP" | "JPEG XL";

/** The codecs that run in-process, by the names that people know them by. */
export const codecs: Readonly<Record<CodecName, Codec>> = {
  "gzip": gzip,
  "brotli": brotli,
  "zstd": zstd,
  "xz": xz,
  "PNG": png,
  "WebP": webp,
  "JPEG XL": jxl,
};

/** One coding of the whole set. It exists only when its files were decoded and gave the set's symbols back. */
export interface Trial {
  /** The codec's setting, as its own command line names it. */
  readonly effort: string;
  /** How the images lie in its files. */
  readonly layout: string;
  /** Of all its files together. */
  readonly bytes: number;
  /** For encoding. */
  readonly seconds: number;
  /** For decoding. */
  readonly decodeSeconds: number;
  /** Its files gave the set back. */
  readonly verified: true;
}

/** The efforts after the first are tried on at most so many layouts, within this factor of the best one's bytes. */
const BEST_LAYOUTS = { most: 2, within: 1.02 };

/** What a codec came to, or why it has no result. */
export type Outcome =
  | { readonly version: string; readonly tried: readonly Trial[] }
  | { readonly absent: string };

/**
 * Codes a set with one codec. One that fails, or does not give the set back, has no result: others are measured all the
 * same.
 */
export async function outcomeOf(
  name: string,
  codec: Codec,
  { set, effort, report }: {
    readonly set: Laid;
    readonly effort: Effort;
    readonly report: (trial: Trial) => void;
  },
): Promise<Outcome> {
  const tried: Trial[] = [];
  try {
    for await (const trial of runTrials(name, codec, set, effort)) {
      tried.push(trial);
      report(trial);
    }
    if (tried.length > 0) return { version: await codec.version(), tried };
    return { absent: `its pictures have at most ${codec.maxSide} pixels a side` };
  } catch (error) {
    return { absent: failure(error instanceof Error ? error.message : String(error)) };
  }
}

/** Why a codec that failed has no result; `message` is what it said. */
export function failure(message: string): string {
  return `it fails on this set (${message.replace(/\.$/, "")})`;
}

/**
 * Codes a set with one codec: its first effort on every layout, its others on the layouts that were best so far.
 * No trial comes out when a picture of the set is larger than the format allows.
 *
 * @throws {MdlError} `mismatch` when the files do not decode to the set.
 */
async function* runTrials(name: string, codec: Codec, set: Laid, effort: Effort): AsyncGenerator<Trial> {
  const layouts = codec.form === "stream" ? streamLayouts(set) : sheetLayouts(set, codec.maxSide);
  const [first, ...others] = codec.settings.filter((setting) => !setting.slow || effort === "slow");
  const ranking: { layout: Layout; bytes: number }[] = [];
  for (const layout of layouts) {
    const trial = await verifiedTrial(name, set, layout, first!, codec.decode);
    ranking.push({ layout, bytes: trial.bytes });
    yield trial;
  }
  ranking.sort((a, b) => a.bytes - b.bytes);
  const near = ranking.filter(({ bytes }) => bytes <= BEST_LAYOUTS.within * ranking[0]!.bytes);
  const best = near.slice(0, BEST_LAYOUTS.most);
  for (const setting of others) {
    const named = ({ layout }: { readonly layout: Layout }) =>
      setting.layouts?.some((name) => layout.name.startsWith(name)) ?? false;
    for (const { layout } of ranking.filter((one) => best.includes(one) || named(one))) {
      yield await verifiedTrial(name, set, layout, setting, codec.decode);
    }
  }
}

/**
 * Codes a set in one layout, decodes the files and compares.
 *
 * @throws {MdlError} `mismatch` when they do not decode to the set.
 */
export async function verifiedTrial(
  name: string,
  set: Laid,
  layout: Layout,
  setting: Setting,
  decode: Codec["decode"],
): Promise<Trial> {
  const files: { bytes: Uint8Array; channels: 1 | 3 }[] = [];
  const start = performance.now();
  for (const picture of layout.pictures()) {
    files.push({ bytes: await setting.encode(picture), channels: picture.channels });
  }
  const encoded = performance.now(), decoded: Uint8Array[] = [];
  for (const { bytes, channels } of files) decoded.push(await decode(bytes, channels));
  const restored = layout.restore(decoded), end = performance.now();
  if (restored.length !== set.symbols.length || restored.some((v, i) => v !== set.symbols[i])) {
    throw new MdlError(
      "mismatch",
      `${name} ${setting.label} did not give back the set (layout ${layout.name}).`,
    );
  }
  return {
    effort: setting.label,
    layout: layout.name,
    bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    seconds: (encoded - start) / 1000,
    decodeSeconds: (end - encoded) / 1000,
    verified: true,
  };
}
