/**
 * deno task generate: new images from a program's model, by decoding random bits; with --complete, the lower halves of
 * given images.
 */
import { contactSheet } from "../lib/data/contact_sheet.ts";
import { images } from "../lib/data/dataset.ts";
import { encodePng } from "../lib/data/image_file.ts";
import { select, spread } from "../lib/data/select.ts";
import { concat } from "../lib/program/bytes.ts";
import { completeImages, generateImages } from "../lib/program/draw.ts";
import { readProgram } from "../lib/program/read.ts";
import { assertWritable, saveFile } from "../lib/program/save.ts";
import {
  command,
  decimal,
  LIMIT_OPTION,
  limited,
  number,
  options,
  readFile,
  wholeNumber,
} from "./command.ts";
import { likeProgram } from "./like_program.ts";

const USAGE =
  "deno task generate x.wasm [--count 64] [--seed 1] [--temperature 1] [--complete FOLDER|DATASET] " +
  "[--output samples.png] [--limit SECONDS]";

/** With --complete: images of the source that are taken, unless --count says otherwise, and how often each is drawn. */
const COMPLETED = 8, TIMES = 4;

/** Gray level of what is not given. */
const MISSING = 200;

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, {
    count: { type: "string" },
    seed: { type: "string", default: "1" },
    temperature: { type: "string", default: "1" },
    complete: { type: "string" },
    output: { type: "string", short: "o", default: "samples.png" },
    ...LIMIT_OPTION,
  }, { least: 1, most: 1 });
  const count = wholeNumber("count", values.count ?? String(values.complete ? COMPLETED : 64), 1);
  const seed = wholeNumber("seed", values.seed, 0),
    temperature = decimal("temperature", values.temperature, 0.01, 100);
  const limit = limited(values);
  await assertWritable(values.output);
  const bytes = await readFile(positionals[0]!),
    run = { signal, progress: bar.report, temperature, ...limit };
  const cooled = temperature === 1 ? "" : `, temperature ${temperature}`;
  if (values.complete) {
    const source = await likeProgram(values.complete, readProgram(bytes), run);
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
    await saveFile(values.output, encodePng(contactSheet({ channels, groups, symbols }, 2 + TIMES)));
    return console.log(
      `${values.output}: ${
        number(kept)
      } images of ${source.name}, a row each: the image, the ${rows} of its ` +
        `${height} rows that are given, ${TIMES} completions (seed ${seed}${cooled})`,
    );
  }
  const drawn = await generateImages(bytes, count, seed, run);
  await bar.close();
  await saveFile(values.output, encodePng(contactSheet(drawn, Math.ceil(Math.sqrt(count)))));
  console.log(
    `${values.output}: ${
      number(count)
    } images drawn with seed ${seed}${cooled}, symbols' SHA-256 ${drawn.sha256}`,
  );
});
