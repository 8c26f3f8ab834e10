/**
 * deno task ablate: what sharing, hierarchy and attention are worth, in bytes of programs that were decoded and
 * compared. Of images all eight combinations, or with --sharing the kinds of sharing one at a time; of files, each part
 * of the model left out by itself. Resumes where it was stopped.
 */
import { openBackend } from "../lib/backend/backend.ts";
import { plainName } from "./laboratory/file_names.ts";
import {
  effectRows,
  narrowestSentence,
  sharingPanels,
  sharingRows,
  variantRows,
} from "./laboratory/measure/ablation_report.ts";
import { type FactorialResults, setSummary, type SharingResults } from "./laboratory/measure/document.ts";
import { effectsOf } from "./laboratory/measure/effects.ts";
import {
  factorialPanels,
  factorialSteps,
  measureFactorial,
  summarise,
} from "./laboratory/measure/factorial.ts";
import { intervalName, intervalOf } from "./laboratory/measure/interval.ts";
import { MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { measureAll } from "./laboratory/measure/campaign.ts";
import { codecJob } from "./laboratory/measure/codings.ts";
import { measureSharing } from "./laboratory/measure/sharing_kinds.ts";
import { decoderHashes, flopOf } from "./laboratory/measure/variant.ts";
import { waterfall } from "./laboratory/figures/bars.ts";
import { saveFiguresIn, show } from "./laboratory/figures/show.ts";
import { strips } from "./laboratory/figures/strips.ts";
import { tableText } from "./laboratory/figures/table.ts";
import { presetNames, VERSION } from "../lib/run.ts";
import { contextOf } from "../lib/context.ts";
import { describeSet } from "../lib/image/transform.ts";
import { MdlError } from "../lib/errors.ts";
import { describeFiles, type Files } from "../lib/files/data.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { measureSwitches, switchFigure, switchRows } from "./laboratory/measure/switches.ts";
import {
  changes,
  command,
  counted,
  DATA_OPTIONS,
  loadPrepared,
  number,
  oneOf,
  options,
  preprocessOptions,
  type Task,
  wholeNumber,
} from "./command.ts";
import { giveResults, resultsFolder } from "./outputs.ts";
import { CAMPAIGN_OPTIONS, runnerOf } from "./runner.ts";

const TASK: Task = {
  start: "deno task ablate",
  about: "Measures what sharing, hierarchy and attention are worth in bytes; goes on where it was stopped.",
  example: "deno task ablate --set S1 --preset smoke --take 100",
};

const OPTIONS = {
  set: { type: "string", default: "set:S1", value: "FOLDER|FILE|DATASET", help: "what is compressed" },
  ...DATA_OPTIONS,
  seeds: { type: "string", default: "5", value: "N", help: "trainings of each program" },
  sharing: { type: "boolean", help: "the kinds of sharing one at a time, not all eight combinations" },
  ...CAMPAIGN_OPTIONS,
} as const;

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS);
  const preset = oneOf("preset", values.preset, presetNames);
  const runs = wholeNumber("seeds", values.seeds, 1, 100);
  const seeds = Array.from({ length: runs }, (_, i) => i + 1), wanted = preprocessOptions(values);
  const seedsName = counted(runs, "seed");
  const say = values.json ? console.error : console.log;
  const context = contextOf(1, { signal, progress: bar.report, log: say });
  const { data } = await loadPrepared(values.set, values, context);
  const experiment = values.sharing ? "ablate-sharing" : "ablate", images = data.modality === "image";
  const how = images ? [preset, `${runs}seeds`] : [data.modality];
  const name = [experiment, plainName(data.name), ...changes(wanted), ...how].join("-");
  const results = resultsFolder(), folder = `${results}/${name}`;
  const kept = { folder: `${results}/${MEASUREMENTS}`, ...runnerOf("ablate", values) };
  saveFiguresIn(folder);
  if (!images) {
    if (values.sharing) throw new MdlError("usage", "--sharing is for images.");
    return await ablateFiles(data as Files);
  }
  const set = data as Dataset;

  const backend = await openBackend("auto"), flop = await flopOf(set, preset);
  const training = { flop, preset, checkpoints: `${results}/checkpoints` };
  const campaign = { label: experiment, unit: "GFLOP", ...kept };
  const plan = { seeds, backend: backend.name, training, campaign };
  say(`${set.name}: ${describeSet(set)}; preset ${preset}, ${seedsName}; backend ${backend.description}`);
  say(`each program is trained with ${flop.toExponential(1)} FLOP, decoded and compared`);
  const head = {
    set: setSummary(set, wanted),
    preset,
    seeds,
    flop,
    backend: backend.name,
    mdlab: VERSION,
    decoder: await decoderHashes(),
    interval: intervalName(runs),
  };
  const document = values.sharing ? await sharingKinds() : await factorial();
  await giveResults(folder, experiment, document, values);
  await backend.close();

  async function ablateFiles(files: Files): Promise<void> {
    say(`${files.name}: ${describeFiles(files)}; each program is decoded and compared`);
    const campaign = { label: experiment, unit: "s of work", ...kept };
    const measured = await measureSwitches(files, campaign, context);
    await bar.close();
    say(
      `\nWith everything, in the whole decoder: ${number(measured.whole)} bytes, names apart\n${
        tableText(switchRows(measured))
      }`,
    );
    if (!values.json) await show(switchFigure(files.name, measured), "switches");
    const head = {
      set: files.name,
      sha256: files.sha256,
      mdlab: VERSION,
      decoder: await decoderHashes(files.modality),
    };
    await giveResults(folder, "switches", { ...head, experiment: "switches", ...measured }, values);
  }

  async function factorial(): Promise<FactorialResults> {
    const points = await measureFactorial(set, plan, context), summaries = summarise(points);
    const effects = effectsOf(points);
    const others = { label: "JPEG XL", unit: "s of work", folder: kept.folder }; // seconds: this process makes it
    const [codec = null] = await measureAll([await codecJob(set, "JPEG XL")], others, context);
    await bar.close();
    say(`\nAll combinations\n${tableText(variantRows(summaries, runs))}`);
    say(`\nEffects\n${tableText(effectRows(effects, runs))}`);
    say(
      "An effect is the mean of the four programs with the mechanism less the mean of the four without it; an",
    );
    say(
      "interaction is half of what the second mechanism changes in the first one's effect. Negative saves bytes.",
    );
    if (!values.json) {
      await show(
        strips({
          title: `${set.name}: all programs, trained with equal FLOP (raw: ${
            set.symbols.length.toLocaleString("en")
          } bytes)`,
          panels: factorialPanels(points),
          series: seeds.map((seed) => `seed ${seed}`),
          interval: intervalOf,
          intervalName: `mean, ${intervalName(runs)}`,
        }),
        "all points",
      );
      await show(
        waterfall({
          title:
            `${set.name}: from raw bytes to the program, mean of ${seedsName}. Mechanisms are switched on in ` +
            "this order; in another order each would have another share",
          steps: factorialSteps(set.symbols.length, summaries),
          references: codec
            ? [{ label: `JPEG XL ${codec.bytes.toLocaleString("en")}`, value: codec.bytes }]
            : [],
        }),
        "waterfall",
      );
    }
    return { ...head, experiment: "ablate", points, variants: summaries, effects, jpegXl: codec };
  }

  async function sharingKinds(): Promise<SharingResults> {
    const cases = await measureSharing(set, plan, context);
    await bar.close();
    say(
      `\nKinds of sharing, one at a time\n${tableText(sharingRows(cases, runs))}\n${
        narrowestSentence(cases).en
      }`,
    );
    if (!values.json) {
      await show(
        strips({
          title: `${set.name}: kinds of sharing, trained with equal FLOP (raw: ${
            set.symbols.length.toLocaleString("en")
          } bytes)`,
          panels: sharingPanels(cases),
          series: seeds.map((seed) => `seed ${seed}`),
          interval: intervalOf,
          intervalName: `mean, ${intervalName(runs)}`,
        }),
        "kinds of sharing",
      );
    }
    return { ...head, experiment: "ablate-sharing", cases };
  }
});
