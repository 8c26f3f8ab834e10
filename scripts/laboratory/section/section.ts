/**
 * A section of the article as an experiment: what a notebook and its script open first and close last. It knows preset
 * and seed, shows progress, keeps what was shown, and asks for a verdict on every claim that was declared.
 */
import { type Backend, type BackendName, openBackend } from "../../../lib/backend/backend.ts";
import { join } from "node:path";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import type { Program } from "../../../lib/program/program.ts";
import { fileKey, plainName } from "../file_names.ts";
import { home } from "./home.ts";
import { kernel } from "../../../lib/jupyter.ts";
import { progressBar } from "../../../lib/progress.ts";
import { recordShown, showTable } from "../figures/show.ts";
import { checkArguments, checkOptions, object, required, SEED, TEXT } from "../../../lib/options.ts";
import { type Context, contextOf } from "../../../lib/context.ts";
import { makeFolder, saveFile } from "../../../lib/save.ts";
import { type Preset, VERSION } from "../../../lib/run.ts";
import {
  type Claim,
  claimRows,
  type Finding,
  type Judged,
  measuredWords,
  verdictRows,
  verdictWords,
} from "./claims.ts";
import { codeHash } from "./code.ts";
import { type KeptProgram, readRecord, type SectionRecord, type Shown, stampOf } from "./record.ts";
import { settingsOf } from "./settings.ts";

/** One run of a section. */
export interface Section<Id extends string> {
  /** The notebook's, or the environment's. */
  readonly preset: Preset;
  /** Likewise. */
  readonly seed: number;
  /** What trains. */
  readonly backend: Backend;
  /** Randomness from the seed; progress goes to a bar below the cell, log lines to its output. */
  readonly context: Context;
  /** One of three values, by preset. */
  by<T>(values: Readonly<Record<Preset, T>>): T;
  /** Notes in the record that a set was used; returns it. */
  use<Set extends Pick<Dataset, "name" | "sha256">>(set: Set): Set;
  /**
   * Saves a program beside the record, which names it: the report links it, and shows what is in it.
   *
   * @param name What it is called, such as "S1, pyramid".
   * @throws {MdlError} `usage` for a name that was given already; `not-writable`
   */
  keep(program: Pick<Program<never>, "bytes">, name: string): Promise<void>;
  /** Notes training FLOP in the record. */
  spend(flop: number): void;
  /**
   * Gives the verdict on a claim, and says it.
   *
   * @throws {MdlError} `usage` for a number that is not finite
   */
  judge(claim: Id, finding: Finding): void;
  /** Records of the other sections in the same run, by their numbers; those that were not run are missing. */
  others(): Promise<readonly SectionRecord[]>;
  /**
   * Shows the verdicts, writes run.json and closes the backend.
   *
   * @throws {MdlError} `usage` while a claim has no verdict; `not-writable`
   */
  close(): Promise<void>;
}

/**
 * Opens a section and says with which settings. The environment can set other ones than the notebook's first cell:
 * MDLAB_PRESET, MDLAB_SEED, MDLAB_BACKEND, and MDLAB_RUN, the name of the folder in results/ that the records go to.
 *
 * @param name NN_name, as the script and the notebook are called.
 * @param settings Those of the cell tagged `parameters`; a `set` is the source of images that the section takes itself.
 * @param claims What is going to be judged, under names that `judge` takes; shown as a table.
 * @param environment That of this process, by default.
 * @throws {MdlError} `usage` for a senseless preset or seed; `not-writable`; as `openBackend`
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assertEquals } from "@std/assert";
 *
 * const section = await lab.openSection("example", { preset: "smoke", seed: 1 }, {
 *   short: {
 *     ...{ article: "2.1", en: "Ramps are short.", zh: "渐变很短。" },
 *     holds: { en: "below 100 bytes", zh: "小于 100 字节" },
 *   },
 * });
 * const bytes = section.by({ smoke: 64, quick: 640, paper: 6400 });
 * const verdict = lab.verdictOf(bytes < 100);
 * section.judge("short", { verdict, measured: `${bytes} bytes`, numbers: { bytes } });
 * await section.close();
 * assertEquals(verdict, "holds");
 * ```
 */
export async function openSection<Id extends string>(
  name: string,
  settings: { readonly preset: Preset; readonly seed: number; readonly set?: string },
  claims: Readonly<Record<Id, Claim>>,
  environment: Pick<Deno.Env, "get"> = Deno.env,
): Promise<Section<Id>> {
  checkArguments("openSection", { name, claims }, { name: TEXT, claims: object("claims by name") });
  checkOptions("openSection", settings, { preset: required(TEXT), seed: required(SEED), set: TEXT });
  const { preset, seed } = settingsOf({ preset: settings.preset, seed: settings.seed }, environment);
  const run = environment.get("MDLAB_RUN") ??
    `${kernel() ? "notebooks" : "article"}-${preset}-seed${seed}`;
  const folder = `results/${run}/${name}`, begun = performance.now();
  const bar = progressBar(), shown: Shown[] = [], judged = new Map<string, Judged>();
  const data = new Map<string, { name: string; sha256: string }>();
  const code = kernel() ? {} : { code: await codeHash(new URL(Deno.mainModule)) };
  const kept: KeptProgram[] = [], place = join(home(), folder);
  let flop = 0, used: string[] = [];
  await discard(place);
  recordShown({ folder, shown, before: () => bar.close() });
  const wanted = environment.get("MDLAB_BACKEND") ?? "auto"; // openBackend checks it
  const backend = await openBackend(wanted as "auto" | BackendName);
  console.log(`${name}: preset ${preset}, seed ${seed}, backend ${backend.description}`);
  await showTable(claimRows(Object.values(claims)), "Claims · 论断");
  return {
    preset,
    seed,
    backend,
    context: contextOf(seed, { progress: bar.report, log: console.log }),
    by: (values) => values[preset],
    use(set) {
      data.set(set.sha256, { name: set.name, sha256: set.sha256 });
      return set;
    },
    async keep({ bytes }, called) {
      const file = `${plainName(called)}.wasm`;
      if (kept.some((other) => fileKey(other.file) === fileKey(file))) {
        throw new MdlError("usage", `${name} has kept a program called ${called} already.`);
      }
      await makeFolder(place);
      await saveFile(`${place}/${file}`, bytes);
      kept.push({ name: called, file, bytes: bytes.length, sha256: sha256(bytes) });
    },
    spend: (more) => void (flop += more),
    judge(id, finding) {
      for (const [what, value] of Object.entries(finding.numbers)) {
        if (!Number.isFinite(typeof value === "number" ? value : value.mean)) {
          throw new MdlError("usage", `${name}: “${what}” of the claim ${id} is no number.`);
        }
      }
      judged.set(id, { id, ...claims[id], ...finding });
      console.log(
        `${claims[id].en} · ${claims[id].zh}\n→ ${verdictWords(finding)}: ${measuredWords(finding)}`,
      );
    },
    async others() {
      const records = await recordsOfOthers(run, name);
      used = records.map(stampOf);
      return records;
    },
    async close() {
      await bar.close();
      const open = Object.keys(claims).filter((id) => !judged.has(id));
      if (open.length) throw new MdlError("usage", `${name} has given no verdict on: ${open.join(", ")}.`);
      const verdicts = Object.keys(claims).map((id) => judged.get(id)!);
      await showTable(verdictRows(verdicts), "Verdicts · 判定");
      const record: SectionRecord = {
        section: name,
        preset,
        seed,
        backend: backend.description,
        mdlab: VERSION,
        deno: Deno.version.deno,
        platform: `${Deno.build.os} ${Deno.build.arch}`,
        ...code,
        before: used,
        ended: new Date().toISOString(),
        seconds: (performance.now() - begun) / 1000,
        flop,
        data: [...data.values()],
        verdicts,
        shown,
        programs: kept,
      };
      await makeFolder(place);
      await saveFile(`${place}/run.json`, new TextEncoder().encode(JSON.stringify(record, null, 2) + "\n"));
      await backend.close();
    },
  };
}

/** A run that was broken off must not leave the record of the one before. */
async function discard(place: string): Promise<void> {
  await Deno.remove(`${place}/run.json`).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

const SECTION = /^\d\d_\w+$/;

async function recordsOfOthers(run: string, name: string): Promise<SectionRecord[]> {
  const folder = join(home(), "results", run), names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (SECTION.test(entry.name) && entry.name !== name) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const records = await Promise.all(names.sort().map((other) => readRecord(join(folder, other))));
  return records.filter((record) => record !== undefined);
}
