/** Full-size pictures from coarse ones: what a prefix of a pyramid gives when the rest is filled in smoothly. */
import {
  type Dataset,
  datasetOf,
  type ImageGroup,
  images,
  type ImageView,
} from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";

/**
 * Fills the pixels between those of a coarse picture, which lie at multiples of `stride`, by bilinear interpolation;
 * behind the last row and column it repeats them.
 *
 * @param coarse As `decodePrefix` gives them.
 * @param groups Sizes of the full pictures.
 * @throws {MdlError} `usage` when a coarse picture has not the size that belongs to its full one.
 */
export function interpolated(coarse: Dataset, groups: readonly ImageGroup[], stride: number): Dataset {
  const { channels, names, provenance } = coarse;
  const sizes = groups.flatMap(({ count, ...size }) => Array.from({ length: count }, () => size));
  const pictures = [...images(coarse)].map((picture, i) => filled(picture, sizes[i]!, channels, stride));
  return datasetOf(pictures, { name: `${coarse.name}, interpolated`, channels, names, provenance });
}

function filled(
  { pixels, width: across, height: down }: ImageView,
  { width, height }: { readonly width: number; readonly height: number },
  channels: number,
  stride: number,
): ImageView {
  if (across !== Math.ceil(width / stride) || down !== Math.ceil(height / stride)) {
    const text =
      `Pictures of ${across}×${down} are not every ${stride}th pixel of ones of ${width}×${height}.`;
    throw new MdlError("usage", text);
  }
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const top = Math.floor(y / stride), bottom = Math.min(top + 1, down - 1), v = y % stride;
    for (let x = 0; x < width; x++) {
      const left = Math.floor(x / stride), right = Math.min(left + 1, across - 1), u = x % stride;
      for (let c = 0; c < channels; c++, to++) {
        const at = (row: number, column: number) => pixels[(row * across + column) * channels + c]!;
        const sum = (stride - v) * ((stride - u) * at(top, left) + u * at(top, right)) +
          v * ((stride - u) * at(bottom, left) + u * at(bottom, right));
        out[to] = Math.floor((2 * sum + stride ** 2) / (2 * stride ** 2)); // rounded half up
      }
    }
  }
  return { width, height, pixels: out };
}
