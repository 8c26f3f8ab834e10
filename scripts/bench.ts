/** deno task bench: our programs against all baselines on the same data in one run, as a table and a figure. */
import { openBackend } from "../lib/backend/backend.ts";
import { type BaselineResult, measureBaselines } from "../lib/baselines/mod.ts";
import type { Dataset } from "../lib/data/dataset.ts";
import { loadDataset } from "../lib/data/registry.ts";
import { SCENE_BITS } from "../lib/data/scenes.ts";
import { MdlError } from "../lib/errors.ts";
import { sizeBars } from "../lib/figures/bars.ts";
import { progressBar } from "../lib/figures/progress.ts";
import { saveFiguresIn, show } from "../lib/figures/show.ts";
import { tableBundle } from "../lib/figures/table.ts";
import { type Context, pipe } from "../lib/pipeline.ts";
import { saveFile } from "../lib/program/save.ts";
import { contextOf, type Preset, PRESETS } from "../lib/run.ts";
import { compress, type Compressed } from "../lib/stages/compress.ts";
import { features } from "../lib/stages/features.ts";
import { transform } from "../lib/stages/preprocess.ts";
import { sharing } from "../lib/stages/sharing.ts";
import { command, duration, number, oneOf, options, wholeNumber } from "./command.ts";

const USAGE =
  "deno task bench [--sets S1,S2,S3,photos] [--preset quick|paper] [--seed N] [--baselines] [--json]";

/** The sets, and what is done to a source first: photos are the article's case. */
const SETS = ["S1", "S2", "S3", "photos", "scenes", "noise"] as const;
const PHOTOS = { gray: true, size: { width: 32, height: 32 } };

/** What one set came to. */
interface Result {
  readonly set: string;
  readonly raw: number;
  readonly program: Compressed;
  readonly encoding: number; // seconds
  readonly decoding: number; // seconds
  readonly baselines: readonly BaselineResult[];
}

await command(async (signal) => {
  const { values } = options(USAGE, {
    sets: { type: "string", default: "S1,S2,S3,photos" },
    preset: { type: "string", default: "quick" },
    seed: { type: "string", default: "1" },
    baselines: { type: "boolean" },
    json: { type: "boolean" },
  }, { least: 0, most: 0 });
  const preset = oneOf("preset", values.preset, Object.keys(PRESETS) as Preset[]);
  const seed = wholeNumber("seed", values.seed, 0);
  const names = values.sets.split(",").map((name) => oneOf("sets", name, SETS));
  const bar = progressBar(), context = contextOf(seed, { signal, progress: bar.report });
  const backend = await openBackend("auto"), say = values.json ? console.error : console.log;
  say(`preset ${preset}, seed ${seed}; backend ${backend.description}`);
  saveFiguresIn(`bench-${preset}`);

  const results: Result[] = [];
  for (const name of names) {
    const loaded = await loadDataset(name, context);
    const set = name === "photos" ? transform(loaded, PHOTOS) : loaded;
    const result = await measure(set, preset, values.baselines ?? false, context);
    await bar.close();
    results.push(result);
    say(`\n${describe(set, result)}\n${tableBundle(rowsOf(result))["text/plain"]}`);
    if (!values.json) await show(figureOf(set, result), name);
  }
  const record = results.map(({ program, ...rest }) => ({
    ...rest,
    ...{ preset, seed, backend: backend.name, bytes: program.bytes.length, ledger: program.ledger.entries },
    ...{ sha256: program.info.sha256, flop: program.trained?.flop ?? 0 },
  }));
  const text = JSON.stringify(record, null, 2);
  await Deno.mkdir(`results/bench-${preset}`, { recursive: true });
  await saveFile(`results/bench-${preset}/bench.json`, new TextEncoder().encode(text + "\n"));
  if (values.json) console.log(text);
  await backend.close();
});

/** Compresses, verifies, and measures the others. */
async function measure(set: Dataset, preset: Preset, slow: boolean, context: Context): Promise<Result> {
  const begun = performance.now();
  const chain = pipe(features(), sharing(), compress({ preset, checkpoints: "results/checkpoints" }));
  const { output: program } = await chain.run(set, context);
  const coded = performance.now();
  await program.verify(set, context);
  const decoded = performance.now();
  const baselines = await measureBaselines(set, { ...context, effort: slow ? "slow" : "quick" });
  return {
    ...{ set: set.name, raw: set.symbols.length, program, baselines },
    ...{ encoding: (coded - begun) / 1000, decoding: (decoded - coded) / 1000 },
  };
}

function describe(
  { name, names, groups, channels }: Dataset,
  { encoding, decoding }: Result,
): string {
  const { height, width } = groups[0]!;
  return `${name}: ${number(names.length)} images ${height}×${width}${
    channels === 3 ? "×3" : " gray"
  }; program verified; ` +
    `encoded in ${duration(encoding)}, decoded in ${duration(decoding)}`;
}

function rowsOf({ raw, program, baselines }: Result) {
  const own = program.bytes.length;
  return [
    { codec: "MDLab program, decoder included", layout: "", effort: program.info.mode, bytes: own },
    ...baselines.map(({ codec, version, layout, effort, bytes }) => ({
      codec: `${codec} (${version})`,
      layout,
      effort,
      bytes,
    })),
  ].sort((a, b) => a.bytes - b.bytes).map((row) => ({
    ...row,
    "bits/symbol": Number((8 * row.bytes / raw).toFixed(3)),
    "against ours, %": Number((100 * (row.bytes / own - 1)).toFixed(1)),
  }));
}

function figureOf({ name, names }: Dataset, { raw, program, baselines }: Result) {
  if (baselines.length === 0) throw new MdlError("empty", `No codec could be measured on ${name}.`);
  return sizeBars({
    title: `${name}: whole program against other codecs' files`,
    sizes: [
      { label: "MDLab program", bytes: program.bytes.length, ours: true },
      ...baselines.map(({ codec, effort, bytes }) => ({ label: `${codec} ${effort}`, bytes })),
    ],
    references: [
      { label: "raw", value: raw },
      ...(name === "scenes"
        ? [{ label: "entropy of what they are drawn from", value: names.length * SCENE_BITS / 8 }]
        : []),
    ],
  });
}
