/** What compressors of bytes make of a text, alone and after another text that they have seen. */
import { MdlError } from "../../../lib/errors.ts";
import { BYTES, checkArguments } from "../../../lib/options.ts";
import { equal } from "../../../lib/program/bytes.ts";
import type { Codec } from "./codec.ts";
import { brotli, gzip, xz, zstd } from "./stream_codecs.ts";

const CODECS: Readonly<Record<string, Codec>> = { gzip, zstd, brotli, xz };

/** Bytes of a text under one codec. */
export interface TextCoding {
  /** Its name. */
  readonly codec: string;
  /** As its own command line names it. */
  readonly setting: string;
  /** The file of the text alone. */
  readonly alone: number;
  /** How much longer the file of both texts is than the file of the first; its decoder has to have the first. */
  readonly after: number;
}

/**
 * Compresses a text by each codec's strongest setting (bytes in UTF-8), decodes every file and compares. gzip sees
 * only 32 KiB back, whatever came before.
 *
 * @param before Another text, which may be empty.
 * @throws {MdlError} `mismatch` where a codec does not give the text back
 *
 * @example
 * ```ts
 * import * as lab from "@mdlab/mdlab/laboratory";
 * import { assert } from "@std/assert";
 *
 * const text = new TextEncoder().encode("the same again, ".repeat(50));
 * const [gzip] = await lab.measureTextCodecs(text, text);
 * assert(gzip!.alone < 100 && gzip!.after < gzip!.alone);
 * ```
 */
export async function measureTextCodecs(text: Uint8Array, before: Uint8Array): Promise<TextCoding[]> {
  checkArguments("measureTextCodecs", { text, before }, { text: BYTES, before: BYTES });
  const both = new Uint8Array([...before, ...text]), codings: TextCoding[] = [];
  for (const [codec, { settings, decode }] of Object.entries(CODECS)) {
    const bytes = async (pixels: Uint8Array, { encode }: Codec["settings"][number]) => {
      const file = await encode({ pixels, height: 1, width: pixels.length, channels: 1 });
      const back = await decode(file, 1);
      if (equal(back, pixels)) return file.length;
      throw new MdlError("mismatch", `${codec} does not give the text back.`);
    };
    const alone: number[] = []; // one at a time: two of xz do not fit in its memory
    for (const setting of settings) alone.push(await bytes(text, setting));
    const best = settings[alone.indexOf(Math.min(...alone))]!;
    const after = await bytes(both, best) - await bytes(before, best);
    codings.push({ codec, setting: best.label, alone: Math.min(...alone), after });
  }
  return codings;
}
