/** The little of WebAssembly's binary format that a program needs: sections, one memory, active data segments. */
import { ByteReader, type Bytes, concat, refused, signedVarint, varint } from "./bytes.ts";

/** Magic number and version of every module. */
export const PREAMBLE: readonly number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const PAGE = 65536; // bytes

export const CUSTOM = 0, MEMORY = 5, DATA = 11;

export interface Section {
  readonly id: number;
  /** Offset of the section's first byte (its id) and of its body. */
  readonly at: number;
  readonly bodyAt: number;
  readonly body: Uint8Array;
}

/** A stretch of a program's memory that its file fills. */
export interface Part {
  /** Where it begins, in bytes. */
  readonly address: number;
  /** What stands there. */
  readonly bytes: Uint8Array;
}

export function isModule(bytes: Uint8Array): boolean {
  return PREAMBLE.every((byte, i) => bytes[i] === byte);
}

/** Reads one section. */
export function readSection(reader: ByteReader): Section {
  const at = reader.at, id = reader.byte(), length = reader.varint();
  const bodyAt = reader.at;
  return { id, at, bodyAt, body: reader.take(length) };
}

export function writeSection(id: number, body: ArrayLike<number>): Bytes {
  return concat([[id], varint(body.length), body]);
}

/** A memory section's body: one memory of a fixed size, a multiple of the page. */
export function writeMemory(bytes: number): number[] {
  const pages = varint(Math.ceil(bytes / PAGE));
  return [1, 1, ...pages, ...pages];
}

/**
 * The size in bytes of the one memory that a decoder's sections declare.
 *
 * @throws {MdlError} `not-a-program` when there is not exactly one, of fixed size, neither shared nor of 64 bits.
 */
export function readMemory(sections: readonly Section[]): number {
  const body = sections.find(({ id }) => id === MEMORY)?.body ?? new Uint8Array(1);
  const reader = new ByteReader(body, "memory section");
  const fixed = reader.varint() === 1 && reader.byte() === 1;
  const pages = fixed ? reader.varint() : -1;
  if (!fixed || reader.varint() !== pages || reader.left > 0) {
    throw refused("has no memory of a fixed size, which every program has");
  }
  return pages * PAGE;
}

/** An active segment of memory 0: flags, `i32.const address`, `end`, length; bytes. In pieces, for they may be large. */
export function writeDataSegment({ address, bytes }: Part): Uint8Array[] {
  return [Uint8Array.of(0, 0x41, ...signedVarint(address), 0x0b, ...varint(bytes.length)), bytes];
}

/** Reads a segment as `writeDataSegment` writes it. */
export function readDataSegment(reader: ByteReader): Part {
  if (reader.byte() !== 0 || reader.byte() !== 0x41) throw reader.damaged("is no data segment");
  const address = reader.signedVarint();
  if (address < 0 || reader.byte() !== 0x0b) throw reader.damaged("has no valid address");
  return { address, bytes: reader.take(reader.varint()) };
}

/** The data section of segments, each in pieces, in pieces. */
export function writeDataSection(segments: readonly (readonly Uint8Array[])[]): ArrayLike<number>[] {
  const count = varint(segments.length), pieces = segments.flat();
  const length = pieces.reduce((sum, { length }) => sum + length, count.length);
  return [[DATA, ...varint(length), ...count], ...pieces];
}
