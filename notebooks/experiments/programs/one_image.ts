/** One image to look closely at: which, and one of its pixels. */
import { type Dataset, images, type ImageView } from "../../../lib/image/dataset.ts";
import type { Raster } from "../../../lib/image/raster.ts";

/** Pixels a side of the parts that are told apart. */
const PART = 8;

/** A part's deviation: the root mean square of differences from its mean, in gray values. */
function deviationOf({ pixels, width }: ImageView, top: number, left: number): number {
  let sum = 0, squares = 0;
  for (let y = top; y < top + PART; y++) {
    for (let x = left; x < left + PART; x++) {
      const value = pixels[y * width + x]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = PART * PART;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** An image with smooth and rough parts, and a pixel in the middle of its roughest one. */
export interface MixedImage {
  /** In the set. */
  readonly index: number;
  /** Of the pixel. */
  readonly row: number;
  /** Likewise. */
  readonly column: number;
}

/** A part is smooth whose deviation is below that, in gray values; more than half of them count as half. */
const SMOOTH = 4, ENOUGH = 0.5;

/** Of the first images of a gray set, the one with the largest deviation of a part times share of smooth parts. */
export function mixedImage(set: Dataset, among: number): MixedImage {
  let best = { index: 0, row: 0, column: 0 }, most = 0;
  for (const [index, image] of [...images(set)].slice(0, among).entries()) {
    const parts: { deviation: number; row: number; column: number }[] = [];
    for (let row = 0; row + PART <= image.height; row += PART) {
      for (let column = 0; column + PART <= image.width; column += PART) {
        parts.push({ deviation: deviationOf(image, row, column), row, column });
      }
    }
    const roughest = parts.reduce((a, b) => b.deviation > a.deviation ? b : a);
    const smooth = parts.filter(({ deviation }) => deviation < SMOOTH).length / parts.length;
    const contrast = roughest.deviation * Math.min(smooth, ENOUGH);
    if (contrast > most) {
      most = contrast;
      best = { index, row: roughest.row + PART / 2, column: roughest.column + PART / 2 };
    }
  }
  return best;
}

/** A gray image in colour, with one of its pixels in orange. */
export function marked(
  { pixels, height, width }: Omit<ImageView, "channels">,
  row: number,
  column: number,
): Raster {
  const shown = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) shown.fill(pixels[i]!, 3 * i, 3 * i + 3);
  shown.set([255, 120, 0], 3 * (row * width + column));
  return { height, width, channels: 3, pixels: shown };
}

/** What is known of the surroundings of a pixel when it is predicted, in raster order: `reach` to each side; else orange. */
export function knownAround(
  { pixels, width }: Omit<ImageView, "channels">,
  row: number,
  column: number,
  reach: number,
): Raster {
  const side = 2 * reach + 1, shown = new Uint8Array(3 * (reach + 1) * side);
  for (let y = 0; y <= reach; y++) {
    for (let x = 0; x < side; x++) {
      const known = y < reach || x < reach, at = 3 * (y * side + x);
      const value = pixels[(row - reach + y) * width + column - reach + x] ?? 0;
      shown.set(known ? [value, value, value] : x === reach ? [255, 120, 0] : [60, 60, 60], at);
    }
  }
  return { height: reach + 1, width: side, channels: 3, pixels: shown };
}

/** An image stretched to all gray values between its darkest and its lightest; as it is where all are alike. */
export function stretched({ pixels, height, width }: Omit<ImageView, "channels">): Raster {
  const least = Math.min(...pixels), reach = Math.max(...pixels) - least;
  if (reach === 0) return { height, width, channels: 1, pixels };
  return { height, width, channels: 1, pixels: pixels.map((v) => Math.round(255 * (v - least) / reach)) };
}
