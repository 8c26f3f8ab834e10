/**
 * deno task controls: what must not compress is not compressed. A set of any kind, and what it becomes when a level of its
 * order is destroyed, beside what no code can be expected to go below; without a set, images of its own: noise, shuffled
 * pixels, scenes of known length, and a model on images that it was not trained on. Every size is that of a file that was
 * decoded and compared. Resumes where it was stopped.
 */
import { openBackend } from "../lib/backend/backend.ts";
import { type AnyData, codecOf } from "../lib/codecs.ts";
import { contextOf } from "../lib/context.ts";
import type { Purpose } from "../lib/program/ledger.ts";
import { presetNames, VERSION } from "../lib/run.ts";
import { saveFile } from "../lib/save.ts";
import {
  changes,
  command,
  DATA_OPTIONS,
  loadPrepared,
  number,
  oneOf,
  options,
  preprocessOptions,
  refuseIdle,
  type Task,
  wholeNumber,
} from "./command.ts";
import { type Coding, codingsOf, itemsOf, type Making } from "./controls/codings.ts";
import { imageCodings } from "./controls/images.ts";
import { controlsOf } from "./controls/destroyed.ts";
import { plainName } from "./laboratory/file_names.ts";
import { rateBars } from "./laboratory/figures/bars.ts";
import { toPng } from "./laboratory/figures/render.ts";
import { tableText } from "./laboratory/figures/table.ts";
import { measureAll } from "./laboratory/measure/campaign.ts";
import type { CodingResult, ProgramResult } from "./laboratory/measure/codings.ts";
import { MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { bytesWithout, OF_A_PRIOR } from "./laboratory/measure/prior.ts";
import { folderFor, giveResults, resultsFolder } from "./outputs.ts";
import { CAMPAIGN_OPTIONS, runnerOf } from "./runner.ts";

const TASK: Task = {
  start: "deno task controls",
  about:
    "Measures what must not compress: a set whose order is destroyed level by level; goes on where it was stopped.",
  example: "deno task controls --set speeches --bytes 100000",
};

const OPTIONS = {
  set: {
    type: "string",
    value: "FOLDER|FILE|DATASET",
    help: "whose order is destroyed; images of its own when left out",
  },
  ...DATA_OPTIONS,
  seed: { type: "string", default: "1", value: "N", help: "seed of the training, and of what is drawn" },
  ...CAMPAIGN_OPTIONS,
} as const;

/** One line of the table. */
interface Row extends Pick<Coding, "control" | "coded" | "kind"> {
  readonly items: Readonly<Record<string, number>>;
  readonly symbols: number;
  readonly bytes: number;
  /** Of a program of ours all bytes but those that depend on what the set is called. */
  readonly unnamed?: number;
}

/** What of a program depends on what its set is called. */
const NAMING: readonly Purpose[] = ["run record", "module framing"];

const ABOUT_PRIORS = `For a receiver who has the first half's program: the file less the ledger's “${
  OF_A_PRIOR.join("” and “")
}”.`;

const ABOUT_PRICES =
  "Price: what the program is longer than that of the set as it is, their names apart. On average over all seeds no code is below the orange " +
  "bounds, not even one that knows what changes places.";

await command(async (signal, bar) => {
  const { values } = options(TASK, OPTIONS), say = values.json ? console.error : console.log;
  const preset = oneOf("preset", values.preset, presetNames);
  const seed = wholeNumber("seed", values.seed, 0), results = resultsFolder();
  const context = contextOf(seed, { signal, progress: bar.report, log: say });
  if (values.set === undefined) refuseIdle(values, DATA_OPTIONS, "--set");
  const data = values.set === undefined ? undefined : (await loadPrepared(values.set, values, context)).data;
  const trains = !data || data.modality === "image", backend = trains ? await openBackend("auto") : undefined;
  const of = data ? [plainName(data.name), ...changes(preprocessOptions(values))] : [];
  const folder = `${results}/${
    ["controls", ...of, trains ? preset : data.modality, `seed${seed}`].join("-")
  }`;
  const kept = `${results}/${MEASUREMENTS}`, checkpoints = `${results}/checkpoints`;
  const making: Making = { preset, seed, backend: backend?.name ?? "", folder, kept, checkpoints };
  say(
    `MDLab ${VERSION}, ${backend ? `preset ${preset}, ` : ""}seed ${seed}${
      backend ? `; backend ${backend.description}` : ""
    }`,
  );
  if (data) say(`${data.name}: ${codecOf<AnyData>(data).summary(data)}`);

  const codings = data
    ? await codingsOf(controlsOf(data, seed), making)
    : await imageCodings(making, context);
  await using _folder = await folderFor(folder);
  const campaign = { label: "controls", unit: "s of work", folder: kept, ...runnerOf("controls", values) };
  const jobs = codings.flatMap(({ job }) => job ?? []), measured = await measureAll(jobs, campaign, context);
  await bar.close();
  const found = new Map(measured.map((result, i) => [jobs[i], result]));
  const rows = codings.flatMap((coding) => rowOf(coding, coding.job && found.get(coding.job)) ?? []);
  const whole = data && rows[0]!.unnamed;
  say(`\n${tableText(rows.map((row) => shown(row, whole)))}`);
  say(`Every program was decoded and compared. ${data ? ABOUT_PRICES : ABOUT_PRIORS}`);
  const figure = rateBars({
    title: `Controls${
      data ? ` of ${data.name}` : ""
    }: whole programs, other codecs' files, and what no code can be expected to go below`,
    rates: rows.map((row) => ({
      group: row.control,
      label: row.coded,
      rate: 8 * row.bytes / row.symbols,
      kind: row.kind,
    })),
    references: [{ label: "raw", value: 8 }],
  });
  await saveFile(`${folder}/controls.png`, await toPng(figure));
  const set = data ? { set: data.name, sha256: data.sha256 } : {};
  const record = {
    experiment: "controls",
    mdlab: VERSION,
    ...set,
    preset,
    seed,
    backend: backend?.name ?? null,
    rows,
  };
  await giveResults(folder, "controls", record, values);
  say(`${folder}: controls.png, and the programs`);
  await backend?.close();
});

/** A line of the table; none where the codec is not there. */
function rowOf(
  { control, data, coded, kind, bytes: known, of }: Coding,
  result?: CodingResult | null,
): Row | undefined {
  const bytes = known ?? (result && (of ?? fileBytes)(result as ProgramResult));
  if (bytes === undefined || bytes === null) return undefined;
  const how = kind === "ours" && result?.how === "stored" ? `${coded} (stored)` : coded;
  const ledger = kind === "ours" && (result as ProgramResult | null | undefined)?.ledger;
  return {
    control,
    items: itemsOf(data),
    symbols: data.symbols.length,
    coded: how,
    bytes,
    kind,
    ...ledger && { unnamed: bytesWithout({ entries: ledger }, NAMING) },
  };
}

/** Of a program the whole file, names included. */
function fileBytes({ bytes, ledger }: CodingResult & Partial<ProgramResult>): number {
  return ledger ? ledger.reduce((sum, entry) => sum + entry.bytes, 0) : bytes;
}

/** A line as the table shows it; of one set's controls with what the loss costs its program. */
function shown({ control, items, symbols, coded, bytes, unnamed }: Row, whole?: number) {
  const said = {
    control,
    ...(whole === undefined && items),
    coded,
    bytes,
    "bits/symbol": number(8 * bytes / symbols, 3),
  };
  return whole === undefined
    ? said
    : { ...said, "price, bytes": unnamed === undefined ? undefined : unnamed - whole };
}
