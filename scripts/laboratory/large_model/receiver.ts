/** What a receiver does who has a model's weights, or can fetch them: a program without them becomes whole again. */
import { MdlError } from "../../../lib/errors.ts";
import type { Files } from "../../../lib/files/data.ts";
import { attach, readDetached } from "./detached.ts";
import { type Program, programOf } from "../../../lib/program/program.ts";
import { inParallel } from "./decode.ts";
import { type FetchWeights, SMOLLM2, smollm2 } from "./smollm2.ts";

/**
 * A program with the weights that it needs: those of the models that are known here are fetched. It decodes in Workers
 * side by side.
 *
 * @throws {MdlError} as `readDetached`, `smollm2` and `programOf`; `unsupported` where nobody knows the weights
 */
export async function wholeProgram(file: Uint8Array, options: FetchWeights = {}): Promise<Program<Files>> {
  const detached = readDetached(file);
  if (detached.sha256 === SMOLLM2.memory.sha256) {
    const weights = (await smollm2(options)).memory;
    return inParallel(programOf<Files>(attach(detached, weights)), { weights });
  }
  const text =
    `The program needs weights with the SHA-256 ${detached.sha256}, which this MDLab does not know.`;
  throw new MdlError("unsupported", text);
}
