import { dirname, join, sep as SEPARATOR } from "node:path";
import { MdlError } from "./errors.ts";
import { BYTES, checkArguments, TEXT } from "./options.ts";

/** What files are called while they are written, in the folder that they are for: a short name, whatever theirs is. */
const TEMPORARY = /^\.mdlab-[0-9a-f]{16}\.part$/;

/**
 * Milliseconds: a temporary file that nobody has written to for so long may have been left behind; where the file system
 * has no locks, for a day.
 */
const RECENT = 60_000, DAY = 86_400_000;

/** Folders that have been looked through for temporary files left behind. */
const cleared = new Set<string>();

/**
 * Writes a file as a whole or not at all: under a temporary name in the same folder, then renamed. Nothing is left
 * behind on failure, and a file that was there before stays as it was. Temporary files of runs that were killed are
 * removed from the folder at the first call. A file of that name is replaced.
 *
 * @throws {MdlError} `not-writable`
 *
 * @example
 * ```ts
 * import * as mdl from "@mdlab/mdlab";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/x.wasm`;
 * await mdl.saveFile(path, new Uint8Array([0, 97, 115, 109]));
 * assertEquals((await Deno.stat(path)).size, 4);
 * ```
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  checkArguments("saveFile", { path, bytes }, { path: TEXT, bytes: BYTES });
  const temporary = temporaryFor(path);
  await clearFolder(folderOf(path));
  let created = false;
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    created = true;
    await file.tryLock(true).catch(() => {}); // for as long as this process lives; some file systems have no locks
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync(); // a full disk may show only here
    await Deno.rename(temporary, path);
  } catch (cause) {
    if (created) await Deno.remove(temporary).catch(() => {});
    throw notWritable(path, cause);
  }
}

/** Where a file is going to be: a path that ends in a separator names no file in the folder above. */
function folderOf(path: string): string {
  return path.endsWith("/") || path.endsWith(SEPARATOR) ? path : dirname(path);
}

/** A name in the same folder for a file that is not yet whole. */
export function temporaryFor(path: string): string {
  return join(folderOf(path), `.mdlab-${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}.part`);
}

/**
 * Removes temporary files that killed runs have left in a folder, once for each folder: files of our own naming that
 * were not written to for a minute, and that no living process has locked.
 */
async function clearFolder(folder: string): Promise<void> {
  if (cleared.has(folder)) return;
  cleared.add(folder);
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && TEMPORARY.test(name)) await removeStale(join(folder, name)).catch(() => {});
    }
  } catch { /* writing will say what is wrong with the folder */ }
}

async function removeStale(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  const age = Date.now() - ((await file.stat()).mtime?.getTime() ?? Date.now());
  if (age > RECENT && await file.tryLock(true).catch(() => age > DAY)) await Deno.remove(path);
}

/** Makes a folder, with those above it, unless it is there. Throws as `saveFile`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** The error for a file or a folder that cannot be written, with why. */
export function notWritable(path: string, cause: unknown): MdlError {
  return new MdlError("not-writable", `${path} cannot be written: ${reason(cause)}.`, { cause });
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such folder";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no folder";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.AlreadyExists) return "a file has that name";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "no permission";
  }
  const code = (error as { code?: string } | null)?.code;
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "EROFS") return "the disk is read-only";
  if (code === "ENAMETOOLONG") return "its name is too long";
  return error instanceof Error ? error.message : String(error);
}
