/**
 * deno task samples: what a program's model draws, beside what it was made from: are samples copies (nearest neighbours of
 * images, runs of bytes that are in the data), and are they as likely as data (bits under the model)? The program contains
 * its data; with --against, real data that it has not seen stand beside them.
 */
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { sha256 } from "../lib/hash.ts";
import { programOf } from "../lib/program/program.ts";
import { readProgram } from "../lib/program/read.ts";
import { saveFile } from "../lib/save.ts";
import {
  command,
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
import { plainName } from "./laboratory/file_names.ts";
import { isWeighable, type Weighable } from "./samples/code_lengths.ts";
import { assertAllFree, assertSameRun, folderFor, FORCE, resultsFolder } from "./outputs.ts";
import type { Asked } from "./samples/asked.ts";
import { namesOfFiles, sampleFiles } from "./samples/files.ts";
import { IMAGE_FILES, sampleImages } from "./samples/images.ts";

const TASK: Task = {
  start: "deno task samples",
  about: "Says whether what a program's model draws are copies, and whether they are as likely as data.",
  takes: "x.wasm",
  least: 1,
  example: "deno task samples pics.wasm --count 64 --against other_pics",
};

const OPTIONS = {
  count: {
    type: "string",
    default: "64",
    value: "N",
    help: "images, or stretches of a file, that are drawn",
  },
  seed: { type: "string", default: "1", value: "N", help: "seed of what is drawn" },
  temperature: {
    type: "string",
    default: "1",
    value: "T",
    help: "below 1 tamer than the model, above 1 wilder",
  },
  against: {
    type: "string",
    value: "FOLDER|FILE|DATASET",
    help: "real data that the program does not contain",
  },
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

/** Of samples.json, what tells whether it is of the same run. */
interface SamplesRecord {
  readonly program: string;
  readonly temperature: number;
  readonly count: number;
}

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS);
  const { output, force = false, against } = values;
  if (output === "-") {
    throw new MdlError("usage", "--output takes a folder: several files cannot go to stdout.");
  }
  if (against === undefined) refuseIdle(values, SOURCE_OPTIONS, "--against");
  const count = wholeNumber("count", values.count, 1), seed = wholeNumber("seed", values.seed, 0);
  const temperature = decimal("temperature", values.temperature, 0.01, 100);
  const path = positionals[0]!,
    bytes = await readModule(path),
    hash = sha256(bytes),
    { modality, mode, record } = readProgram(bytes);
  if (modality !== "image") assertWeighable(path, modality, mode);
  const folder = output ?? `${resultsFolder()}/samples-${plainName(record.dataset)}-seed${seed}`;
  const names = isWeighable(modality) ? namesOfFiles(modality) : IMAGE_FILES;
  if (output) await assertAllFree(folder, names, force);
  else {
    await assertSameRun(`${folder}/samples.json`, force, (earlier) => {
      const { program, temperature: cooled, count: drawn } = earlier as Partial<SamplesRecord>;
      return program === hash && cooled === temperature && drawn === count;
    });
  }
  const asked: Asked = {
    hash,
    count,
    seed,
    temperature,
    how: `seed ${seed}${temperature === 1 ? "" : `, temperature ${temperature}`}`,
    ...(against !== undefined && { against }),
    source: sourceOptions(values),
    folder,
    run: { signal, progress: bar.report, ...limited(values) },
    save: (name, content) =>
      saveFile(
        `${folder}/${name}`,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      ),
  };
  await using _folder = await folderFor(folder);
  await (modality === "image"
    ? sampleImages(programOf(bytes), asked, bar)
    : sampleFiles(programOf<Files<Weighable>>(bytes), asked, bar));
});

/** @throws {MdlError} `usage` or `unsupported` for a program whose drawn files cannot be weighed */
function assertWeighable(path: string, modality: string, mode: string): void {
  if (!isWeighable(modality)) {
    const text = `samples takes stretches of a file, and a JPEG file that ${path} draws is one picture`;
    throw new MdlError(
      "usage",
      `${text}: deno task generate ${path} draws it, and with --pixels compress makes a program of pixels.`,
    );
  }
  if (mode === "prequential") return;
  const why = mode === "stored"
    ? "stores its data: what it draws is noise"
    : "has a transformer, which is not weighed here";
  throw new MdlError("unsupported", `samples is for programs that learn while they decode; ${path} ${why}.`);
}
