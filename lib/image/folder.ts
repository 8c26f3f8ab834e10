import { basename, dirname, extname, join, resolve as resolvePath } from "node:path";
import { MdlError } from "../errors.ts";
import { checkArguments, checkOptions, TEXT } from "../options.ts";
import { reporting } from "../context.ts";
import { type Dataset, datasetOf } from "./dataset.ts";
import type { DecodeOptions } from "./image_file.ts";
import { entriesOf, oddAndFolders, sayLeftOut } from "../sources/entries.ts";
import { advance, FOLDER, type LoadOptions, MOST_SYMBOLS } from "../sources/loading.ts";
import type { PictureReply, PictureRequest } from "./picture_worker.ts";
import { type Raster, toColour, toGray } from "./raster.ts";
import { ask, inWorker } from "../workers.ts";

const WORKER = new URL("./picture_worker.ts", import.meta.url);

/** How a folder is read. */
export interface FolderOptions
  extends DecodeOptions, Pick<LoadOptions, "take" | "signal" | "progress" | "log"> {
  /** Convert colour images to gray; false by default. */
  readonly gray?: boolean;
  /** Resize each image to this size in pixels as it is read, so that a folder of large ones fits in memory. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Read the images of subfolders, too; their names begin with the subfolder's. False by default. */
  readonly recursive?: boolean;
}

interface Named {
  /** Path from the folder on, with "/". */
  readonly file: string;
  readonly picture: Raster;
}

const IMAGE_FILE = /^[^.].*\.(png|jpe?g|webp)$/is; // not the hidden ones

/**
 * Loads the PNG, JPEG and WebP images of a folder, sorted by name in the order of code units. Images of one size form one
 * group, the groups in the order of their first image. The set is gray when no pixel of any image has colour; else it is
 * RGB, and gray images have r = g = b in it. What is left out is counted in the log: other files, subfolders without
 * `recursive`, what is no file (a pipe, a link that leads nowhere or to a folder).
 *
 * @throws {MdlError} `not-found` without such a folder; `empty` without an image; `unreadable` or `unsupported` for an
 * image that `decodeImage` refuses; `too-large` as soon as there are more than `MOST_SYMBOLS`.
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { encode } from "fast-png";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir(), data = new Uint8Array(256).map((_, i) => i);
 * const ramp = encode({ width: 16, height: 16, channels: 1, depth: 8, data });
 * await Deno.writeFile(`${folder}/ramp.png`, ramp);
 * const set = await mdl.loadFolder(folder, { size: { width: 8, height: 8 } });
 * assertEquals([set.names, set.channels, set.symbols.length], [["ramp"], 1, 64]);
 * ```
 */
export async function loadFolder(path: string, options: FolderOptions = {}): Promise<Dataset> {
  checkArguments("loadFolder", { path }, { path: TEXT });
  checkOptions("loadFolder", options, FOLDER);
  return await reporting(options, (seen) => readFolder(path, seen));
}

async function readFolder(path: string, options: FolderOptions): Promise<Dataset> {
  const files = (await imageFiles(path, options)).slice(0, options.take);
  const read: Named[] = [], name = basename(resolvePath(path));
  let symbols = 0, before = 0, bytes = 0;
  await inWorker(WORKER, async (worker) => {
    for (const [done, file] of files.entries()) {
      advance(options, { label: "reading images", done, total: files.length, unit: "images" });
      const reply = await readPicture(worker, path, file, MOST_SYMBOLS - symbols, options);
      if ("larger" in reply) throw tooLarge(name, done);
      read.push({ file, picture: reply.picture });
      bytes += reply.bytes;
      before += reply.source;
      symbols += reply.picture.pixels.length;
    }
  });
  advance(options, { label: "reading images", done: files.length, total: files.length, unit: "images" });
  const sorted = [...Map.groupBy(unifyChannels(read), ({ picture: p }) => `${p.width}×${p.height}`).values()]
    .flat();
  const colours = sorted.reduce((sum, { picture }) => sum + picture.pixels.length, 0);
  if (colours > MOST_SYMBOLS) throw tooLarge(name, Math.floor(files.length * MOST_SYMBOLS / colours));
  if (options.size) {
    const [from, to] = [before, symbols].map((bytes) => bytes.toLocaleString("en"));
    if (from !== to) options.log?.(`resized while reading: ${from} → ${to} bytes of pixels`);
  }
  return datasetOf(sorted.map(({ picture }) => picture), {
    name,
    channels: sorted[0]!.picture.channels,
    names: uniqueNames(sorted.map(({ file }) => file)),
    provenance: { source: "folder", bytes, licence: "the user's own", citation: "a folder of images" },
  });
}

/** Paths of the images from the folder on, sorted. */
async function imageFiles(path: string, { recursive = false, log }: FolderOptions): Promise<string[]> {
  const entries = await entriesOf(path, recursive), { files, folders } = entries;
  const images = files.filter(isImageFile), others = files.length - images.length;
  if (images.length === 0) {
    const where = folders > 0 ? ` (it has ${folders} subfolder${folders === 1 ? "" : "s"})` : "";
    throw new MdlError("empty", `There is no PNG, JPEG or WebP image in the folder ${path}${where}.`);
  }
  const foreign = [others, "file", "files", "ignored: not PNG, JPEG or WebP"] as const;
  sayLeftOut([foreign, ...oddAndFolders(entries)], log);
  return images;
}

/** Whether a file is read as an image; hidden ones are not. */
export function isImageFile(path: string): boolean {
  return IMAGE_FILE.test(basename(path));
}

async function readPicture(
  worker: Worker,
  folder: string,
  name: string,
  most: number,
  { flatten = false, firstFrame = false, gray = false, size, signal }: FolderOptions,
): Promise<Exclude<PictureReply, { readonly code: unknown }>> {
  const options = { flatten, firstFrame, gray, ...(size && { size }) };
  const request: PictureRequest = { path: join(folder, name), name, options, most };
  const reply = await ask<PictureReply>(worker, request, signal ? { signal } : {}).catch((cause) => {
    if (!signal?.aborted) throw cause;
    throw new MdlError("interrupted", `Stopped by the user while reading ${name}.`, { cause });
  });
  if ("code" in reply) throw new MdlError(reply.code, reply.message);
  return reply;
}

function tooLarge(name: string, fitting: number): MdlError {
  const advice = fitting > 0
    ? `take at most ${fitting.toLocaleString("en")} (take), or make the images smaller (size)`
    : "make the images smaller (size)";
  return new MdlError("too-large", `${name}: more than ${MOST_SYMBOLS / 1e6} MB of pixels; ${advice}.`);
}

function isColourless({ channels, pixels }: Raster): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  }
  return true;
}

/** All gray when nothing has colour, else all RGB; both exact. */
function unifyChannels(read: readonly Named[]): readonly Named[] {
  const convert = read.every(({ picture }) => isColourless(picture)) ? toGray : toColour;
  return read.map(({ file, picture }) => ({ file, picture: convert(picture) }));
}

/** File names without their extensions, but with them where two names would be the same. */
function uniqueNames(files: readonly string[]): string[] {
  const stem = (file: string) => join(dirname(file), basename(file, extname(file)));
  const sharing = Map.groupBy(files, stem), taken = new Set(files);
  const unique = (file: string) => sharing.get(stem(file))!.length === 1 && !taken.has(stem(file));
  return files.map((file) => unique(file) ? stem(file) : file);
}
