/**
 * Executes notebooks in the real Deno kernel and keeps their outputs in the files: all of them, or those of the numbers
 * given. A notebook whose cell fails stays as it was.
 *
 *     deno task notebooks [--smoke] [NN …]
 *
 * With --smoke they run with the preset `smoke`, to see that they do, and the files stay as they are.
 *
 * The Jupyter client is Python; at first use its pinned packages go into .venv/ with a kernel specification that names
 * this very Deno. The kernel itself runs with all permissions: `deno jupyter` takes no options for them.
 */
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { command, options, wholeNumber } from "./command.ts";
import { readNotebook, withOutputs, writeNotebook } from "./ipynb.ts";
import { experiments, replaceFile } from "./pair.ts";

const environment = new URL("../.venv/", import.meta.url);
const requirements = new URL("requirements.txt", import.meta.url);
const python = fileURLToPath(new URL("bin/python", environment));

/** Runs a program to its end; undefined when it is not there. */
async function run(program: string, args: readonly string[]): Promise<Deno.CommandOutput | undefined> {
  try {
    return await new Deno.Command(program, { args: [...args], stdout: "piped", stderr: "piped" }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Makes the Python environment unless the one that is there has these very requirements.
 *
 * @throws {MdlError} `not-found` without Python; `offline` when its packages cannot be had.
 */
async function prepare(): Promise<void> {
  const wanted = await Deno.readTextFile(requirements), installed = new URL("requirements.txt", environment);
  const present = await Deno.readTextFile(installed).catch(() => "");
  const works = await Deno.stat(python).then(() => true, () => false); // a link, broken when Python has moved on
  if (present !== wanted || !works) {
    console.error("Preparing Python packages in .venv/ …");
    const made = await run("python3", ["-m", "venv", "--clear", fileURLToPath(environment)]);
    if (!made?.success) {
      throw new MdlError(
        "not-found",
        "Executing notebooks needs Python 3 with its venv module: install it (on Debian: apt install python3-venv).",
      );
    }
    const pip = await run(python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--requirement",
      fileURLToPath(requirements),
    ]);
    if (!pip?.success) {
      const reason = new TextDecoder().decode(pip?.stderr).trim().split("\n").at(-1);
      throw new MdlError("offline", `The Python packages for notebooks cannot be installed: ${reason}`);
    }
    await Deno.writeTextFile(installed, wanted);
  }
  await specifyKernel();
}

/** Describes the kernel `deno` as this Deno, so that no other one on the machine is taken. */
async function specifyKernel(): Promise<void> {
  const folder = new URL("share/jupyter/kernels/deno/", environment);
  await Deno.mkdir(folder, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const kernel = { argv, display_name: "Deno", language: "typescript", env: { NO_COLOR: "1" } };
  await Deno.writeTextFile(new URL("kernel.json", folder), JSON.stringify(kernel, null, 2) + "\n");
}

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
}

/**
 * The text of a notebook with the outputs of a fresh run.
 *
 * @throws {MdlError} `mismatch` when a cell fails, whose error has gone to stderr; `interrupted` when stopped.
 */
async function execute(text: string, { name, folder, smoke, seconds, signal }: Execution): Promise<string> {
  const script = fileURLToPath(new URL("execute_notebook.py", import.meta.url));
  const client = new Deno.Command(python, {
    args: [script, folder, String(seconds)],
    env: {
      JUPYTER_PATH: fileURLToPath(new URL("share/jupyter", environment)),
      JUPYTER_PLATFORM_DIRS: "1",
      ...(smoke ? { MDLAB_PRESET: "smoke" } : {}),
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    signal,
  }).spawn();
  const writer = client.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await client.output();
  if (signal.aborted) throw new MdlError("interrupted", `Stopped: ${name} stays as it was.`);
  if (!success) throw new MdlError("mismatch", `${name} was not executed to its end and stays as it was.`);
  const before = readNotebook(text, name), after = readNotebook(new TextDecoder().decode(stdout), name);
  return writeNotebook(withOutputs(before, after));
}

if (import.meta.main) {
  await command(async (signal) => {
    const { values, positionals } = options(
      "deno task notebooks [--smoke] [--timeout SECONDS] [NN …]",
      { smoke: { type: "boolean" }, timeout: { type: "string" } },
      { least: 0, most: Infinity },
    );
    const seconds = wholeNumber("timeout", values.timeout ?? "1800", 1);
    const stems = experiments(positionals);
    await prepare();
    for (const stem of stems) {
      console.error(`${stem}:`);
      const file = new URL(`../notebooks/${stem}.ipynb`, import.meta.url);
      const text = await Deno.readTextFile(file).catch((cause) => {
        throw new MdlError("not-found", `${stem} has no notebook yet: run deno task pair.`, { cause });
      });
      const folder = fileURLToPath(new URL(".", file));
      const smoke = values.smoke ?? false;
      const executed = await execute(text, { name: stem, folder, smoke, seconds, signal });
      if (!smoke) await replaceFile(file, executed);
    }
  });
}
