/** One picture and what is done to its pixels, in integers only, so that every engine gives the same bytes. */
import { finish } from "../pace.ts";
import type { ImageView } from "./dataset.ts";

/** A picture in memory: `pixels` is [height, width, channels], values 0–255. */
export interface Raster extends ImageView {
  /** 1 gray, 3 colour (RGB). */
  readonly channels: 1 | 3;
}

/** Luma by ITU-R 601, rounded half up: ⌊(299 R + 587 G + 114 B + 500) / 1000⌋. A gray picture comes back as it is. */
export function toGray(picture: Raster): Raster {
  if (picture.channels === 1) return picture;
  const { pixels } = picture, gray = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < gray.length; i++) {
    const sum = 299 * pixels[3 * i]! + 587 * pixels[3 * i + 1]! + 114 * pixels[3 * i + 2]!;
    gray[i] = Math.floor((sum + 500) / 1000);
  }
  return { ...picture, channels: 1, pixels: gray };
}

/** A gray picture with r = g = b; one in colour comes back as it is. */
export function toColour(picture: Raster): Raster {
  if (picture.channels === 3) return picture;
  const pixels = Uint8Array.from(
    { length: 3 * picture.pixels.length },
    (_, i) => picture.pixels[Math.floor(i / 3)]!,
  );
  return { ...picture, channels: 3, pixels };
}

/** A rectangle cut out of a picture; it must lie inside. */
export function crop(picture: Raster, left: number, top: number, width: number, height: number): Raster {
  const { channels } = picture, row = width * channels;
  const pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    pixels.set(picture.pixels.subarray(from, from + row), y * row);
  }
  return { width, height, channels, pixels };
}

/** How much of source pixel `from + k` lies in one target pixel: `weights[k]`, in 1/targets of a source pixel. */
interface Cover {
  readonly from: number;
  readonly weights: readonly number[];
}

/**
 * Lays `targets` equal pixels over `sources` equal pixels. In units of 1/targets of a source pixel, target i covers
 * [i·sources, (i+1)·sources) and source j covers [j·targets, (j+1)·targets): the overlaps are whole numbers, and
 * those of one target add up to `sources`.
 */
function covers(sources: number, targets: number): Cover[] {
  return Array.from({ length: targets }, (_, i) => {
    const start = i * sources, end = start + sources;
    const from = Math.floor(start / targets), last = Math.ceil(end / targets) - 1;
    const weights = Array.from(
      { length: last - from + 1 },
      (_, k) => Math.min(end, (from + k + 1) * targets) - Math.max(start, (from + k) * targets),
    );
    return { from, weights };
  });
}

/**
 * Resizes by area averaging, without regard to the aspect ratio: each target pixel is the mean of the source area
 * that it covers, computed exactly and rounded half up. Larger sizes follow the same rule (a target pixel inside one
 * source pixel copies it). Exact while the source has fewer than 2⁴⁰ pixels.
 */
export function resize(picture: Raster, width: number, height: number): Raster {
  return finish(resizing(picture, width, height));
}

/** The same row by row: yields the share of the picture that is done. */
export function* resizing(picture: Raster, width: number, height: number): Generator<number, Raster> {
  if (picture.width === width && picture.height === height) return picture;
  const { channels, pixels: source } = picture;
  const across = covers(picture.width, width), down = covers(picture.height, height);
  const rowOf = (y: number) => { // sums of weighted source pixels, [width, channels]
    const sums = new Float64Array(width * channels), start = y * picture.width * channels;
    for (let x = 0; x < width; x++) {
      const { from, weights } = across[x]!;
      for (let k = 0; k < weights.length; k++) {
        for (let c = 0; c < channels; c++) {
          sums[x * channels + c]! += weights[k]! * source[start + (from + k) * channels + c]!;
        }
      }
    }
    return sums;
  };
  const area = picture.width * picture.height; // the weights of one target pixel add up to this
  const pixels = new Uint8Array(width * height * channels), sums = new Float64Array(width * channels);
  let reached = -1, row = sums; // neighbouring target rows share at most one source row
  for (let y = 0; y < height; y++) {
    const { from, weights } = down[y]!;
    sums.fill(0);
    for (let k = 0; k < weights.length; k++) {
      if (from + k !== reached) row = rowOf(reached = from + k);
      for (let i = 0; i < sums.length; i++) sums[i]! += weights[k]! * row[i]!;
    }
    for (let i = 0; i < sums.length; i++) {
      pixels[y * sums.length + i] = Math.floor((2 * sums[i]! + area) / (2 * area));
    }
    yield (y + 1) / height;
  }
  return { width, height, channels, pixels };
}
