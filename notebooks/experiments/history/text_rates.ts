/** What general compressors make of a text: measured, each file decoded and compared. */
import { brotli, gzip, xz } from "../../../scripts/laboratory/baselines/stream_codecs.ts";
import type { Codec } from "../../../scripts/laboratory/baselines/codec.ts";
import { MdlError } from "../../../lib/errors.ts";
import { BYTES, checkArguments, contextWith, TEXT } from "../../../lib/options.ts";
import type { Context } from "../../../lib/context.ts";
import type { TextCoding } from "./models.ts";

const CODECS: Readonly<Record<string, Codec>> = { "gzip": gzip, "brotli": brotli, "xz": xz };

/**
 * @param name The text's name, for the source.
 * @throws {MdlError} `mismatch` when a codec does not give the text back; `interrupted`
 */
export async function textRates(
  name: string,
  text: Uint8Array,
  context: Pick<Context, "progress" | "signal">,
): Promise<readonly TextCoding[]> {
  checkArguments("textRates", { name, text, context }, {
    name: TEXT,
    text: BYTES,
    context: contextWith("signal", "progress"),
  });
  const { progress, signal } = context;
  const codings: TextCoding[] = [], total = Object.keys(CODECS).length;
  for (const [codec, { settings, version, decode }] of Object.entries(CODECS)) {
    if (signal.aborted) throw new MdlError("interrupted", "Stopped while compressing text.");
    progress({ label: "compressing text", done: codings.length, total, unit: "codecs", note: codec });
    const setting = settings[0]!;
    const picture = { width: text.length, height: 1, channels: 1 as const, pixels: text };
    const file = await setting.encode(picture), decoded = await decode(file, 1);
    if (decoded.length !== text.length || decoded.some((byte, i) => byte !== text[i])) {
      throw new MdlError("mismatch", `${codec} ${setting.label} did not give the text back.`);
    }
    codings.push({
      name: `${codec} ${setting.label}`,
      bytes: file.length,
      of: text.length,
      source: `measured on ${name}; ${await version()}`,
    });
  }
  progress({ label: "compressing text", done: total, total, unit: "codecs" });
  return codings;
}
