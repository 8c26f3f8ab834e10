/** Where data come from: the name of a data set, a folder, or a file. */
import { join, resolve } from "node:path";
import type { Dataset } from "../../lib/image/dataset.ts";
import type { AnyData } from "../../lib/codecs.ts";
import type { Modality } from "../../lib/program/header.ts";
import type { Files } from "../../lib/files/data.ts";
import { isJpegFile, loadFiles } from "../../lib/files/load.ts";
import { isJpeg } from "../../lib/jpeg/segments.ts";
import { isImageFile, loadFolder } from "../../lib/image/folder.ts";
import { MdlError } from "../../lib/errors.ts";
import { checkArguments, TEXT } from "../../lib/options.ts";
import { entriesOf } from "../../lib/sources/entries.ts";
import type { LoadOptions } from "../../lib/sources/loading.ts";
import { fileSetNames, loadFileSet } from "./sets/file_sets.ts";
import { datasetNames } from "./sets/manifest.ts";
import { loadDataset } from "./sets/named_sets.ts";

/** What loading is asked, wherever images come from. */
export type LoadSource = Pick<
  NonNullable<Parameters<typeof loadFolder>[1]>,
  "take" | "gray" | "size" | "flatten" | "recursive" | "firstFrame" | "signal" | "progress" | "log"
>;

/** What loading data of any kind is asked. */
export interface LoadAny extends LoadSource {
  /** The kind of data; by default what they look like. */
  readonly as?: Modality;
  /** Of JPEG files their pixels; else they are files that come back byte for byte, unless one of the options is for pixels. */
  readonly pixels?: boolean;
  /** What preprocess is going to take of files; they are loaded whole. */
  readonly bytes?: number;
}

/** What names a data set even where a folder has its name. */
const SET = "set:";

/**
 * Loads a data set by name (`photos`, `set:photos`) or the images of a folder; a name with a slash is always a folder.
 *
 * @throws {MdlError} `not-found` when it is neither; `usage` when it is both; what the loaders throw
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await lab.loadSource("set:scenes", { take: 2 })).names.length, 2);
 * ```
 */
export async function loadSource(source: string, load: LoadSource = {}): Promise<Dataset> {
  checkArguments("loadSource", { source }, { source: TEXT });
  const name = await nameOfSet(source);
  if (name !== undefined) return await loadDataset(ofImages(name), load);
  return await loadFolder(source, load).catch((error) => {
    throw unknownSource(source, error, datasetNames());
  });
}

/**
 * Loads data of any kind: a data set by name, a folder of images, or else a file, or a folder of files. What kind it is,
 * and why, is logged.
 *
 * @throws {MdlError} as `loadSource` and `loadFiles`
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/haiku.txt`;
 * await Deno.writeTextFile(path, "An old silent pond\n");
 * assertEquals((await lab.loadAny(path)).modality, "text");
 * assertEquals((await lab.loadAny(path, { as: "bytes" })).modality, "bytes");
 * ```
 */
export async function loadAny(
  source: string,
  { as: asked, bytes, pixels = false, ...load }: LoadAny = {},
): Promise<AnyData> {
  checkArguments("loadAny", { source }, { source: TEXT });
  const set = await nameOfSet(source), { gray, size, flatten, firstFrame, ...ofFiles } = load;
  const ofImages = { gray, size, flatten, firstFrame };
  if (set !== undefined) {
    if (fileSetNames.includes(set)) refuseOfImages(source, ofImages);
    else refuseBytes(source, bytes);
    return await loadSet(set, load, asked);
  }
  const images = asked === undefined ? await imagesIn(source, load) : [];
  const ofPixels = pixels || gray || size || flatten || firstFrame;
  const as = asked ??
    (images.length === 0 ? undefined : !ofPixels && await areJpeg(source, images) ? "jpeg" : "image");
  if (as === "image") {
    refuseBytes(source, bytes);
    return await loadSource(source, load);
  }
  refuseOfImages(source, ofImages);
  const files = await loadFiles(source, { ...ofFiles, ...(as && { as }) }).catch(async (error) => {
    const there = await Deno.lstat(source).then(() => true, () => false);
    throw there ? error : unknownSource(source, error, names());
  });
  load.log?.(`read as ${files.modality}${asked ? "" : `: ${whyOf(files)}`}`);
  return files;
}

/** @throws {MdlError} `usage` when a number of bytes is asked of images */
function refuseBytes(source: string, bytes: number | undefined): void {
  if (bytes !== undefined) {
    throw new MdlError("usage", `${source} holds images: bytes is for files only.`);
  }
}

/** @throws {MdlError} `usage` when files are asked for what only images have */
function refuseOfImages(source: string, options: object): void {
  const idle = Object.entries(options).find(([, value]) => value);
  if (idle) throw new MdlError("usage", `${source} holds no images: ${idle[0]} is for images only.`);
}

/** A named set of images or of files; only files can be taken as another kind of data. */
async function loadSet(set: string, load: LoadSource, as?: Modality): Promise<AnyData> {
  const ofFiles = fileSetNames.includes(set);
  if (as !== undefined && (as === "image") === ofFiles) {
    throw new MdlError("usage", `The set ${set} cannot be taken as ${as}.`);
  }
  if (!ofFiles) return await loadDataset(set, load);
  const files = await loadFileSet(set, load as LoadOptions);
  return as === undefined ? files : { ...files, modality: as as Files["modality"] };
}

/** Why files were taken for what they are. */
function whyOf({ modality, names, lengths }: Files): string {
  if (modality === "audio") return "WAV";
  if (modality === "jpeg") return "JPEG, not the pixels of a folder (pixels)";
  if (modality === "bytes") return "no text";
  if (modality === "text") {
    const table = names.find((name) => /\.[ct]sv$/i.test(name));
    const structure = "rows of one length, one kind of line end, at most 255 columns and 30 MB";
    return table ? `${table} has no table's structure (${structure})` : "UTF-8, or nearly all printable";
  }
  return lengths.length === 1
    ? "CSV"
    : "CSV, of several files: columns are told apart in one alone, several are coded as text";
}

/** The files of a folder that are read as images; none of anything else. */
async function imagesIn(source: string, { recursive = false }: LoadSource): Promise<readonly string[]> {
  return await isFolder(source) ? (await entriesOf(source, recursive)).files.filter(isImageFile) : [];
}

/** Whether all files are called JPEG, and one at least begins so. */
async function areJpeg(folder: string, names: readonly string[]): Promise<boolean> {
  if (!names.every(isJpegFile)) return false;
  for (const name of names) {
    using file = await Deno.open(join(folder, name)).catch(() => undefined); // who reads it will say why
    const start = new Uint8Array(3);
    if (file && await file.read(start) === 3 && isJpeg(start)) return true;
  }
  return false;
}

/**
 * A source of images that names the same from any folder.
 *
 * @throws {MdlError} `not-found` for a folder that is not there; `usage` as `loadSource`
 */
export async function placedSource(source: string): Promise<string> {
  const name = await nameOfSet(source);
  if (name !== undefined && datasetNames().includes(ofImages(name) as never)) return SET + name;
  if (name === undefined && await isFolder(source)) return resolve(source);
  throw noSource(source, datasetNames());
}

/** @throws {MdlError} `usage` for the name of a set of files */
function ofImages(set: string): string {
  if (!fileSetNames.includes(set)) return set;
  const known = datasetNames().join(", ");
  throw new MdlError(
    "usage",
    `${set} is a set of files, and images are needed; the sets of images are ${known}.`,
  );
}

/** The name of the data set that a source is; undefined for a folder. */
async function nameOfSet(source: string): Promise<string | undefined> {
  if (source.startsWith(SET)) return source.slice(SET.length);
  if (!names().includes(source)) return undefined;
  if (!await isFolder(source)) return source;
  const both = `${source} is a folder here and a data set`;
  throw new MdlError("usage", `${both}: ./${source} names the folder, ${SET}${source} the data set.`);
}

/** The error for a source that may have been meant as the name of a set: a path with a slash or a dot was not. */
function unknownSource(source: string, error: unknown, sets: readonly string[]): unknown {
  const absent = error instanceof MdlError && error.code === "not-found";
  return absent && !/[/\\.]/.test(source) ? noSource(source, sets) : error;
}

/** @param sets Those that would do. */
function noSource(source: string, sets: readonly string[]): MdlError {
  const known = sets.join(", "), places = sets.length > datasetNames().length ? "folder, file" : "folder";
  return new MdlError("not-found", `There is no ${places} or data set ${source}; the sets are ${known}.`);
}

/** The names of all sets. */
function names(): readonly string[] {
  return [...datasetNames(), ...fileSetNames];
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}
