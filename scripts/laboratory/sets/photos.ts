import { join } from "node:path";
import { type Dataset, datasetOf, take } from "../../../lib/image/dataset.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { packageFolder } from "./package.ts";
import { crop, type Raster, resize } from "../../../lib/image/raster.ts";

const SIDE = 128; // of a patch, in pixels
const REDUCED = { width: 1000, height: 667 }; // holds a grid of 7 × 5 patches
const GRID = { left: 1, top: 0, columns: 5, rows: 4 }; // what is taken of it, in patches: 20 × 50 photos = 1000

/**
 * The article's 1000 colour patches of 128×128 (section 4.3): 20 from each of 50 photos, photo after photo, the
 * patches of a photo row by row (`tiling`).
 *
 * @throws {MdlError} as `packageFolder`.
 */
export async function loadPhotos(options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf("photos"), { columns, rows } = GRID, perPhoto = columns * rows;
  const folder = join(await packageFolder(provenance.source, options), "dist/demo/photos");
  const files = [...Deno.readDirSync(folder)].map((f) => f.name).filter((f) => f.endsWith("-1500.jpg"))
    .sort();
  const wanted = Math.min(files.length, Math.ceil((options.take ?? Infinity) / perPhoto));
  const patches: Raster[] = [];
  for (const [done, file] of files.slice(0, wanted).entries()) {
    advance(options, { label: "cutting photos", done, total: wanted, unit: "photos" });
    patches.push(...patchesOf(await decodeImage(await Deno.readFile(join(folder, file)), file)));
  }
  advance(options, { label: "cutting photos", done: wanted, total: wanted, unit: "photos" });
  const set = datasetOf(patches, {
    name: "photos",
    channels: 3,
    provenance,
    tiling: { columns, rows },
  });
  return take(set, options.take ?? patches.length);
}

function patchesOf(photo: Raster): Raster[] {
  const reduced = resize(photo, REDUCED.width, REDUCED.height);
  return Array.from({ length: GRID.columns * GRID.rows }, (_, i) => {
    const column = GRID.left + i % GRID.columns, row = GRID.top + Math.floor(i / GRID.columns);
    return crop(reduced, column * SIDE, row * SIDE, SIDE, SIDE);
  });
}
