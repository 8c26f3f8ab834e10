/** Training samples: which symbols of which images a step learns from. */
import type { ImageGroup } from "../data/dataset.ts";
import { random } from "../random.ts";
import type { ModelSpec } from "./spec.ts";

/** Bytes of one sample record; `lib/decoder/assembly/trainer.ts` documents its fields. */
export const SAMPLE_BYTES = 16;

/** Longest side of an image, in pixels, that a record can name. */
export const LONGEST_SIDE = 2 ** 16 - 1;

/** The images that training draws from, as the sampler sees them. */
export interface SampleSpace {
  readonly groups: readonly ImageGroup[];
  readonly channels: number;
  /** Address of the first image; images follow one another. */
  readonly address: number;
}

/**
 * Draws the samples of one step: `perCell` symbols for each cell of the grid and each coding position of a channel,
 * every pixel equally likely, half of them mirrored. They are ordered by cell, then by coding position. The draw
 * depends on seed and step alone, so that training can resume at any step.
 *
 * @param records receives 16 bytes a sample
 */
export function drawSamples(
  space: SampleSpace,
  spec: ModelSpec,
  seed: number,
  step: number,
  perCell: number,
  records: DataView,
): void {
  const { below, uint32 } = random(seed, `samples ${step}`), { channels, groups } = space, g = spec.grid;
  const pixels = groups.map(({ count, height, width }) => count * height * width);
  const all = pixels.reduce((a, b) => a + b, 0);
  let at = 0;
  for (let cell = 0; cell < g * g; cell++) {
    const row = Math.floor(cell / g), column = cell % g;
    for (let k = 0; k < channels; k++) {
      for (let i = 0; i < perCell; i++, at += SAMPLE_BYTES) {
        let left = below(all), start = space.address, group = 0;
        while (left >= pixels[group]!) {
          left -= pixels[group]!;
          start += pixels[group]! * channels;
          group++;
        }
        const { height, width } = groups[group]!, size = height * width;
        const image = Math.floor(left / size);
        let y = Math.floor(left % size / width), x = left % width;
        if (g > 1) {
          y = inCell(row, g, height, y);
          x = inCell(column, g, width, x);
        }
        records.setUint32(at, start + image * size * channels, true);
        records.setUint16(at + 4, height, true);
        records.setUint16(at + 6, width, true);
        records.setUint16(at + 8, y, true);
        records.setUint16(at + 10, x, true);
        records.setUint8(at + 12, k);
        records.setUint8(at + 13, row);
        records.setUint8(at + 14, column);
        records.setUint8(at + 15, uint32() >>> 31);
      }
    }
  }
}

/**
 * Moves a coordinate that is uniform in [0, size) into the cell `index` of `grid`, uniform there. A cell without pixels
 * (where size < grid) gets a neighbour's: it is never asked to predict.
 */
function inCell(index: number, grid: number, size: number, coordinate: number): number {
  const from = Math.ceil(index * size / grid), to = Math.ceil((index + 1) * size / grid);
  return Math.min(size - 1, from + Math.floor(coordinate * (to - from) / size));
}
