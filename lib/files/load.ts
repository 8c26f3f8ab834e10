import { basename, join, resolve as resolvePath } from "node:path";
import { MdlError } from "../errors.ts";
import { reporting } from "../context.ts";
import { checkArguments, checkOptions, CONTEXT, FLAG, type Kinds, oneOf, TEXT, whole } from "../options.ts";
import { concat } from "../program/bytes.ts";
import { entriesOf, oddAndFolders, sayLeftOut } from "../sources/entries.ts";
import { advance, type LoadOptions, MOST_SYMBOLS } from "../sources/loading.ts";
import { type Files, type FilesModality, filesOf } from "./data.ts";
import { FILES_KINDS, kindOf } from "./kind.ts";

/** How files are read. */
export interface FilesOptions extends Pick<LoadOptions, "take" | "signal" | "progress" | "log"> {
  /** The kind of data that they are; by default what they look like. */
  readonly as?: FilesModality;
  /** Read the files of subfolders, too; false by default. */
  readonly recursive?: boolean;
}

const OPTIONS: Kinds = { ...CONTEXT, take: whole(1), as: oneOf(FILES_KINDS), recursive: FLAG };

/** Whether a file is called what JPEG files are called. */
export function isJpegFile(name: string): boolean {
  return /\.jpe?g$/i.test(name);
}

/**
 * Loads a file, or the files of a folder, sorted by name in the order of code units; hidden ones are left out, and of a
 * folder that is taken as JPEG all with names of others. A program gives them back byte for byte.
 *
 * @throws {MdlError} `not-found`; `empty` for a folder without a file; `unreadable`; `too-large` for more than
 * `MOST_SYMBOLS` bytes; `usage` for a folder of several kinds of data, unless `as` says which
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/haiku.txt`;
 * await Deno.writeTextFile(path, "An old silent pond\n");
 * const { modality, names, lengths } = await mdl.loadFiles(path);
 * assertEquals([modality, names, lengths], ["text", ["haiku.txt"], [19]]);
 * ```
 */
export async function loadFiles<M extends FilesModality = FilesModality>(
  path: string,
  options: FilesOptions & { readonly as?: M } = {},
): Promise<Files<M>> {
  checkArguments("loadFiles", { path }, { path: TEXT });
  checkOptions("loadFiles", options, OPTIONS);
  return await reporting(options, (seen) => read(path, seen)) as Files<M>;
}

async function read(path: string, options: FilesOptions): Promise<Files> {
  const there = await Deno.stat(path).catch((cause) => unreadable(path, cause));
  if (!there.isFile && !there.isDirectory) {
    throw new MdlError("unreadable", `${path} is a device or a pipe, not a file.`);
  }
  const files = there.isFile ? [basename(path)] : await filesIn(path, options);
  const place = (file: string) => there.isFile ? path : join(path, file), contents: Uint8Array[] = [];
  let size = 0;
  for (const [done, file] of files.entries()) {
    advance(options, { label: "reading files", done, total: files.length, unit: "files" });
    const { size: more } = await Deno.stat(place(file)).catch((cause) =>
      unreadable(place(file), cause, there.isDirectory)
    );
    if (size + more > MOST_SYMBOLS) throw tooLarge(path, done);
    const bytes = await Deno.readFile(place(file)).catch((cause) =>
      unreadable(place(file), cause, there.isDirectory)
    );
    contents.push(bytes);
    size += bytes.length;
    if (size > MOST_SYMBOLS) throw tooLarge(path, done);
  }
  advance(options, { label: "reading files", done: files.length, total: files.length, unit: "files" });
  return filesOf({
    modality: options.as ?? oneKind(path, files, contents),
    name: basename(resolvePath(path)),
    names: files,
    lengths: contents.map(({ length }) => length),
    symbols: concat(contents),
    provenance: {
      source: there.isFile ? "file" : "folder",
      bytes: size,
      licence: "the user's own",
      citation: "the user's own",
    },
  });
}

/** Paths of the files from the folder on. */
async function filesIn(path: string, { recursive = false, take, log, as }: FilesOptions): Promise<string[]> {
  const entries = await entriesOf(path, recursive), seen = entries.files.filter((file) => !isHidden(file));
  const files = as === "jpeg" ? seen.filter(isJpegFile) : seen;
  const hidden = [entries.files.length - seen.length, "hidden file", "hidden files", "left out"] as const;
  const others = [seen.length - files.length, "file", "files", "ignored: not called .jpg or .jpeg"] as const;
  sayLeftOut([hidden, others, ...oddAndFolders(entries)], log);
  if (files.length === 0) {
    throw new MdlError("empty", `There is no ${as === "jpeg" ? "JPEG " : ""}file in the folder ${path}.`);
  }
  return files.slice(0, take);
}

function isHidden(file: string): boolean {
  return basename(file).startsWith(".");
}

/** The kind of data that all files are. */
function oneKind(path: string, files: readonly string[], contents: readonly Uint8Array[]): FilesModality {
  const found = new Map<FilesModality, string>();
  for (const [i, bytes] of contents.entries()) {
    const kind = bytes.length > 0 ? kindOf(files[i]!, bytes) : undefined;
    if (kind && !found.has(kind)) found.set(kind, files[i]!);
  }
  const kinds = [...found.keys()];
  if (kinds.length < 2) return kinds[0] ?? "text";
  const examples = [...found].map(([kind, file]) => `${kind} (${file})`).join(", ");
  throw new MdlError(
    "usage",
    `${path} holds several kinds of data, ${examples}: make a program of each, or take all as one (as), such as bytes.`,
  );
}

function tooLarge(path: string, fitting: number): MdlError {
  const advice = fitting > 0 ? `take at most ${fitting.toLocaleString("en")} files (take)` : "split them";
  return new MdlError("too-large", `${path}: more than ${MOST_SYMBOLS / 1e6} MB of files; ${advice}.`);
}

function unreadable(path: string, cause: unknown, listed = false): never {
  if (cause instanceof Deno.errors.NotFound) {
    const text = listed
      ? `${path} cannot be read: it is gone, or its name is not in UTF-8.`
      : `There is no file and no folder ${path}.`;
    throw new MdlError(listed ? "unreadable" : "not-found", text, { cause });
  }
  const why = cause instanceof Deno.errors.PermissionDenied ? "may not be read" : "cannot be read";
  throw new MdlError("unreadable", `${path} ${why}.`, { cause });
}
