import { join } from "node:path";
import { MdlError } from "../errors.ts";

/** What a folder holds. */
export interface Entries {
  /** Paths of the files from the folder on, with "/", sorted in the order of code units; links to files among them. */
  readonly files: string[];
  /** Subfolders that were left out. */
  folders: number;
  /** What is neither a file nor a folder: a pipe, a link that leads nowhere or to a folder. */
  odd: number;
}

/**
 * The files of a folder, those of its subfolders, too, when asked; hidden folders are left alone.
 *
 * @throws {MdlError} `not-found` without such a folder; `unreadable`
 */
export async function entriesOf(path: string, recursive: boolean): Promise<Entries> {
  const found: Entries = { files: [], folders: 0, odd: 0 };
  await list(path, "", recursive, found);
  found.files.sort();
  return found;
}

/** Says what of a folder is left out, and why. */
export function sayLeftOut(
  left: readonly (readonly [count: number, one: string, many: string, why: string])[],
  log?: (line: string) => void,
): void {
  for (const [count, one, many, why] of left) {
    if (count > 0) log?.(`${count.toLocaleString("en")} ${count === 1 ? one : many} ${why}`);
  }
}

/** What is said of entries that are never read. */
export function oddAndFolders({ odd, folders }: Entries) {
  return [
    [odd, "entry", "entries", "ignored: neither a file nor a folder"],
    [folders, "subfolder", "subfolders", "left out, read only when asked (recursive)"],
  ] as const;
}

async function list(path: string, within: string, recursive: boolean, found: Entries): Promise<void> {
  for await (const entry of read(join(path, within))) {
    const name = within ? `${within}/${entry.name}` : entry.name;
    if (entry.isDirectory) {
      if (entry.name.startsWith(".")) continue;
      if (recursive) await list(path, name, recursive, found);
      else found.folders++;
    } else if (!entry.isFile && !await leadsToFile(join(path, name))) found.odd++;
    else found.files.push(name);
  }
}

function leadsToFile(path: string): Promise<boolean> {
  return Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

async function* read(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
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
}
