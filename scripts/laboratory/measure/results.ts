/** Results of an experiment: one JSON file with all its points, which whoever quotes it reads by its SHA-256. */
import { isAbsolute } from "node:path";
import { sha256 } from "../../../lib/hash.ts";
import { MdlError } from "../../../lib/errors.ts";
import { makeFolder, saveFile } from "../../../lib/save.ts";

/**
 * Writes `results` as JSON, as a whole file or not at all.
 *
 * @returns the file's SHA-256, lower-case hexadecimal
 * @throws {MdlError} `not-writable`
 */
export async function saveResults(folder: string, name: string, results: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(results, null, 2) + "\n");
  await makeFolder(folder);
  await saveFile(`${folder}/${name}.json`, bytes);
  return sha256(bytes);
}

/**
 * Reads a file of results and checks that it is the one that is meant.
 *
 * @param path A relative one is meant from the project's folder, wherever a notebook or script runs.
 * @param expected The file's SHA-256, as the experiment printed it.
 * @throws {MdlError} `not-found`; `integrity` when the file has another SHA-256
 */
export async function loadResults<T>(path: string | URL, expected: string): Promise<T> {
  const place = path instanceof URL || isAbsolute(path) ? path : new URL(`../../../${path}`, import.meta.url);
  const bytes = await Deno.readFile(place).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new MdlError("not-found", `There is no file of results ${path}.`, { cause });
  });
  const found = sha256(bytes);
  if (found === expected) return JSON.parse(new TextDecoder().decode(bytes));
  throw new MdlError(
    "integrity",
    `The results in ${path} have the SHA-256 ${found}, not ${expected}: they are another run's, or were altered.`,
  );
}
