import { MdlError } from "../errors.ts";
import { CONTEXT, FLAG, type Kinds, oneOf, SIZE, TEXT, whole } from "../options.ts";
import type { Context } from "../context.ts";
import type { Progress } from "../progress.ts";

/** More symbols (a byte each) than this are not held in memory, nor compressed in one go. */
export const MOST_SYMBOLS = 200e6;

/** What every loader takes. */
export interface LoadOptions extends Partial<Pick<Context, "signal" | "progress" | "log">> {
  /** Only so many images, or files, the first; all by default. Loaders stop early. */
  readonly take?: number;
  /** Seed of a computed set; 1 by default. */
  readonly seed?: number;
  /** Order of `cifar10`: the training images first (as they are published), or the test images; `train` by default. */
  readonly first?: "train" | "test";
  /** The folder that holds one folder a package; `data/cache` in MDLab's own by default. */
  readonly cache?: string;
}

/** What the options of a folder of images take. */
export const FOLDER: Kinds = {
  ...CONTEXT,
  take: whole(1),
  gray: FLAG,
  size: SIZE,
  flatten: FLAG,
  firstFrame: FLAG,
  recursive: FLAG,
};

/** What all options take; those of preprocess may be among them, which applies them. */
export const LOADING: Kinds = { ...FOLDER, first: oneOf(["train", "test"]), cache: TEXT };

/**
 * Reports progress, and is the place where loading can be stopped.
 *
 * @throws {MdlError} `interrupted` when the signal is aborted.
 */
export function advance(options: LoadOptions, progress: Progress): void {
  if (options.signal?.aborted) {
    throw new MdlError("interrupted", `Stopped by the user while ${progress.label}.`);
  }
  options.progress?.(progress);
}
