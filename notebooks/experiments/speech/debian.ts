/**
 * Data that come as a Debian package: fetched by apt where there is one, or put into data/cache/ by hand on any system,
 * and unpacked without Debian's tools. A .deb is an `ar` archive, its files are in `data.tar.xz` (deb(5)).
 */
import { join } from "node:path";
import { createUnxz, initModule } from "node-liblzma/wasm";
import type { Context } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { concat } from "../../../lib/program/bytes.ts";
import { CACHE, makeInCache } from "../../../scripts/laboratory/sets/package.ts";

/** A package, and what has to be in it: distributions build the same files into packages that differ. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** The files that are kept, by the end of their names. */
  readonly suffix: string;
  /** SHA-256 of the names and contents of all files that are kept, in the order of the names. */
  readonly sha256: string;
}

/** A file of an archive. */
export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of a package that are kept, in the order of their names; at first use it is fetched and unpacked into
 * data/cache/.
 *
 * @throws {MdlError} `offline` where it is not there and cannot be fetched: the sentence says what to do; `integrity` when
 * it holds other files; `unreadable` when it is no package; `not-writable`
 */
export async function debianFiles(
  pinned: DebianPackage,
  context: Pick<Context, "log">,
  cache = CACHE,
): Promise<readonly Member[]> {
  const { name, version, suffix } = pinned, folder = join(cache, `${name}-${version}`);
  const there = await filesIn(folder);
  if (there) return there;
  const files = (await unpackDeb(await debOf(pinned, cache, context)))
    .filter((file) => file.name.endsWith(suffix))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (hashOf(files) !== pinned.sha256) {
    throw new MdlError(
      "integrity",
      `The package ${name} ${version} does not hold the files that are pinned.`,
    );
  }
  await makeInCache(folder, async (folder) => {
    await Deno.mkdir(folder);
    for (const { name, bytes } of files) {
      await Deno.writeFile(join(folder, name.replaceAll("/", "+")), bytes);
    }
  });
  return files;
}

/** What was unpacked before: names have + where the package has /. */
async function filesIn(folder: string): Promise<Member[] | undefined> {
  try {
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const files = await Promise.all(names.map(async (name) => ({
      name: name.replaceAll("+", "/"),
      bytes: await Deno.readFile(join(folder, name)),
    })));
    return files.sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** SHA-256 over all names and contents. */
export const hashOf = (files: readonly Member[]): string =>
  sha256(
    concat(
      files.flatMap(({ name, bytes }) => [new TextEncoder().encode(`${name}\0${bytes.length}\0`), bytes]),
    ),
  );

/** The bytes of the package itself, from data/cache/ or from apt. */
async function debOf(
  { name, version }: DebianPackage,
  cache: string,
  { log }: Pick<Context, "log">,
): Promise<Uint8Array> {
  await Deno.mkdir(cache, { recursive: true });
  const file = `${name}_${version}_all.deb`, place = join(cache, file);
  try {
    return await Deno.readFile(place);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const byHand = `download the file ${file} of Debian (its pool, main/a) into ${cache}, and try again`;
  const folder = await Deno.makeTempDir({ dir: cache, prefix: "unfinished-" });
  try {
    log(`fetching ${name} ${version} by apt-get download`);
    const args = ["download", `${name}=${version}`];
    const { success, stderr } = await new Deno.Command("apt-get", { args, cwd: folder, stdout: "null" })
      .output();
    if (success) return await Deno.readFile(join(folder, file));
    const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    throw new MdlError("offline", `apt-get could not download ${name} ${version} (${said}): ${byHand}.`);
  } catch (cause) {
    const absent = cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotCapable;
    if (!absent) throw cause;
    throw new MdlError(
      "offline",
      `${name} comes by apt-get, which is not here or may not be run: ${byHand}.`,
      { cause },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * The files in a Debian package.
 *
 * @throws {MdlError} `unreadable`
 */
export async function unpackDeb(deb: Uint8Array): Promise<Member[]> {
  const data = [...arMembers(deb)].find(({ name }) => name === "data.tar.xz");
  if (!data) throw new MdlError("unreadable", "This is no Debian package with a data.tar.xz in it.");
  await initModule();
  const stream = new Blob([data.bytes.slice()]).stream().pipeThrough(createUnxz());
  return [...tarMembers(await new Response(stream).bytes())];
}

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes).replace(/\0.*$/s, "").trimEnd();

/** Members of an ar archive: 60 bytes of header each (name in 16, length in 10 from 48), at even places. */
function* arMembers(file: Uint8Array): Generator<Member> {
  if (new TextDecoder("latin1").decode(file.subarray(0, 8)) !== "!<arch>\n") return;
  for (let at = 8; at + 60 <= file.length;) {
    const length = Number(text(file.subarray(at + 48, at + 58))), start = at + 60;
    if (!Number.isInteger(length) || start + length > file.length) return;
    yield {
      name: text(file.subarray(at, at + 16)).replace(/\/$/, ""),
      bytes: file.subarray(start, start + length),
    };
    at = start + length + length % 2;
  }
}

/** Plain files of a tar archive (ustar): name in 100 bytes after 155 of prefix from 345, length in octal from 124, kind at 156. */
function* tarMembers(file: Uint8Array): Generator<Member> {
  for (let at = 0; at + 512 <= file.length && file[at];) {
    const length = parseInt(text(file.subarray(at + 124, at + 136)), 8), start = at + 512;
    const prefix = text(file.subarray(at + 345, at + 500)), name = text(file.subarray(at, at + 100));
    if (!(length >= 0) || start + length > file.length) {
      throw new MdlError("unreadable", `The package is damaged behind its file ${name}.`);
    }
    if (file[at + 156] === 48 || file[at + 156] === 0) {
      yield {
        name: (prefix ? `${prefix}/${name}` : name).replace(/^\.\//, ""),
        bytes: file.slice(start, start + length),
      };
    }
    at = start + Math.ceil(length / 512) * 512;
  }
}
