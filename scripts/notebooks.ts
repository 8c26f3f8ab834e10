/**
 * deno task notebooks: executes notebooks in the real Deno kernel and keeps their outputs in the files: all of them, or those of the numbers
 * given. A notebook whose cell fails stays as it was.
 *
 * With --smoke they run with the preset `smoke`, to see that they do, and the files stay as they are.
 *
 * The Jupyter client is Python; at first use its pinned packages go into .venv/. The kernel itself runs with all
 * permissions: `deno jupyter` takes no options for them.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import type { ProgressBar } from "../lib/progress.ts";
import { command, duration, options, type Task, wholeNumber } from "./command.ts";
import { type NotebookCell, readNotebook, withOutputs, writeNotebook } from "./ipynb.ts";
import { experiments, replaceFile } from "./pair.ts";
import { type Jupyter, prepareJupyter } from "./python.ts";

const TASK: Task = {
  start: "deno task notebooks",
  about: "Executes notebooks in the real Deno kernel (needs Python 3) and keeps their outputs.",
  takes: "[NN …]",
  least: 0,
  most: Infinity,
  example: "deno task notebooks 04",
};

interface Execution {
  /** The notebook's name, for the error's sentence. */
  readonly name: string;
  /** Where the kernel runs. */
  readonly folder: string;
  /** Run with the preset `smoke`. */
  readonly smoke: boolean;
  /** Time limit of each cell. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Shows which cell runs. */
  readonly bar: ProgressBar;
}

/**
 * The text of a notebook with the outputs of a fresh run.
 *
 * @throws {MdlError} `mismatch` when a cell fails, whose error has gone to stderr; `interrupted` when stopped.
 */
async function execute(
  text: string,
  { python, env }: Jupyter,
  { name, folder, smoke, seconds, signal, bar }: Execution,
): Promise<string> {
  const script = fileURLToPath(new URL("execute_notebook.py", import.meta.url));
  const client = new Deno.Command(python, {
    args: [script, folder, String(seconds)],
    env: { ...env, ...(smoke ? { MDLAB_PRESET: "smoke" } : {}) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const result = new Response(client.stdout).text(), complaints = followed(client.stderr, name, bar);
  await new Response(text).body!.pipeTo(client.stdin).catch(() => {}); // it ended early, and says why
  const { success } = await client.status, executed = await result, said = await complaints;
  await bar.close();
  if (signal.aborted) throw new MdlError("interrupted", `Stopped: ${name} stays as it was.`);
  if (said) console.error(said);
  if (!success) throw new MdlError("mismatch", `${name} was not executed to its end and stays as it was.`);
  return writeNotebook(withOutputs(readNotebook(text, name), readNotebook(executed, name).map(withoutValue)));
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

if (import.meta.main) {
  await command(async (signal, bar) => {
    const { values, positionals } = options(TASK, {
      smoke: {
        type: "boolean",
        help: "only see that they run: preset smoke, and the files stay as they are",
      },
      timeout: { type: "string", default: "1800", value: "SECONDS", help: "time limit of each cell" },
    });
    const seconds = wholeNumber("timeout", values.timeout, 1);
    const stems = experiments(positionals);
    const jupyter = await prepareJupyter(signal), start = performance.now();
    for (const stem of stems) {
      const file = new URL(`../notebooks/${stem}.ipynb`, import.meta.url);
      const text = await Deno.readTextFile(file).catch((cause) => {
        throw new MdlError("not-found", `${stem} has no notebook yet: run deno task pair.`, { cause });
      });
      const folder = fileURLToPath(new URL(".", file));
      const smoke = values.smoke ?? false;
      const executed = await execute(text, jupyter, { name: stem, folder, smoke, seconds, signal, bar });
      if (!smoke) await replaceFile(file, executed);
    }
    const what = stems.length === 1 ? "One notebook" : `${stems.length} notebooks`;
    console.error(`${what} executed in ${duration((performance.now() - start) / 1000)}.`);
  });
}
