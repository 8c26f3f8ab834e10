/** A source made alike to what a program holds, so that its model can be asked about other images. */
import type { Dataset } from "../lib/image/dataset.ts";
import { MOST_SYMBOLS } from "../lib/sources/loading.ts";
import { readShape } from "../lib/image/shape.ts";
import type { ProgramInfo } from "../lib/program/read.ts";
import { type ImagePreprocessOptions, preprocessOf, transformInPieces } from "../lib/image/transform.ts";
import { type LoadSource, loadSource } from "./command.ts";

/** Images that are taken of a source, at most; fewer where they are large. */
const MOST = 1000;

/**
 * Loads a data set or folder, preprocessed as the program's run record says: in its channels, and in the size of its
 * first group of images, which is the size that it draws.
 *
 * @throws {MdlError} as `preprocessOf` and `loadSource`
 */
export async function likeProgram(
  source: string,
  info: ProgramInfo,
  options: Pick<LoadSource, "signal" | "progress" | "recursive" | "flatten" | "firstFrame">,
): Promise<Dataset> {
  const { channels, groups } = readShape(info), { height, width } = groups[0]!;
  const fitting = Math.floor(MOST_SYMBOLS / (height * width * channels));
  const wanted: ImagePreprocessOptions = {
    ...preprocessOf(info),
    take: Math.min(MOST, fitting),
    size: { width, height },
    ...(channels === 1 ? { gray: true } : {}),
  };
  return await transformInPieces(await loadSource(source, { ...wanted, ...options }), wanted, options);
}
