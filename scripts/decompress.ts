/**
 * deno task decompress: the files of a program byte for byte, or its images as PNG files, pixel by pixel the same. Of a program
 * in pyramid order, it can read a part and give smaller pictures, or draw from the model what was not read.
 */
import { join } from "node:path";
import { type Dataset, images } from "../lib/image/dataset.ts";
import { describeChanges, fileNames } from "./laboratory/file_names.ts";
import { readShape } from "../lib/image/shape.ts";
import type { Raster } from "../lib/image/raster.ts";
import { MdlError } from "../lib/errors.ts";
import { completePrefix, decodePrefix } from "./laboratory/prefix.ts";
import { programOf } from "../lib/program/program.ts";
import { readPrefix } from "./prefix_file.ts";
import { type ProgramInfo, readFront, readProgram } from "../lib/program/read.ts";
import { saveFile } from "../lib/save.ts";
import { strideOf } from "../lib/image/scales.ts";
import { ordinal, scalesUpTo } from "./laboratory/scales.ts";
import {
  command,
  counted,
  LIMIT_OPTION,
  limited,
  number,
  options,
  readFile,
  type Task,
  wholeNumber,
  withFile,
} from "./command.ts";
import { byteCount, itemCount } from "../lib/items.ts";
import { ask } from "../lib/workers.ts";
import type { Files } from "../lib/files/data.ts";
import { isDetached } from "./laboratory/large_model/detached.ts";
import { wholeProgram } from "./laboratory/large_model/receiver.ts";
import { decompressFiles } from "./decompress_files.ts";
import { assertAllFree, assertWritable, folderFor, FORCE } from "./outputs.ts";

/** A large picture takes seconds to encode, in which nothing else could run. */
const PNG_ENCODER = new URL("./png_worker.ts", import.meta.url);

/** More than so many files, or bytes, are written only when they are asked for. */
const MOST_FILES = 100_000, MOST_BYTES = 2e9;

const TASK: Task = {
  start: "deno task decompress",
  about: "Writes a program's files with their names, byte by byte the same; images as PNG, pixel by pixel.",
  takes: "x.wasm",
  least: 1,
  example: "deno task decompress pics.wasm --output back",
};

const OPTIONS = {
  output: { type: "string", short: "o", value: "FOLDER", needed: true, help: "where the files go" },
  scale: {
    type: "string",
    value: "N",
    help: "pyramid order: only the smallest pictures with at least N pixels a side",
  },
  partial: { type: "boolean", help: "pyramid order: the finest pictures of a file that was cut off" },
  generate: { type: "boolean", help: "with either: full size, what is missing drawn from the model" },
  seed: { type: "string", value: "N", help: "with --generate: seed of what is drawn (1 when left out)" },
  many: {
    type: "boolean",
    help: `write more than ${number(MOST_FILES)} files, or more than ${MOST_BYTES / 1e9} GB`,
  },
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

await command(async (signal, bar) => {
  const { values, positionals, usage } = options(TASK, OPTIONS);
  const { output, scale, partial = false, generate = false, force = false, many = false } = values;
  const refuse = (sentence: string) => {
    throw new MdlError("usage", `${sentence} Usage: ${usage}`);
  };
  const path = positionals[0]!, seed = wholeNumber("seed", values.seed ?? "1", 0);
  if (output === "-") refuse("--output takes a folder: several files cannot go to stdout.");
  if (scale !== undefined && partial) refuse("--scale and --partial exclude each other.");
  if (generate && scale === undefined && !partial) refuse("--generate goes with --scale or --partial.");
  if (values.seed !== undefined && !generate) refuse("--seed goes with --generate.");

  const whole = scale === undefined && !partial, run = { signal, progress: bar.report, ...limited(values) };
  const { bytes, length, ...part } = scale === undefined
    ? await readFile(path).then((bytes) => ({ bytes, length: bytes.length }))
    : await readScales(path, wholeNumber("scale", scale, 1));
  if (isDetached(bytes)) {
    if (!whole) refuse("--scale and --partial are for images.");
    const program = await wholeProgram(bytes, { signal, log: console.error }), { items } = program.info;
    if (!many) assertFewFiles(path, itemCount(items), byteCount(items));
    return await decompressFiles(program, output, force, run, bar);
  }
  const front = readFront(bytes);
  if (front.modality !== "image") {
    if (!whole) refuse("--scale and --partial are for images.");
    if (!many) assertFewFiles(path, itemCount(front.items), byteCount(front.items));
    return await decompressFiles(programOf<Files>(bytes), output, force, run, bar);
  }
  if (!many) assertFew(path, readShape(front));
  const info = readProgram(bytes, { prefix: !whole }), files = fileNames(info.names, ".png");
  await assertAllFree(output, files, force);

  const some = { ...run, ...part };
  await using _folder = await folderFor(output);
  await assertWritable(join(output, files[0]!));
  const set = whole
    ? await programOf(bytes).decode(run)
    : await (generate ? completePrefix(bytes, seed, some) : decodePrefix(bytes, some));
  await write(set);
  const written = `${counted(files.length, "image")} in ${output}`;
  if (whole) {
    return console.log(`${written}, symbols' SHA-256 ${set.sha256}`);
  }
  console.log(`${written}, ${extent(info, set, generate ? seed : undefined)}`);
  if (scale !== undefined) {
    console.log(`read ${number(bytes.length)} of ${number(length)} bytes`);
  }

  /** Writes the images; what is going to be written is said before. */
  async function write(set: Dataset): Promise<void> {
    const changed = describeChanges(set.names, files, ".png");
    console.error(`writing ${counted(files.length, "file")}, at most ${size(mostBytes(set))}, to ${output}`);
    if (changed) {
      console.error(changed);
    }
    const encoder = new Worker(PNG_ENCODER, { type: "module" });
    let done = 0;
    try {
      for (const image of images(set)) {
        const picture: Raster = { ...image, channels: set.channels };
        await saveFile(join(output, files[done]!), await ask<Uint8Array>(encoder, picture, { signal }));
        bar.report({ label: "write", done: ++done, total: files.length, unit: "images" });
      }
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
      throw new MdlError(
        "interrupted",
        `Stopped; ${number(done)} of ${counted(files.length, "image")} are written: --force begins anew.`,
      );
    } finally {
      encoder.terminate();
    }
    await bar.close();
  }
});

/** @throws {MdlError} `too-large` for more than is written without being asked for */
function assertFew(path: string, front: Pick<Dataset, "groups" | "channels">): void {
  assertFewFiles(path, itemCount(front.groups), mostBytes(front));
}

function assertFewFiles(path: string, count: number, bytes: number): void {
  if (count <= MOST_FILES && bytes <= MOST_BYTES) return;
  const files = `${counted(count, "file")} of up to ${size(bytes)}`;
  throw new MdlError("too-large", `${path} would become ${files} in all: --many writes them.`);
}

/** Bytes of the PNG files of some images, where they cannot be made any shorter. */
function mostBytes({ groups, channels }: Pick<Dataset, "groups" | "channels">): number {
  return groups.reduce((sum, { count, height, width }) => {
    const filtered = height * (1 + width * channels);
    return sum + count * (filtered + 5 * Math.ceil(filtered / 16_383) + 63); // deflate's stored blocks; zlib, chunks
  }, 0);
}

function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"],
    step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${number(bytes / 1000 ** step, step ? 1 : 0)} ${units[step]}`;
}

/** The prefix of a file whose pictures have shorter sides of at least `side` pixels. */
async function readScales(path: string, side: number) {
  let scales = 0;
  return await withFile(path, async (file, length) => {
    const bytes = await readPrefix(file, (front) => scales = scalesUpTo(front, side));
    return { bytes, length, scales };
  });
}

/** What of the images is in a prefix, what is drawn, and how it was checked. */
function extent({ complete, scales, segments }: ProgramInfo, set: Dataset, seed?: number): string {
  if (complete) return `all scales are there, symbols' SHA-256 ${set.sha256}`;
  const known = segments.at(-1)!.scale + 1, stride = strideOf(scales, known - 1);
  const first = known === 1 ? `the first of ${scales} scales` : `the first ${known} of ${scales} scales`;
  const pixel = `every ${ordinal(stride)} pixel`;
  const checked = "checked by the checksums of its segments";
  if (seed === undefined) return `${pixel}: ${first}, ${checked}`;
  const data = known === 1 ? "is data" : "are data", left = scales - known;
  const others = left === 1 ? "the last is" : `the other ${left} are`;
  return `${first} (${pixel}) ${data}, ${checked}; ${others} drawn from the model with seed ${seed}`;
}
