import { join } from "node:path";
import { type Dataset, images } from "../../lib/image/dataset.ts";
import { encodePng } from "../../lib/image/image_file.ts";
import { fileNames } from "./file_names.ts";
import { checkArguments, DATASET, TEXT } from "../../lib/options.ts";
import { makeFolder, saveFile } from "../../lib/save.ts";

/**
 * Writes the images of a set as PNG files, pixel-exact, under their names made safe; the folder is made where it is not
 * there. Files of those names are replaced.
 *
 * @throws {MdlError} `not-writable`
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import * as mdl from "@mdlab/mdlab";
 *
 * await lab.saveImages(await Deno.makeTempDir(), await mdl.loadDataset("scenes", { take: 2 }));
 * ```
 */
export async function saveImages(folder: string, set: Dataset): Promise<void> {
  checkArguments("saveImages", { folder, set }, { folder: TEXT, set: DATASET });
  const files = fileNames(set.names, ".png"), { channels } = set;
  await makeFolder(folder);
  let n = 0;
  for (const { height, width, pixels } of images(set)) {
    await saveFile(join(folder, files[n++]!), encodePng({ height, width, channels, pixels }));
  }
}
