/** Training samples: which symbols of which images a step learns from. */
import type { ImageGroup } from "./dataset.ts";
import { type Random, random } from "../random.ts";
import { cellCount, inputLayers, type ModelSpec } from "./spec.ts";

/** Bytes of one sample record; `lib/decoder/assembly/trainer.ts` documents its fields. */
export const SAMPLE_BYTES = 16;

/** Longest side of an image, in pixels, that a record can name. */
export const LONGEST_SIDE = 2 ** 16 - 1;

/** Whether the network can be trained on images of these sizes. */
export function trainable(groups: readonly ImageGroup[]): boolean {
  return groups.every(({ height, width }) => Math.max(height, width) <= LONGEST_SIDE);
}

/** The images that training draws from, as the sampler sees them. */
export interface SampleSpace {
  readonly groups: readonly ImageGroup[];
  readonly channels: number;
  /** Address of the first image; images follow one another. */
  readonly address: number;
}

/** What a step draws one after another: so many samples of one cell and input layer. */
export interface Run {
  readonly cell: number;
  readonly layer: number;
  readonly count: number;
}

/** Samples come in whole numbers of these: where all share one predictor, shards are cut anywhere. */
const UNIT = 32, UNIT_IN_CELL = 4;

/** Share of a pyramid's symbols in its three kinds of passes, about; the coarsest scale gets more than it has. */
const KINDS = [0.06, 0.31, 0.63];

/**
 * The runs of a step, about `batch` samples, ordered by cell, then by input layer. Cells get equal numbers. Where each
 * scale has a cell, the coarsest is coded in passes of the first kind, the others in passes of the other two.
 */
export function runsOf(spec: ModelSpec, channels: number, batch: number): readonly Run[] {
  const cells = cellCount(spec), kinds = inputLayers(spec, channels) / channels;
  const inCell = batch / (cells * channels), unit = cells > 1 ? UNIT_IN_CELL : UNIT;
  const rounded = (count: number, unit: number) => unit * Math.max(1, Math.round(count / unit));
  const counts = (cell: number): readonly number[] => {
    if (kinds === 1) return [rounded(inCell, unit)];
    if (spec.shareScales) return KINDS.map((share) => rounded(share * inCell, unit));
    const third = rounded(inCell / 3, unit);
    return cell === 0 ? [3 * third, 0, 0] : [0, third, 2 * third];
  };
  return Array.from(
    { length: cells },
    (_, cell) =>
      counts(cell).flatMap((count, kind) =>
        count ? Array.from({ length: channels }, (_, k) => ({ cell, layer: kind * channels + k, count })) : []
      ),
  ).flat();
}

/** Samples of a step. */
export function stepSize(runs: readonly Run[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Draws the samples of one step, every pixel of a run's cell and kind of pass about equally likely.
 * The draw depends on seed and step alone, so that training can resume at any step.
 *
 * @param records receives 16 bytes a sample
 */
export function drawSamples(
  space: SampleSpace,
  spec: ModelSpec,
  seed: number,
  step: number,
  runs: readonly Run[],
  records: DataView,
): void {
  const source = random(seed, `samples ${step}`), { channels, groups } = space;
  const pixels = groups.map(({ count, height, width }) => count * height * width);
  const all = pixels.reduce((a, b) => a + b, 0);
  let at = 0;
  for (const { cell, layer, count } of runs) {
    for (let i = 0; i < count; i++, at += SAMPLE_BYTES) {
      let left = source.below(all), start = space.address, group = 0;
      while (left >= pixels[group]!) {
        left -= pixels[group]!;
        start += pixels[group]! * channels;
        group++;
      }
      const { height, width } = groups[group]!, size = height * width;
      const image = Math.floor(left / size);
      const { y, x } = place(spec, cell, Math.floor(layer / channels), {
        y: Math.floor(left % size / width),
        x: left % width,
        height,
        width,
      }, source);
      records.setUint32(at, start + image * size * channels, true);
      records.setUint16(at + 4, height, true);
      records.setUint16(at + 6, width, true);
      records.setUint16(at + 8, y, true);
      records.setUint16(at + 10, x, true);
      records.setUint16(at + 12, cell, true);
      records.setUint8(at + 14, layer);
    }
  }
}

interface Pixel {
  readonly y: number;
  readonly x: number;
}

/** Moves a pixel that is uniform over its image to one of a cell and kind of pass. */
function place(
  spec: ModelSpec,
  cell: number,
  kind: number,
  { y, x, height, width }: Pixel & { readonly height: number; readonly width: number },
  source: Random,
): Pixel {
  const { grid, scales, shareScales } = spec;
  if (grid > 1) {
    return { y: inCell(Math.floor(cell / grid), grid, height, y), x: inCell(cell % grid, grid, width, x) };
  }
  if (scales === 1) return { y, x };
  let scale = kind ? scales - 1 : 0;
  if (!shareScales) scale = cell;
  else while (scale > 1 && source.below(4) === 0) scale--; // each has a quarter of the next one's symbols
  return onLattice(y, x, height, width, kind, 2 ** (scales - 1 - scale));
}

/** The pixel of a pass, given by its kind and stride t, next to (y, x): see `lib/decoder/assembly/context.ts`. */
function onLattice(y: number, x: number, height: number, width: number, kind: number, t: number): Pixel {
  const snap = (at: number, size: number, odd: boolean) => {
    const lattice = Math.floor(at / (2 * t)) * 2 * t + (odd ? t : 0);
    return lattice < size ? lattice : Math.max(0, lattice - 2 * t);
  };
  if (kind === 0) return { y: y - y % t, x: x - x % t };
  if (kind === 1) return { y: snap(y, height, true), x: snap(x, width, true) };
  const row = y - y % t;
  return { y: row, x: snap(x, width, row / t % 2 === 0) };
}

/**
 * Moves a coordinate that is uniform in [0, size) into the cell `index` of `grid`, uniform there. A cell without pixels
 * (where size < grid) gets a neighbour's: it is never asked to predict.
 */
function inCell(index: number, grid: number, size: number, coordinate: number): number {
  const from = Math.ceil(index * size / grid), to = Math.ceil((index + 1) * size / grid);
  return Math.min(size - 1, from + Math.floor(coordinate * (to - from) / size));
}
