/** What is done to files before they are coded: fewer of them, or fewer of their bytes. */
import type { Context } from "../context.ts";
import { MdlError } from "../errors.ts";
import { checkOptions, type Kinds, whole } from "../options.ts";
import { damaged } from "../program/bytes.ts";
import type { ProgramInfo } from "../program/read.ts";
import { type Files, type FilesModality, filesOf } from "./data.ts";

/** What preprocess takes of files; by default they stay as they are. */
export interface FilePreprocessOptions {
  /** Only so many files, the first. */
  readonly take?: number;
  /** Only so many bytes, the first of all files together. */
  readonly bytes?: number;
}

export const PREPROCESS: Kinds = { take: whole(1), bytes: whole(1) };

/** What the options do, one after another. */
export function steps({ take, bytes }: FilePreprocessOptions): string[] {
  return [
    ...(take === undefined
      ? []
      : [`the first ${take === 1 ? "file" : `${take.toLocaleString("en")} files`}`]),
    ...(bytes === undefined
      ? []
      : [`the first ${bytes === 1 ? "byte" : `${bytes.toLocaleString("en")} bytes`}`]),
  ];
}

/** @throws {MdlError} `interrupted` */
export function transform<M extends FilesModality>(
  files: Files<M>,
  { take = Infinity, bytes = Infinity }: FilePreprocessOptions,
  { signal }: Pick<Context, "signal">,
): Promise<Files<M>> {
  if (signal.aborted) throw new MdlError("interrupted", "Stopped while preprocessing; nothing was written.");
  const lengths: number[] = [];
  let left = bytes;
  for (const length of files.lengths.slice(0, take)) {
    if (lengths.length > 0 && left === 0) break;
    lengths.push(Math.min(length, left));
    left -= lengths.at(-1)!;
  }
  const size = lengths.reduce((sum, length) => sum + length, 0);
  if (size === files.symbols.length && lengths.length === files.lengths.length) return Promise.resolve(files);
  const names = files.names.slice(0, lengths.length);
  return Promise.resolve(filesOf({ ...files, lengths, names, symbols: files.symbols.slice(0, size) }));
}

/** What was lost, in bytes. */
export function describeLoss(before: Files, after: Files): string {
  const share = (100 * after.symbols.length / Math.max(1, before.symbols.length)).toFixed(1);
  return `preprocess: ${before.symbols.length.toLocaleString("en")} → ${
    after.symbols.length.toLocaleString("en")
  } bytes (${share} %)`;
}

/**
 * What a program says that preprocess was asked to do, to repeat it on other files.
 *
 * @throws {MdlError} `damaged` when its run record says anything else
 */
export function preprocessOf({ record }: Pick<ProgramInfo, "record">): FilePreprocessOptions {
  const { preprocess: said = {} } = record;
  try {
    checkOptions("preprocess", said, PREPROCESS);
  } catch (cause) {
    throw damaged("its run record does not say how files were preprocessed", { cause });
  }
  return said as FilePreprocessOptions;
}
