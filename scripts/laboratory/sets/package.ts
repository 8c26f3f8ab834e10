import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MdlError } from "../../../lib/errors.ts";
import { type DataPackage, packages } from "./manifest.ts";

/** Where fetched packages are kept: data/cache/ of this checkout. */
export const CACHE = fileURLToPath(new URL("../../../data/cache", import.meta.url));

export interface FetchOptions {
  /** The folder that holds one folder a package; by default `CACHE`. */
  readonly cache?: string;
  /** The package registry's address; by default NPM_CONFIG_REGISTRY, or else pacote's own choice. */
  readonly registry?: string;
  readonly signal?: AbortSignal;
  log?(line: string): void;
}

/** The functions of pacote that are used (it ships no types). Without a `cache` option it keeps nothing. */
interface Pacote {
  manifest(spec: string, options: Record<string, unknown>): Promise<{ readonly _resolved: string }>;
  extract(spec: string, folder: string): Promise<unknown>;
}

/**
 * The folder of a data package. At first use the tarball is fetched without its
 * dependencies, compared with its pinned integrity, and unpacked beside its place in the cache, which it takes only
 * when it is complete. Once it is there, neither network nor any permission but reading is needed.
 *
 * @param spec `name@version`, a key of `packages` in data/datasets.json.
 * @throws {MdlError} `offline` when it cannot be fetched; `integrity` when it is not the pinned package;
 * `not-writable` when the cache cannot be written; `interrupted` when stopped.
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
  options: FetchOptions = {},
): Promise<string> {
  const { cache = CACHE, log } = options;
  const place = join(cache, spec.replace(/^@/, "").replaceAll("/", "-"));
  if (await isThere(place)) return place;
  log?.(`fetching ${spec} (${(unpackedBytes / 1e6).toFixed(0)} MB unpacked)`);
  const { default: pacote } = await import("pacote") as { default: Pacote }; // large: loaded only to fetch
  const tarball = await fetchTarball(pacote, spec, options);
  if (`sha512-${createHash("sha512").update(tarball).digest("base64")}` !== integrity) {
    throw new MdlError("integrity", `The fetched package ${spec} is not the pinned one: nothing was kept.`);
  }
  await makeInCache(place, async (folder) => {
    await Deno.writeFile(`${folder}.tgz`, tarball);
    await pacote.extract(`file:${folder}.tgz`, folder);
  });
  return place;
}

async function fetchTarball(
  pacote: Pacote,
  spec: string,
  { registry, signal }: FetchOptions,
): Promise<Uint8Array> {
  const source = registry ?? Deno.env.get("NPM_CONFIG_REGISTRY");
  const retry = { retries: 1, factor: 1, minTimeout: 500, maxTimeout: 500 }; // milliseconds
  try {
    const { _resolved } = await pacote.manifest(spec, { retry, ...(source ? { registry: source } : {}) });
    const response = await fetch(_resolved, { signal: signal ?? null });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.bytes();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    if (signal?.aborted) throw new MdlError("interrupted", `Stopped by the user while fetching ${spec}.`);
    const sentence =
      `The data package ${spec} could not be fetched: connect to the network once, and try again.`;
    throw new MdlError("offline", sentence, { cause });
  }
}

/**
 * Makes a folder beside its place in the cache, which it takes only when all is there.
 *
 * @throws {MdlError} `not-writable`
 */
export async function makeInCache(place: string, make: (folder: string) => Promise<void>): Promise<void> {
  const cache = dirname(place);
  let unfinished: string | undefined;
  try {
    await Deno.mkdir(cache, { recursive: true });
    unfinished = await Deno.makeTempDir({ dir: cache, prefix: "unfinished-" });
    const complete = join(unfinished, "package");
    await make(complete);
    await moveInto(place, complete);
  } catch (cause) {
    throw new MdlError("not-writable", `The cache ${cache} cannot be written: ${(cause as Error).message}.`, {
      cause,
    });
  } finally {
    if (unfinished !== undefined) await Deno.remove(unfinished, { recursive: true });
  }
}

export async function isThere(folder: string): Promise<boolean> {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** Renames a complete folder into its place; one that another process has put there meanwhile is as good. */
async function moveInto(place: string, complete: string): Promise<void> {
  try {
    await Deno.rename(complete, place);
  } catch (error) {
    if (!await isThere(place)) throw error;
  }
}
