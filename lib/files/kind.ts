/** What kind of data a file looks like. */
import { readWav } from "../audio/wav.ts";
import { isJpeg } from "../jpeg/segments.ts";
import { tableOf } from "../table/csv.ts";
import type { FilesModality } from "./data.ts";

/** The kinds, the most special first. */
export const FILES_KINDS: readonly FilesModality[] = ["audio", "jpeg", "table", "text", "bytes"];

/** Share of the bytes that may be other than printable in a text of an old encoding. */
const ODD = 0.02;

/** What names of tables end in. */
const TABLE = /\.[ct]sv$/i;

/**
 * Sound where it is a WAV file; JPEG where it begins so; a table where it is CSV by its name and by its structure; text
 * where the bytes are UTF-8 without NUL, or nearly all printable; else bytes.
 */
export function kindOf(name: string, bytes: Uint8Array): FilesModality {
  if (readWav(bytes)) return "audio";
  if (isJpeg(bytes)) return "jpeg";
  if (TABLE.test(name) && tableOf(bytes)) return "table";
  if (bytes.includes(0)) return "bytes";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "text";
  } catch {
    let odd = 0;
    for (const byte of bytes) if (byte >= 128 || byte < 9 || (byte > 13 && byte < 32)) odd++;
    return odd <= ODD * bytes.length ? "text" : "bytes";
  }
}
