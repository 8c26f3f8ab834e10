/**
 * deno task modes: shipped weights, or learnt while decoding? The beginnings of texts as programs of both modes, decoded
 * and compared. Resumes where it was stopped.
 */
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { presetNames, VERSION } from "../lib/run.ts";
import { tableText } from "./laboratory/figures/table.ts";
import { MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { measureModes, modesRows } from "./laboratory/measure/modes.ts";
import { decoderHashes } from "./laboratory/measure/variant.ts";
import { command, loadAny, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { giveResults, resultsFolder } from "./outputs.ts";
import { CAMPAIGN_OPTIONS, runnerOf } from "./runner.ts";

const TASK: Task = {
  start: "deno task modes",
  about:
    "Measures texts under a model that learns while it decodes, and under one whose weights are shipped; goes on where it was stopped.",
  example: "deno task modes --sets moby-dick --lengths 30000",
};

const OPTIONS = {
  sets: { type: "string", default: "speeches,song-ci", value: "S1,S2,…", help: "which texts" },
  lengths: {
    type: "string",
    default: "100000,300000,1000000",
    value: "N,…",
    help: "how many of their bytes",
  },
  seed: { type: "string", default: "1", value: "N", help: "seed of the training" },
  ...CAMPAIGN_OPTIONS,
} as const;

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS);
  const preset = oneOf("preset", values.preset, presetNames), seed = wholeNumber("seed", values.seed, 0);
  const lengths = values.lengths.split(",").map((text) => wholeNumber("lengths", text, 1));
  const say = values.json ? console.error : console.log;
  const context = contextOf(seed, { signal, progress: bar.report, log: say }), texts: Files[] = [];
  for (const name of values.sets.split(",")) {
    const data = await loadAny(name, context);
    if (data.modality !== "text") throw new MdlError("usage", `${name} is ${data.modality}, not text.`);
    texts.push(data as Files);
  }
  const backend = await openBackend("auto"), results = resultsFolder();
  say(`preset ${preset}, seed ${seed}; backend ${backend.description}`);
  const campaign = {
    label: "modes",
    unit: "s of work",
    folder: `${results}/${MEASUREMENTS}`,
    ...runnerOf("modes", values),
  };
  const points = await measureModes(
    texts,
    { lengths, preset, seed, backend: backend.name, campaign },
    context,
  );
  await bar.close();
  say(`\nWhole programs, names apart\n${tableText(modesRows(points))}`);
  const document = {
    experiment: "modes",
    preset,
    seed,
    backend: backend.name,
    mdlab: VERSION,
    decoder: await decoderHashes("text"),
    points,
  };
  await giveResults(`${results}/modes-${preset}-seed${seed}`, "modes", document, values);
  await backend.close();
});
