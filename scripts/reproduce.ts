/**
 * deno task reproduce: runs the article's sections headless and writes a report with all claims, verdicts and figures. What was done with the
 * same preset, seed and code is not done again, so a stopped run goes on where it was. A section is a measurement of a
 * campaign like any other, so that several run at a time, one a core if nothing else is asked for, or as jobs of a workflow.
 *
 * results/article-PRESET-seedN/ gets a folder for each section (run.json, log.txt, tables as CSV, figures as HTML, SVG,
 * PNG and plotly JSON, programs), verdicts.csv, report.html, and programs.html, which shows what is in the programs.
 */
import { resolve } from "node:path";
import { contextOf } from "../lib/context.ts";
import { threadsOf } from "../lib/backend/threads.ts";
import { MdlError } from "../lib/errors.ts";
import { tableCsv, tableText } from "./laboratory/figures/table.ts";
import { saveFile } from "../lib/save.ts";
import { type Preset, presetNames } from "../lib/run.ts";
import { type Verdict, verdictRows, VERDICTS } from "./laboratory/section/claims.ts";
import { scriptOf } from "./laboratory/section/names.ts";
import { readRecord, type SectionRecord } from "./laboratory/section/record.ts";
import {
  figurePage,
  type MissingSection,
  PROGRAMS_PAGE,
  programsOf,
  type ReportedSection,
  reportPage,
} from "./article_report.ts";
import { command, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { differenceRows, differences, inCommon } from "./compare_runs.ts";
import { folderFor, projectResults, root } from "./outputs.ts";
import { cellsOf } from "./percent.ts";
import { RUNNER_OPTIONS, runnerOf } from "./runner.ts";
import { currentRecord, runSections, sectionsOf } from "./section_jobs.ts";
import { type TaskName, taskProcess } from "./task_process.ts";
import { PAGE, withPrograms } from "./view/build.ts";

const TASK: Task = {
  start: "deno task reproduce",
  about: "Runs the article's sections and writes a report with all claims, verdicts and figures.",
  example: "deno task reproduce --sections 2,6.1 --preset smoke",
};

const OPTIONS = {
  sections: { type: "string", value: "2,6.1", help: "only these sections" },
  preset: { type: "string", default: "quick", value: presetNames.join("|"), help: "how long to train" },
  seed: { type: "string", default: "1", value: "N", help: "seed of the trainings, and of what is drawn" },
  again: { type: "boolean", help: "run sections that were run already, too" },
  compare: { type: "string", value: "FOLDER", help: "say what differs from the run in this folder" },
  ...RUNNER_OPTIONS,
  jobs: { type: "string", value: "N", help: "N sections at a time; one a core, four at most, by default" },
} as const;

/** Beside the sections, what a workflow of the whole article measures; each takes a preset, and ablate seeds of its own. */
const sweepsOf = (seed: string): readonly (readonly [TaskName, ...string[]])[] => [
  ["ablate"],
  ["ablate", "--sharing"],
  ["scale", "--seed", seed],
  ["modes", "--seed", seed],
  ["controls", "--seed", seed],
];

/** Sections at a time, at most: the longest takes as long as a fifth of all of them, and each needs a gigabyte and more. */
const MOST_AT_A_TIME = 4;

const bytesOf = (text: string) => new TextEncoder().encode(text);

if (import.meta.main) {
  await command(async (signal, bar) => {
    const { values } = options(TASK, OPTIONS);
    const preset = oneOf("preset", values.preset, presetNames);
    const seed = wholeNumber("seed", values.seed, 0), stems = sectionsOf(numbers(values.sections));
    const other = values.compare === undefined ? undefined : await recordsIn(values.compare);
    const run = `article-${preset}-seed${seed}`, folder = `${root}results/${run}`;
    const again = values.again ?? false,
      { workflow } = values,
      asked = runnerOf("reproduce", severalAtATime(values, stems));
    if (again && workflow !== undefined) {
      throw new MdlError(
        "usage",
        "--again and --workflow do not go together: a job that is done is not run again.",
      );
    }
    await using _folder = await folderFor(folder);
    if (workflow !== undefined && values.sections === undefined) {
      await addSweeps(workflow, preset, seed, signal);
    }

    const context = contextOf(seed, { signal, progress: bar.report, log: console.error });
    const of = { folder, run, preset, seed, again, alone: values.measurement !== undefined, ...asked };
    const missing = await runSections(stems, of, context);
    await bar.close();
    const sections = await reported(folder);
    if (!sections.length) throw new MdlError("empty", `No section ran to its end: ${missing[0]!.reason}`);
    await writeReport(folder, sections, missing);
    const records = sections.map(({ record }) => record);
    printVerdicts(records);
    if (other) printDifferences(records, other, values.compare!);
    console.log(`${projectResults()}/${run}/report.html`);
    if (missing.length) {
      throw new MdlError(
        "mismatch",
        `Not run to their end: ${missing.map((one) => one.section).join(", ")}.`,
      );
    }
  });
}

/** The options with as many jobs as there are cores, unless they say who measures, or there is one section only. */
function severalAtATime<T extends { jobs?: string; workflow?: string; measurement?: string }>(
  values: T,
  stems: readonly string[],
): T {
  const jobs = Math.min(threadsOf(), MOST_AT_A_TIME, stems.length);
  const said = values.jobs ?? values.workflow ?? values.measurement;
  return said !== undefined || jobs < 2 ? values : { ...values, jobs: String(jobs) };
}

/** Adds all that the article measures beside its sections to a workflow. */
async function addSweeps(workflow: string, preset: Preset, seed: number, signal: AbortSignal): Promise<void> {
  const place = Deno.cwd(),
    out = resolve(workflow),
    output = { stdout: "inherit", stderr: "inherit" } as const;
  for (const sweep of sweepsOf(String(seed))) {
    const command = [...sweep, "--preset", preset, "--workflow", out] as const;
    const { success } = await taskProcess(command, place, { signal, ...output }).spawn().status;
    if (signal.aborted) throw new MdlError("interrupted", "Stopped: the same command writes the workflow.");
    if (!success) {
      throw new MdlError("failed", `${sweep.join(" ")} could not be planned: what it said stands above.`);
    }
  }
}

/** "2,6.1" as the numbers that files begin with; none for all. */
function numbers(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean).map((part) => {
    const [section, subsection, ...deeper] = part.trim().split(".");
    if (deeper.length) throw new MdlError("usage", `--sections takes 2 or 6.1, not “${part.trim()}”.`);
    const number = String(wholeNumber("sections", section!, 1, 9)).padStart(2, "0");
    return subsection === undefined ? number : `${number}.${wholeNumber("sections", subsection, 1, 9)}`;
  });
}

/** All sections that have been run as they are now, those of earlier commands included. */
async function reported(folder: string): Promise<ReportedSection[]> {
  const sections: ReportedSection[] = [];
  for (const stem of sectionsOf([]).sort()) {
    const record = await currentRecord(folder, stem);
    if (!record) continue;
    const [first] = cellsOf(await Deno.readTextFile(scriptOf(stem)), stem);
    const read = (file: string) => Deno.readFileSync(`${folder}/${stem}/${file}`);
    sections.push({ record, opening: first!.source, read });
  }
  return sections;
}

async function writeReport(
  folder: string,
  sections: readonly ReportedSection[],
  missing: readonly MissingSection[],
): Promise<void> {
  const plotly = await Deno.readTextFile(new URL(import.meta.resolve("plotly.js-dist-min/plotly.min.js")));
  await saveFile(`${folder}/plotly.min.js`, bytesOf(plotly));
  for (const { record: { section, shown }, read } of sections) {
    for (const one of shown) {
      if (one.kind !== "figure") continue;
      const page = figurePage(one.name, new TextDecoder().decode(read(one.json)));
      await saveFile(`${folder}/${section}/${one.png.replace(/png$/, "html")}`, bytesOf(page));
    }
  }
  const rows = sections.flatMap(({ record }) =>
    verdictRows(record.verdicts).map((row) => ({ section: record.section, ...row }))
  );
  await saveFile(`${folder}/verdicts.csv`, bytesOf(tableCsv(rows)));
  const programs = sections.flatMap(({ record }) => programsOf(record)).map(({ file }) => ({
    name: file,
    bytes: Deno.readFileSync(`${folder}/${file}`),
  }));
  const view = withPrograms(await Deno.readTextFile(PAGE), programs);
  if (programs.length) await saveFile(`${folder}/${PROGRAMS_PAGE}`, bytesOf(view));
  await saveFile(`${folder}/report.html`, bytesOf(reportPage(sections, missing, plotly)));
}

function printVerdicts(records: readonly SectionRecord[]): void {
  const verdicts = Object.keys(VERDICTS) as Verdict[];
  const rows = records.map(({ section, verdicts: judged, seconds }) => ({
    section,
    ...Object.fromEntries(
      verdicts.map((one) => [one, judged.filter(({ verdict }) => verdict === one).length]),
    ),
    seconds: Math.round(seconds),
  }));
  console.log(tableText(rows));
}

/** The records of a run's folder. */
async function recordsIn(folder: string): Promise<SectionRecord[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (cause) {
    throw new MdlError("not-found", `There is no run in ${folder}.`, { cause });
  }
  const records = await Promise.all(
    names.filter((name) => !name.endsWith(".before")).sort().map((name) => readRecord(`${folder}/${name}`)),
  );
  const found = records.filter((record) => record !== undefined);
  if (!found.length) throw new MdlError("not-found", `${folder} holds no section that was run to its end.`);
  return found;
}

function printDifferences(
  here: readonly SectionRecord[],
  there: readonly SectionRecord[],
  name: string,
): void {
  const found = differences(here, there), { compared, all } = inCommon(here, there);
  const presets = [here, there].map(([first]) => first!.preset);
  console.log(`\nAgainst ${name}: ${compared} of ${all} claims compared.`);
  if (presets[0] !== presets[1]) console.log(`The presets differ: ${presets.join(" here, ")} there.`);
  if (found.length) console.log(tableText(differenceRows(found)));
  else if (compared) console.log("Nothing differs beyond the intervals.");
}
