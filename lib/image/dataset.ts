import type { Data } from "../codec.ts";
import { sha256 } from "../hash.ts";
import { MdlError } from "../errors.ts";
import { itemCount, runningNames } from "../items.ts";
import { checkArguments, DATASET, whole } from "../options.ts";
import { concat } from "../program/bytes.ts";

/** Consecutive images of one size. */
export interface ImageGroup {
  /** How many, from 1 on. */
  readonly count: number;
  /** Of each, in pixels. */
  readonly height: number;
  /** Of each, in pixels. */
  readonly width: number;
}

/**
 * A set of images: the symbols that a program must regenerate exactly. Immutable.
 *
 * `symbols` holds the images one after another in the order of `groups`; an image is rows from top to bottom, pixels
 * from left to right, channels interleaved ([height, width, channels], values 0–255).
 */
export interface Dataset extends Data {
  /** The kind of data. */
  readonly modality: "image";
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** Sizes of the images, in their order. */
  readonly groups: readonly ImageGroup[];
  /** Class labels where the source has them, one an image. */
  readonly labels?: readonly number[];
  /** Where consecutive images are tiles of one larger picture: its tiles, row by row. */
  readonly tiling?: Tiling;
}

/** Every `columns` × `rows` consecutive images are the tiles of one picture, from left to right, top to bottom. */
export interface Tiling {
  /** Tiles beside one another. */
  readonly columns: number;
  /** Tiles above one another. */
  readonly rows: number;
}

/** One image of a set; `pixels` is a view, [height, width, channels]. */
export interface ImageView {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** Values 0–255, channels interleaved. */
  readonly pixels: Uint8Array;
}

/** Number of symbols (bytes) of a set. */
export function symbolCount(groups: readonly ImageGroup[], channels: number): number {
  return groups.reduce((n, g) => n + g.count * g.height * g.width * channels, 0);
}

/** Number of symbols of the largest image. */
export function largest(groups: readonly ImageGroup[], channels: number): number {
  return groups.reduce((most, { height, width }) => Math.max(most, height * width * channels), 0);
}

/** Columns of the widest image. */
export function widest(groups: readonly ImageGroup[]): number {
  return groups.reduce((most, { width }) => Math.max(most, width), 0);
}

/** What a set is made from; where images have no names, running numbers are theirs. */
type Parts = Omit<Dataset, "modality" | "names" | "sha256"> & Partial<Pick<Dataset, "names">>;

/**
 * Makes a set from its parts, checks that they agree, and computes its SHA-256. Adjacent groups of one size are merged.
 *
 * @throws {MdlError} `empty` without images; `usage` when the sizes and the number of symbols or names disagree.
 */
export function dataset(parts: Parts): Dataset {
  const groups: ImageGroup[] = [];
  for (const g of parts.groups) {
    const last = groups.at(-1);
    if (last && last.height === g.height && last.width === g.width) {
      groups[groups.length - 1] = { ...last, count: last.count + g.count };
    } else if (g.count > 0) groups.push({ ...g });
  }
  const count = itemCount(groups), size = symbolCount(groups, parts.channels);
  if (count === 0 || size === 0) throw new MdlError("empty", `The set ${parts.name} holds no image.`);
  if (parts.symbols.length !== size) {
    throw new MdlError(
      "usage",
      `The set ${parts.name} has ${parts.symbols.length} symbols where its sizes say ${size}.`,
    );
  }
  const { names = runningNames(count) } = parts;
  if (names.length !== count) {
    throw new MdlError("usage", `The set ${parts.name} has ${names.length} names for ${count} images.`);
  }
  return { ...parts, names, modality: "image", groups, sha256: sha256(parts.symbols) };
}

/**
 * The images of a set in order, as views on its symbols.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 2 });
 * const sums = [...image.images(set)].map(({ pixels }) => pixels.reduce((sum, p) => sum + p, 0));
 * assertEquals(sums.length, 2);
 * ```
 */
export function* images(set: Pick<Dataset, "groups" | "channels" | "symbols">): Generator<ImageView> {
  let at = 0;
  for (const { count, height, width } of set.groups) {
    const size = height * width * set.channels;
    for (let i = 0; i < count; i++, at += size) {
      yield { height, width, pixels: set.symbols.subarray(at, at + size) };
    }
  }
}

/**
 * The first `count` images of a set (all of them when it has fewer). The tiling is kept while whole pictures remain.
 *
 * @throws {MdlError} `empty` when `count` is 0.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import * as image from "@mdlab/mdlab/image";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await mdl.loadDataset("scenes", { take: 12 });
 * assertEquals(image.take(set, 5).names, ["000000", "000001", "000002", "000003", "000004"]);
 * ```
 */
export function take(set: Dataset, count: number): Dataset {
  checkArguments("take", { set, count }, { set: DATASET, count: whole(0) });
  if (count >= set.names.length) return set;
  const { tiling, ...rest } = set;
  const groups: ImageGroup[] = [];
  let left = count;
  for (const g of set.groups) {
    groups.push({ ...g, count: Math.min(left, g.count) });
    left -= Math.min(left, g.count);
  }
  return dataset({
    ...rest,
    ...(tiling && count % (tiling.columns * tiling.rows) === 0 ? { tiling } : {}),
    groups,
    symbols: set.symbols.slice(0, symbolCount(groups, set.channels)),
    names: set.names.slice(0, count),
    ...(set.labels ? { labels: set.labels.slice(0, count) } : {}),
  });
}

/** Makes a set of pictures that all have `channels` channels, in their order; see `dataset`. */
export function datasetOf(pictures: readonly ImageView[], parts: Omit<Parts, "groups" | "symbols">): Dataset {
  const groups = pictures.map(({ height, width }) => ({ count: 1, height, width }));
  return dataset({ ...parts, groups, symbols: concat(pictures.map(({ pixels }) => pixels)) });
}

/** Evenly spaced images of a set with about `most` symbols together, at least one image; the set itself if it has no more. */
export function thinned(set: Dataset, most: number): Dataset {
  const share = most / set.symbols.length;
  if (share >= 1) return set;
  const chosen = [...images(set)].filter((_, i) =>
    i === 0 || Math.floor(i * share) > Math.floor((i - 1) * share)
  );
  const { name, channels, provenance } = set;
  return datasetOf(chosen, { name, channels, provenance });
}
