import { type Dataset, datasetOf, images } from "./dataset.ts";

/**
 * Full-size images from every `stride`-th pixel of them in both directions: the pixels between by bilinear interpolation,
 * rounded; those beyond the last known row or column repeat it.
 *
 * @param coarse Gray pictures, as the first scales of a program in pyramid order give them.
 * @param full Sizes of the images, and what names them.
 */
export function interpolated(coarse: Dataset, full: Dataset, stride: number): Dataset {
  const pictures = [...images(coarse)], { tiling: _, ...parts } = full;
  const made = [...images(full)].map(({ height, width }, n) => {
    const known = pictures[n]!, pixels = new Uint8Array(height * width);
    const at = (y: number, x: number) =>
      known.pixels[Math.min(known.height - 1, y) * known.width + Math.min(known.width - 1, x)]!;
    for (let y = 0; y < height; y++) {
      const top = Math.floor(y / stride), v = y / stride - top;
      for (let x = 0; x < width; x++) {
        const left = Math.floor(x / stride), h = x / stride - left;
        const above = at(top, left) * (1 - h) + at(top, left + 1) * h;
        const below = at(top + 1, left) * (1 - h) + at(top + 1, left + 1) * h;
        pixels[y * width + x] = Math.round(above * (1 - v) + below * v);
      }
    }
    return { height, width, pixels };
  });
  return datasetOf(made, { ...parts, channels: 1, name: `${full.name}, every ${stride}th pixel` });
}
