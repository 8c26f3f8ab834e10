/** Programs from their files' bytes, as tests want them: whatever is wrong rejects, and limits hold for reading, too. */
import type { AnyData, DefaultData } from "../lib/codecs.ts";
import { programOf } from "../lib/program/program.ts";
import type { DecodeOptions, DrawOptions } from "../lib/program/sandbox.ts";

// deno-lint-ignore require-await
export async function decodeProgram<D extends AnyData = DefaultData>(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<D> {
  return programOf<D>(bytes, {}, options.limits && { limits: options.limits }).decode(options);
}

// deno-lint-ignore require-await
export async function generateImages(
  bytes: Uint8Array,
  count: number,
  seed: number,
  options: DrawOptions = {},
): Promise<DefaultData> {
  return programOf(bytes, {}, options.limits && { limits: options.limits }).generate(count, seed, options);
}
