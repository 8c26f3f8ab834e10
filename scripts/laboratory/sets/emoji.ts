import { join } from "node:path";
import { type Dataset, datasetOf } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { packageFolder } from "./package.ts";
import { type Raster, resize } from "../../../lib/image/raster.ts";

const SIDE = 64; // pixels: a quarter of the source's

/** Code points of the five skin tones, which only recolour another emoji. */
const SKIN_TONE = /1f3f[b-f]/;

/**
 * Emoji on white, 64×64 in colour, in the order of their code points; doubles (after reduction) are left out.
 *
 * @throws {MdlError} as `packageFolder`.
 */
export async function loadEmoji(options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf("emoji");
  const folder = join(await packageFolder(provenance.source, options), "assets");
  const files = [...Deno.readDirSync(folder)].map((f) => f.name).filter((f) => !SKIN_TONE.test(f)).sort();
  const distinct = new Map<string, Raster>();
  for (const [done, file] of files.entries()) {
    if (distinct.size === options.take) break;
    advance(options, { label: "reading emoji", done, total: files.length, unit: "images" });
    const emoji = await decodeImage(await Deno.readFile(join(folder, file)), file, { flatten: true });
    const small = resize(emoji, SIDE, SIDE), key = sha256(small.pixels);
    if (!distinct.has(key)) distinct.set(key, small);
  }
  advance(options, { label: "reading emoji", done: files.length, total: files.length, unit: "images" });
  return datasetOf([...distinct.values()], { name: "emoji", channels: 3, provenance });
}
