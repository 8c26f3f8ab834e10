/**
 * deno task bench: our programs against all baselines on the same data, as a table and a figure. Every file is decoded and
 * compared before its size is taken. What was measured is kept, so that a stopped bench goes on where it was.
 */
import { planning } from "../lib/chain.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { BASELINES } from "./laboratory/baselines/measure.ts";
import type { BaselineName } from "./laboratory/baselines/mod.ts";
import { type ProgramName, PROGRAMS, takesFiles } from "./laboratory/baselines/path_programs.ts";
import { type AnyData, codecOf } from "../lib/codecs.ts";
import type { Files } from "../lib/files/data.ts";
import { loadAny } from "./laboratory/source.ts";
import { SCENE_BITS } from "../lib/sources/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import { measureAll } from "./laboratory/measure/campaign.ts";
import {
  codecJob,
  type CodingResult,
  filesJob,
  programJob,
  type ProgramResult,
} from "./laboratory/measure/codings.ts";
import { MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { sizeBars } from "./laboratory/figures/bars.ts";
import { saveFiguresIn, show } from "./laboratory/figures/show.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import { type Context, contextOf } from "../lib/context.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { type Preset, presetNames } from "../lib/run.ts";
import type { FeatureOptions, PreprocessOptions } from "../lib/codecs.ts";
import { command, duration, number, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { resultsFolder } from "./outputs.ts";

const TASK: Task = {
  start: "deno task bench",
  about:
    "Measures our programs against all baselines on the same data; a stopped bench goes on where it was.",
  example: "deno task bench --sets S1,S3",
};

/** A data set, what is done to it first, and what its features are in place of the defaults. */
interface Source {
  readonly source: string;
  readonly preprocess?: PreprocessOptions;
  readonly features?: FeatureOptions;
}

/** Where the code of the local fit costs more than it saves: seen on these very sets. */
const PLAIN = { features: { leastSquares: false } };

/** Colours. */
const MIXING = { features: { mixing: true } };

const SMALL = { size: { width: 32, height: 32 } };

/** Settings were tuned on S1, S2 and the photos. */
const SETS = {
  "S1": { source: "S1", ...PLAIN },
  "S2": { source: "S2", ...MIXING },
  "S3": { source: "S3", ...PLAIN },
  "photos": { source: "photos", preprocess: { gray: true, ...SMALL } },
  "photos-colour": { source: "photos", preprocess: SMALL, ...MIXING },
  "photos-128": { source: "photos", ...MIXING },
  "native": { source: "native", ...MIXING },
  "cifar10-10k": { source: "cifar10", preprocess: { take: 10_000, gray: true } },
  "scenes": { source: "scenes" },
  "noise": { source: "noise" },
  "speeches": { source: "speeches" },
  "speeches-1mb": { source: "speeches", preprocess: { bytes: 1_000_000 } },
  "moby-dick": { source: "moby-dick" },
  "song-ci": { source: "song-ci" },
  "ratings": { source: "ratings" },
  "lena": { source: "lena" },
  "six-jpeg": { source: "six-jpeg" },
} as const satisfies Record<string, Source>;
type SetName = keyof typeof SETS;

/** Names for several sets. */
const GROUPS: Readonly<Record<string, readonly SetName[]>> = {
  "images": ["S1", "S2", "S3", "photos"],
  "text": ["speeches", "speeches-1mb", "moby-dick", "song-ci"],
  "table": ["ratings"],
  "audio": ["lena"],
  "jpeg": ["six-jpeg"],
};

const OPTIONS = {
  sets: {
    type: "string",
    default: "images",
    value: "A,B,…",
    help: `${Object.keys(GROUPS).join(", ")}, or some of ${Object.keys(SETS).join(", ")}`,
  },
  preset: { type: "string", default: "quick", value: presetNames.join("|"), help: "how long to train" },
  seed: { type: "string", default: "1", value: "N", help: "seed of the training" },
  baselines: { type: "boolean", help: "measure other codecs at their slowest efforts, too" },
  json: { type: "boolean", help: "print the results as JSON on stdout, all else on stderr" },
} as const;

/** Above so many bytes of raw symbols only the codecs that come near are measured: all take 24 s a megabyte. */
const LARGE = 5e6,
  STREAMS: readonly BaselineName[] = ["gzip", "brotli", "zstd", "xz"],
  IMAGES = BASELINES.filter((name) => !Object.hasOwn(PROGRAMS, name)),
  NEAR: readonly BaselineName[] = ["xz", "WebP", "JPEG XL"];

/** What one set came to. */
interface Result {
  readonly set: SetName;
  readonly raw: number;
  readonly program: ProgramResult;
  readonly baselines: readonly (CodingResult & { readonly codec: BaselineName })[];
}

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS);
  const preset = oneOf("preset", values.preset, presetNames);
  const seed = wholeNumber("seed", values.seed, 0), known = Object.keys(SETS) as SetName[];
  const names = values.sets.split(",").flatMap((name) => GROUPS[name] ?? [oneOf("sets", name, known)]);
  const context = contextOf(seed, { signal, progress: bar.report }), results = resultsFolder();
  const folder = `${results}/bench-${preset}`;
  const backend = await openBackend("auto"), say = values.json ? console.error : console.log;
  say(`preset ${preset}, seed ${seed}; backend ${backend.description}`);
  saveFiguresIn(folder);
  await makeFolder(folder);

  const measured: Result[] = [];
  for (const name of names) {
    const { source, preprocess = {}, features = {} }: Source = SETS[name];
    const loaded = await loadAny(source, { ...context, ...preprocess });
    const set = await codecOf<AnyData>(loaded).preprocessing.apply(loaded, preprocess, context);
    const run = {
      preset,
      preprocess,
      features,
      seed,
      backend: backend.name,
      slow: values.baselines ?? false,
      results,
    };
    const result = await measure(name, set, run, context);
    await bar.close();
    measured.push(result);
    say(`\n${describe(set, result)}\n${tableBundle(rowsOf(result))["text/plain"]}`);
    const absent = programsFor(set, run.slow).filter((name) =>
      !result.baselines.some(({ codec }) => codec === name)
    ).map((name) => `${name} (${PROGRAMS[name].program})`);
    if (absent.length) say(`left out, for it is not on PATH, or fails: ${absent.join(", ")}`);
    if (!values.json) await show(figureOf(set, result), name);
  }
  const text = JSON.stringify({ preset, seed, backend: backend.name, results: measured }, null, 2);
  await saveFile(`${folder}/bench.json`, new TextEncoder().encode(text + "\n"));
  if (values.json) console.log(text);
  await backend.close();
});

/** How a set is measured. */
interface Run {
  readonly preset: Preset;
  readonly preprocess: PreprocessOptions;
  readonly features: FeatureOptions;
  readonly seed: number;
  readonly backend: string;
  readonly slow: boolean;
  /** Where all results go. */
  readonly results: string;
}

/** Compresses, verifies, keeps the program, and measures the others. */
async function measure(
  name: SetName,
  set: AnyData,
  { preset, preprocess, features: asked, seed, backend, slow, results }: Run,
  context: Context,
): Promise<Result> {
  const save = (bytes: Uint8Array) => saveFile(`${results}/bench-${preset}/${name}.wasm`, bytes);
  const images = set.modality === "image";
  const program = images
    ? await programJob(
      (await planning({ features: { tiles: true, ...asked } }).run(set, context)).output,
      { preset, preprocess, checkpoints: `${results}/checkpoints` },
      { seed, backend },
      save,
    )
    : await filesJob(set as Files, {}, save);
  const raw = set.symbols.length;
  const effort = slow ? "slow" : "quick", ofImages = slow ? IMAGES : IMAGES.slice(0, -1);
  const codecs = !images ? [...STREAMS, ...programsFor(set, slow)] : raw > LARGE ? NEAR : ofImages;
  const thorough = preset === "paper" && raw <= LARGE; // JPEG XL is what a paper's figures are compared with
  const jobs = codecs.map((codec) => ({
    ...codecJob(set, codec, thorough && codec === "JPEG XL" ? "slow" : effort),
    codec,
  }));
  const campaign = { label: name, unit: "s of work", folder: `${results}/${MEASUREMENTS}` };
  const [own] = await measureAll([program], campaign, context);
  const others = await measureAll(jobs, campaign, context);
  const baselines = jobs.flatMap(({ codec }, i) => {
    const result = others[i]!.result;
    return result ? [{ codec, ...result }] : [];
  });
  return { set: name, raw, program: own!.result!, baselines };
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
