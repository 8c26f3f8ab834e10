/**
 * Layouts: how a set is put before a codec. Each is a bijection, given as the pictures it makes and the way back, so
 * that a baseline is verified against the set itself.
 */
import { type Dataset, type ImageGroup, images, type Tiling } from "../../../lib/image/dataset.ts";
import type { Raster } from "../../../lib/image/raster.ts";

/** What a layout needs to know of a set. */
export type Laid = Pick<Dataset, "channels" | "groups" | "symbols" | "tiling">;

export interface Layout {
  readonly name: string;
  /** Draws the pictures one by one. */
  pictures(): Iterable<Raster>;
  /** The symbols of the set, from the pixels of all pictures. */
  restore(pixels: readonly Uint8Array[]): Uint8Array;
}

/** Sheets are not made larger than this (pixels), as JPEG XL takes some 200 bytes of memory for each. */
const SHEET_PIXELS = 1 << 22;

/** The symbols as they are, and for colour also one plane after another within each image. */
export function streamLayouts(set: Laid): Layout[] {
  type Permute = (symbols: Uint8Array) => Uint8Array;
  const stream = (name: string, forth: Permute, back: Permute): Layout => ({
    name,
    pictures: () => [rowOf(forth(set.symbols))],
    restore: ([decoded]) => back(decoded!),
  });
  const same: Permute = (symbols) => symbols;
  if (set.channels === 1) return [stream("stream", same, same)];
  const planes: Permute = (symbols) => transposed({ ...set, symbols }, (size) => [size, set.channels]);
  const pixels: Permute = (symbols) => transposed({ ...set, symbols }, (size) => [set.channels, size]);
  return [stream("stream", same, same), stream("planar stream", planes, pixels)];
}

const rowOf = (pixels: Uint8Array): Raster => ({ width: pixels.length, height: 1, channels: 1, pixels });

/** Transposes each image as the matrix of that many rows and columns, given its number of pixels. */
function transposed(set: Laid, shape: (pixels: number) => [rows: number, columns: number]): Uint8Array {
  const out = new Uint8Array(set.symbols.length);
  let to = 0;
  for (const { width, height, pixels } of images(set)) {
    const [rows, columns] = shape(width * height);
    for (let c = 0; c < columns; c++) {
      for (let r = 0; r < rows; r++) out[to++] = pixels[r * columns + c]!;
    }
  }
  return out;
}

/**
 * All images of a group on one sheet: in a column, in a near-square grid, in a row. Where the images are tiles, the
 * whole pictures are laid out so, and the tiles by themselves in a column. A sheet that would be too large for the
 * codec becomes several.
 *
 * @param maxSide The longest side that the codec takes (pixels). Layouts with longer sides are left out.
 */
export function sheetLayouts(set: Laid, maxSide = Infinity): Layout[] {
  const single = { columns: 1, rows: 1 }, { tiling } = set;
  const block = tiling && set.groups.every((g) => g.count % (tiling.columns * tiling.rows) === 0)
    ? tiling
    : single;
  const plans = (["column", "square", "row"] as const).map((shape) => plan(set, block, shape, maxSide));
  if (block !== single) plans.push(plan(set, single, "column", maxSide));
  const fits = plans.filter(({ sheets }) =>
    sheets.every((s) => widthOf(s) <= maxSide && heightOf(s) <= maxSide)
  );
  const distinct = new Map(fits.reverse().map((p) => [JSON.stringify(p.sheets), p])); // the first of equal plans
  return [...distinct.values()].reverse().map((p) => sheetLayout(set, p));
}

type Shape = "column" | "square" | "row";

/** Blocks of images from `first` to before `end` of their group, `across` to a row of the sheet. */
interface Sheet {
  readonly group: ImageGroup;
  readonly block: Tiling;
  readonly first: number;
  readonly end: number;
  readonly across: number;
  /** Where the sheet's first image starts among the symbols of the set. */
  readonly offset: number;
}

interface Plan {
  readonly name: string;
  readonly sheets: readonly Sheet[];
}

function plan(set: Laid, block: Tiling, shape: Shape, maxSide: number): Plan {
  const sheets: Sheet[] = [];
  let offset = 0;
  for (const group of set.groups) {
    const perBlock = block.columns * block.rows, blocks = group.count / perBlock;
    const width = group.width * block.columns, height = group.height * block.rows;
    const most = capacity(shape, width, height, maxSide);
    for (let first = 0; first < blocks; first += most) {
      const end = Math.min(blocks, first + most), count = end - first;
      const across = shape === "column" ? 1 : shape === "row" ? count : squareColumns(count, width, height);
      sheets.push({ group, block, first, end, across, offset });
      offset += count * perBlock * group.height * group.width * set.channels;
    }
  }
  const arrangement = block.columns * block.rows > 1 ? `${shape} of whole pictures` : shape;
  return { name: sheets.length > 1 ? `${arrangement}, ${sheets.length} sheets` : arrangement, sheets };
}

function sheetLayout(set: Laid, { name, sheets }: Plan): Layout {
  return {
    name,
    *pictures() {
      for (const sheet of sheets) yield drawn(sheet, set);
    },
    restore: (pixels) => {
      const symbols = new Uint8Array(set.symbols.length);
      sheets.forEach((sheet, i) => {
        for (const { symbol, pixel, length } of runs(sheet, set.channels)) {
          symbols.set(pixels[i]!.subarray(pixel, pixel + length), symbol);
        }
      });
      return symbols;
    },
  };
}

/** How many blocks of that size (pixels) one sheet takes, at least one. */
function capacity(shape: Shape, width: number, height: number, maxSide: number): number {
  const across = Math.floor(maxSide / width), down = Math.floor(maxSide / height);
  const bySide = shape === "column" ? down : shape === "row" ? across : Math.min(across, down) ** 2;
  return Math.max(1, Math.min(bySide, Math.floor(SHEET_PIXELS / (width * height))));
}

/** Columns of the grid nearest to a square sheet, within a factor of √2 one that leaves no cell empty. */
function squareColumns(count: number, width: number, height: number): number {
  const ideal = Math.sqrt(count * height / width);
  const distance = (columns: number) => Math.abs(Math.log(columns / ideal));
  let best = Math.max(1, Math.min(count, Math.round(ideal))), found = Math.log(2) / 2;
  for (let columns = 1; columns <= count; columns++) {
    if (count % columns === 0 && distance(columns) <= found) [best, found] = [columns, distance(columns)];
  }
  return best;
}

const widthOf = ({ group, block, across }: Sheet) => across * block.columns * group.width;
const heightOf = ({ group, block, first, end, across }: Sheet) =>
  Math.ceil((end - first) / across) * block.rows * group.height;

/** A sheet as a picture; empty cells are black. */
function drawn(sheet: Sheet, { channels, symbols }: Laid): Raster {
  const width = widthOf(sheet), height = heightOf(sheet), pixels = new Uint8Array(width * height * channels);
  for (const { symbol, pixel, length } of runs(sheet, channels)) {
    pixels.set(symbols.subarray(symbol, symbol + length), pixel);
  }
  return { width, height, channels, pixels };
}

/** Which symbols of the set lie where on a sheet, row of an image by row (all in bytes). */
function* runs(sheet: Sheet, channels: number): Generator<{ symbol: number; pixel: number; length: number }> {
  const { block, group, across } = sheet, { width, height } = group;
  const length = width * channels,
    sheetRow = widthOf(sheet) * channels,
    perBlock = block.columns * block.rows;
  let symbol = sheet.offset;
  for (let image = 0; image < (sheet.end - sheet.first) * perBlock; image++) {
    const cell = Math.floor(image / perBlock), tile = image % perBlock;
    const left = (cell % across) * block.columns + tile % block.columns;
    const top = Math.floor(cell / across) * block.rows + Math.floor(tile / block.columns);
    for (let y = 0; y < height; y++, symbol += length) {
      yield { symbol, pixel: (top * height + y) * sheetRow + left * length, length };
    }
  }
}
