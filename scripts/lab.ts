/**
 * deno task lab: opens the notebooks in JupyterLab, with the Deno kernel and interactive figures; Ctrl-C ends it and its kernels.
 * What it opens are copies in work/, so that the committed notebooks stay as they are; with --here it opens notebooks/ itself.
 *
 * JupyterLab is Python; at first use its pinned packages go into .venv/. What it keeps (settings, layout) is in
 * .jupyter/. It listens to this machine only, and wants the token of its address.
 */
import { fileURLToPath } from "node:url";
import { MdlError } from "../lib/errors.ts";
import { command, options, type Task, wholeNumber } from "./command.ts";
import { type Jupyter, prepareJupyter } from "./python.ts";
import { copyNotebooks } from "./work_copies.ts";

const project = new URL("../", import.meta.url);

const HOST = "127.0.0.1";

/** The port that Jupyter's users know, and how many to try from there. */
const PORT = 8888, PORTS = 20;

const TASK: Task = {
  start: "deno task lab",
  about: "Opens copies of the notebooks, in work/, in JupyterLab (needs Python 3); Ctrl-C ends it.",
  example: "deno task lab --no-browser --port 8890",
};

/** Milliseconds: between two looks whether the server answers, and for it to end its kernels. */
const LOOK = 100, FAREWELL = 15_000;

/** A server that answers. */
export interface Lab {
  /** Its address, token included. */
  readonly url: string;
  /** Settles when the server is gone. */
  readonly ended: Promise<unknown>;
  /** Ends the server and its kernels. */
  stop(): Promise<void>;
}

interface LabOptions {
  /** A port that is free. */
  readonly port: number;
  /** Whether JupyterLab opens the user's browser. */
  readonly browser: boolean;
  /** The folder below that it shows first. */
  readonly open?: string;
  readonly signal?: AbortSignal;
}

/**
 * Starts JupyterLab on a folder and waits until it answers.
 *
 * @throws {MdlError} `unsupported` when it does not start; `interrupted`.
 */
export async function startLab(
  folder: string,
  { python, env }: Jupyter,
  { port, browser, open = "", signal }: LabOptions,
): Promise<Lab> {
  const token = crypto.randomUUID().replaceAll("-", "");
  const page = open ? `/lab/tree/${open}` : "/lab";
  const args = [
    "-m",
    "jupyterlab",
    ...(browser ? [] : ["--no-browser"]),
    ...(Deno.uid() === 0 ? ["--allow-root"] : []), // as in a container
    `--ServerApp.root_dir=${folder}`,
    `--LabApp.default_url=${page}`,
    `--ServerApp.ip=${HOST}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    "--ServerApp.log_level=ERROR",
    "--LabApp.log_level=ERROR",
    "--LabApp.extension_manager=readonly",
    "--MultiKernelManager.default_kernel_name=deno",
    "--KernelSpecManager.ensure_native_kernel=False",
    "--KernelSpecManager.allowed_kernelspecs=deno",
  ];
  const server = new Deno.Command(python, {
    args,
    env: { ...env, JUPYTER_TOKEN: token },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
    detached: true, // Ctrl-C is for this program, which then ends the server
  }).spawn();
  let running = true;
  const leave = () => server.kill("SIGTERM"); // where a second Ctrl-C does not wait for it
  addEventListener("unload", leave);
  const ended = server.status.finally(() => {
    running = false;
    removeEventListener("unload", leave);
  });
  const lab = {
    url: `http://${HOST}:${port}${page}?token=${token}`,
    ended,
    async stop() {
      if (running) server.kill("SIGTERM");
      const last = setTimeout(() => running && server.kill("SIGKILL"), FAREWELL);
      await ended;
      clearTimeout(last);
    },
  };
  const status = `http://${HOST}:${port}/api/status?token=${token}`;
  const answers = () => fetch(status).then(async (response) => (await response.body?.cancel(), response.ok));
  while (running && !signal?.aborted) {
    if (await answers().catch(() => false)) return lab;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  await lab.stop();
  if (signal?.aborted) throw new MdlError("interrupted", "Stopped.");
  throw new MdlError("unsupported", "JupyterLab did not start; what it said stands above.");
}

/** A port that nobody listens to; 0 asks the system for one. */
export function freePort(port: number): number | undefined {
  try {
    using listener = Deno.listen({ hostname: HOST, port });
    return listener.addr.port;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The port that was asked for, else the first free one.
 *
 * @throws {MdlError} `usage` when the one asked for cannot be had.
 */
function portOf(asked: string | undefined): number {
  if (asked === undefined) {
    for (let port = PORT; port < PORT + PORTS; port++) if (freePort(port)) return port;
    return freePort(0)!;
  }
  const port = freePort(wholeNumber("port", asked, 1, 65535));
  if (port) return port;
  throw new MdlError("usage", `Port ${asked} is taken or not allowed: choose another one with --port.`);
}

if (import.meta.main) {
  await command(async (signal) => {
    const { values } = options(TASK, {
      port: { type: "string", value: "N", help: `port to listen to (from ${PORT} on, one that is free)` },
      here: { type: "boolean", help: "open notebooks/ itself: what is edited and run there is saved there" },
      "no-browser": { type: "boolean", help: "say the address, and open no browser" },
    });
    const port = portOf(values.port), open = values.here ? "notebooks" : "work";
    const jupyter = await prepareJupyter(signal);
    const copies = [new URL("notebooks/", project), new URL("work/", project)] as const;
    for (const name of values.here ? [] : await copyNotebooks(...copies)) {
      const sentence = "was edited, and its original has changed since: move it away to get a new copy.";
      console.error(`work/${name} ${sentence}`);
    }
    const stopped = new Promise((resolve) => {
      signal.addEventListener("abort", resolve);
      Deno.addSignalListener("SIGHUP", () => resolve(undefined)); // its terminal was closed
    });
    const lab = await startLab(fileURLToPath(project), jupyter, {
      port,
      open,
      signal,
      browser: !values["no-browser"],
    });
    console.log(`JupyterLab: ${lab.url}`);
    if (!values.here) console.log("It opens copies in work/; with --here notebooks/ itself.");
    console.log("Ctrl-C ends it.");
    await Promise.race([stopped, lab.ended]);
    await lab.stop();
    console.log("JupyterLab has ended.");
  });
}
