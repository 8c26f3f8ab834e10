/** What was drawn and not photographed: icons, flags, screenshots, as packages carry them. */
import { join } from "node:path";
import { type Dataset, datasetOf } from "../../../lib/image/dataset.ts";
import { decodeImage } from "../../../lib/image/image_file.ts";
import { type Raster, toColour } from "../../../lib/image/raster.ts";
import { advance, type LoadOptions } from "../../../lib/sources/loading.ts";
import { provenanceOf } from "./manifest.ts";
import { packageFolder } from "./package.ts";

/** Where the PNG files of a set are in its package, and which of them, in the order of their names, it has. */
const SOURCES = {
  icons: { folder: "dist/png", files: (names: string[]) => names.slice(0, 200) },
  flags: { folder: "png250px", files: (names: string[]) => names.filter((_, i) => i % 20 === 0) },
  screenshots: {
    folder: "web/doc/images",
    files: (names: string[]) => names.filter((name) => /^(panel|server)-/.test(name)),
  },
} as const;

/**
 * A set of drawings in colour, on white where they are transparent. Images of one size stand together, the sizes in the
 * order of their first images.
 *
 * @throws {MdlError} as `packageFolder`.
 */
export async function loadDrawings(name: keyof typeof SOURCES, options: LoadOptions): Promise<Dataset> {
  const provenance = provenanceOf(name), { folder, files } = SOURCES[name];
  const place = join(await packageFolder(provenance.source, options), folder);
  const all = [...Deno.readDirSync(place)].map((entry) => entry.name).filter((file) => file.endsWith(".png"));
  const chosen = files(all.sort()).slice(0, options.take), read: { file: string; picture: Raster }[] = [];
  for (const [done, file] of chosen.entries()) {
    advance(options, { label: `reading ${name}`, done, total: chosen.length, unit: "images" });
    const picture = await decodeImage(await Deno.readFile(join(place, file)), file, { flatten: true });
    read.push({ file, picture: toColour(picture) });
  }
  advance(options, { label: `reading ${name}`, done: chosen.length, total: chosen.length, unit: "images" });
  const sorted = [...Map.groupBy(read, ({ picture: { width, height } }) => `${width}×${height}`).values()]
    .flat();
  const names = sorted.map(({ file }) => file.slice(0, -".png".length));
  return datasetOf(sorted.map(({ picture }) => picture), { name, channels: 3, names, provenance });
}
