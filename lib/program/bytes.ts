/** Whole numbers as LEB128 (7 bits a byte, low bits first), and a reader that never runs past its end. */
import { counted } from "../counted.ts";
import { MdlError } from "../errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

/** What is thrown of a program that is not as it should be: what is wrong with it. */
export function damaged(what: string, options?: ErrorOptions): MdlError {
  return new MdlError("damaged", `The program is damaged: ${what}.`, options);
}

/** What is thrown of a module that no program has: what it does or has. */
export function refused(what: string): MdlError {
  return new MdlError("not-a-program", `The module ${what}.`);
}

/** Unsigned LEB128 of a whole number in [0, 2³²), in its shortest form. */
export function varint(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push(value % 128 + 128);
  return [...out, value];
}

/** Signed LEB128 of an i32 in its shortest form: bit 6 of the last byte is the sign. */
export function signedVarint(value: number): number[] {
  const out: number[] = [];
  for (; value < -64 || value > 63; value >>= 7) out.push((value & 127) | 128);
  return [...out, value & 127];
}

export function concat(parts: readonly ArrayLike<number>[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * A cursor on a stretch of a file. Every read checks that its bytes are there before it takes them, so whatever a file
 * says about itself, a read allocates nothing and ends in a value or in an `MdlError` with code `damaged`.
 */
export class ByteReader {
  /** `at` and `end` are offsets in `bytes`; `part` is what errors call the stretch, e.g. "header". */
  constructor(
    readonly bytes: Uint8Array,
    readonly part: string,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    if (length > this.left) {
      throw this.damaged(`needs ${length} more bytes and has ${this.left}`);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Unsigned LEB128 below 2³²; only the shortest form counts, so that a number has one spelling. */
  varint(): number {
    const start = this.at;
    let value = 0, scale = 1, byte: number;
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128 && this.at - start < 5);
    if (byte >= 128 || value >= 2 ** 32 || (byte === 0 && this.at - start > 1)) {
      throw this.damaged("holds a malformed number", start);
    }
    return value;
  }

  /** Signed LEB128 of an i32, in its shortest form. */
  signedVarint(): number {
    const start = this.at;
    while (this.byte() >= 128 && this.at - start < 5);
    const spelled = this.bytes.subarray(start, this.at);
    let value = spelled.reduce((sum, byte, i) => sum | ((byte & 127) << (7 * i)), 0);
    if (spelled.length < 5) value = value << (32 - 7 * spelled.length) >> (32 - 7 * spelled.length);
    if (signedVarint(value).join() !== spelled.join()) throw this.damaged("holds a malformed number", start);
    return value;
  }

  /** One of some values, by its number in a byte. */
  oneOf<T>(values: readonly T[], what: string): T {
    const index = this.byte(), value = values[index];
    if (value === undefined) throw this.damaged(`has an unknown ${what}, ${index}`);
    return value;
  }

  /**
   * A counted list.
   *
   * @throws {MdlError} `too-large` for more than `most` items, before anything is made for them
   */
  list<T>(what: string, most: number, item: (i: number) => T): T[] {
    const length = this.varint();
    if (length <= most) return Array.from({ length }, (_, i) => item(i));
    throw new MdlError("too-large", `The program announces ${length} ${what}; allowed are ${most}.`);
  }

  /** A reader of the next `length` bytes, which this one skips. */
  stretch(length: number, part: string): ByteReader {
    this.take(length);
    return new ByteReader(this.bytes, part, this.at - length, this.at);
  }

  /** @throws {MdlError} `damaged` when bytes are left over. */
  close(): void {
    if (this.left > 0) {
      throw this.damaged(`is followed by ${counted(this.left, "byte")} too many`);
    }
  }

  damaged(what: string, at = this.at): MdlError {
    return damaged(`its ${this.part} ${what} (byte ${at})`);
  }
}
