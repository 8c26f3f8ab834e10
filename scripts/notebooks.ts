/**
 * deno task notebooks: executes notebooks in the real Deno kernel and keeps their outputs in the files: all of them, or those of the numbers
 * given. A notebook whose cell fails stays as it was.
 *
 * With --preset, --seed or --set one runs with other settings than its own: they stand in a cell behind the one tagged
 * `parameters`, as papermill does it, and the whole goes to --output. notebooks/ keeps outputs of the notebooks' own
 * settings only.
 *
 * With --smoke they run with the preset `smoke`, to see that they do, several at a time, and the files stay as they are.
 *
 * The Jupyter client is Python; at first use its pinned packages go into .venv/. The kernel itself runs with all
 * permissions: `deno jupyter` takes no options for them.
 */
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { presetNames } from "../lib/run.ts";
import { saveFile } from "../lib/save.ts";
import { threadsOf } from "../lib/backend/threads.ts";
import type { ProgressBar } from "../lib/progress.ts";
import { placedSource } from "./laboratory/source.ts";
import { command, duration, oneOf, options, type Task, wholeNumber } from "./command.ts";
import { type NotebookCell, pairedWith, readNotebook, withOutputs, writeNotebook } from "./ipynb.ts";
import { assertFree, FORCE } from "./outputs.ts";
import { experiments, replaceFile } from "./pair.ts";
import { type Parameters, withParameters } from "./parameters.ts";
import { type Jupyter, prepareJupyter } from "./python.ts";

const TASK: Task = {
  start: "deno task notebooks",
  about: "Executes notebooks in the real Deno kernel (needs Python 3) and keeps their outputs.",
  takes: "[NN …]",
  least: 0,
  most: Infinity,
  example: "deno task notebooks 04 --seed 2 --output seed2.ipynb",
};

/** Of kernels, with --smoke: each takes up to a gigabyte. */
const MOST_AT_ONCE = 4;

interface Execution {
  /** The notebook's name, for the error's sentence. */
  readonly name: string;
  /** Where the kernel runs. */
  readonly folder: string;
  /** What sections read of their settings from the environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Time limit of each cell. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Shows which cell runs. */
  readonly bar: ProgressBar;
}

/**
 * These cells with the outputs of a fresh run.
 *
 * @throws {MdlError} `mismatch` when a cell fails, whose error has gone to stderr; `interrupted` when stopped.
 */
export async function execute(
  cells: readonly NotebookCell[],
  { python, env }: Jupyter,
  { name, folder, settings, seconds, signal, bar }: Execution,
): Promise<NotebookCell[]> {
  const script = fileURLToPath(new URL("execute_notebook.py", import.meta.url));
  const client = new Deno.Command(python, {
    args: [script, folder, String(seconds)],
    env: { ...env, ...settings },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const result = new Response(client.stdout).text(), complaints = followed(client.stderr, name, bar);
  await new Response(writeNotebook(cells)).body!.pipeTo(client.stdin).catch(() => {}); // it ended early, and says why
  const { success } = await client.status, executed = await result, said = await complaints;
  if (signal.aborted) throw new MdlError("interrupted", `Stopped: ${name} stays as it was.`);
  if (said) {
    await bar.close();
    console.error(said);
  }
  if (!success) throw new MdlError("failed", `${name} was not executed to its end and stays as it was.`);
  return withOutputs(cells, readNotebook(executed, name).map(withoutValue));
}

/** Shows the client's lines `cell 3/12: source` as progress; returns what else it says, but for what Deno always says. */
async function followed(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  label: string,
  bar: ProgressBar,
): Promise<string> {
  const others: string[] = [];
  for await (const line of createInterface({ input: Readable.fromWeb(stderr as never) })) {
    const [, cell, total, note] = /^cell (\d+)\/(\d+): (.*)$/.exec(line) ?? [];
    if (note !== undefined) {
      bar.report({ label, done: Number(cell) - 1, total: Number(total), unit: "cells", note });
    } else if (!line.includes('"deno jupyter" is unstable')) others.push(line);
  }
  return others.join("\n").trim();
}

/** Without the value of its last statement: what is meant to be seen is displayed. */
function withoutValue(cell: NotebookCell): NotebookCell {
  if (!cell.outputs) return cell;
  return { ...cell, outputs: cell.outputs.filter((output) => output.output_type !== "execute_result") };
}

const OPTIONS = {
  preset: { type: "string", value: presetNames.join("|"), help: "how long to train" },
  seed: { type: "string", value: "N", help: "seed of the trainings, and of what is drawn" },
  set: { type: "string", value: "FOLDER|DATASET", help: "the images, where a notebook has a set to choose" },
  output: {
    type: "string",
    short: "o",
    value: "out.ipynb",
    help: "where one notebook goes, outputs and all; its own file stays as it is",
  },
  ...FORCE,
  smoke: { type: "boolean", help: "only see that they run: preset smoke, and the files stay as they are" },
  timeout: { type: "string", default: "1800", value: "SECONDS", help: "time limit of each cell" },
} as const;

/**
 * The settings that are asked for, by options or else by the environment.
 *
 * @throws {MdlError} `usage` for senseless ones; as `placedSource`
 */
async function asked(values: { preset?: string; seed?: string; set?: string }): Promise<Parameters> {
  const preset = values.preset ?? Deno.env.get("MDLAB_PRESET"),
    seed = values.seed ?? Deno.env.get("MDLAB_SEED");
  return {
    ...(preset !== undefined && { preset: oneOf("preset", preset, presetNames) }),
    ...(seed !== undefined && { seed: wholeNumber("seed", seed, 0) }),
    ...(values.set !== undefined && { set: await placedSource(values.set) }),
  };
}

/** The same for the kernel's environment: an injected cell and the environment must not contradict one another. */
function environmentOf(
  { preset, seed, set }: Parameters,
  output: string | undefined,
): Record<string, string> {
  return {
    ...(preset !== undefined && { MDLAB_PRESET: String(preset) }),
    ...(seed !== undefined && { MDLAB_SEED: String(seed) }),
    // another set's records must not take the place of the section's own
    ...(set !== undefined && { MDLAB_RUN: `notebooks-${basename(output!, ".ipynb")}` }),
  };
}

if (import.meta.main) {
  await command(async (signal, bar) => {
    const { values, positionals } = options(TASK, OPTIONS), { output, smoke = false } = values;
    const seconds = wholeNumber("timeout", values.timeout, 1), stems = experiments(positionals);
    const parameters = smoke ? { preset: "smoke" } : await asked(values);
    const others = Object.keys(parameters).length > 0;
    if (smoke && (output ?? values.preset ?? values.seed ?? values.set) !== undefined) {
      throw new MdlError(
        "usage",
        "--smoke keeps nothing and has its settings: --preset smoke goes with --output.",
      );
    }
    if (others && !smoke && output === undefined) {
      const own = "notebooks/ keeps outputs of the notebooks' own settings";
      throw new MdlError("usage", `${own}: say with --output where those of others go.`);
    }
    if (output !== undefined) {
      if (stems.length !== 1) throw new MdlError("usage", "--output takes one notebook: name its number.");
      await assertFree(output, values.force);
    }
    const read = await Promise.all(stems.map(notebookOf));
    const notebooks = read.map(({ cells, ...one }) => ({
      ...one,
      cells: others && !smoke ? withParameters(cells, parameters, one.name) : cells,
    }));
    const jupyter = await prepareJupyter(signal), start = performance.now();
    const cores = threadsOf(), atOnce = smoke ? Math.min(cores, MOST_AT_ONCE) : 1;
    const settings = {
      ...environmentOf(parameters, output),
      ...smoke && { MDLAB_THREADS: String(Math.floor(cores / atOnce)) },
    };
    const run = ({ name, file, cells }: Notebook, signal: AbortSignal, bar: ProgressBar) => {
      const folder = fileURLToPath(new URL(".", file));
      return execute(cells, jupyter, { name, folder, settings, seconds, signal, bar });
    };
    if (smoke) {
      await together(notebooks, atOnce, signal, bar, run);
    } else {
      for (const notebook of notebooks) {
        const executed = await run(notebook, signal, bar);
        if (output !== undefined) await saveFile(output, new TextEncoder().encode(writeNotebook(executed)));
        else await replaceFile(notebook.file, writeNotebook(executed, notebook.paired));
      }
    }
    await bar.close();
    const what = stems.length === 1 ? "One notebook" : `${stems.length} notebooks`;
    console.error(`${what} executed in ${duration((performance.now() - start) / 1000)}.`);
  });
}

/**
 * Runs so many notebooks at a time, which one bar counts: it shows none of their cells, and ends where one has something
 * to say. Where one fails, the others are stopped, and its error is thrown.
 */
export async function together<N extends Pick<Notebook, "name">>(
  notebooks: readonly N[],
  atOnce: number,
  signal: AbortSignal,
  { report, close }: ProgressBar,
  run: (notebook: N, signal: AbortSignal, bar: ProgressBar) => Promise<unknown>,
): Promise<void> {
  const quiet: ProgressBar = { report: () => {}, close };
  const failed = new AbortController(), either = AbortSignal.any([signal, failed.signal]);
  const label = "notebooks", total = notebooks.length, left = [...notebooks];
  let done = 0;
  report({ label, done, total, unit: "notebooks" });
  const runs = await Promise.allSettled(Array.from({ length: atOnce }, async () => {
    for (let one = left.shift(); one; one = left.shift()) {
      await run(one, either, quiet).catch((error) => {
        failed.abort(error); // of several, the first is kept
        throw error;
      });
      report({ label, done: ++done, total, unit: "notebooks", note: one.name });
    }
  }));
  if (runs.some(({ status }) => status === "rejected")) throw failed.signal.reason;
}

type Notebook = Awaited<ReturnType<typeof notebookOf>>;

/**
 * A notebook of the project.
 *
 * @throws {MdlError} `not-found`; as `readNotebook`
 */
async function notebookOf(name: string) {
  const file = new URL(`../notebooks/${name}.ipynb`, import.meta.url);
  const text = await Deno.readTextFile(file).catch((cause) => {
    throw new MdlError("not-found", `${name} has no notebook yet: run deno task pair.`, { cause });
  });
  return { name, file, cells: readNotebook(text, name), paired: pairedWith(text) };
}
