/** deno task decompress: a program's images as PNG files with their original names, pixel by pixel the same. */
import { join } from "node:path";
import { images } from "../lib/data/dataset.ts";
import { encodePng } from "../lib/data/image_file.ts";
import { MdlError } from "../lib/errors.ts";
import { decodeProgram } from "../lib/program/decode.ts";
import { makeFolder, saveFile } from "../lib/program/save.ts";
import { command, number, options, readFile } from "./command.ts";

const USAGE = "deno task decompress x.wasm --output FOLDER";

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, { output: { type: "string", short: "o" } }, {
    least: 1,
    most: 1,
  });
  if (!values.output) throw new MdlError("usage", `--output FOLDER is missing. Usage: ${USAGE}`);
  const set = await decodeProgram(await readFile(positionals[0]!), { signal, progress: bar.report });
  const paths = set.names.map((name) => pathOf(values.output!, name));
  await makeFolder(values.output);
  let done = 0;
  for (const image of images(set)) {
    if (signal.aborted) {
      throw new MdlError("interrupted", `Stopped; ${done} of ${paths.length} images are written.`);
    }
    await saveFile(paths[done]!, await encodePng({ ...image, channels: set.channels }));
    bar.report({ label: "write", done: ++done, total: paths.length, unit: "images" });
  }
  await bar.close();
  console.log(`${number(done)} images in ${values.output}, symbols' SHA-256 ${set.sha256}`);
});

/** A file in the folder, whatever the program calls the image: a name cannot lead out of the folder. */
function pathOf(folder: string, name: string): string {
  const safe = name.replace(/[/\\\0]/g, "_");
  return join(folder, `${safe === "." || safe === ".." ? "_" : safe}.png`);
}
