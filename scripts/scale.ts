/**
 * deno task scale: bytes an image against the number of images, ours beside codecs that learn nothing, all decoded and
 * compared. Resumes where it was stopped.
 */
import { openBackend } from "../lib/backend/backend.ts";
import { plainName } from "./laboratory/file_names.ts";
import { crossing, describeCrossing } from "./laboratory/measure/crossings.ts";
import { type ScaleResults, setSummary } from "./laboratory/measure/document.ts";
import { MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { OURS } from "./laboratory/measure/codings.ts";
import { measureScale, type ScaleCodec, scaleCsv, type ScalePoint } from "./laboratory/measure/scale.ts";
import { decoderHashes } from "./laboratory/measure/variant.ts";
import { MdlError } from "../lib/errors.ts";
import { lines } from "./laboratory/figures/curves.ts";
import { saveFiguresIn, show } from "./laboratory/figures/show.ts";
import { type Rows, tableText } from "./laboratory/figures/table.ts";
import { saveFile } from "../lib/save.ts";
import { presetNames, VERSION } from "../lib/run.ts";
import { contextOf } from "../lib/context.ts";
import { describeSet, transform } from "../lib/image/transform.ts";
import {
  changes,
  command,
  counted,
  loadSource,
  number,
  oneOf,
  options,
  PREPROCESS_OPTIONS,
  preprocessOptions,
  SOURCE_OPTIONS,
  sourceOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { giveResults, resultsFolder } from "./outputs.ts";
import { CAMPAIGN_OPTIONS, runnerOf } from "./runner.ts";

const TASK: Task = {
  start: "deno task scale",
  about:
    "Measures bytes an image against the number of images, beside other codecs; goes on where it was stopped.",
  example: "deno task scale --set cifar10 --counts 10,30,100",
};

/** Numbers of images, three to a decade; with the preset paper all of CIFAR-10's training images, too. */
const COUNTS = [10, 30, 100, 300, 1000, 3000, 10_000], PAPER = [30_000, 50_000];

const OPTIONS = {
  set: {
    type: "string",
    default: "set:cifar10",
    value: "FOLDER|DATASET",
    help: "what is compressed, in gray",
  },
  counts: { type: "string", value: "10,30,…", help: `numbers of images (${COUNTS.join(",")} when left out)` },
  seed: { type: "string", default: "1", value: "N", help: "seed of the training" },
  size: PREPROCESS_OPTIONS.size,
  ...SOURCE_OPTIONS,
  ...CAMPAIGN_OPTIONS,
} as const;

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS);
  const preset = oneOf("preset", values.preset, presetNames);
  const seed = wholeNumber("seed", values.seed, 0);
  const asked = values.counts?.split(",").map((text) => wholeNumber("counts", text, 1));
  const wished = asked ?? [...COUNTS, ...(preset === "paper" ? PAPER : [])];
  const wanted = { ...preprocessOptions(values), gray: true, take: Math.max(...wished) };
  const say = values.json ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  const set = transform(
    await loadSource(values.set, { ...context, ...wanted, ...sourceOptions(values) }),
    wanted,
  );
  const all = set.names.length;
  if (asked && all < wanted.take) {
    throw new MdlError(
      "usage",
      `--counts asks for ${counted(wanted.take, "image")}; ${set.name} has ${number(all)}.`,
    );
  }
  const counts = [...new Set(wished.map((count) => Math.min(count, all)))].sort((a, b) => a - b);
  const { take: _, ...changed } = wanted, results = resultsFolder();
  const name = ["scale", plainName(set.name), ...changes({ ...changed, gray: false }), preset, `seed${seed}`]
    .join("-");
  const folder = `${results}/${name}`;
  saveFiguresIn(folder);

  const backend = await openBackend("auto");
  say(`${set.name}: ${describeSet(set)}; preset ${preset}, seed ${seed}; backend ${backend.description}`);
  const campaign = {
    label: "scale",
    unit: "s of work",
    folder: `${results}/${MEASUREMENTS}`,
    ...runnerOf("scale", values),
  };
  const plan = {
    counts,
    preset,
    seed,
    backend: backend.name,
    checkpoints: `${results}/checkpoints`,
    campaign,
  };
  const points = await measureScale(set, plan, context);
  await bar.close();
  const codecs = [...new Set(points.map(({ codec }) => codec))]; // ours is the first
  const others = codecs.filter((codec) => codec !== OURS);
  const ours = of(points, OURS);
  const crossings = others.map((codec) => ({ codec, ...crossing(ours, of(points, codec)) }));
  say(`\nBytes an image (ours with its decoder and weights, the others' decoders are not counted)`);
  say(tableText(rowsOf(points, counts, codecs)));
  for (const { codec, ...rest } of crossings) say(`Shorter than ${codec}: ${describeCrossing(rest)}.`);
  const document: ScaleResults = {
    experiment: "scale",
    set: setSummary(set, wanted),
    preset,
    seed,
    backend: backend.name,
    mdlab: VERSION,
    decoder: await decoderHashes(),
    points,
    crossings,
  };
  await giveResults(folder, "scale", document, values);
  await saveFile(`${folder}/scale.csv`, new TextEncoder().encode(scaleCsv(points)));
  if (!values.json) {
    const raw = set.symbols.length / all;
    await show(
      lines({
        title:
          `${set.name} in gray: bytes an image against the number of images. MDLab: whole programs; others: ` +
          "files without a decoder",
        series: codecs.map((codec) => seriesOf(codec, of(points, codec))),
        x: { title: "number of images", log: true },
        y: { title: "size (bytes an image)" },
        references: [{ label: `raw ${number(raw)} bytes`, value: raw }],
      }),
      "bytes an image",
    );
  }
  say(`${folder}/scale.csv`);
  await backend.close();
});

function of(points: readonly ScalePoint[], codec: ScaleCodec): readonly ScalePoint[] {
  return points.filter((point) => point.codec === codec);
}

function seriesOf(name: ScaleCodec, points: readonly ScalePoint[]) {
  return { name, x: points.map(({ count }) => count), y: points.map(({ bytes, count }) => bytes / count) };
}

/** A row for each number of images, a column for each codec. */
function rowsOf(
  points: readonly ScalePoint[],
  counts: readonly number[],
  codecs: readonly ScaleCodec[],
): Rows {
  return counts.map((count) => {
    const here = points.filter((point) => point.count === count);
    const cells = codecs.map((codec) => {
      const point = here.find((one) => one.codec === codec);
      return [codec, point && number(point.bytes / count, 1)];
    });
    return { images: number(count), ...Object.fromEntries(cells), "our model": here[0]!.how };
  });
}
