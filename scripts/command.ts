/** What all commands share: options, input sets, errors as one sentence, Ctrl-C, numbers for people. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Dataset } from "../lib/data/dataset.ts";
import { loadFolder } from "../lib/data/folder.ts";
import { datasetNames } from "../lib/data/manifest.ts";
import { loadDataset } from "../lib/data/registry.ts";
import { MdlError } from "../lib/errors.ts";
import { type ProgressBar, progressBar } from "../lib/figures/progress.ts";
import { printable } from "../lib/printable.ts";
import type { PreprocessOptions } from "../lib/stages/preprocess.ts";

/**
 * Runs a command: an `MdlError` becomes its sentence on stderr and exit code 1. Ctrl-C and a polite kill abort the
 * signal, so that the command can write its checkpoint and leave nothing half done (exit code 130); a second Ctrl-C ends
 * it at once.
 */
export async function command(
  main: (signal: AbortSignal, bar: ProgressBar) => Promise<void>,
): Promise<never> {
  guardTerminal();
  const bar = progressBar();
  const controller = new AbortController();
  const stop = () => controller.signal.aborted ? Deno.exit(130) : controller.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
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
export const LIMIT_OPTION = { limit: { type: "string" } } as const;

/** Whether the command takes `LIMIT_OPTION`. */
let limitable = false;

/** `--limit SECONDS` as those want it who run a program. */
export function limited({ limit }: { limit?: string }): { timeLimit?: number } {
  limitable = true;
  return limit === undefined ? {} : { timeLimit: 1000 * wholeNumber("limit", limit, 1, 1e6) };
}

/**
 * Reads the command line; `usage` is printed for --help.
 *
 * @throws {MdlError} `usage` for an unknown option, one without its value, or too many arguments
 */
export function options<T extends NonNullable<ParseArgsConfig["options"]>>(
  usage: string,
  known: T,
  positionals: { readonly least: number; readonly most: number },
) {
  const all = { ...known, help: { type: "boolean", short: "h" } } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof all; allowPositionals: true; args: string[] }>>;
  try {
    parsed = parseArgs({ args: Deno.args, options: all, allowPositionals: true });
  } catch (error) {
    throw new MdlError("usage", `${(error as Error).message.split(/\.\s/)[0]}. Usage: ${usage}`);
  }
  if ((parsed.values as { help?: boolean }).help) {
    console.log(`Usage: ${usage}`);
    Deno.exit(0);
  }
  const { length } = parsed.positionals;
  if (length < positionals.least || length > positionals.most) {
    throw new MdlError(
      "usage",
      `Too ${length < positionals.least ? "few" : "many"} arguments. Usage: ${usage}`,
    );
  }
  if ([...parsed.positionals, ...Object.values(parsed.values)].includes("")) {
    throw new MdlError("usage", `An argument is empty. Usage: ${usage}`);
  }
  return parsed;
}

/** A whole number from `least` to `most` given as an option. */
export function wholeNumber(name: string, text: string, least: number, most = 2 ** 32 - 1): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new MdlError("usage", `--${name} takes a whole number from ${least} to ${most}, not “${text}”.`);
}

/** A number from `least` to `most` given as an option. */
export function decimal(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= least && value <= most) return value;
  throw new MdlError("usage", `--${name} takes a number from ${least} to ${most}, not “${text}”.`);
}

/** One of a few words given as an option. */
export function oneOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  if (words.includes(text as T)) return text as T;
  throw new MdlError("usage", `--${name} takes ${words.join(", ")}, not “${text}”.`);
}

/** The options that decide what is made of source images. */
export const PREPROCESS_OPTIONS = {
  take: { type: "string" },
  gray: { type: "boolean" },
  size: { type: "string" },
  flatten: { type: "boolean" },
} as const;

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
  "take" | "gray" | "size" | "flatten" | "signal" | "progress" | "log"
>;

/**
 * Loads a data set by name or the images of a folder; a name with a slash is always a folder.
 *
 * @throws {MdlError} `not-found` when it is neither; what the loaders throw
 */
export async function loadSource(source: string, load: LoadSource): Promise<Dataset> {
  if (datasetNames().includes(source as never)) return await loadDataset(source, load);
  try {
    return await loadFolder(source, load);
  } catch (error) {
    if (!(error instanceof MdlError) || error.code !== "not-found" || /[/\\.]/.test(source)) throw error;
    const sets = datasetNames().join(", ");
    throw new MdlError("not-found", `There is no folder and no data set ${source}; the sets are ${sets}.`);
  }
}

/** A number with thousands separated, with so many digits after the point. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
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
