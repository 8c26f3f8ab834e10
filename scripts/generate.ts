/**
 * deno task generate: new images or files from a program's model, by decoding random bits; with --complete, the lower
 * halves of given images; with --prompt, what follows a text.
 */
import { basename, dirname, join, parse } from "node:path";
import { contactSheet } from "./laboratory/measure/contact_sheet.ts";
import { images } from "../lib/image/dataset.ts";
import { encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { select, spread } from "./laboratory/measure/select.ts";
import { MdlError } from "../lib/errors.ts";
import { concat } from "../lib/program/bytes.ts";
import { completeImages } from "./laboratory/complete.ts";
import { codecs } from "../lib/codecs.ts";
import { contentsOf, type Files } from "../lib/files/data.ts";
import { programOf } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import type { DrawOptions } from "../lib/program/sandbox.ts";
import { saveFile } from "../lib/save.ts";
import {
  command,
  counted,
  decimal,
  LIMIT_OPTION,
  limited,
  options,
  readModule,
  refuseIdle,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { likeProgram } from "./like_program.ts";
import { assertAllFree, assertFree, assertWritable, FORCE, writeToStdout } from "./outputs.ts";

const TASK: Task = {
  start: "deno task generate",
  about: "Draws new images or files from a program's model, or what is missing of given ones.",
  takes: "x.wasm",
  least: 1,
  example: "deno task generate pics.wasm --count 16 --seed 7 --output faces.png",
};

/** With --complete: images of the source that are taken, unless --count says otherwise, and how often each is drawn. */
const COMPLETED = 8, TIMES = 4;

const OPTIONS = {
  count: {
    type: "string",
    value: "N",
    help: `how many (64 images, or 1 file, when left out; ${COMPLETED} with --complete)`,
  },
  seed: { type: "string", default: "1", value: "N", help: "seed of what is drawn" },
  temperature: {
    type: "string",
    default: "1",
    value: "T",
    help: "below 1 tamer than the model, above 1 wilder",
  },
  complete: { type: "string", value: "FOLDER|DATASET", help: "draw the lower halves of these images" },
  prompt: { type: "string", value: "TEXT", help: "of text and bytes: how each new file begins" },
  length: {
    type: "string",
    value: "N",
    help: "bytes of each new file (1000 when left out, of sound 160000, JPEG 50000)",
  },
  output: {
    type: "string",
    short: "o",
    value: "x.png|x.txt",
    help:
      "the sheet of images, or the file; - for stdout; samples.png, .txt, .csv, .wav, .jpg or .bin when left out",
  },
  ...SOURCE_OPTIONS,
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

/** New files at most. */
const MOST_FILES = 100_000;

/** What files of a kind of data are called. */
const EXTENSIONS = { image: "png", text: "txt", bytes: "bin", audio: "wav", table: "csv", jpeg: "jpg" };

/** Gray level of what is not given. */
const MISSING = 200;

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const asked = values.count === undefined ? undefined : wholeNumber("count", values.count, 1);
  const seed = wholeNumber("seed", values.seed, 0),
    temperature = decimal("temperature", values.temperature, 0.01, 100);
  const drawing = fileOptions(values), limit = limited(values);
  if (values.complete === undefined) refuseIdle(values, SOURCE_OPTIONS, "--complete");
  const bytes = await readModule(positionals[0]!),
    { modality } = readProgram(bytes),
    pictures = modality === "image";
  const output = values.output ?? `samples.${EXTENSIONS[modality]}`;
  const count = asked ?? (values.complete ? COMPLETED : codecs[modality].drawn);
  if (!pictures) wholeNumber("count", String(count), 1, MOST_FILES);
  const toStdout = output === "-", paths = pictures || toStdout ? [output] : numbered(output, count);
  const name = toStdout ? "stdout" : paths.length === 1 ? output : `${paths[0]} … ${paths.at(-1)}`;
  const say = toStdout ? console.error : console.log;
  if (!toStdout && paths.length === 1) await assertFree(output, values.force);
  else if (!toStdout) {
    await assertWritable(paths[0]!);
    await assertAllFree(dirname(output), paths.map((path) => basename(path)), values.force);
  } else if (pictures && Deno.stdout.isTerminal()) {
    throw new MdlError("usage", "--output - writes the picture to stdout, but it is a terminal.");
  }
  const run = { signal, progress: bar.report, temperature, ...limit };
  const cooled = temperature === 1 ? "" : `, temperature ${temperature}`;
  if (!pictures) {
    if (values.complete) {
      throw new MdlError("usage", "--complete is for images: --prompt says how a file begins.");
    }
    const files = await programOf<Files>(bytes).generate(count, seed, { ...run, ...drawing });
    await bar.close();
    if (toStdout && Deno.stdout.isTerminal()) console.log(new TextDecoder().decode(files.symbols));
    else if (toStdout) await writeToStdout(files.symbols);
    else for (const [i, bytes] of contentsOf(files).entries()) await saveFile(paths[i]!, bytes);
    return say(
      `${name}: ${counted(count, "file")} drawn with seed ${seed}${cooled}, SHA-256 ${files.sha256}`,
    );
  }
  if (values.prompt !== undefined || values.length !== undefined) {
    throw new MdlError("usage", "--prompt and --length are for files: images have the program's size.");
  }
  if (values.complete) {
    const source = await likeProgram(values.complete, readProgram(bytes), {
      signal,
      progress: bar.report,
      ...sourceOptions(values),
    });
    const chosen = select(source, spread(source, count)), kept = chosen.names.length;
    const { height, width } = chosen.groups[0]!, rows = height >> 1;
    if (rows === 0) {
      throw new MdlError(
        "usage",
        "--complete keeps the upper half of an image: images of one row have none.",
      );
    }
    const repeated = select(chosen, Array.from({ length: kept * TIMES }, (_, i) => Math.floor(i / TIMES)));
    const completions = [...images(await completeImages(bytes, repeated, rows, seed, run))];
    await bar.close();
    const pictures = [...images(chosen)].flatMap((picture, i) => {
      const half = picture.pixels.slice().fill(MISSING, rows * width * chosen.channels);
      return [picture, { ...picture, pixels: half }, ...completions.slice(i * TIMES, (i + 1) * TIMES)];
    });
    const { channels } = chosen, groups = [{ count: pictures.length, height, width }];
    const symbols = concat(pictures.map(({ pixels }) => pixels));
    await write(contactSheet({ channels, groups, symbols }, 2 + TIMES));
    return say(
      `${name}: ${counted(kept, "image")} of ${source.name}, a row each: the image, the ${rows} of its ` +
        `${height} rows that are given, ${TIMES} completions (seed ${seed}${cooled})`,
    );
  }
  const drawn = await programOf(bytes).generate(count, seed, run);
  await bar.close();
  await write(contactSheet(drawn, Math.ceil(Math.sqrt(count))));
  say(
    `${name}: ${counted(count, "image")} drawn with seed ${seed}${cooled}, symbols' SHA-256 ${drawn.sha256}`,
  );

  async function write(sheet: Raster): Promise<void> {
    const png = encodePng(sheet);
    await (toStdout ? writeToStdout(png) : saveFile(output, png));
  }
});

/** A path for each file: of several "samples-1.txt", "samples-2.txt". */
function numbered(path: string, count: number): string[] {
  if (count === 1) return [path];
  const { dir, name, ext } = parse(path), digits = String(count).length;
  return Array.from(
    { length: count },
    (_, i) => join(dir, `${name}-${String(i + 1).padStart(digits, "0")}${ext}`),
  );
}

/** `--prompt TEXT --length N` as those want them who draw files. */
function fileOptions({ prompt, length }: { prompt?: string; length?: string }): DrawOptions {
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(length === undefined ? {} : { length: wholeNumber("length", length, 1) }),
  };
}
