/**
 * The Python environment of the notebooks: Jupyter's programs are Python, so at first use their pinned packages go into
 * .venv/, with a kernel specification that names this very Deno. Nothing outside the project is read or written.
 */
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { reasonOf } from "./laboratory/sets/pip.ts";

const environment = new URL("../.venv/", import.meta.url);
const requirements = new URL("requirements.txt", import.meta.url);
const settings = new URL("../.jupyter/", import.meta.url);

/** The oldest Python that the pinned packages run on. */
const OLDEST = [3, 11] as const;

/** How to start Jupyter's programs. */
export interface Jupyter {
  readonly python: string;
  /** Keeps Jupyter's settings, connections and kernels inside the project. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Makes the Python environment unless the one that is there has these very requirements.
 *
 * @throws {MdlError} `not-found` without Python or its venv module; `unsupported` for an old Python; `offline` when the
 * packages cannot be had; `interrupted`.
 */
export async function prepareJupyter(signal?: AbortSignal): Promise<Jupyter> {
  const python = fileURLToPath(new URL("bin/python", environment));
  using _ = await lockEnvironment(signal);
  const wanted = await Deno.readTextFile(requirements), installed = new URL("requirements.txt", environment);
  const present = await Deno.readTextFile(installed).catch(() => "");
  const works = await Deno.stat(python).then(() => true, () => false); // a link, broken when Python has moved on
  if (present !== wanted || !works) {
    await makeEnvironment(python, signal);
    await Deno.writeTextFile(installed, wanted);
  }
  await specifyKernel();
  await askNothing();
  await followRunning();
  await waitForOutputs();
  return { python, env: keptInside(settings) };
}

/** Waits for other processes that prepare it. Unlocked when it is closed; some file systems have no locks. */
async function lockEnvironment(signal?: AbortSignal): Promise<Disposable> {
  await Deno.mkdir(settings, { recursive: true }); // IPython, too, would complain without
  const file = await Deno.open(new URL("preparing.lock", settings), { create: true, write: true });
  while (!await file.tryLock(true).catch(() => true)) {
    if (signal?.aborted) {
      file.close();
      throw new MdlError("interrupted", "Stopped.");
    }
    await setTimeout(100);
  }
  return file;
}

/** Jupyter's own variables, so that it leaves the user's home alone; `folder` gets its settings and connections. */
export function keptInside(folder: URL): Record<string, string> {
  const path = (name: string) => fileURLToPath(new URL(name, folder));
  return {
    JUPYTER_PATH: fileURLToPath(new URL("share/jupyter", environment)),
    JUPYTER_CONFIG_DIR: path("config"),
    JUPYTER_DATA_DIR: path("data"),
    JUPYTER_RUNTIME_DIR: path("runtime"),
    IPYTHONDIR: path("ipython"),
    JUPYTER_PLATFORM_DIRS: "1",
  };
}

/** Whether there is a Python to make the environment with. */
export async function pythonThere(): Promise<boolean> {
  return (await run("python3", ["-c", "import ensurepip, venv"]))?.success ?? false;
}

/** Runs a program to its end; undefined when it is not there. */
async function run(
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ success: boolean; out: string; err: string } | undefined> {
  const output = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  try {
    const child = new Deno.Command(program, { args: [...args], ...output, ...(signal && { signal }) });
    const { success, stdout, stderr } = await child.output();
    if (signal?.aborted) throw new MdlError("interrupted", "Stopped.");
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
    return { success, out: out!, err: err! };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function makeEnvironment(python: string, signal?: AbortSignal): Promise<void> {
  const oldest = OLDEST.join("."), version = await run("python3", ["-c", "import sys; print(sys.version)"]);
  if (!version?.success) {
    throw new MdlError("not-found", `Notebooks need Python ${oldest} or newer as python3: install it.`);
  }
  const [major = 0, minor = 0] = version.out.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    const found = version.out.split(" ")[0];
    throw new MdlError("unsupported", `Notebooks need Python ${oldest} or newer; python3 is ${found}.`);
  }
  console.error("Preparing Jupyter in .venv/ (316 MB, once) …");
  const made = await run("python3", ["-m", "venv", "--clear", fileURLToPath(environment)], signal);
  if (!made?.success) {
    throw new MdlError(
      "not-found",
      "Notebooks need Python's venv module: install it (on Debian: apt install python3-venv).",
    );
  }
  const install = ["-m", "pip", "install", "--quiet", "--requirement", fileURLToPath(requirements)];
  const pip = await run(python, install, signal);
  if (!pip?.success) {
    const reason = reasonOf(pip?.err ?? "");
    throw new MdlError("offline", `Jupyter's Python packages cannot be installed: ${reason}.`);
  }
}

/** Describes the kernel `deno` as this Deno, so that no other one on the machine is taken. */
async function specifyKernel(): Promise<void> {
  const folder = new URL("share/jupyter/kernels/deno/", environment);
  await Deno.mkdir(folder, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const kernel = { argv, display_name: "Deno", language: "typescript", env: { NO_COLOR: "1" } };
  await Deno.writeTextFile(new URL("kernel.json", folder), JSON.stringify(kernel, null, 2) + "\n");
}

/** Keeps JupyterLab from asking whether it may fetch news. */
async function askNothing(): Promise<void> {
  const folder = new URL("share/jupyter/lab/settings/", environment);
  await Deno.mkdir(folder, { recursive: true });
  const news = {
    "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
  };
  await Deno.writeTextFile(new URL("overrides.json", folder), JSON.stringify(news, null, 2) + "\n");
}

/** Adds to JupyterLab that the running cell stays in sight. */
async function followRunning(): Promise<void> {
  const folder = new URL("share/jupyter/labextensions/mdlab-running-cell/", environment);
  const script = "static/running_cell.js", _build = { load: script, extension: "./extension" };
  const extension = { name: "mdlab-running-cell", version: "1.0.0", jupyterlab: { extension: true, _build } };
  await Deno.mkdir(new URL("static/", folder), { recursive: true });
  await Deno.copyFile(new URL("running_cell.js", import.meta.url), new URL(script, folder));
  await Deno.writeTextFile(new URL("package.json", folder), JSON.stringify(extension, null, 2) + "\n");
}

/** Lets `.venv/bin/jupyter nbconvert --execute` keep all outputs of the Deno kernel. */
async function waitForOutputs(): Promise<void> {
  const folder = new URL("etc/jupyter/", environment), scripts = fileURLToPath(new URL(".", import.meta.url));
  const lines = [
    "import sys",
    `sys.path.insert(0, ${JSON.stringify(scripts)})`,
    "from nbconvert_config import PREPROCESSORS",
    "c.Exporter.default_preprocessors = PREPROCESSORS",
  ];
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(new URL("jupyter_nbconvert_config.py", folder), lines.join("\n") + "\n");
}
