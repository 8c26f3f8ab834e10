/** Statistics of sets of images: how alike are two sets, how varied is one? */
import { MdlError } from "../../../lib/errors.ts";
import type { Random } from "../../../lib/random.ts";
import { type Dataset, images } from "../../../lib/image/dataset.ts";
import { histogram } from "./shuffle.ts";

/** Shares of the values 0–255 among all symbols. */
export function levelHistogram(set: Pick<Dataset, "symbols">): Float64Array {
  return histogram(set).map((count) => count / set.symbols.length);
}

/**
 * Shares of the differences −255 … 255 between neighbours (right and below, same channel): edges and texture, which
 * the values alone say nothing of.
 */
export function gradientHistogram(set: Pick<Dataset, "groups" | "channels" | "symbols">): Float64Array {
  const counts = new Float64Array(511), { channels } = set;
  let total = 0;
  for (const { height, width, pixels } of images(set)) {
    const row = width * channels;
    for (let at = 0; at < pixels.length; at++) {
      if (at % row < row - channels) {
        counts[255 + pixels[at + channels]! - pixels[at]!]!++;
        total++;
      }
      if (at < (height - 1) * row) {
        counts[255 + pixels[at + row]! - pixels[at]!]!++;
        total++;
      }
    }
  }
  return counts.map((count) => count / total);
}

/** Jensen–Shannon divergence of two distributions, in bits: 0 where they are equal, 1 where they never meet. */
export function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let bits = 0;
  for (let i = 0; i < p.length; i++) {
    const a = p[i]!, b = q[i]!, middle = (a + b) / 2;
    if (a) bits += a * Math.log2(a / middle) / 2;
    if (b) bits += b * Math.log2(b / middle) / 2;
  }
  return Math.max(0, bits);
}

/**
 * How much a pixel differs from image to image: the root of the variance over the images, meant over all places. In
 * levels (0–255).
 *
 * @throws {MdlError} `usage` where the images differ in size
 */
export function pixelDeviation(set: Dataset): number {
  if (set.groups.length !== 1) {
    throw new MdlError("usage", `The images of ${set.name} have several sizes: no pixel is that of another.`);
  }
  const count = set.names.length, size = set.symbols.length / count;
  let variance = 0;
  for (let place = 0; place < size; place++) {
    let sum = 0, squares = 0;
    for (let at = place; at < set.symbols.length; at += size) {
      sum += set.symbols[at]!;
      squares += set.symbols[at]! ** 2;
    }
    variance += squares / count - (sum / count) ** 2;
  }
  return Math.sqrt(variance / size);
}

/** Mean distance (root mean square of the differences, in levels) of so many random pairs of different images. */
export function pairDistance(set: Dataset, pairs: number, { below }: Random): number {
  const all = [...images(set)];
  if (all.length < 2 || set.groups.length !== 1) {
    throw new MdlError("usage", `Pairs need two or more images of one size: ${set.name} has none.`);
  }
  let sum = 0;
  for (let i = 0; i < pairs; i++) {
    const one = below(all.length), other = (one + 1 + below(all.length - 1)) % all.length;
    const a = all[one]!.pixels, b = all[other]!.pixels;
    sum += Math.sqrt(a.reduce((squares, v, at) => squares + (v - b[at]!) ** 2, 0) / a.length);
  }
  return sum / pairs;
}
