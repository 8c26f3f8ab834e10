/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli, "Image Quality Assessment: From Error Visibility to Structural
 * Similarity", IEEE Transactions on Image Processing 13(4), 2004): local means, variances and the covariance under an
 * 11 × 11 Gaussian window, at every position where the window lies inside the picture.
 */
import type { Raster } from "../../../lib/image/raster.ts";
import { MdlError } from "../../../lib/errors.ts";

/** Side of the window and standard deviation of its Gaussian, in pixels. */
const SIDE = 11, SIGMA = 1.5;

/** (K₁ L)² and (K₂ L)² of the paper, for values up to L = 255. */
const C1 = (0.01 * 255) ** 2, C2 = (0.03 * 255) ** 2;

/** Weights of the window in one direction; they add up to 1. */
const WINDOW = normalised(
  Float64Array.from({ length: SIDE }, (_, i) => Math.exp(-((i - (SIDE - 1) / 2) ** 2) / (2 * SIGMA ** 2))),
);

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((w) => w / sum);
}

/**
 * Mean structural similarity of two pictures of one shape: 1 when they are equal, 0 and less when they have nothing in
 * common. In colour, the mean over the three channels.
 *
 * @throws {MdlError} `usage` when the shapes differ or a side has fewer than 11 pixels.
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const ramp = Uint8Array.from({ length: 256 }, (_, i) => i);
 * const picture = { width: 16, height: 16, channels: 1, pixels: ramp } as const;
 * assertEquals(lab.ssim(picture, picture), 1);
 * ```
 */
export function ssim(a: Raster, b: Raster): number {
  const { width, height, channels } = a;
  if (width !== b.width || height !== b.height || channels !== b.channels || Math.min(width, height) < SIDE) {
    const shape = (p: Raster) => `${p.width}×${p.height}×${p.channels}`;
    throw new MdlError(
      "usage",
      `SSIM compares pictures of one shape with at least ${SIDE} pixels a side, not ${shape(a)} with ${
        shape(b)
      }.`,
    );
  }
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    const plane = ({ pixels }: Raster) => {
      const values = new Float64Array(width * height);
      for (let i = 0; i < values.length; i++) values[i] = pixels[i * channels + c]!;
      return values;
    };
    sum += planeSsim(plane(a), plane(b), width, height);
  }
  return sum / channels;
}

/** The same for one channel, [height, width]. */
function planeSsim(x: Float64Array, y: Float64Array, width: number, height: number): number {
  const local = (values: Float64Array) => filtered(values, width, height);
  const meanX = local(x), meanY = local(y);
  const xx = local(x.map((v) => v * v)),
    yy = local(y.map((v) => v * v)),
    xy = local(x.map((v, i) => v * y[i]!));
  let sum = 0;
  for (let i = 0; i < meanX.length; i++) {
    const mx = meanX[i]!, my = meanY[i]!;
    const varianceX = xx[i]! - mx * mx, varianceY = yy[i]! - my * my, covariance = xy[i]! - mx * my;
    sum += (2 * mx * my + C1) * (2 * covariance + C2) /
      ((mx * mx + my * my + C1) * (varianceX + varianceY + C2));
  }
  return sum / meanX.length;
}

/** The window's mean at every position inside, [height − 10, width − 10]: first along rows, then along columns. */
function filtered(values: Float64Array, width: number, height: number): Float64Array {
  const across = width - SIDE + 1, down = height - SIDE + 1;
  const rows = new Float64Array(height * across), out = new Float64Array(down * across);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < across; x++) {
      let sum = 0;
      for (let k = 0, from = y * width + x; k < SIDE; k++) sum += WINDOW[k]! * values[from + k]!;
      rows[i++] = sum;
    }
  }
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < SIDE; k++) sum += WINDOW[k]! * rows[i + k * across]!;
    out[i] = sum;
  }
  return out;
}
