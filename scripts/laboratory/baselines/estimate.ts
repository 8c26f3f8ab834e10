/** How long the other codecs will take on this machine. */
import { brotliCompressSync, deflateRawSync } from "node:zlib";
import type { AnyData } from "../../../lib/codecs.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { random } from "../../../lib/random.ts";
import type { Effort } from "./codec.ts";
import { BROTLI_LEVEL } from "./stream_codecs.ts";

/** What the trial takes where the times below were measured, in seconds a megabyte. */
const TRIAL = 1.25;

/**
 * All codecs together, all layouts and settings: seconds a megabyte of images whose bytes do not get shorter by deflate,
 * gray or colour, and seconds that any set takes.
 */
const A_MEGABYTE: Readonly<Record<Effort, number>> = { quick: 20, slow: 340 }, ANY = 2;

/** The part of them that images take of one colour, and that one image takes of each size, of which there is one layout. */
const FLAT: Readonly<Record<Effort, number>> = { quick: 0.1, slow: 0.03 }, SINGLE = 0.57;

/** Files, which only compressors of bytes take: how many times as long as brotli's trial of a megabyte, and seconds besides. */
const OF_FILES = 3, ANY_FILES = 0.55;

/** Bytes of the trials. */
const BYTES = 2 ** 16;

/** Bytes that are always the same. */
function alike(): Uint8Array {
  const { below } = random(1, "trial");
  return Uint8Array.from({ length: BYTES }, (_, i) => 100 + 50 * Math.sin(i / 30) + below(16));
}

/** Four stretches of the data. */
function sampleOf(symbols: Uint8Array): Uint8Array {
  const stretch = (i: number) => symbols.subarray(i * symbols.length >> 2).subarray(0, BYTES >> 2);
  return symbols.length <= BYTES ? symbols : concat([0, 1, 2, 3].map(stretch));
}

/** Seconds that brotli takes for a megabyte of the like. */
function brotliSeconds(bytes: Uint8Array): number {
  const begun = performance.now();
  brotliCompressSync(bytes, { params: BROTLI_LEVEL });
  return (performance.now() - begun) * 1000 / bytes.length;
}

/**
 * Seconds that `measureBaselines` will take for a set with all codecs but paq8px. Of files one of the codecs is tried on a
 * sample; of images too many, so that the machine is measured by bytes that are always the same, and the images by how
 * much shorter deflate makes a sample: flat ones take a tenth of the time.
 */
export function estimateBaselines(
  { modality, symbols, ...shape }: Pick<AnyData, "modality" | "symbols"> & { readonly groups?: Groups },
  effort: Effort,
): number {
  const megabytes = symbols.length / 1e6, sample = sampleOf(symbols);
  if (sample.length === 0) return 0;
  if (modality !== "image") {
    return ANY_FILES + OF_FILES * megabytes * brotliSeconds(sample.length < BYTES ? alike() : sample);
  }
  const coded = Math.min(1, deflateRawSync(sample, { level: 1 }).length / sample.length);
  const layouts = shape.groups?.every(({ count }) => count === 1) ? SINGLE : 1;
  const share = layouts * (FLAT[effort] + (1 - FLAT[effort]) * coded);
  return brotliSeconds(alike()) / TRIAL * (ANY + A_MEGABYTE[effort] * share * megabytes);
}

type Groups = readonly { readonly count: number }[];
