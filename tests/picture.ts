import type { Raster } from "../lib/image/raster.ts";

/** A picture whose symbols are a function of their place. */
export function picture(
  width: number,
  height: number,
  channels: 1 | 3,
  value: (x: number, y: number, c: number) => number,
): Raster {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return value(pixel % width, Math.floor(pixel / width), i % channels);
  });
  return { width, height, channels, pixels };
}
