/** The header: the custom section in front of a program that says what it regenerates. README.md lists its bytes. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type ImageGroup, runningNames } from "../data/dataset.ts";
import { MdlError } from "../errors.ts";
import { type ByteReader, type Bytes, concat, varint } from "./bytes.ts";

export const SECTION_NAME = "mdlab";
export const FORMAT_VERSION = 1;

/** Lengths of the checksums in bytes, all of them leading bytes of a SHA-256. */
export const CODE_CHECKSUM = 16, SEGMENT_CHECKSUM = 8, SYMBOLS_CHECKSUM = 32;

/** How the data are coded: as they are, or as a model and then the data under the model. */
export const MODES = ["stored", "two-part"] as const;
/** In which order: pixel after pixel, or scale after scale. */
export const ORDERS = ["raster", "pyramid"] as const;
/** What a segment holds, in the order of the file; one payload for each scale. */
export const SEGMENT_KINDS = ["parameters", "weights", "payload"] as const;

export type Mode = typeof MODES[number];
export type Order = typeof ORDERS[number];
export type SegmentKind = typeof SEGMENT_KINDS[number];

/** How a program came about: data set, seed, preset, versions, preprocessing. A plain JSON object. */
export interface RunRecord {
  /** The data set's name. */
  readonly dataset: string;
  readonly [field: string]: unknown;
}

export interface Header {
  readonly mode: Mode;
  readonly order: Order;
  readonly channels: 1 | 3;
  readonly groups: readonly ImageGroup[];
  /** SHA-256 of the regenerated symbols, lower-case hexadecimal. */
  readonly sha256: string;
  /** Kind and checksum of each data segment. */
  readonly segments: readonly { readonly kind: SegmentKind; readonly checksum: Uint8Array }[];
  /** Deflated JSON. */
  readonly record: Uint8Array;
  /** Deflated names, separated by NUL; empty when they are running numbers. */
  readonly names: Uint8Array;
}

const RECORD_LIMIT = 2 ** 20, NAME_LIMIT = 1024; // bytes inflated, the latter for each image

/** The leading `length` bytes of the SHA-256 of `parts` one after another. */
export function checksum(length: number, ...parts: readonly Uint8Array[]): Bytes {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest().subarray(0, length));
}

export function packRecord(record: RunRecord): Bytes {
  return Uint8Array.from(deflateRawSync(JSON.stringify(record), { level: 9 }));
}

export function packNames(names: readonly string[]): Bytes {
  const running = runningNames(names.length);
  if (names.every((name, i) => name === running[i])) return new Uint8Array();
  return Uint8Array.from(deflateRawSync(names.join("\0"), { level: 9 }));
}

/** @throws {MdlError} `damaged` when it is no JSON object with a data set's name, or over 1 MiB. */
export function unpackRecord(packed: Uint8Array): RunRecord {
  const text = inflate(packed, RECORD_LIMIT, "run record");
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record === "object" && record && "dataset" in record && typeof record.dataset === "string") {
      return record as RunRecord;
    }
  } catch { /* no JSON: as below */ }
  throw new MdlError("damaged", "The program is damaged: its run record does not name a data set.");
}

/** @throws {MdlError} `damaged` when they are not `count` names. */
export function unpackNames(packed: Uint8Array, count: number): string[] {
  if (packed.length === 0) return runningNames(count);
  const names = inflate(packed, NAME_LIMIT * count, "list of names").split("\0");
  if (names.length === count) return names;
  throw new MdlError("damaged", `The program is damaged: it has ${names.length} names for ${count} images.`);
}

function inflate(packed: Uint8Array, limit: number, what: string): string {
  try {
    return new TextDecoder().decode(inflateRawSync(packed, { maxOutputLength: limit }));
  } catch (cause) {
    throw new MdlError("damaged", `The program is damaged: its ${what} cannot be unpacked.`, { cause });
  }
}

/** The header's bytes behind the code checksum. */
export function writeHeader(header: Header): Bytes {
  const { mode, order, channels, groups, sha256, segments, record, names } = header;
  return concat([
    [MODES.indexOf(mode), ORDERS.indexOf(order), channels],
    varint(groups.length),
    ...groups.flatMap(({ count, height, width }) => [count, height, width].map(varint)),
    Buffer.from(sha256, "hex"),
    varint(segments.length),
    ...segments.flatMap(({ kind, checksum }) => [[SEGMENT_KINDS.indexOf(kind)], checksum]),
    varint(record.length),
    record,
    varint(names.length),
    names,
  ]);
}

/** Reads what `writeHeader` writes, to the reader's end. */
export function readHeader(reader: ByteReader): Header {
  const mode = oneOf(MODES, reader, "mode"), order = oneOf(ORDERS, reader, "order");
  const channels = reader.byte();
  if (channels !== 1 && channels !== 3) throw reader.damaged(`has ${channels} channels, not 1 or 3`);
  const groups = list(reader, 3, () => {
    return { count: reader.varint(), height: reader.varint(), width: reader.varint() };
  });
  const sha256 = Buffer.from(reader.take(SYMBOLS_CHECKSUM)).toString("hex");
  const segments = list(reader, 1 + SEGMENT_CHECKSUM, () => {
    return { kind: oneOf(SEGMENT_KINDS, reader, "kind of segment"), checksum: reader.take(SEGMENT_CHECKSUM) };
  });
  const record = reader.take(reader.varint()), names = reader.take(reader.varint());
  reader.close();
  return { mode, order, channels, groups, sha256, segments, record, names };
}

/** A counted list, whose count is checked against the bytes that are left, `least` for each item. */
function list<T>(reader: ByteReader, least: number, item: () => T): T[] {
  const length = reader.varint();
  if (length * least > reader.left) throw reader.damaged(`announces ${length} items, more than it can hold`);
  return Array.from({ length }, item);
}

function oneOf<T>(values: readonly T[], reader: ByteReader, what: string): T {
  const index = reader.byte(), value = values[index];
  if (value === undefined) throw reader.damaged(`has an unknown ${what}, ${index}`);
  return value;
}
