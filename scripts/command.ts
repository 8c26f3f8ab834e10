/** What all commands share: input sets, errors as one sentence, Ctrl-C, numbers for people. */
import type { Dataset } from "../lib/image/dataset.ts";
import { loadFolder } from "../lib/image/folder.ts";
import { datasetNames } from "../lib/sources/manifest.ts";
import { loadDataset } from "../lib/sources/registry.ts";
import { MdlError } from "../lib/errors.ts";
import { number } from "./laboratory/figures/number.ts";
import { type ProgressBar, progressBar } from "../lib/progress.ts";
import { printable } from "../lib/printable.ts";
import type { PreprocessOptions } from "../lib/stages/preprocess.ts";
import { wholeNumber } from "./options.ts";
import { root } from "./outputs.ts";

export { number };
export { decimal, oneOf, options, type Task, wholeNumber } from "./options.ts";

/**
 * Runs a command: an `MdlError` becomes its sentence on stderr and exit code 1. Ctrl-C and a polite kill abort the
 * signal, so that the command can write its checkpoint and leave nothing half done (exit code 130); a second Ctrl-C ends
 * it at once, and so does the first one where the command does not take the signal.
 */
export async function command(
  main: (signal: AbortSignal, bar: ProgressBar) => Promise<void>,
): Promise<never> {
  standWithTheUser();
  guardTerminal();
  const bar = progressBar();
  const controller = new AbortController();
  const stop = () => controller.signal.aborted ? Deno.exit(130) : controller.abort();
  const heard = main.length > 0 ? ["SIGINT", "SIGTERM"] as const : [];
  for (const signal of heard) Deno.addSignalListener(signal, stop);
  try {
    await main(controller.signal, bar);
    await bar.close();
    Deno.exit(0);
  } catch (error) {
    await bar.close();
    if (error instanceof MdlError) {
      const advice = error.code === "too-long" && limitable ? " --limit SECONDS gives it more time." : "";
      console.error(printable(error.message) + advice);
      Deno.exit(error.code === "interrupted" ? 130 : 1);
    }
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    console.error(error);
    Deno.exit(1);
  }
}

/** All that a command prints passes here: what comes from a file cannot steer the terminal. */
function guardTerminal(): void {
  for (const stream of ["log", "error"] as const) {
    const print = console[stream];
    console[stream] = (...parts) => {
      print(
        printable(parts.map((part) => typeof part === "string" ? part : Deno.inspect(part)).join(" "), true),
      );
    };
  }
}

/** How long a program may run. */
export const LIMIT_OPTION = {
  limit: { type: "string", value: "SECONDS", help: "how long a program may run" },
} as const;

/** Whether the command takes `LIMIT_OPTION`. */
let limitable = false;

/** `--limit SECONDS` as those want it who run a program. */
export function limited({ limit }: { limit?: string }): { timeLimit?: number } {
  limitable = true;
  return limit === undefined ? {} : { timeLimit: 1000 * wholeNumber("limit", limit, 1, 1e6) };
}

/**
 * `deno task` runs a command in the project's folder: from here on relative paths mean what they mean where the user
 * stands. A task that takes no paths has no permission to know where that is.
 */
function standWithTheUser(): void {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "INIT_CWD" });
  const place = state === "granted" ? Deno.env.get("INIT_CWD") : undefined;
  if (!place || Deno.realPathSync(".") !== Deno.realPathSync(root)) return; // it was not started as a task
  try {
    Deno.chdir(place);
  } catch { /* the folder is gone */ }
}

/** How the images of a folder are read. */
export const SOURCE_OPTIONS = {
  recursive: { type: "boolean", help: "read the images of subfolders, too" },
  flatten: { type: "boolean", help: "lay transparent pixels on white" },
  "first-frame": { type: "boolean", help: "take the first frame of animated images" },
} as const;

/** The options that decide what is made of source images. */
export const PREPROCESS_OPTIONS = {
  take: { type: "string", value: "N", help: "only the first N images" },
  gray: { type: "boolean", help: "make colour images gray" },
  size: { type: "string", value: "WxH", help: "resize all images to this width and height" },
  ...SOURCE_OPTIONS,
} as const;

/** Those of `SOURCE_OPTIONS` as loaders want them. */
export function sourceOptions(
  values: { recursive?: boolean; flatten?: boolean; "first-frame"?: boolean },
): Pick<LoadSource, "recursive" | "flatten" | "firstFrame"> {
  const { recursive = false, flatten = false, "first-frame": firstFrame = false } = values;
  return { recursive, flatten, firstFrame };
}

/** `--take N --gray --size WxH` as the preprocess stage wants them. */
export function preprocessOptions(
  values: { take?: string; gray?: boolean; size?: string },
): PreprocessOptions {
  const size = values.size === undefined ? null : /^(\d+)x(\d+)$/.exec(values.size);
  if (values.size !== undefined && !size) {
    throw new MdlError("usage", `--size takes a width and a height such as 32x32, not “${values.size}”.`);
  }
  return {
    ...(values.take === undefined ? {} : { take: wholeNumber("take", values.take, 1) }),
    ...(values.gray ? { gray: true } : {}),
    ...(size
      ? {
        size: {
          width: wholeNumber("size", size[1]!, 1, 65535),
          height: wholeNumber("size", size[2]!, 1, 65535),
        },
      }
      : {}),
  };
}

/** What preprocess changes, for the name of a run's folder. */
export function changes({ take, gray, size }: PreprocessOptions): string[] {
  return [
    ...(take === undefined ? [] : [`take${take}`]),
    ...(gray ? ["gray"] : []),
    ...(size ? [`${size.width}x${size.height}`] : []),
  ];
}

export type LoadSource = Pick<
  NonNullable<Parameters<typeof loadFolder>[1]>,
  "take" | "gray" | "size" | "flatten" | "recursive" | "firstFrame" | "signal" | "progress" | "log"
>;

/** What names a data set even where a folder has its name. */
const SET = "set:";

/**
 * Loads a data set by name (`photos`, `set:photos`) or the images of a folder; a name with a slash is always a folder.
 *
 * @throws {MdlError} `not-found` when it is neither; `usage` when it is both; what the loaders throw
 */
export async function loadSource(source: string, load: LoadSource): Promise<Dataset> {
  if (source.startsWith(SET)) return await loadDataset(source.slice(SET.length), load);
  if (datasetNames().includes(source as never)) {
    if (!await isFolder(source)) return await loadDataset(source, load);
    const both = `${source} is a folder here and a data set`;
    throw new MdlError("usage", `${both}: ./${source} names the folder, ${SET}${source} the data set.`);
  }
  try {
    return await loadFolder(source, load);
  } catch (error) {
    if (!(error instanceof MdlError) || error.code !== "not-found" || /[/\\.]/.test(source)) throw error;
    const sets = datasetNames().join(", ");
    throw new MdlError("not-found", `There is no folder and no data set ${source}; the sets are ${sets}.`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
}

/** A number of things: "1 image", "1,000 images". */
export function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** A duration for people: "1 min 20 s". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds), h = Math.floor(s / 3600), m = Math.floor(s % 3600 / 60);
  return h ? `${h} h ${m} min` : m ? `${m} min ${s % 60} s` : `${s} s`;
}

/**
 * The bytes of a file.
 *
 * @throws {MdlError} `not-found`; `unreadable`
 */
export async function readFile(path: string): Promise<Uint8Array> {
  return await Deno.readFile(path).catch((cause) => notRead(path, cause));
}

/**
 * Opens a file to read as much of it as `work` wants; its length in bytes stands beside.
 *
 * @throws {MdlError} as `readFile`; what `work` throws
 */
export async function withFile<T>(
  path: string,
  work: (file: Deno.FsFile, length: number) => Promise<T>,
): Promise<T> {
  using file = await Deno.open(path).catch((cause) => notRead(path, cause));
  const { isFile, size } = await file.stat();
  if (!isFile) notRead(path);
  return await work(file, size);
}

function notRead(path: string, cause?: unknown): never {
  if (cause instanceof Deno.errors.NotFound) {
    throw new MdlError("not-found", `There is no file ${path}.`, { cause });
  }
  throw new MdlError("unreadable", `The file ${path} cannot be read.`, { cause });
}
