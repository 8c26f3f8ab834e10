/**
 * deno task controls: what must not compress (noise, shuffled pixels), what has a known length (scenes), and what a
 * model is worth on images that it was not trained on (unseen photos, other kinds of pictures). Every size is that of a
 * file that was decoded and compared.
 */
import { buildVerified } from "./laboratory/measure/verified.ts";
import { openBackend } from "../lib/backend/backend.ts";
import { measureBaselines } from "./laboratory/baselines/measure.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { SCENE_BITS } from "../lib/sources/scenes.ts";
import { marginalEntropy } from "./laboratory/measure/shuffle.ts";
import { rateBars } from "./laboratory/figures/bars.ts";
import { toPng } from "./laboratory/figures/render.ts";
import { tableBundle } from "./laboratory/figures/table.ts";
import { MdlError } from "../lib/errors.ts";
import { type Context, contextOf } from "../lib/context.ts";
import { bytesWithout, OF_A_PRIOR } from "./laboratory/measure/prior.ts";
import { modelOf, type ProgramModel } from "../lib/image/model.ts";
import { type Program, programOf } from "../lib/program/program.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { rendererProgram } from "../notebooks/experiments/scenes/program.ts";
import { type Preset, presetNames, VERSION } from "../lib/run.ts";
import { command, duration, number, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { controlSets } from "./control_sets.ts";
import { resultsFolder } from "./outputs.ts";

const TASK: Task = {
  start: "deno task controls",
  about: "Measures what must not compress, what has a known length, and a model on images it has not seen.",
  most: 1, // only to say what to do with it
  example: "deno task controls --preset smoke",
};

const OPTIONS = {
  preset: { type: "string", default: "quick", value: presetNames.join("|"), help: "how long to train" },
  seed: { type: "string", default: "1", value: "N", help: "seed of the training, and of what is drawn" },
} as const;

/** One line of the table. */
interface Row {
  readonly control: string;
  readonly images: number;
  readonly symbols: number;
  readonly coded: string;
  readonly bytes: number;
  readonly kind: "ours" | "other" | "bound";
}

await command(async (signal, bar) => {
  const { values, positionals: [source] } = options(TASK, OPTIONS);
  if (source !== undefined) {
    const instead = `deno task ablate --set ${source} says what the parts of a model are worth on it`;
    throw new MdlError("usage", `controls has sets of images of its own and takes no source: ${instead}.`);
  }
  const preset = oneOf("preset", values.preset, presetNames);
  const seed = wholeNumber("seed", values.seed, 0);
  const context = contextOf(seed, { signal, progress: bar.report }), backend = await openBackend("auto");
  console.log(`MDLab ${VERSION}, preset ${preset}, seed ${seed}; backend ${backend.description}`);
  const results = resultsFolder(), folder = `${results}/controls-${preset}-seed${seed}`;
  await makeFolder(folder);
  const finished = await Deno.stat(`${folder}/controls.json`).then(() => true, () => false);
  const sets = await controlSets(seed, context), rows: Row[] = [];
  const program = (set: Dataset, prior?: ProgramModel) =>
    programFor(set, prior, {
      preset,
      folder,
      checkpoints: `${results}/checkpoints`,
      again: finished,
      context,
    });
  const add = (control: string, set: Dataset, coded: string, bytes: number, kind: Row["kind"] = "ours") => {
    rows.push({ control, images: set.names.length, symbols: set.symbols.length, coded, bytes, kind });
  };
  const addOwn = async (control: string, set: Dataset) => {
    const own = await program(set);
    add(control, set, `own program (${own.info.mode})`, own.bytes.length);
    return own;
  };
  const addJpegXl = async (control: string, set: Dataset) => {
    for (const { bytes } of await measureBaselines(set, { ...context, effort: "quick", only: ["JPEG XL"] })) {
      add(control, set, "JPEG XL, decoder not counted", bytes, "other");
    }
  };
  const addBound = (control: string, set: Dataset, what: string, bits: number) =>
    add(control, set, what, Math.ceil(bits / 8), "bound");

  const trained = await addOwn("photos, first half", sets.seen),
    prior = await modelOf(trained.bytes, context);
  const jobs: readonly (() => Promise<void>)[] = [
    () => addJpegXl("photos, first half", sets.seen),
    async () => {
      addBound(
        "uniform noise",
        sets.noise,
        "entropy of what it is drawn from",
        8 * sets.noise.symbols.length,
      );
      await addOwn("uniform noise", sets.noise);
      await addJpegXl("uniform noise", sets.noise);
    },
    ...sets.shuffled.map((set) => async () => {
      addBound(set.name, set, "entropy of its values", marginalEntropy(set) * set.symbols.length);
      await addOwn(set.name, set);
      await addJpegXl(set.name, set);
    }),
    async () => {
      const { scenes } = sets,
        control = "scenes",
        renderer = await rendererProgram(scenes.names.length, seed);
      addBound(control, scenes, "entropy of what they are drawn from", SCENE_BITS * scenes.names.length);
      await saveFile(`${folder}/scenes_renderer.wasm`, renderer.bytes);
      await renderer.verify(scenes, context);
      add(control, scenes, "renderer program", renderer.bytes.length);
      await addOwn(control, scenes);
      await addJpegXl(control, scenes);
    },
    ...[sets.unseen, ...sets.shifted].map((set, i) => async () => {
      const control = i ? `shifted: ${set.name}` : set.name, other = await program(set, prior);
      add(control, set, "weights of the first half's program", other.bytes.length);
      add(control, set, "the same, for a receiver who has it", bytesWithout(other.ledger));
      await addOwn(control, set);
      await addJpegXl(control, set);
    }),
  ];
  const begun = performance.now();
  for (const [done, job] of jobs.entries()) {
    await job();
    await bar.close();
    const left = (performance.now() - begun) / 1000 / (done + 1) * (jobs.length - done - 1);
    console.log(`${done + 1} of ${jobs.length} controls${left ? `, about ${duration(left)} left` : ""}`);
  }

  console.log(`\n${tableBundle(rows.map(shown))["text/plain"]}`);
  console.log(
    `Every program was decoded and compared. For a receiver who has the first half's program: the file less the ` +
      `ledger's “${OF_A_PRIOR.join("” and “")}”.`,
  );
  const figure = rateBars({
    title: "Controls: whole programs, other codecs' files, and what no code can be expected to go below",
    rates: rows.map((row) => ({
      group: row.control,
      label: row.coded,
      rate: 8 * row.bytes / row.symbols,
      kind: row.kind,
    })),
    references: [{ label: "raw", value: 8 }],
  });
  await saveFile(`${folder}/controls.png`, await toPng(figure));
  const record = { mdlab: VERSION, preset, seed, backend: backend.name, rows };
  await saveFile(
    `${folder}/controls.json`,
    new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"),
  );
  console.log(`${folder}: controls.png, controls.json, and the programs`);
  await backend.close();
});

function shown({ control, images, symbols, coded, bytes }: Row) {
  return { control, images, coded, bytes, "bits/symbol": number(8 * bytes / symbols, 3) };
}

/**
 * The program of a set, with its own model or another's, written and verified. One that an interrupted run has left in
 * the folder is taken as it is, unless everything is to be made `again`.
 */
async function programFor(
  set: Dataset,
  prior: ProgramModel | undefined,
  { preset, folder, checkpoints, again, context }: {
    readonly preset: Preset;
    readonly folder: string;
    readonly checkpoints: string;
    readonly again: boolean;
    readonly context: Context;
  },
): Promise<Program> {
  const name = `${set.name}${prior ? " with prior" : ""}`.replaceAll(/[^\w-]+/g, "_");
  const path = `${folder}/${name}.wasm`, there = again ? undefined : await left(path);
  const { record, sha256 } = there?.info ?? {};
  const same = sha256 === set.sha256 && record?.mdlab === VERSION && record.prior === prior?.program &&
    (prior || (record.preset === preset && record.seed === context.seed));
  if (there && same) {
    await there.verify(set, context);
    return there;
  }
  const asked = { compress: { preset, checkpoints, ...(prior ? { prior } : {}) } };
  const { program: made } = await buildVerified(set, asked, context);
  await saveFile(path, made.bytes);
  return made;
}

/** A whole program in a file, if there is one. */
async function left(path: string): Promise<Program | undefined> {
  try {
    return programOf(await Deno.readFile(path));
  } catch {
    return undefined;
  }
}
