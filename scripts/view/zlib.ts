/** Of node:zlib what the program format's reader uses, for a browser: inflating within a limit. */
import { Inflate } from "fflate";
import { Octets } from "./buffer.ts";

/** Bytes that are inflated at once: they cannot give more than 1,032 times as many. */
const PIECE = 512;

/** @throws {Error} for what is no deflated data, ends early, or gives more than `maxOutputLength` bytes */
export function inflateRawSync(
  packed: Uint8Array,
  { maxOutputLength }: { readonly maxOutputLength: number },
): Octets {
  const parts: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((part) => {
    length += part.length;
    if (length > maxOutputLength) throw new RangeError(`more than ${maxOutputLength} bytes`);
    parts.push(part);
  });
  let at = 0;
  do {
    inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
    at += PIECE;
  } while (at < packed.length);
  const whole = new Octets(new ArrayBuffer(length));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** Nothing here writes programs. */
export function deflateRawSync(): never {
  throw new TypeError("A page that shows programs writes none.");
}
