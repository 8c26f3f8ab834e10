/** A source made alike to what a program holds, so that its model can be asked about other images. */
import type { Dataset } from "../lib/data/dataset.ts";
import type { ProgramInfo } from "../lib/program/read.ts";
import { type PreprocessOptions, transform } from "../lib/stages/preprocess.ts";
import { type LoadSource, loadSource } from "./command.ts";

/** Images that are taken of a source, at most. */
const MOST = 1000;

/**
 * Loads a data set or folder, preprocessed as the program's run record says: in its channels, and in the size of its
 * first group of images, which is the size that it draws.
 */
export async function likeProgram(
  source: string,
  { channels, groups, record }: ProgramInfo,
  options: Pick<LoadSource, "signal" | "progress" | "recursive" | "flatten" | "firstFrame">,
): Promise<Dataset> {
  const { height, width } = groups[0]!;
  const wanted: PreprocessOptions = {
    ...record.preprocess as PreprocessOptions | undefined,
    ...{ take: MOST, size: { width, height }, ...(channels === 1 ? { gray: true } : {}) },
  };
  return transform(await loadSource(source, { ...wanted, ...options }), wanted);
}
