import { MdlError } from "../errors.ts";
import { BYTES, checkArguments, TEXT } from "../options.ts";

/**
 * Writes a file as a whole or not at all: under a temporary name in the same folder, then renamed. Nothing is left
 * behind on failure, and a file that was there before stays as it was.
 *
 * @throws {MdlError} `not-writable`
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  checkArguments("saveFile", { path, bytes }, { path: TEXT, bytes: BYTES });
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  let created = false;
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    created = true;
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync(); // a full disk may show only here
    await Deno.rename(temporary, path);
  } catch (cause) {
    if (created) await Deno.remove(temporary).catch(() => {});
    throw notWritable(path, cause);
  }
}

/**
 * Tests that a file can be written, without touching one that is there: to be told before long work, not after.
 *
 * @throws {MdlError} `not-writable`
 */
export async function assertWritable(path: string): Promise<void> {
  const probe = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  if (await Deno.stat(path).then((s) => s.isDirectory, () => false)) {
    throw new MdlError("not-writable", `${path} cannot be written: it is a folder.`);
  }
  try {
    await Deno.writeFile(probe, new Uint8Array(), { createNew: true });
    await Deno.remove(probe);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** Makes a folder, with those above it, unless it is there. Throws as `saveFile`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

function notWritable(path: string, cause: unknown): MdlError {
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
  return error instanceof Error ? error.message : String(error);
}
