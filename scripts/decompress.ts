/**
 * deno task decompress: a program's images as PNG files with their original names, pixel by pixel the same. Of a program
 * in pyramid order, it can read a part and give smaller pictures, or draw from the model what was not read.
 */
import { join } from "node:path";
import { type Dataset, images } from "../lib/data/dataset.ts";
import { encodePng } from "../lib/data/image_file.ts";
import { MdlError } from "../lib/errors.ts";
import { decodeProgram } from "../lib/program/decode.ts";
import { completePrefix, decodePrefix } from "../lib/program/prefix.ts";
import { readPrefix } from "../lib/program/prefix_file.ts";
import { readProgram } from "../lib/program/read.ts";
import { makeFolder, saveFile } from "../lib/program/save.ts";
import { scalesUpTo, strideOf } from "../lib/program/scales.ts";
import {
  command,
  LIMIT_OPTION,
  limited,
  number,
  options,
  readFile,
  wholeNumber,
  withFile,
} from "./command.ts";

const USAGE = "deno task decompress x.wasm --output FOLDER [--scale N | --partial] [--generate [--seed N]] " +
  "[--limit SECONDS]";

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, {
    output: { type: "string", short: "o" },
    scale: { type: "string" },
    partial: { type: "boolean" },
    generate: { type: "boolean" },
    seed: { type: "string" },
    ...LIMIT_OPTION,
  }, { least: 1, most: 1 });
  const { output, scale, partial = false, generate = false } = values, path = positionals[0]!;
  if (!output) throw new MdlError("usage", `--output FOLDER is missing. Usage: ${USAGE}`);
  const seed = wholeNumber("seed", values.seed ?? "1", 0);
  const refuse = (sentence: string) => {
    throw new MdlError("usage", `${sentence} Usage: ${USAGE}`);
  };
  if (scale !== undefined && partial) refuse("--scale and --partial exclude each other.");
  if (generate && scale === undefined && !partial) refuse("--generate goes with --scale or --partial.");
  if (values.seed !== undefined && !generate) refuse("--seed goes with --generate.");

  const run = { signal, progress: bar.report, ...limited(values) };
  if (scale === undefined && !partial) {
    const set = await decodeProgram(await readFile(path), run);
    return console.log(`${await write(set)}, symbols' SHA-256 ${set.sha256}`);
  }
  const { bytes, length, ...part } = scale === undefined
    ? await readFile(path).then((bytes) => ({ bytes, length: bytes.length }))
    : await readScales(path, wholeNumber("scale", scale, 1));
  const some = { ...run, ...part };
  const set = generate ? await completePrefix(bytes, seed, some) : await decodePrefix(bytes, some);
  console.log(`${await write(set)}, ${extent(bytes, set, generate ? seed : undefined)}`);
  if (scale !== undefined) console.log(`read ${number(bytes.length)} of ${number(length)} bytes`);

  /** Writes the images and says so. */
  async function write(set: Dataset): Promise<string> {
    const paths = set.names.map((name) => pathOf(output!, name));
    await makeFolder(output!);
    let done = 0;
    for (const image of images(set)) {
      if (signal.aborted) {
        throw new MdlError("interrupted", `Stopped; ${done} of ${paths.length} images are written.`);
      }
      await saveFile(paths[done]!, await encodePng({ ...image, channels: set.channels }));
      bar.report({ label: "write", done: ++done, total: paths.length, unit: "images" });
    }
    await bar.close();
    return `${number(done)} images in ${output}`;
  }
});

/** The prefix of a file whose pictures have shorter sides of at least `side` pixels. */
async function readScales(path: string, side: number) {
  let scales = 0;
  return await withFile(path, async (file, length) => {
    const bytes = await readPrefix(file, (front) => scales = scalesUpTo(front, side));
    return { bytes, length, scales };
  });
}

/** What of the images is in a prefix, what is drawn, and how it was checked. */
function extent(bytes: Uint8Array, set: Dataset, seed?: number): string {
  const { complete, scales, segments } = readProgram(bytes, { prefix: true });
  if (complete) return `all scales are there, symbols' SHA-256 ${set.sha256}`;
  const known = segments.at(-1)!.scale + 1, stride = strideOf(scales, known - 1);
  const first = known === 1 ? `the first of ${scales} scales` : `the first ${known} of ${scales} scales`;
  const pixel = `every ${stride === 2 ? "second" : `${stride}th`} pixel`;
  const checked = "checked by the checksums of its segments";
  if (seed === undefined) return `${pixel}: ${first}, ${checked}`;
  const data = known === 1 ? "is data" : "are data", left = scales - known;
  const others = left === 1 ? "the last is" : `the other ${left} are`;
  return `${first} (${pixel}) ${data}, ${checked}; ${others} drawn from the model with seed ${seed}`;
}

/** A file in the folder, whatever the program calls the image: a name cannot lead out of the folder. */
function pathOf(folder: string, name: string): string {
  const safe = name.replace(/[/\\\0]/g, "_");
  return join(folder, `${safe === "." || safe === ".." ? "_" : safe}.png`);
}
