/** Bytes against what is left of the data (article 9.3, 9.5): every point is a real file that was decoded. */
import { codeLossy, LOSSY_CODECS, type LossyCodecName } from "../../../scripts/laboratory/baselines/lossy.ts";
import type { Components } from "../pca/pca.ts";
import { decodePca, encodePca, type PcaOptions } from "../pca/pca_file.ts";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { checkArguments, contextWith, DATASET, NUMBERS, oneOf, PROGRAM } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import { interpolated } from "./interpolate.ts";
import { completePrefix, decodePrefix } from "../../../scripts/laboratory/prefix.ts";
import type { Program } from "../../../lib/program/program.ts";
import { scalesOf } from "../../../lib/image/scales.ts";
import { type Pixels, type Quality, qualityOf } from "../../../scripts/laboratory/quality/quality.ts";

/** A coding of a set, and what it keeps of it. */
export interface RatePoint extends Quality {
  readonly system: string;
  /** The system's own word for how much it keeps. */
  readonly setting: string;
  readonly bytes: number;
  /** For decoding. */
  readonly seconds: number;
  readonly decoded: Pixels;
}

/** A lossy image format at each quality. */
export async function lossyPoints(
  set: Dataset,
  codec: LossyCodecName,
  qualities: readonly number[],
  context: Context,
): Promise<readonly RatePoint[]> {
  checkArguments("lossyPoints", { set, codec, qualities, context }, {
    set: DATASET,
    codec: oneOf(LOSSY_CODECS),
    qualities: NUMBERS,
    context: contextWith("signal", "progress"),
  });
  const points: RatePoint[] = [];
  for (const quality of qualities) {
    context.signal.throwIfAborted();
    const { bytes, decoded, decodingSeconds } = await codeLossy(set, codec, quality);
    const setting = `quality ${quality}`, seconds = decodingSeconds;
    points.push({ system: codec, setting, bytes, seconds, decoded, ...qualityOf(set, decoded) });
    context.progress({ label: codec, done: points.length, total: qualities.length, unit: "qualities" });
  }
  return points;
}

/** A PCA point says what it was made with. */
export interface PcaPoint extends RatePoint, PcaOptions {}

/** Files of principal components, the basis in each of them. */
export async function pcaPoints(
  set: Dataset,
  components: Components,
  choices: readonly PcaOptions[],
  context: Context,
): Promise<readonly PcaPoint[]> {
  checkArguments("pcaPoints", { set, context }, { set: DATASET, context: contextWith("signal", "progress") });
  const points: PcaPoint[] = [];
  for (const options of choices) {
    context.signal.throwIfAborted();
    const file = encodePca(set, components, options), begun = performance.now(), decoded = decodePca(file);
    const seconds = (performance.now() - begun) / 1000, { dimensions, step } = options;
    const said = {
      system: "PCA",
      setting: `${dimensions} dimensions, step ${step}`,
      bytes: file.length,
      seconds,
    };
    points.push({ ...options, ...said, decoded, ...qualityOf(set, decoded) });
    context.progress({ label: "PCA", done: points.length, total: choices.length, unit: "files" });
    await new Promise((resolve) => setTimeout(resolve));
  }
  return points;
}

/** How near to a number of bytes a file has to come to be as long. */
const EQUAL = 0.005;

/** The file of all principal components that has so many bytes, within 0.5 %: the step between values is halved in on. */
export function pcaAtBytes(
  set: Dataset,
  components: Components,
  bytes: number,
): PcaOptions & { bytes: number } {
  const dimensions = components.basis.length;
  let [fine, coarse] = [1 / 8, 128], best = { dimensions, step: coarse, bytes: 0 };
  for (let tries = 0; tries < 20 && Math.abs(best.bytes / bytes - 1) > EQUAL; tries++) {
    const step = Math.sqrt(fine * coarse);
    best = { dimensions, step, bytes: encodePca(set, components, { dimensions, step }).length };
    if (best.bytes > bytes) fine = step;
    else coarse = step;
  }
  return best;
}

/** Points that no other one beats: none has as few bytes and keeps more. The fewest bytes come first. */
export function frontier<P extends Pick<RatePoint, "bytes" | "psnr">>(points: readonly P[]): readonly P[] {
  const sorted = [...points].sort((a, b) => a.bytes - b.bytes || b.psnr - a.psnr);
  let best = -Infinity;
  return sorted.filter(({ psnr }) => psnr > best && (best = psnr, true));
}

/**
 * A program in pyramid order, cut off behind each of its scales but the last: the missing pixels interpolated, or drawn
 * from the model with the context's seed. Bytes are those of the prefix, decoder and weights among them.
 */
export async function prefixPoints(
  set: Dataset,
  program: Program,
  context: Context,
): Promise<readonly RatePoint[]> {
  checkArguments("prefixPoints", { set, program, context }, {
    set: DATASET,
    program: PROGRAM,
    context: contextWith("seed", "signal", "progress"),
  });
  const points: RatePoint[] = [], scales = scalesOf(program.info).slice(0, -1);
  for (const { scale, stride, prefix } of scales) {
    const cut = program.bytes.subarray(0, prefix), known = { signal: context.signal, scales: scale + 1 };
    const setting = `every ${stride} pixels`, bytes = cut.length;
    const fills: readonly [string, () => Promise<Dataset>][] = [
      ["interpolated", async () => interpolated(await decodePrefix(cut, known), set.groups, stride)],
      ["drawn", () => completePrefix(cut, context.seed, known)],
    ];
    for (const [fill, make] of fills) {
      const begun = performance.now(), decoded = await make(), seconds = (performance.now() - begun) / 1000;
      points.push({
        system: `program's prefix, ${fill}`,
        setting,
        bytes,
        seconds,
        decoded,
        ...qualityOf(set, decoded),
      });
    }
    context.progress({ label: "prefixes", done: scale + 1, total: scales.length, unit: "scales" });
  }
  return points;
}
