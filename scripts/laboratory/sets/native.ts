/** Photographs and other pictures in the resolution in which they came, as a Python package carries them. */
import { join } from "node:path";
import { type Dataset, datasetOf } from "../../../lib/image/dataset.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import type { Raster } from "../../../lib/image/raster.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { wheelFolder } from "./wheel.ts";

const NAMES = ["astronaut", "chelsea", "coffee", "ihc", "motorcycle_left"];

/**
 * Five pictures in colour in the resolution in which they came: two of them were JPEG once, three were reduced since.
 *
 * @throws {MdlError} as `wheelFolder`.
 */
export async function loadNative(options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf("native"), folder = await wheelFolder(provenance.source, options);
  const names = NAMES.slice(0, options.take), pictures: Raster[] = [];
  for (const [done, name] of names.entries()) {
    advance(options, { label: "reading pictures", done, total: names.length, unit: "images" });
    const file = `${name}.png`;
    pictures.push(await decodeImage(await Deno.readFile(join(folder, file)), file));
  }
  advance(options, { label: "reading pictures", done: names.length, total: names.length, unit: "images" });
  return datasetOf(pictures, { name: "native", channels: 3, provenance });
}
