/** Where images come from: the name of a data set, or a folder. */
import { resolve } from "node:path";
import type { Dataset } from "../../lib/image/dataset.ts";
import { loadFolder } from "../../lib/image/folder.ts";
import { MdlError } from "../../lib/errors.ts";
import { checkArguments, TEXT } from "../../lib/options.ts";
import { datasetNames } from "../../lib/sources/manifest.ts";
import { loadDataset } from "../../lib/sources/registry.ts";

/** What loading is asked, wherever images come from. */
export type LoadSource = Pick<
  NonNullable<Parameters<typeof loadFolder>[1]>,
  "take" | "gray" | "size" | "flatten" | "recursive" | "firstFrame" | "signal" | "progress" | "log"
>;

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
  if (name !== undefined) return await loadDataset(name, load);
  try {
    return await loadFolder(source, load);
  } catch (error) {
    if (!(error instanceof MdlError) || error.code !== "not-found" || /[/\\.]/.test(source)) throw error;
    throw noSource(source);
  }
}

/**
 * A source that names the same from any folder.
 *
 * @throws {MdlError} `not-found` for a folder that is not there; `usage` as `loadSource`
 */
export async function placedSource(source: string): Promise<string> {
  const name = await nameOfSet(source);
  if (name === undefined ? !await isFolder(source) : !datasetNames().includes(name as never)) {
    throw noSource(source);
  }
  return name === undefined ? resolve(source) : SET + name;
}

/** The name of the data set that a source is; undefined for a folder. */
async function nameOfSet(source: string): Promise<string | undefined> {
  if (source.startsWith(SET)) return source.slice(SET.length);
  if (!datasetNames().includes(source as never)) return undefined;
  if (!await isFolder(source)) return source;
  const both = `${source} is a folder here and a data set`;
  throw new MdlError("usage", `${both}: ./${source} names the folder, ${SET}${source} the data set.`);
}

function noSource(source: string): MdlError {
  const sets = datasetNames().join(", ");
  return new MdlError("not-found", `There is no folder and no data set ${source}; the sets are ${sets}.`);
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}
