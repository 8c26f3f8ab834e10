/**
 * deno task generate: new images from a program's model, by decoding random bits; with --complete, the lower halves of
 * given images.
 */
import { contactSheet } from "./laboratory/measure/contact_sheet.ts";
import { images } from "../lib/image/dataset.ts";
import { encodePng } from "../lib/image/image_file.ts";
import type { Raster } from "../lib/image/raster.ts";
import { select, spread } from "./laboratory/measure/select.ts";
import { MdlError } from "../lib/errors.ts";
import { concat } from "../lib/program/bytes.ts";
import { completeImages, generateImages } from "../lib/image/draw.ts";
import { readProgram } from "../lib/program/read.ts";
import { saveFile } from "../lib/save.ts";
import {
  command,
  counted,
  decimal,
  LIMIT_OPTION,
  limited,
  options,
  readFile,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { likeProgram } from "./like_program.ts";
import { assertFree, FORCE, writeToStdout } from "./outputs.ts";

const TASK: Task = {
  start: "deno task generate",
  about: "Draws new images from a program's model, or the lower halves of given ones.",
  takes: "x.wasm",
  least: 1,
  example: "deno task generate pics.wasm --count 16 --seed 7 --output faces.png",
};

/** With --complete: images of the source that are taken, unless --count says otherwise, and how often each is drawn. */
const COMPLETED = 8, TIMES = 4;

const OPTIONS = {
  count: { type: "string", value: "N", help: `images (64 when left out; ${COMPLETED} with --complete)` },
  seed: { type: "string", default: "1", value: "N", help: "seed of what is drawn" },
  temperature: {
    type: "string",
    default: "1",
    value: "T",
    help: "below 1 tamer than the model, above 1 wilder",
  },
  complete: { type: "string", value: "FOLDER|DATASET", help: "draw the lower halves of these images" },
  output: {
    type: "string",
    short: "o",
    default: "samples.png",
    value: "x.png",
    help: "the sheet, - for stdout",
  },
  ...SOURCE_OPTIONS,
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

/** Gray level of what is not given. */
const MISSING = 200;

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const count = wholeNumber("count", values.count ?? String(values.complete ? COMPLETED : 64), 1);
  const seed = wholeNumber("seed", values.seed, 0),
    temperature = decimal("temperature", values.temperature, 0.01, 100);
  const toStdout = values.output === "-", name = toStdout ? "stdout" : values.output;
  const say = toStdout ? console.error : console.log;
  if (!toStdout) await assertFree(values.output, values.force);
  else if (Deno.stdout.isTerminal()) {
    throw new MdlError("usage", "--output - writes the picture to stdout, but it is a terminal.");
  }
  const limit = limited(values);
  const bytes = await readFile(positionals[0]!),
    run = { signal, progress: bar.report, temperature, ...limit };
  const cooled = temperature === 1 ? "" : `, temperature ${temperature}`;
  if (values.complete) {
    const source = await likeProgram(values.complete, readProgram(bytes), {
      signal,
      progress: bar.report,
      ...sourceOptions(values),
    });
    const chosen = select(source, spread(source, count)), kept = chosen.names.length;
    const { height, width } = chosen.groups[0]!, rows = height >> 1;
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
  const drawn = await generateImages(bytes, count, seed, run);
  await bar.close();
  await write(contactSheet(drawn, Math.ceil(Math.sqrt(count))));
  say(
    `${name}: ${counted(count, "image")} drawn with seed ${seed}${cooled}, symbols' SHA-256 ${drawn.sha256}`,
  );

  async function write(sheet: Raster): Promise<void> {
    const png = encodePng(sheet);
    await (toStdout ? writeToStdout(png) : saveFile(values.output, png));
  }
});
