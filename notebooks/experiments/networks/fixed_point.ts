/**
 * X = f(W, R, X), the precise form of the article's X = f(W, X) (section 4.1): every symbol is the one of stored rank Rᵢ
 * under the context that X itself gives. W are the weights, R the ranks: what the payload codes. The data are the fixed
 * point of f, and the only one that iteration reaches: a symbol depends on earlier ones alone, so that each iteration
 * from any image makes at least one more symbol right.
 */
import type { Encoder } from "../../../lib/image/encoder.ts";
import type { ImageView } from "../../../lib/image/dataset.ts";

/** Colour coded at position k of a pixel, as in `lib/decoder/assembly/context.ts`. */
const ORDER = { 1: [0], 3: [1, 0, 2] } as const;

/** Calls `visit` with the probabilities (256) of each symbol in the context that the image itself gives it. */
function predictAll(
  encoder: Encoder,
  { pixels, height, width }: ImageView,
  channels: 1 | 3,
  visit: (index: number, probabilities: Float32Array) => void,
): void {
  encoder.loadImage(pixels, height, width);
  const probabilities = new Float32Array(256);
  for (let i = 0; i < height * width; i++) {
    ORDER[channels].forEach((channel, k) => {
      const below = encoder.distribution(Math.floor(i / width), i % width, k);
      for (let v = 0; v < 256; v++) probabilities[v] = below[v + 1]! - below[v]!;
      visit(i * channels + channel, probabilities);
    });
  }
}

/** R: the rank of each symbol of an image, 0 for the most probable value; of equal ones the smaller value is first. */
export function ranksOf(encoder: Encoder, image: ImageView, channels: 1 | 3): Uint8Array {
  const ranks = new Uint8Array(image.pixels.length);
  predictAll(encoder, image, channels, (index, p) => {
    const value = image.pixels[index]!, own = p[value]!;
    ranks[index] = p.reduce((rank, q, v) => rank + (q > own || (q === own && v < value) ? 1 : 0), 0);
  });
  return ranks;
}

/** f(W, R, X): for each symbol the value of its rank in the context that `image` gives it; all at once. */
export function applyRanks(
  encoder: Encoder,
  image: ImageView,
  channels: 1 | 3,
  ranks: Uint8Array,
): Uint8Array {
  const next = new Uint8Array(image.pixels.length), values = Array.from({ length: 256 }, (_, v) => v);
  predictAll(encoder, image, channels, (index, p) => {
    if (ranks[index] === 0) next[index] = p.reduce((best, q, v) => q > p[best]! ? v : best, 0);
    else next[index] = values.toSorted((a, b) => p[b]! - p[a]! || a - b)[ranks[index]!]!;
  });
  return next;
}
