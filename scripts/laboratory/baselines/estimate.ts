/** How long the other codecs will take on this machine. */
import { brotliCompressSync, constants } from "node:zlib";
import type { AnyData } from "../../../lib/codecs.ts";
import { random } from "../../../lib/random.ts";
import type { Effort } from "./codec.ts";

/** What the trial takes where the times below were measured, in seconds a megabyte. */
const TRIAL = 1.25;

/** All codecs together, all layouts and settings: seconds a megabyte of images, gray or colour, and those that any set takes. */
const A_MEGABYTE: Readonly<Record<Effort, number>> = { quick: 20, slow: 340 }, ANY = 2;

/** The same of a megabyte of files, which only compressors of bytes take. */
const OF_FILES = 6;

/** Bytes of the trial. */
const BYTES = 2 ** 16;

/**
 * Seconds that `measureBaselines` will take for a set with all codecs but paq8px: the machine is measured by one of them,
 * on bytes that are always the same.
 */
export function estimateBaselines(
  { modality, symbols }: Pick<AnyData, "modality" | "symbols">,
  effort: Effort,
): number {
  const { below } = random(1, "trial");
  const bytes = Uint8Array.from({ length: BYTES }, (_, i) => 100 + 50 * Math.sin(i / 30) + below(16));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const begun = performance.now();
  brotliCompressSync(bytes, { params });
  const speed = (performance.now() - begun) * 1000 / BYTES / TRIAL;
  return speed * (ANY + (modality === "image" ? A_MEGABYTE[effort] : OF_FILES) * symbols.length / 1e6);
}
