/**
 * deno task samples: what a program's model draws, beside what it was made from: is a sample a copy (nearest neighbours
 * over pixels), and is it as likely as data (bits under the model)? The program contains its data; with --against, real
 * images that it has not seen stand beside them.
 */
import { contactSheet } from "./laboratory/measure/contact_sheet.ts";
import { type Dataset, images } from "../lib/image/dataset.ts";
import { sha256 } from "../lib/hash.ts";
import { plainName } from "./laboratory/file_names.ts";
import { encodePng } from "../lib/image/image_file.ts";
import { type Neighbour, neighboursOf } from "./laboratory/measure/neighbours.ts";
import { select, spread } from "./laboratory/measure/select.ts";
import { MdlError } from "../lib/errors.ts";
import { distributions, median } from "./laboratory/figures/distribution.ts";
import { pictures } from "./laboratory/figures/pictures.ts";
import { toPng } from "./laboratory/figures/render.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import { concat } from "../lib/program/bytes.ts";
import { bitsOf, checkChannels, modelOf } from "../lib/image/model.ts";
import { readShape } from "../lib/image/shape.ts";
import { placedSource } from "./laboratory/source.ts";
import { programOf } from "../lib/program/program.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import {
  command,
  counted,
  decimal,
  LIMIT_OPTION,
  limited,
  number,
  options,
  readModule,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { likeProgram } from "./like_program.ts";
import { assertAllFree, assertSameRun, FORCE, resultsFolder } from "./outputs.ts";

const TASK: Task = {
  start: "deno task samples",
  about: "Says whether what a program's model draws are copies, and whether they are as likely as data.",
  takes: "x.wasm",
  least: 1,
  example: "deno task samples pics.wasm --count 64 --against other_pics",
};

const OPTIONS = {
  count: { type: "string", default: "64", value: "N", help: "images that are drawn" },
  seed: { type: "string", default: "1", value: "N", help: "seed of what is drawn" },
  temperature: {
    type: "string",
    default: "1",
    value: "T",
    help: "below 1 tamer than the model, above 1 wilder",
  },
  against: { type: "string", value: "FOLDER|DATASET", help: "real images that the program does not contain" },
  output: {
    type: "string",
    short: "o",
    value: "FOLDER",
    help: "where the files go; in results/ when left out",
  },
  ...SOURCE_OPTIONS,
  ...LIMIT_OPTION,
  ...FORCE,
} as const;

const FILES = ["samples.png", "neighbours.png", "bits.png", "samples.json"];

/** Images of data whose neighbours are looked for; pairs that the figure shows, in so many columns. */
const MEASURED = 200, SHOWN = 24, COLUMNS = 4;

/** A set of images, what each costs under the model, and its nearest neighbour among the data. */
interface Weighed {
  readonly name: string;
  readonly set: Dataset;
  readonly bits: Float64Array;
  readonly neighbours: readonly Neighbour[];
}

/** Of samples.json, what tells whether it is of the same run. */
interface SamplesRecord {
  readonly program: string;
  readonly temperature: number;
  readonly samples: readonly unknown[];
}

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const { output, force = false } = values;
  if (output === "-") {
    throw new MdlError("usage", "--output takes a folder: several files cannot go to stdout.");
  }
  const count = wholeNumber("count", values.count, 1), seed = wholeNumber("seed", values.seed, 0);
  const temperature = decimal("temperature", values.temperature, 0.01, 100);
  const path = positionals[0]!, program = programOf(await readModule(path)), { info } = program;
  if (info.modality !== "image") {
    const instead = `deno task generate ${path} draws a new file from it`;
    throw new MdlError("usage", `samples is for images, and ${path} gives ${info.modality}: ${instead}.`);
  }
  const run = { signal, progress: bar.report, ...limited(values) };
  if (values.against) await placedSource(values.against); // else it is refused after the work
  const hash = sha256(program.bytes);
  const folder = output ??
    `${resultsFolder()}/samples-${plainName(info.record.dataset)}-seed${seed}`;
  if (output) await assertAllFree(folder, FILES, force);
  else {
    await assertSameRun(`${folder}/samples.json`, force, (earlier) => {
      const { program, temperature: cooled, samples } = earlier as Partial<SamplesRecord>;
      return program === hash && cooled === temperature && samples?.length === count;
    });
  }
  const other = values.against
    ? await likeProgram(values.against, info, { signal, progress: bar.report, ...sourceOptions(values) })
    : undefined;
  if (other) checkChannels(readShape(info).channels, other);
  const model = await modelOf(program.bytes, run);
  await makeFolder(folder);

  const data = await program.decode(run), dataBits = await bitsOf(model, data, run);
  checkPayload(dataBits, info.segments.filter(({ kind }) => kind === "payload"));
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
  console.log(tableBundle(rows)["text/plain"]);
  console.log(
    `Distance: root mean square of the differences of all symbols, in levels of 0–255; data: to the nearest other ` +
      `image of the data, median ${number(unit, 2)} over ${counted(own.length, "image")}.`,
  );
  const samples = weighed[0]!;
  const save = (name: string, bytes: Uint8Array) => saveFile(`${folder}/${name}`, bytes);
  const columns = Math.ceil(Math.sqrt(count));
  await save("samples.png", encodePng(contactSheet(samples.set, columns)));
  await save("neighbours.png", await toPng(pairs(samples, data, unit)));
  await save(
    "bits.png",
    await toPng(distributions({
      title: `Bits of an image under the model of ${info.record.dataset}: samples (seed ${seed}` +
        `${temperature === 1 ? "" : `, temperature ${temperature}`}) and data`,
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
    unit,
    rows,
    samples: samples.neighbours.map(({ index, distance }, i) => ({
      bits: samples.bits[i],
      nearest: data.names[index] ?? null,
      distance,
      relative: distance / unit,
    })),
  };
  await save("samples.json", new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
  console.log(
    `${folder}: samples.png, neighbours.png (each sample with its nearest datum), bits.png, samples.json`,
  );
});

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

/** The decoder in the program must be the one whose probabilities are asked for here. */
function checkPayload(bits: Float64Array, payloads: readonly { readonly bytes: Uint8Array }[]): void {
  const said = bits.reduce((a, b) => a + b);
  const real = 8 * payloads.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (Math.abs(real - said) <= 0.002 * said + 64 * payloads.length) return;
  throw new MdlError(
    "unsupported",
    "The program has the decoder of another version of MDLab, whose code lengths are not known here.",
  );
}
