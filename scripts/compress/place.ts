/** Where a run of `deno task compress` writes: results/NAME-HOW/, with run.json, and the program unless it goes elsewhere. */
import { resolve } from "node:path";
import { MdlError } from "../../lib/errors.ts";
import { readProgram } from "../../lib/program/read.ts";
import { plainName } from "../laboratory/file_names.ts";
import { assertWritable, folderFor, otherRun, resultsFolder } from "../outputs.ts";

export interface Place {
  readonly folder: string;
  /** The program's file in the folder. */
  readonly program: string;
  /** The program's file. */
  readonly output: string;
  /** What is said of the run. */
  readonly notes: string;
}

/** The folder of a run: of what it is called, and how it was made. */
export function folderOf(data: string, how: readonly string[]): string {
  return `${resultsFolder()}/${[plainName(data), ...how].join("-")}`;
}

/**
 * The place of a run, whose folder is made, and is removed at the end of the scope where nothing is in it.
 *
 * @throws {MdlError} `usage` for a program where run.json is going to be; `not-writable`
 */
export async function placeFor(
  data: string,
  how: readonly string[],
  { output, extension = "wasm" }: { readonly output?: string; readonly extension?: "wasm" | "mdl" },
): Promise<Place & AsyncDisposable> {
  const folder = folderOf(data, how), program = `${folder}/${plainName(data)}.${extension}`;
  const place = { folder, program, output: output ?? program, notes: `${folder}/run.json` };
  if (resolve(place.output) === resolve(place.notes)) {
    const text = `${place.output} is going to hold what is said of the run: choose another name.`;
    throw new MdlError("usage", text);
  }
  const made = await folderFor(folder);
  await assertWritable(place.output);
  return { ...place, ...made };
}

/**
 * Whether the folder has an earlier run's files, which are replaced.
 *
 * @param sha256 That of the symbols of this run.
 * @throws {MdlError} `not-writable` for files of other data, unless `force` says that they may go
 */
export async function replaces(
  place: Place,
  sha256: () => Promise<string>,
  force: boolean,
): Promise<boolean> {
  const earlier = await earlierRun(place);
  if (earlier && !force && earlier.sha256 !== await sha256()) throw otherRun(earlier.path);
  return earlier !== undefined;
}

/** The SHA-256 of the symbols that a folder's run is of, and the file that says so; undefined when there is none. */
async function earlierRun(
  { notes, program }: Place,
): Promise<{ readonly path: string; readonly sha256?: string } | undefined> {
  const readers = {
    [notes]: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)).symbols.sha256,
    [program]: (bytes: Uint8Array) => readProgram(bytes).sha256, // of a run that was stopped before its record
  };
  for (const [path, sha256Of] of Object.entries(readers)) {
    const bytes = await Deno.readFile(path).catch(() => undefined);
    if (!bytes) continue;
    try {
      return { path, sha256: sha256Of(bytes) };
    } catch {
      return { path }; // not of ours
    }
  }
}
