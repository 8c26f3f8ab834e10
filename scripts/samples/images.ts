/** What a program of images draws: beside each sample its nearest datum, and what samples and data cost. */
import type { ProgressBar } from "../../lib/progress.ts";
import { type Dataset, images } from "../../lib/image/dataset.ts";
import { MdlError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { encodePng } from "../../lib/image/image_file.ts";
import { bitsOf, checkChannels, modelOf, tilingOfProgram } from "../../lib/image/model.ts";
import { readShape } from "../../lib/image/shape.ts";
import { joined } from "../../lib/image/tiles.ts";
import { concat } from "../../lib/program/bytes.ts";
import type { Program } from "../../lib/program/program.ts";
import { counted, number } from "../command.ts";
import { distributions, median } from "../laboratory/figures/distribution.ts";
import { pictures } from "../laboratory/figures/pictures.ts";
import { toPng } from "../laboratory/figures/render.ts";
import { tableText } from "../laboratory/figures/table.ts";
import { contactSheet } from "../laboratory/measure/contact_sheet.ts";
import { type Neighbour, neighboursOf } from "../laboratory/measure/neighbours.ts";
import { select, spread } from "../laboratory/measure/select.ts";
import { checkPayload } from "./code_lengths.ts";
import { likeProgram } from "../like_program.ts";
import type { Asked } from "./asked.ts";

/** What is written. */
export const IMAGE_FILES = ["samples.png", "neighbours.png", "bits.png", "samples.json"];

/** Images of data whose neighbours are looked for; pairs that the figure shows, in so many columns. */
const MEASURED = 200, SHOWN = 24, COLUMNS = 4;

/** A set of images, what each costs under the model, and its nearest neighbour among the data. */
interface Weighed {
  readonly name: string;
  readonly set: Dataset;
  readonly bits: Float64Array;
  readonly neighbours: readonly Neighbour[];
}

/**
 * Draws, weighs, and writes what came of it.
 *
 * @throws {MdlError} as `likeProgram`, `modelOf` and `decode`
 */
export async function sampleImages(program: Program, asked: Asked, bar: ProgressBar): Promise<void> {
  const { info } = program,
    { count, seed, temperature, how, against, source, folder, hash, run, save } = asked;
  const other = against
    ? await likeProgram(against, info, { signal: run.signal, progress: run.progress, ...source })
    : undefined;
  if (other) checkChannels(readShape(info).channels, other);
  const model = await modelOf(program.bytes, run);

  const data = await program.decode(run), dataBits = await bitsOf(model, data, run);
  const tiling = tilingOfProgram(info), coded = tiling && await bitsOf(model, joined(data, tiling), run);
  checkPayload((coded ?? dataBits).reduce((a, b) => a + b), info);
  const weigh = async (name: string, set: Dataset): Promise<Weighed> => {
    return { name, set, bits: await bitsOf(model, set, run), neighbours: await neighboursOf(set, data, run) };
  };
  const own = spread(data, MEASURED);
  const weighed: Weighed[] = [
    await weigh("samples", await program.generate(count, seed, { ...run, temperature })),
    {
      name: "data",
      set: data,
      bits: dataBits,
      neighbours: await neighboursOf(select(data, own), data, run, own),
    },
  ];
  if (other) {
    const unseen = without(other, data);
    weighed.push(await weigh(`${unseen.name} (unseen)`, select(unseen, spread(unseen, MEASURED))));
  }
  await bar.close();

  const unit = median(weighed[1]!.neighbours.map(({ distance }) => distance));
  const rows = weighed.map(({ name, set, bits, neighbours }) => {
    const middle = median(neighbours.map(({ distance }) => distance));
    return {
      images: name,
      number: set.names.length,
      "bits an image, median": Math.round(median(bits)),
      "bits/symbol": Number((bits.reduce((a, b) => a + b) / set.symbols.length).toFixed(3)),
      "distance to nearest datum, median": Number(middle.toFixed(2)),
      "relative to data": Number((middle / unit).toFixed(2)),
    };
  });
  console.log(tableText(rows));
  if (tiling) console.log("Bits: of each image by itself; in the program it is a tile of a larger picture.");
  console.log(
    `Distance: root mean square of the differences of all symbols, in levels of 0–255; data: to the nearest other ` +
      `image of the data, median ${number(unit, 2)} over ${counted(own.length, "image")}.`,
  );
  const samples = weighed[0]!;
  const columns = Math.ceil(Math.sqrt(count));
  await save("samples.png", encodePng(contactSheet(samples.set, columns)));
  await save("neighbours.png", await toPng(pairs(samples, data, unit)));
  await save(
    "bits.png",
    await toPng(distributions({
      title: `Bits of an image under the model of ${info.record.dataset}: samples (${how}) and data`,
      x: "code length of an image (bits)",
      unit: "bits",
      samples: weighed.map(({ name, bits }) => ({ name, values: bits })),
    })),
  );
  const record = {
    program: hash,
    dataset: info.record.dataset,
    seed,
    temperature,
    count,
    unit,
    rows,
    samples: samples.neighbours.map(({ index, distance }, i) => ({
      bits: samples.bits[i],
      nearest: data.names[index] ?? null,
      distance,
      relative: distance / unit,
    })),
  };
  await save("samples.json", JSON.stringify(record, null, 2) + "\n");
  console.log(
    `${folder}: samples.png, neighbours.png (each sample with its nearest datum), bits.png, samples.json`,
  );
}

/** The images of a set that are not in the data. */
function without(set: Dataset, data: Dataset): Dataset {
  const known = new Set([...images(data)].map(({ pixels }) => sha256(pixels)));
  const left = [...images(set)].flatMap(({ pixels }, i) => known.has(sha256(pixels)) ? [] : [i]);
  if (left.length === 0) {
    throw new MdlError("empty", `All images of ${set.name} are in the program: there are no unseen ones.`);
  }
  return select(set, left);
}

/** Sample and nearest datum side by side, with distance and bits. */
function pairs({ set, bits, neighbours }: Weighed, data: Dataset, unit: number) {
  const drawn = [...images(set)].slice(0, SHOWN), there = [...images(data)], { channels } = set;
  const panels = drawn.map(({ height, width, pixels }, i) => {
    const { index, distance } = neighbours[i]!, groups = [{ count: index < 0 ? 1 : 2, height, width }];
    const symbols = concat([pixels, ...(index < 0 ? [] : [there[index]!.pixels])]);
    return {
      title: `${number(distance / unit, 2)} · ${number(bits[i]!)} bits`,
      picture: contactSheet({ channels, groups, symbols }, 2),
    };
  });
  return pictures(
    "Samples, each with its nearest datum beside it: distance relative to the median distance among the data; bits",
    panels,
    COLUMNS,
  );
}
