/** Where commands write, and what they do not write over. */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fileKey } from "./laboratory/file_names.ts";
import { MdlError } from "../lib/errors.ts";
import { readProgram } from "../lib/program/read.ts";
import { makeFolder, notWritable, temporaryFor } from "../lib/save.ts";
import { saveResults } from "./laboratory/measure/results.ts";
import { home } from "./laboratory/section/home.ts";

/** The project's folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Does what is otherwise refused. */
export const FORCE = {
  force: { type: "boolean", help: "replace files that are there already" },
} as const;

/**
 * Where results go, as a path from where the user stands: the project's results/ for one who stands in the project, a
 * results/ of his own elsewhere.
 */
export const resultsFolder = (): string => resultsIn(home());

/** The project's results/, as a path from where the user stands. */
export const projectResults = (): string => resultsIn(root);

const resultsIn = (folder: string) =>
  relative(Deno.realPathSync("."), join(Deno.realPathSync(folder), "results")) || ".";

/**
 * Tests that a file can be written, without touching one that is there: to be told before long work, not after.
 *
 * @throws {MdlError} `not-writable`
 */
export async function assertWritable(path: string): Promise<void> {
  const probe = temporaryFor(path);
  if (await Deno.stat(path).then((s) => s.isDirectory, () => false)) {
    throw new MdlError("not-writable", `${path} cannot be written: it is a folder.`);
  }
  try {
    await Deno.lstat(path).catch((error) => { // its name may be too long
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.writeFile(probe, new Uint8Array(), { createNew: true });
    await Deno.remove(probe);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/**
 * Tests that a file can be written and that none is there, unless one may be replaced.
 *
 * @throws {MdlError} `not-writable`
 */
export async function assertFree(path: string, force = false): Promise<void> {
  await assertWritable(path);
  if (!force && await exists(path)) throw taken(path, "choose another name");
}

/**
 * As `assertFree`, for all files that are going to be written into a folder, which may not be there yet.
 *
 * @throws {MdlError} `not-writable`
 */
export async function assertAllFree(
  folder: string,
  files: readonly string[],
  force = false,
): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []); // making it will say what is wrong
  const wanted = new Map(entries.length ? files.map((file) => [fileKey(file), file]) : []);
  const found: string[] = [];
  for (const { name } of entries) {
    const file = wanted.get(fileKey(name)),
      path = join(folder, file ?? ""),
      there = file && await exists(path);
    if (!there) continue;
    if (there.isDirectory) {
      throw new MdlError("not-writable", `${path} cannot be written: it is a folder.`);
    }
    found.push(path);
  }
  if (force || found.length === 0) return;
  const [first, ...others] = found.sort();
  const more = others.length === 0
    ? ""
    : ` and ${others.length.toLocaleString("en")} other ${others.length === 1 ? "file" : "files"}`;
  throw taken(first! + more, "choose another folder", others.length > 0);
}

/**
 * Tests that a file which a command names itself is not there, or is of the same run, which may be made again.
 *
 * @param same Whether the JSON value in the file is of this run.
 * @throws {MdlError} `not-writable`
 */
export async function assertSameRun(
  path: string,
  force: boolean,
  same: (earlier: unknown) => boolean,
): Promise<void> {
  const text = force ? undefined : await Deno.readTextFile(path).catch(() => undefined);
  if (text !== undefined && !holds(text, same)) throw otherRun(path);
}

/**
 * Tests that a program which a command names itself is not there, or is of the same data.
 *
 * @throws {MdlError} `not-writable` for a program of other data, which another set of the same name has left
 */
export async function assertSameData(
  path: string,
  { sha256 }: { readonly sha256: string },
  force = false,
): Promise<void> {
  const bytes = force ? undefined : await Deno.readFile(path).catch(() => undefined);
  if (bytes && programSha256(bytes) !== sha256) throw otherRun(path);
}

function programSha256(bytes: Uint8Array): string | undefined {
  try {
    return readProgram(bytes).sha256;
  } catch {
    return undefined; // not of ours
  }
}

/**
 * Makes a folder, with those above it, for what is going to be written there: at the end of the scope those that were made
 * are removed again, unless there is something in them. Throws as `makeFolder`.
 */
export async function folderFor(path: string): Promise<AsyncDisposable> {
  const made: string[] = [];
  for (let folder = resolve(path); !await exists(folder); folder = dirname(folder)) made.push(folder);
  const clear = async () => {
    for (const folder of made) if (!await Deno.remove(folder).then(() => true, () => false)) break;
  };
  await makeFolder(path).catch(async (error) => {
    await clear();
    throw error;
  });
  return { [Symbol.asyncDispose]: clear };
}

/**
 * Writes the results of a command as FOLDER/NAME.json, and says so with their SHA-256; with --json they are all that is on
 * stdout.
 *
 * @throws {MdlError} as `saveResults`
 */
export async function giveResults(
  folder: string,
  name: string,
  results: unknown,
  { json = false }: { json?: boolean },
): Promise<void> {
  const hash = await saveResults(folder, name, results);
  if (json) console.log(JSON.stringify(results, null, 2));
  (json ? console.error : console.log)(`${folder}/${name}.json: SHA-256 ${hash}`);
}

/** Writes all bytes to stdout. */
export async function writeToStdout(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}

/** The error for a file that another run with the same name has written. */
export function otherRun(path: string): MdlError {
  const sentence = `${path} is of another run with the same name: move it away, or replace it with --force.`;
  return new MdlError("not-writable", sentence);
}

function holds(text: string, same: (earlier: unknown) => boolean): boolean {
  try {
    return same(JSON.parse(text));
  } catch {
    return false; // not of ours
  }
}

function taken(what: string, instead: string, several = false): MdlError {
  const sentence = several
    ? `${what} are there already: ${instead}, or replace them with --force.`
    : `${what} is there already: ${instead}, or replace it with --force.`;
  return new MdlError("not-writable", sentence);
}

async function exists(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch {
    return undefined;
  }
}
