/**
 * Reads GGUF files (version 3) as far as models of the Llama architecture need it: metadata, and tensors of F32, Q8_0 and
 * Q4_1. Whatever else is in a file is refused.
 */
import { MdlError } from "../../../lib/errors.ts";

/** A value of the metadata. */
export type Value = number | bigint | boolean | string | readonly Value[];

/** A tensor: its rows follow one another. */
export interface Tensor {
  readonly rows: number;
  readonly columns: number;
  readonly type: keyof typeof TYPES;
  readonly bytes: Uint8Array;
}

export interface Gguf {
  readonly metadata: ReadonlyMap<string, Value>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Kinds of numbers: places that a block has, its bytes, its number in the format. */
const TYPES = {
  F32: { places: 1, bytes: 4, id: 0 },
  Q4_1: { places: 32, bytes: 20, id: 3 },
  Q8_0: { places: 32, bytes: 34, id: 8 },
} as const;

const MAGIC = 0x46554747;

/** Most entries of any list, and most bytes of a text. */
const MOST = 2 ** 20;

/** @throws {MdlError} `unreadable` for anything else */
export function readGguf(file: Uint8Array): Gguf {
  const reader = new Reader(file);
  if (reader.u32() !== MAGIC || reader.u32() !== 3) {
    throw unreadable("it does not begin as GGUF version 3 does");
  }
  const tensorCount = reader.count(), entries = reader.count();
  const metadata = new Map<string, Value>();
  for (let i = 0; i < entries; i++) metadata.set(reader.text(), reader.value(reader.u32()));
  const listed = Array.from({ length: tensorCount }, () => {
    const name = reader.text(), shape = Array.from({ length: reader.u32() }, () => reader.count(2 ** 31));
    return { name, shape, type: reader.u32(), offset: reader.count(Number.MAX_SAFE_INTEGER) };
  });
  const alignment = Number(metadata.get("general.alignment") ?? 32);
  const start = Math.ceil(reader.at / alignment) * alignment, tensors = new Map<string, Tensor>();
  for (const { name, shape, type: id, offset } of listed) {
    const [columns = 0, rows = 1] = shape;
    const type = (Object.keys(TYPES) as Tensor["type"][]).find((name) => TYPES[name].id === id);
    if (!type || shape.length > 2) throw unreadable(`its tensor ${name} is of a kind that is not read here`);
    const { places, bytes } = TYPES[type], length = columns / places * rows * bytes;
    if (columns % places || start + offset + length > file.length) {
      throw unreadable(`its tensor ${name} is not all there`);
    }
    tensors.set(name, { rows, columns, type, bytes: file.subarray(start + offset, start + offset + length) });
  }
  return { metadata, tensors };
}

/** Writes the numbers of a tensor's row. */
export function readRow({ columns, type, bytes }: Tensor, row: number, to: Float64Array): void {
  const { places, bytes: size } = TYPES[type], blocks = columns / places;
  let at = row * blocks * size;
  if (type === "F32") {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, blocks * size);
    for (let i = 0; i < columns; i++) to[i] = view.getFloat32(4 * i, true);
    return;
  }
  for (let first = 0; first < columns; first += 32, at += size) {
    const step = half(bytes[at]! | bytes[at + 1]! << 8);
    if (type === "Q8_0") {
      for (let i = 0; i < 32; i++) to[first + i] = step * (bytes[at + 2 + i]! << 24 >> 24);
    } else {
      const least = half(bytes[at + 2]! | bytes[at + 3]! << 8);
      for (let i = 0; i < 16; i++) {
        const two = bytes[at + 4 + i]!;
        to[first + i] = step * (two & 15) + least;
        to[first + 16 + i] = step * (two >> 4) + least;
      }
    }
  }
}

/** A number of 16 bits: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  return HALVES[bits]!;
}

/** All of them; what is none, or infinite, counts as 0. */
const HALVES = Float64Array.from({ length: 2 ** 16 }, (_, bits) => {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023, sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return 0;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
});

class Reader {
  at = 0;
  readonly #view: DataView;

  constructor(readonly file: Uint8Array) {
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  #take(bytes: number): number {
    const from = this.at;
    this.at += bytes;
    if (this.at > this.file.length) throw unreadable("it ends early");
    return from;
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
  count(most = MOST): number {
    const count = Number(this.#view.getBigUint64(this.#take(8), true));
    if (count > most) throw unreadable(`it announces ${count} of something`);
    return count;
  }
  text(): string {
    const length = this.count(), from = this.#take(length);
    return new TextDecoder().decode(this.file.subarray(from, from + length));
  }
  value(type: number): Value {
    const read: Readonly<Record<number, () => Value>> = {
      0: () => this.#view.getUint8(this.#take(1)),
      1: () => this.#view.getInt8(this.#take(1)),
      2: () => this.#view.getUint16(this.#take(2), true),
      3: () => this.#view.getInt16(this.#take(2), true),
      4: () => this.u32(),
      5: () => this.#view.getInt32(this.#take(4), true),
      6: () => this.#view.getFloat32(this.#take(4), true),
      7: () => this.#view.getUint8(this.#take(1)) !== 0,
      8: () => this.text(),
      9: () => {
        const of = this.u32();
        if (of === 9) throw unreadable("it has lists of lists");
        return Array.from({ length: this.count() }, () => this.value(of));
      },
      10: () => this.#view.getBigUint64(this.#take(8), true),
      11: () => this.#view.getBigInt64(this.#take(8), true),
      12: () => this.#view.getFloat64(this.#take(8), true),
    };
    const found = read[type];
    if (!found) throw unreadable(`it has a value of the unknown kind ${type}`);
    return found();
  }
}

function unreadable(why: string): MdlError {
  return new MdlError("unreadable", `The file of a model cannot be read: ${why}.`);
}
