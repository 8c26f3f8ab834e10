/** Of node:buffer what the program format's reader uses, for a browser. */

const encoder = new TextEncoder();

/** Bytes that read as text, as Node's do: ill-formed UTF-8 becomes U+FFFD, and a byte-order mark stays. */
export class Octets extends Uint8Array<ArrayBuffer> {
  override toString(encoding: "utf8" | "hex" = "utf8", from = 0, to = this.length): string {
    const part = new Uint8Array(this.buffer, this.byteOffset + from, to - from);
    if (encoding === "hex") return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(part);
  }
}

export const Buffer = {
  byteLength: (text: string): number => encoder.encode(text).length,
  /** A copy of bytes, or the bytes that a text spells in hexadecimal digits. */
  from(source: Uint8Array | string, _encoding?: "hex"): Octets {
    if (typeof source !== "string") return Octets.from(source) as Octets;
    return Octets.from(source.match(/../g) ?? [], (digits) => parseInt(digits, 16)) as Octets;
  },
};
