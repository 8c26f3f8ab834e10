/** What a text costs together with the weights that predict it: an estimate of its two-part code. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { MdlError } from "../../../lib/errors.ts";
import type { LanguageSpec } from "./spec.ts";
import { measureNumbers } from "./train.ts";
import type { Numbers } from "./weights.ts";

export interface TwoPart {
  /** Bytes of the rounded weights as brotli makes them, decoded and compared; with one scale a tensor. */
  readonly weightBytes: number;
  /** Bits a character under the rounded weights: a cross-entropy, not a file. */
  readonly bits: number;
}

const LARGEST = 127; // of the whole numbers that weights are rounded to

/** Rounds the weights of each tensor to whole multiples of a 127th of its largest, and measures again. */
export async function twoPart(
  spec: LanguageSpec,
  numbers: Numbers,
  text: Uint8Array,
  length: number,
): Promise<TwoPart> {
  const scales = Object.values(numbers).map((values) =>
    Math.fround(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / LARGEST) || 1
  );
  const whole = Object.values(numbers).map((values, i) =>
    Int8Array.from(values, (v) => Math.round(v / scales[i]!))
  );
  const bytes = new Uint8Array(whole.flatMap((values) => [...new Uint8Array(values.buffer)]));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const file = brotliCompressSync(bytes, { params });
  const back = new Int8Array(new Uint8Array(brotliDecompressSync(file)).buffer);
  let at = 0;
  const rounded = Object.fromEntries(
    Object.keys(numbers).map((name, i) => {
      const own = back.subarray(at, at += whole[i]!.length);
      if (!own.every((v, n) => v === whole[i]![n])) {
        throw new MdlError("mismatch", `The weights ${name} do not come back.`);
      }
      return [name, Float32Array.from(own, (v) => v * scales[i]!)];
    }),
  );
  const bits = await measureNumbers(spec, rounded, text, length);
  return { weightBytes: file.length + 4 * scales.length, bits };
}
