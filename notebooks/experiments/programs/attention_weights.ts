/**
 * The weights of attention, for eyes to see: where `lib/decoder/assembly/local.ts` looks in an image before it predicts
 * a pixel. They are a fixed function of the pixels, computed here once more in double precision; a test holds their
 * sum to what the decoder's own code says of it.
 */
import { type Dataset, images, type ImageView } from "../../../lib/image/dataset.ts";

/** As in `lib/decoder/assembly/local.ts` and `context.ts`. */
const SHARPNESS = 0.3, REACH = 7, NOTHING = 0.05, FAR = 8, COMPARED = 9, NEAR = 6, AROUND = 12;

/** Offsets [dy, dx] of what is known in raster order, the nearest first. */
const OFFSETS: readonly (readonly [number, number])[] = Array.from(
  { length: 4 * 9 },
  (_, i) => [Math.floor(i / 9) - 3, i % 9 - 4] as const,
)
  .filter(([dy, dx]) => dy < 0 || dx < 0)
  .sort(([a, b], [c, d]) => a * a + b * b - c * c - d * d || a - c || b - d)
  .slice(0, AROUND);

/** How one pixel's attention is spread. */
export interface Attended {
  /** Share of each pixel's record, [height, width]; 0 where it was not looked at. All and `nothing` add up to 1. */
  readonly shares: Float64Array;
  /** Share of the constant that stands for no record at all. */
  readonly nothing: number;
  /** What the shares are of: the sum of all weights, the constant included. */
  readonly total: number;
}

/** The contexts of a gray image's pixels as attention compares them, [height, width, 9]: neighbours in local scales. */
export function attentionContexts({ pixels, height, width }: ImageView): Float64Array {
  const contexts = new Float64Array(height * width * COMPARED);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const near = OFFSETS.map(([dy, dx]) => {
        const [row, column] = [y + dy, x + dx];
        return row < 0 || column < 0 || column >= width ? undefined : pixels[row * width + column]!;
      });
      let sum = 0, total = 0, deviation = 0, weight = 1e-3;
      near.slice(0, NEAR).forEach((v, j) => {
        const [dy, dx] = OFFSETS[j]!, share = v === undefined ? 0 : 1 / (dy * dy + dx * dx);
        sum += share * (v ?? 0);
        total += share;
      });
      const mean = total > 0 ? sum / total : 120;
      for (const v of near) {
        if (v === undefined) continue;
        deviation += Math.abs(v - mean);
        weight++;
      }
      const scale = weight > 0.5 ? deviation / weight + 0.7 : 40;
      near.slice(0, COMPARED).forEach((v, j) => {
        const difference = v === undefined ? 0 : (v - mean) / scale;
        contexts[(y * width + x) * COMPARED + j] = Math.max(-FAR, Math.min(FAR, difference));
      });
    }
  }
  return contexts;
}

/** Where attention looks before pixel (y, x), given all contexts of the image. */
export function attentionAt(
  { height, width }: Pick<ImageView, "height" | "width">,
  contexts: Float64Array,
  y: number,
  x: number,
): Attended {
  const weights = new Float64Array(height * width), own = (y * width + x) * COMPARED;
  let total = NOTHING;
  for (let row = Math.max(0, y - REACH); row <= y; row++) {
    const end = row === y ? x : Math.min(width, x + REACH + 1);
    for (let column = Math.max(0, x - REACH); column < end; column++) {
      const other = (row * width + column) * COMPARED;
      let distance = 0;
      for (let j = 0; j < COMPARED; j++) distance += (contexts[own + j]! - contexts[other + j]!) ** 2;
      total += weights[row * width + column] = Math.exp(-SHARPNESS * distance);
    }
  }
  return { shares: weights.map((w) => w / total), nothing: NOTHING / total, total };
}

/** Pixels that the weight is as good as evenly spread over: 2 to the power of the entropy of all shares. */
export function attendedPlaces({ shares, nothing }: Attended): number {
  const term = (p: number) => p > 0 ? -p * Math.log2(p) : 0;
  return 2 ** shares.reduce((sum, p) => sum + term(p), term(nothing));
}

/** Places in reach of a pixel with that many rows above it and columns to both sides. */
export const PLACES_IN_REACH = REACH * (2 * REACH + 1) + REACH;

/** How many places attention is as good as evenly spread over: the mean over all pixels with all places in reach. */
export function meanAttendedPlaces(set: Pick<Dataset, "groups" | "channels" | "symbols">): number {
  let sum = 0, count = 0;
  for (const image of images(set)) {
    const contexts = attentionContexts(image), { height, width } = image;
    for (let y = REACH; y < height; y++) {
      for (let x = REACH; x < width - REACH; x++, count++) {
        sum += attendedPlaces(attentionAt(image, contexts, y, x));
      }
    }
  }
  return sum / count;
}
