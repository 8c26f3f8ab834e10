/**
 * deno task bench: our programs against all baselines on the same data, named sets or the user's own of any kind, as a table
 * and a figure. Every file is decoded and compared before its size is taken. What was measured is kept, so that a stopped
 * bench goes on where it was.
 */
import { planning } from "../lib/chain.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { type AnyData, codecOf } from "../lib/codecs.ts";
import { type Context, contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { type Preset, presetNames } from "../lib/run.ts";
import { saveFile } from "../lib/save.ts";
import { SCENE_BITS } from "../lib/sources/scenes.ts";
import { namedSources, ownSources, SET_NAMES, type Source } from "./bench/sources.ts";
import {
  command,
  DATA_OPTIONS,
  duration,
  MEASURE_OPTIONS,
  number,
  oneOf,
  options,
  type Task,
  wholeNumber,
} from "./command.ts";
import { imageFeatures } from "./compress/request.ts";
import { type BaselineName, BASELINES } from "./laboratory/baselines/measure.ts";
import { type ProgramName, PROGRAMS, takesFiles } from "./laboratory/baselines/path_programs.ts";
import { sizeBars } from "./laboratory/figures/bars.ts";
import { saveFiguresIn, show } from "./laboratory/figures/show.ts";
import { tableText } from "./laboratory/figures/table.ts";
import { measureAll } from "./laboratory/measure/campaign.ts";
import {
  codecJob,
  type CodingResult,
  filesJob,
  programJob,
  type ProgramResult,
} from "./laboratory/measure/codings.ts";
import { forgetWithoutFile, MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { assertSameData, folderFor, FORCE, giveResults, resultsFolder } from "./outputs.ts";

const TASK: Task = {
  start: "deno task bench",
  about:
    "Measures our programs against all baselines on the same data; a stopped bench goes on where it was.",
  takes: "[FOLDER|FILE|DATASET …]",
  most: Infinity,
  example: "deno task bench --sets S1,S3",
};

const OPTIONS = {
  sets: {
    type: "string",
    value: "A,B,…",
    help: `${SET_NAMES} (images when nothing is named)`,
  },
  ...DATA_OPTIONS,
  ...MEASURE_OPTIONS,
  seed: { type: "string", default: "1", value: "N", help: "seed of the training" },
  baselines: { type: "boolean", help: "measure other codecs at their slowest efforts, too" },
  ...FORCE,
} as const;

/** Above so many bytes of raw symbols only the codecs that come near are measured: all take 24 s a megabyte. */
const LARGE = 5e6,
  STREAMS: readonly BaselineName[] = ["gzip", "brotli", "zstd", "xz"],
  IMAGES = BASELINES.filter((name) => !Object.hasOwn(PROGRAMS, name)),
  NEAR: readonly BaselineName[] = ["xz", "WebP", "JPEG XL"];

/** What one set came to. */
interface Result {
  readonly set: string;
  readonly raw: number;
  readonly program: ProgramResult;
  readonly baselines: readonly (CodingResult & { readonly codec: BaselineName })[];
}

await command(async (signal, bar) => {
  const { values, positionals } = options(TASK, OPTIONS), { force = false, json = false } = values;
  const preset = oneOf("preset", values.preset, presetNames), seed = wholeNumber("seed", values.seed, 0);
  const say = json ? console.error : console.log, reports = { signal, progress: bar.report };
  const context = contextOf(seed, reports), results = resultsFolder();
  const folder = `${results}/${["bench", preset, ...seed === 1 ? [] : [`seed${seed}`]].join("-")}`;
  const list = values.sets ?? (positionals.length ? undefined : "images");
  const named = list === undefined ? [] : namedSources(list);
  const own = await ownSources(positionals, values, named, contextOf(seed, { ...reports, log: say }));
  await bar.close();
  const fileOf = ({ name }: Source) => `${folder}/${name}.wasm`;
  for (const source of own) await assertSameData(fileOf(source), await source.load(context), force);
  const backend = await openBackend("auto");
  say(`preset ${preset}, seed ${seed}; backend ${backend.description}`);
  saveFiguresIn(folder);
  await using _folder = await folderFor(folder);

  const measured: Result[] = [];
  for (const source of [...named, ...own]) {
    const set = await source.load(context), file = fileOf(source);
    await assertSameData(file, set, force);
    const run = { preset, seed, backend: backend.name, slow: values.baselines ?? false, results, file };
    const result = await measure(source, set, run, context);
    await bar.close();
    measured.push(result);
    say(`\n${describe(set, result)}\n${tableText(rowsOf(result))}`);
    const absent = programsFor(set, run.slow).filter((name) =>
      !result.baselines.some(({ codec }) => codec === name)
    ).map((name) => `${name} (${PROGRAMS[name].program})`);
    if (absent.length) say(`left out, for it is not on PATH, or fails: ${absent.join(", ")}`);
    if (!json) await show(figureOf(set, result), source.name);
  }
  await giveResults(folder, "bench", { preset, seed, backend: backend.name, results: measured }, { json });
  await backend.close();
});

/** How a set is measured. */
interface Run {
  readonly preset: Preset;
  readonly seed: number;
  readonly backend: string;
  readonly slow: boolean;
  /** Where all results go. */
  readonly results: string;
  /** Where the program goes. */
  readonly file: string;
}

/** Compresses, verifies, keeps the program, and measures the others. */
async function measure(
  { name, preprocess, ways }: Source,
  set: AnyData,
  { preset, seed, backend, slow, results, file }: Run,
  context: Context,
): Promise<Result> {
  const save = (bytes: Uint8Array) => saveFile(file, bytes), images = set.modality === "image";
  const program = images
    ? await programJob(
      (await planning({ features: imageFeatures(set.channels) }).run(set, context))
        .output,
      { preset, preprocess, ...ways && { ways }, checkpoints: `${results}/checkpoints` },
      { seed, backend },
      save,
    )
    : await filesJob(set as Files, ways ? { preprocess } : {}, save);
  const raw = set.symbols.length;
  const effort = slow ? "slow" : "quick", ofImages = slow ? IMAGES : IMAGES.slice(0, -1);
  const codecs = !images ? [...STREAMS, ...programsFor(set, slow)] : raw > LARGE ? NEAR : ofImages;
  const thorough = preset === "paper" && raw <= LARGE; // JPEG XL is what a paper's figures are compared with
  const jobs = await Promise.all(codecs.map(async (codec) => {
    return { ...await codecJob(set, codec, thorough && codec === "JPEG XL" ? "slow" : effort), codec };
  }));
  const campaign = { label: name, unit: "s of work", folder: `${results}/${MEASUREMENTS}` };
  await forgetWithoutFile(campaign.folder, program.identity, file);
  const [own] = await measureAll([program], campaign, context);
  const others = await measureAll(jobs, campaign, context);
  const baselines = jobs.flatMap(({ codec }, i) => {
    const result = others[i];
    return result ? [{ codec, ...result }] : [];
  });
  return { set: name, raw, program: own!, baselines };
}

/** Programs, which are measured where they are on PATH, for files of this kind. */
function programsFor(set: AnyData, slow: boolean): readonly ProgramName[] {
  if (set.modality === "image") return [];
  return (Object.keys(PROGRAMS) as ProgramName[]).filter((name) =>
    takesFiles(name, set, slow ? "slow" : "quick")
  );
}

function describe(set: AnyData, { set: name, program }: Result): string {
  const { encodingSeconds, decodingSeconds, ledger, how } = program;
  const parts = ["decoder code", "weights"].map((part) => {
    const entry = ledger.find((e) => e.name === part);
    return entry ? `${part} ${number(entry.bytes)} bytes` : "";
  });
  return `${name}: ${codecOf<AnyData>(set).summary(set)}; program verified (${
    [how, ...parts].filter(Boolean).join(", ")
  }); ` +
    `encoded in ${duration(encodingSeconds)}, decoded in ${duration(decodingSeconds)}`;
}

function rowsOf({ raw, program, baselines }: Result) {
  const own = program.bytes;
  return [
    { codec: "MDLab program, decoder included", bytes: own, how: "" },
    ...baselines.map(({ codec, how, bytes }) => ({ codec, bytes, how })),
  ].sort((a, b) => a.bytes - b.bytes).map(({ how, ...row }) => ({
    ...row,
    "bits/symbol": Number((8 * row.bytes / raw).toFixed(3)),
    "ours saves, %": Number((100 * (1 - own / row.bytes)).toFixed(1)),
    how,
  }));
}

function figureOf({ name, names }: AnyData, { set, raw, program, baselines }: Result) {
  if (baselines.length === 0) throw new MdlError("empty", `No codec could be measured on ${name}.`);
  return sizeBars({
    title: `${set}: whole program against other codecs' files`,
    sizes: [
      { label: "MDLab program", bytes: program.bytes, ours: true },
      ...baselines.map(({ codec, bytes }) => ({ label: codec, bytes })),
    ],
    references: [
      { label: "raw", value: raw },
      ...(name === "scenes"
        ? [{ label: "entropy of what they are drawn from", value: names.length * SCENE_BITS / 8 }]
        : []),
    ],
  });
}
