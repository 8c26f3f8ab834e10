/**
 * Sets whose images are tiles of larger pictures: maps, scans, photos that were cut up. They are coded as those pictures,
 * so that what lies across an edge is known; the decoder hands out the tiles (`lib/decoder/assembly/decoder.ts`).
 */
import { type Dataset, dataset, type ImageGroup, images, type Tiling } from "./dataset.ts";
import { LONGEST_SIDE } from "./samples.ts";

/** The pictures that the tiles of a set make, in raster order; the set itself without a tiling. */
export function joined(set: Dataset, tiling: Tiling | undefined): Dataset {
  if (!tiling) return set;
  const { columns, rows } = tiling, { name, channels, provenance } = set;
  const groups = set.groups.map(({ count, height, width }) => {
    return { count: count / (columns * rows), height: height * rows, width: width * columns };
  });
  const symbols = new Uint8Array(set.symbols.length);
  let tile = 0, picture = 0;
  for (const { height, width, pixels } of images(set)) {
    const row = width * channels, column = tile % columns, above = Math.floor(tile / columns) * height;
    for (let y = 0; y < height; y++) {
      const to = picture + ((above + y) * columns + column) * row;
      symbols.set(pixels.subarray(y * row, (y + 1) * row), to);
    }
    if (++tile === columns * rows) {
      picture += tile * pixels.length;
      tile = 0;
    }
  }
  return dataset({ name, channels, provenance, groups, symbols });
}

/** Shorter sides of tiles, in pixels: edges of smaller ones match by chance. */
const LEAST_SIDE = 8;

/** Images adjoin where edges differ by less than this share of what strangers' do, and a level less: of photos 0.08. */
const ADJOINING = 0.2;

/** Pairs of strangers that are compared, at most about. */
const COMPARED = 2000;

/**
 * How a set's images are tiles of larger pictures, row by row: as the set says, or else as their edges do; undefined where
 * they are not, or the pictures would have sides too long for training. A tiling costs the differences across all edges
 * that it joins, and for each edge that it does not join the most by which images that adjoin differ: the cheapest is
 * taken, that without joined edges included.
 */
export function tilingIn(set: Dataset): Tiling | undefined {
  const [{ count, height, width }, ...others] = set.groups as [ImageGroup];
  if (others.length > 0) return undefined;
  const fits = ({ columns, rows }: Tiling) =>
    columns * rows > 1 && count % (columns * rows) === 0 &&
    Math.max(columns * width, rows * height) <= LONGEST_SIDE;
  if (set.tiling) return fits(set.tiling) ? set.tiling : undefined;
  if (count < 2 || Math.min(height, width) < LEAST_SIDE) return undefined;
  const { beside, above } = edgesOf(set), all = Array.from({ length: count }, (_, i) => i);
  const strangers = all.filter((i) => i % Math.ceil(count / COMPARED) === 0);
  const most = (difference: (one: number, other: number) => number) => {
    const sum = strangers.reduce((sum, i) => sum + difference(i, (i + (count >> 1) + 1) % count), 0);
    return Math.max(0, ADJOINING * sum / strangers.length - 1);
  };
  const mostBeside = most(beside), mostAbove = most(above);
  const rightwards = all.map((i) => beside(i, (i + 1) % count));
  let best: Tiling | undefined, least = count * (mostBeside + mostAbove);
  for (const columns of divisorsOf(count)) {
    const across = all.reduce((sum, i) => sum + ((i + 1) % columns ? rightwards[i]! : mostBeside), 0);
    const downwards = all.map((i) => above(i, (i + columns) % count));
    for (const rows of divisorsOf(count / columns)) {
      const each = columns * rows, last = each - columns; // the lowest row's first tile
      const cost = all.reduce((sum, i) => sum + (i % each < last ? downwards[i]! : mostAbove), across);
      if (cost < least && fits({ columns, rows })) [best, least] = [{ columns, rows }, cost];
    }
  }
  return best;
}

/** Mean absolute differences between edges: of the right one of an image and the left one of another, and so downwards. */
function edgesOf({ symbols, channels, groups }: Dataset) {
  const { height, width } = groups[0]!, row = width * channels, size = height * row;
  const between = (from: number, to: number, step: number, lines: number, each: number) => {
    let sum = 0;
    for (let line = 0, a = from, b = to; line < lines; line++, a += step, b += step) {
      for (let k = 0; k < each; k++) sum += Math.abs(symbols[a + k]! - symbols[b + k]!);
    }
    return sum / (lines * each);
  };
  return {
    beside: (left: number, right: number) =>
      between(left * size + row - channels, right * size, row, height, channels),
    above: (upper: number, lower: number) => between((upper + 1) * size - row, lower * size, row, 1, row),
  };
}

const divisorsOf = (n: number) => Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
