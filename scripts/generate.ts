/** deno task generate: new images from a program's model, by decoding random bits. */
import { contactSheet } from "../lib/data/contact_sheet.ts";
import { encodePng } from "../lib/data/image_file.ts";
import { generateImages } from "../lib/program/decode.ts";
import { assertWritable, saveFile } from "../lib/program/save.ts";
import { command, number, options, readFile, wholeNumber } from "./command.ts";

const USAGE = "deno task generate x.wasm [--count 64] [--seed 1] [--output samples.png]";

await command(async (signal, bar) => {
  const { values, positionals } = options(USAGE, {
    count: { type: "string", default: "64" },
    seed: { type: "string", default: "1" },
    output: { type: "string", short: "o", default: "samples.png" },
  }, { least: 1, most: 1 });
  const count = wholeNumber("count", values.count, 1), seed = wholeNumber("seed", values.seed, 0);
  await assertWritable(values.output);
  const drawn = await generateImages(await readFile(positionals[0]!), count, seed, {
    signal,
    progress: bar.report,
  });
  await bar.close();
  await saveFile(values.output, await encodePng(contactSheet(drawn, Math.ceil(Math.sqrt(count)))));
  console.log(
    `${values.output}: ${number(count)} images drawn with seed ${seed}, symbols' SHA-256 ${drawn.sha256}`,
  );
});
