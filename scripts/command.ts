/** What all commands share: errors as one sentence, Ctrl-C, numbers for people. */
import { counted } from "../lib/counted.ts";
import { MdlError } from "../lib/errors.ts";
import { number } from "./laboratory/figures/number.ts";
import { Finished } from "./laboratory/measure/campaign.ts";
import { type ProgressBar, progressBar } from "../lib/progress.ts";
import { printable } from "../lib/printable.ts";
import {
  type LoadAny,
  loadAny as loadData,
  type LoadSource,
  loadSource as load,
} from "./laboratory/source.ts";
import { type AnyData, codecOf, codecs, type PreprocessOptions } from "../lib/codecs.ts";
import type { Context } from "../lib/context.ts";
import type { Modality } from "../lib/program/header.ts";
import { presetNames } from "../lib/run.ts";
import { tableOf } from "../lib/table/csv.ts";
import type { Dataset } from "../lib/image/dataset.ts";
import { isDetached } from "./laboratory/large_model/detached.ts";
import { inFlags, oneOf, takes, type Values, wholeNumber } from "./options.ts";
import { root } from "./outputs.ts";

export type { LoadSource } from "./laboratory/source.ts";
export { counted, number };
export { decimal, options, type Task } from "./options.ts";
export { oneOf, wholeNumber };

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
    if (error instanceof Finished) {
      console.log(error.message);
      Deno.exit(0);
    }
    if (error instanceof MdlError) {
      const advice = error.code === "too-long" && takes("limit")
        ? " --limit SECONDS gives it more time."
        : "";
      console.error(printable(inFlags(error.message)) + advice);
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

/** `--limit SECONDS` as those want it who run a program. */
export function limited({ limit }: { limit?: string }): { timeLimit?: number } {
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
  recursive: { type: "boolean", help: "read the files of subfolders, too" },
  flatten: { type: "boolean", help: "lay transparent pixels on white" },
  "first-frame": { type: "boolean", help: "take the first frame of animated images" },
} as const;

/** The options that decide what is made of source images. */
export const PREPROCESS_OPTIONS = {
  take: { type: "string", value: "N", help: "only the first N images, or files" },
  gray: { type: "boolean", help: "make colour images gray" },
  size: { type: "string", value: "WxH", help: "resize all images to this width and height" },
  ...SOURCE_OPTIONS,
} as const;

/** Likewise of data of any kind. */
export const DATA_OPTIONS = {
  as: { type: "string", value: Object.keys(codecs).join("|"), help: "take the source as this kind of data" },
  pixels: { type: "boolean", help: "of JPEG files code the pixels, not the files" },
  ...PREPROCESS_OPTIONS,
  bytes: { type: "string", value: "N", help: "only the first N bytes of files" },
} as const;

/**
 * Tests that none of these options is asked for where nothing reads them.
 *
 * @param goes What they go with.
 * @throws {MdlError} `usage`
 */
export function refuseIdle(
  values: Readonly<Record<string, unknown>>,
  idle: Readonly<Record<string, unknown>>,
  goes: string,
): void {
  const asked = Object.keys(idle).find((name) => values[name]);
  if (asked) throw new MdlError("usage", `--${asked} goes with ${goes}.`);
}

/** What commands take that measure. */
export const MEASURE_OPTIONS = {
  preset: { type: "string", default: "quick", value: presetNames.join("|"), help: "how long to train" },
  json: { type: "boolean", help: "print the results as JSON on stdout, all else on stderr" },
} as const;

/** Those of `SOURCE_OPTIONS` as loaders want them. */
export function sourceOptions(
  values: { recursive?: boolean; flatten?: boolean; "first-frame"?: boolean },
): Pick<LoadSource, "recursive" | "flatten" | "firstFrame"> {
  const { recursive = false, flatten = false, "first-frame": firstFrame = false } = values;
  return { recursive, flatten, firstFrame };
}

/** `--take N --bytes N --gray --size WxH` as the preprocess stage wants them. */
export function preprocessOptions(
  values: { take?: string; bytes?: string; gray?: boolean; size?: string },
): PreprocessOptions {
  const size = values.size === undefined ? null : /^(\d+)x(\d+)$/.exec(values.size);
  if (values.size !== undefined && !size) {
    throw new MdlError("usage", `--size takes a width and a height such as 32x32, not “${values.size}”.`);
  }
  return {
    ...(values.take === undefined ? {} : { take: wholeNumber("take", values.take, 1) }),
    ...(values.bytes === undefined ? {} : { bytes: wholeNumber("bytes", values.bytes, 1) }),
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
export function changes({ take, bytes, gray, size }: PreprocessOptions): string[] {
  return [
    ...(take === undefined ? [] : [`take${take}`]),
    ...(bytes === undefined ? [] : [`bytes${bytes}`]),
    ...(gray ? ["gray"] : []),
    ...(size ? [`${size.width}x${size.height}`] : []),
  ];
}

/**
 * The images of a data set or a folder, as `loadSource` of the laboratory gives them; what is left out is said on stderr
 * unless there is a log, with options as they are written here.
 */
export async function loadSource(source: string, options: LoadSource): Promise<Dataset> {
  const { log = console.error } = options;
  return await load(source, { ...options, log: (line) => log(inFlags(line)) });
}

/** Data of any kind, as `loadAny` of the laboratory gives them, otherwise as `loadSource` here. */
export async function loadAny(source: string, options: LoadAny): Promise<AnyData> {
  const { log = console.error } = options;
  return await loadData(source, { ...options, log: (line) => log(inFlags(line)) });
}

/** Data of any kind, made what `DATA_OPTIONS` say, and what preprocess was asked for that. */
export async function loadPrepared(source: string, values: Values<typeof DATA_OPTIONS>, context: Context) {
  const wanted = preprocessOptions(values);
  const loaded = await loadAny(source, {
    ...context,
    ...wanted,
    ...sourceOptions(values),
    ...asKind(values),
  });
  assertPixels(source, values.pixels, loaded);
  const preprocess = wholeRows(loaded, wanted, context.log);
  return {
    data: await codecOf<AnyData>(loaded).preprocessing.apply(loaded, preprocess, context),
    preprocess,
  };
}

/** @throws {MdlError} `usage` where the pixels of JPEG files are asked for, and there are none to take */
export function assertPixels(source: string, pixels: boolean | undefined, { modality }: AnyData): void {
  if (!pixels || modality === "image") return;
  const text = `--pixels takes the JPEG files of a folder as images; ${source} is read as ${modality}.`;
  throw new MdlError("usage", text);
}

/** What preprocess is asked of these data: of a table only whole rows of the first `bytes`, which `log` is told. */
export function wholeRows(data: AnyData, wanted: PreprocessOptions, log: Context["log"]): PreprocessOptions {
  const { bytes = Infinity } = wanted, { modality, name, names, symbols } = data;
  const cut = modality === "table" && names.length === 1 && bytes < symbols.length;
  const table = cut ? tableOf(symbols) : undefined;
  if (!table) return wanted;
  const begin = (row: number) => table.starts[row * table.columns]!;
  let rows = table.rows - 1;
  while (rows > 0 && begin(rows) > bytes) rows--;
  if (begin(rows) === bytes) return wanted;
  const first = bytes === 1 ? "the first byte ends" : `the first ${number(bytes)} bytes end`;
  const within = `${name}: ${first} within`;
  if (!rows) {
    log(`${within} the first row, which is cut there`);
    return wanted;
  }
  log(`${within} a row; taken: ${counted(rows, "row")}, ${number(begin(rows))} bytes`);
  return { ...wanted, bytes: begin(rows) };
}

/** `--as KIND` and `--pixels`; nothing where they are left out. */
export function asKind(
  { as, pixels }: { as?: string; pixels?: boolean },
): { readonly as?: Modality; readonly pixels?: boolean } {
  if (as === undefined) return pixels ? { pixels } : {};
  const kind = oneOf("as", as, Object.keys(codecs) as Modality[]);
  if (pixels && kind !== "image") throw new MdlError("usage", `--pixels does not go with --as ${kind}.`);
  return { as: kind };
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
  await assertFile(path);
  return await Deno.readFile(path).catch((cause) => notRead(path, cause));
}

/**
 * The bytes of a program, for what runs it as it is.
 *
 * @throws {MdlError} as `readFile`; `usage` for a program without its weights
 */
export async function readModule(path: string): Promise<Uint8Array> {
  const file = await readFile(path);
  if (!isDetached(file)) return file;
  throw new MdlError(
    "usage",
    `${path} is a program without its weights: only decompress, verify and inspect take it.`,
  );
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
  const { size } = await assertFile(path);
  using file = await Deno.open(path).catch((cause) => notRead(path, cause));
  return await work(file, size);
}

/** Before a file is opened: a pipe may never open, and a device never end. */
async function assertFile(path: string): Promise<Deno.FileInfo> {
  const there = await Deno.stat(path).catch((cause) => notRead(path, cause));
  if (there.isFile) return there;
  throw new MdlError(
    "unreadable",
    `${path} is ${there.isDirectory ? "a folder" : "a device or a pipe"}, not a file.`,
  );
}

function notRead(path: string, cause: unknown): never {
  if (cause instanceof Deno.errors.NotFound) {
    throw new MdlError("not-found", `There is no file ${path}.`, { cause });
  }
  const why = cause instanceof Deno.errors.PermissionDenied ? "may not be read" : "cannot be read";
  throw new MdlError("unreadable", `The file ${path} ${why}.`, { cause });
}
