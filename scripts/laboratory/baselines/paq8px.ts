/** paq8px, the strongest classical compressor of images: a program of its own, used where the user has installed it. */
import { join } from "node:path";
import type { Raster } from "../../../lib/image/raster.ts";
import { type Laid, type Layout, sheetLayouts } from "./layouts.ts";
import { absentFor, inFolder, output, succeeds, takeOut } from "../run_program.ts";
import { type Trial, verifiedTrial } from "./trials.ts";

const PROGRAM = "paq8px", LEVEL = "-8"; // 2.4 GB of memory, about 70 s for a megabyte of gray images
const ARCHIVE = "sheet.paq8px"; // with the version behind: sheet.paq8px216

/**
 * Codes a set in a column of images, or of whole pictures where the images are tiles.
 *
 * @returns The program's version and its one trial, or why there is none.
 * @throws {MdlError} `mismatch` when it does not give the set back; `failed` when it fails; `interrupted`.
 */
export async function runPaq8px(
  set: Laid,
  signal?: AbortSignal,
): Promise<{ version: string; tried: readonly Trial[] } | { absent: string }> {
  const absent = await absentFor([PROGRAM]);
  if (absent) return { absent };
  return await inFolder(PROGRAM, (folder) => code(set, sheetLayouts(set)[0]!, folder, signal));
}

async function code(set: Laid, layout: Layout, folder: string, signal?: AbortSignal) {
  const at = (name: string) => join(folder, name);
  const run = async (...args: readonly string[]) =>
    succeeds(PROGRAM, await output(PROGRAM, args, folder, signal));
  let archive = "";
  const encode = async (picture: Raster) => {
    await Deno.writeFile(at("sheet"), netpbm(picture));
    await run(LEVEL, "sheet");
    archive = [...Deno.readDirSync(folder)].find(({ name }) => name.startsWith(ARCHIVE))!.name;
    return await takeOut(at(archive));
  };
  const decode = async (file: Uint8Array) => {
    await Deno.writeFile(at(archive), file);
    await run("-d", archive, "restored");
    await Deno.remove(at(archive));
    return netpbmPixels(await takeOut(at("restored")));
  };
  const trial = await verifiedTrial("paq8px", set, layout, { label: LEVEL, encode }, decode);
  return { version: archive.replace(ARCHIVE, "paq8px v"), tried: [trial] };
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
