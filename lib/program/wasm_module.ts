/** The little of WebAssembly's binary format that a program needs: sections, one memory, active data segments. */
import { MdlError } from "../errors.ts";
import { ByteReader, type Bytes, concat, signedVarint, varint } from "./bytes.ts";

/** Magic number and version of every module. */
export const PREAMBLE: readonly number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
export const PAGE = 65536; // bytes

export const CUSTOM = 0, TYPE = 1, MEMORY = 5, DATA = 11;

/** Sections that a decoder may have. Without tables, tags and imports it can reach its one memory and nothing else. */
const DECODER_SECTIONS = new Map([
  [TYPE, "type"],
  [3, "function"],
  [MEMORY, "memory"],
  [6, "global"],
  [7, "export"],
  [10, "code"],
]);

/** What a section is called in an error message. */
const FOREIGN_SECTIONS: Readonly<Record<number, string>> = {
  2: "imports",
  4: "a table",
  8: "a start function",
  9: "table elements",
  12: "a data count",
  13: "exception tags",
};

export interface Section {
  readonly id: number;
  /** Offset of the section's first byte (its id) and of its body. */
  readonly at: number;
  readonly bodyAt: number;
  readonly body: Uint8Array;
}

/** A stretch of memory that the file fills when the module is instantiated. */
export interface DataSegment {
  readonly address: number;
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

/**
 * Refuses what could reach outside the module or take memory other than its own: imports, a start function, tables,
 * exception tags, and types of the garbage-collected heap.
 *
 * @throws {MdlError} `not-a-program`
 */
export function checkDecoder(sections: readonly Section[]): void {
  for (const { id, at, body, bodyAt } of sections) {
    if (!DECODER_SECTIONS.has(id)) {
      const what = FOREIGN_SECTIONS[id] ?? `a section of kind ${id}`;
      throw new MdlError("not-a-program", `The module has ${what} (byte ${at}), which no program has.`);
    }
    if (id === TYPE) checkTypes(body, bodyAt);
  }
}

/** Only functions of numbers and vectors: i32, i64, f32, f64, v128. */
function checkTypes(body: Uint8Array, bodyAt: number): void {
  const reader = new ByteReader(body, "type section");
  for (let count = reader.varint(); count > 0; count--) {
    const form = reader.byte();
    const values = form === 0x60 ? [...reader.take(reader.varint()), ...reader.take(reader.varint())] : [0];
    if (values.some((type) => type < 0x7b || type > 0x7f)) {
      const where = `byte ${bodyAt + reader.at}`;
      throw new MdlError("not-a-program", `The module has types other than functions of numbers (${where}).`);
    }
  }
  reader.close();
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
    throw new MdlError("not-a-program", "The module has no memory of a fixed size, which every program has.");
  }
  return pages * PAGE;
}

/** An active segment of memory 0: flags, `i32.const address`, `end`, length, bytes. */
export function writeDataSegment({ address, bytes }: DataSegment): Bytes {
  return concat([[0, 0x41, ...signedVarint(address), 0x0b], varint(bytes.length), bytes]);
}

/** Reads a segment as `writeDataSegment` writes it. */
export function readDataSegment(reader: ByteReader): DataSegment {
  if (reader.byte() !== 0 || reader.byte() !== 0x41) throw reader.damaged("is no data segment");
  const address = reader.signedVarint();
  if (address < 0 || reader.byte() !== 0x0b) throw reader.damaged("has no valid address");
  return { address, bytes: reader.take(reader.varint()) };
}

/** Joins segments as `writeDataSegment` gives them. */
export function writeDataSection(segments: readonly Uint8Array[]): Bytes {
  return writeSection(DATA, concat([varint(segments.length), ...segments]));
}
