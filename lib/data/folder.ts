import { basename, extname, join, resolve as resolvePath } from "node:path";
import { MdlError } from "../errors.ts";
import { type Dataset, datasetOf } from "./dataset.ts";
import { decodeImage, type DecodeOptions } from "./image_file.ts";
import { advance, type LoadOptions, MOST_SYMBOLS } from "./loading.ts";
import { type Raster, resize, toGray } from "./raster.ts";

export interface FolderOptions
  extends DecodeOptions, Pick<LoadOptions, "take" | "signal" | "progress" | "log"> {
  /** Convert colour images to gray: the way to load a folder that mixes both. */
  readonly gray?: boolean;
  /** Resize each image as it is read, so that a folder of large ones fits in memory. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The images of subfolders, too. */
  readonly recursive?: boolean;
}

interface Named {
  readonly file: string;
  readonly picture: Raster;
}

const IMAGE_FILE = /^[^.].*\.(png|jpe?g|webp)$/i; // not the hidden ones

/**
 * Loads the PNG, JPEG and WebP images of a folder (not of its subfolders), sorted by name in the order of code units.
 * Images of one size form one group, the groups in the order of their first image. The set is gray when no pixel of
 * any image has colour, RGB when every file stores colour. Other files are ignored, and their number is logged.
 *
 * @throws {MdlError} `not-found` without such a folder; `empty` without an image; `unreadable` or `unsupported` for an
 * image that `decodeImage` refuses; `unsupported` when gray and colour files are mixed and `gray` is not asked for;
 * `too-large` as soon as more than `MOST_SYMBOLS` are read.
 */
export async function loadFolder(path: string, options: FolderOptions = {}): Promise<Dataset> {
  const files = (await imageFiles(path, options)).slice(0, options.take);
  const read: Named[] = [], name = basename(resolvePath(path));
  let symbols = 0, before = 0;
  for (const [done, file] of files.entries()) {
    advance(options, { label: "reading images", done, total: files.length, unit: "images" });
    const source = await readPicture(join(path, file), file, options);
    const picture = options.size ? resize(source, options.size.width, options.size.height) : source;
    read.push({ file, picture });
    before += source.pixels.length;
    symbols += picture.pixels.length;
    if (symbols > MOST_SYMBOLS) throw tooLarge(name, done);
  }
  advance(options, { label: "reading images", done: files.length, total: files.length, unit: "images" });
  const sorted = [...Map.groupBy(unifyChannels(read), ({ picture: p }) => `${p.width}×${p.height}`).values()]
    .flat();
  if (symbols !== before) {
    const [from, to] = [before, symbols].map((bytes) => bytes.toLocaleString("en"));
    options.log?.(`resized while reading: ${from} → ${to} bytes before coding`);
  }
  return datasetOf(sorted.map(({ picture }) => picture), {
    name,
    channels: sorted[0]!.picture.channels,
    names: uniqueNames(sorted.map(({ file }) => file)),
    provenance: { source: "folder", licence: "the user's own", citation: "a folder of images" },
  });
}

async function imageFiles(path: string, { log }: FolderOptions): Promise<string[]> {
  const entries: string[] = [];
  try {
    for await (const entry of Deno.readDir(path)) if (!entry.isDirectory) entries.push(entry.name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new MdlError("not-found", `There is no folder ${path}.`, { cause });
    }
    if (cause instanceof Deno.errors.NotADirectory) {
      throw new MdlError("not-found", `${path} is no folder: give the folder that holds the images.`, {
        cause,
      });
    }
    if (cause instanceof Deno.errors.PermissionDenied) {
      throw new MdlError("unreadable", `The folder ${path} may not be read.`, { cause });
    }
    throw cause;
  }
  const files = entries.filter((name) => IMAGE_FILE.test(name)).sort();
  if (files.length === 0) {
    throw new MdlError("empty", `There is no PNG, JPEG or WebP image in the folder ${path}.`);
  }
  const ignored = entries.length - files.length;
  if (ignored > 0) log?.(`${ignored} ${ignored === 1 ? "file" : "files"} ignored: not PNG, JPEG or WebP`);
  return files;
}

async function readPicture(path: string, file: string, options: FolderOptions): Promise<Raster> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (cause) {
    throw new MdlError("unreadable", `The image ${file} cannot be read.`, { cause });
  }
  const picture = await decodeImage(bytes, file, options);
  return options.gray ? toGray(picture) : picture;
}

function tooLarge(name: string, fitting: number): MdlError {
  const advice = fitting > 0
    ? `use --take ${fitting}, or --size for smaller images`
    : "use --size for smaller images";
  return new MdlError("too-large", `${name}: more than ${MOST_SYMBOLS / 1e6} MB of pixels; ${advice}.`);
}

function isColourless({ channels, pixels }: Raster): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  }
  return true;
}

function unifyChannels(read: readonly Named[]): readonly Named[] {
  const coloured = read.find(({ picture }) => !isColourless(picture));
  if (!coloured) return read.map(({ file, picture }) => ({ file, picture: toGray(picture) })); // of r = g = b: exact
  const gray = read.find(({ picture }) => picture.channels === 1);
  if (!gray) return read;
  throw new MdlError(
    "unsupported",
    `The folder mixes colour (${coloured.file}) and gray (${gray.file}) images: use --gray to convert all.`,
  );
}

/** File names without their extensions, but with them where two names would be the same. */
function uniqueNames(files: readonly string[]): string[] {
  const stem = (file: string) => basename(file, extname(file));
  const sharing = Map.groupBy(files, stem), taken = new Set(files);
  const unique = (file: string) => sharing.get(stem(file))!.length === 1 && !taken.has(stem(file));
  return files.map((file) => unique(file) ? stem(file) : file);
}
