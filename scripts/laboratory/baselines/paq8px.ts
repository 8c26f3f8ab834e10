/** paq8px, the strongest classical compressor of images: a program of its own, used where the user has installed it. */
import { join } from "node:path";
import type { Raster } from "../../../lib/image/raster.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Laid, type Layout, sheetLayouts } from "./layouts.ts";
import { type Trial, verifiedTrial } from "./trials.ts";

const LEVEL = "-8"; // 2.4 GB of memory, about 70 s for a megabyte of gray images
const ARCHIVE = "sheet.paq8px"; // with the version behind: sheet.paq8px216

/**
 * Codes a set in a column of images, or of whole pictures where the images are tiles.
 *
 * @returns The program's version and its one trial, or why there is none.
 * @throws {MdlError} `mismatch` when it does not give the set back; `unsupported` when it fails; `interrupted`.
 */
export async function runPaq8px(
  set: Laid,
  signal?: AbortSignal,
): Promise<{ version: string; tried: readonly Trial[] } | { absent: string }> {
  for (const descriptor of [{ name: "run", command: "paq8px" }, { name: "write" }] as const) {
    if ((await Deno.permissions.query(descriptor)).state !== "granted") {
      return { absent: "it needs to be on PATH, with --allow-run=paq8px and --allow-write" };
    }
  }
  const folder = await Deno.makeTempDir({ prefix: "mdlab-paq8px-" });
  try {
    return await code(set, sheetLayouts(set)[0]!, folder, signal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { absent: "there is no program paq8px on PATH" };
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function code(set: Laid, layout: Layout, folder: string, signal?: AbortSignal) {
  const inFolder = (name: string) => join(folder, name);
  let archive = "";
  const encode = async (picture: Raster) => {
    await Deno.writeFile(inFolder("sheet"), netpbm(picture));
    await run([LEVEL, "sheet"], folder, signal);
    archive = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith(ARCHIVE))!.name;
    return await takeOut(inFolder(archive));
  };
  const decode = async (file: Uint8Array) => {
    await Deno.writeFile(inFolder(archive), file);
    await run(["-d", archive, "restored"], folder, signal);
    await Deno.remove(inFolder(archive));
    return netpbmPixels(await takeOut(inFolder("restored")));
  };
  const trial = await verifiedTrial("paq8px", set, layout, { label: LEVEL, encode }, decode);
  return { version: archive.replace(ARCHIVE, "paq8px v"), tried: [trial] };
}

/** Reads a file and removes it: where a file exists, paq8px compares with it instead of writing. */
async function takeOut(path: string): Promise<Uint8Array> {
  const bytes = await Deno.readFile(path);
  await Deno.remove(path);
  return bytes;
}

async function run(args: string[], cwd: string, signal?: AbortSignal): Promise<void> {
  const command = new Deno.Command("paq8px", {
    args,
    cwd,
    stdout: "null",
    stderr: "piped",
    ...(signal && { signal }),
  });
  const { success, stderr } = await command.output();
  if (signal?.aborted) throw new MdlError("interrupted", "Stopped while paq8px was running.");
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new MdlError("unsupported", `paq8px ${args.join(" ")} failed: ${said || "it says nothing"}.`);
}

/** A picture as a binary PGM or PPM file, the simplest ones that paq8px has a model for. */
function netpbm({ width, height, channels, pixels }: Raster): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`);
  const file = new Uint8Array(header.length + pixels.length);
  file.set(header);
  file.set(pixels, header.length);
  return file;
}

/** What follows the three lines of the header. */
function netpbmPixels(file: Uint8Array): Uint8Array {
  let at = 0;
  for (let line = 0; line < 3; line++) at = file.indexOf(10, at) + 1;
  return file.subarray(at);
}
