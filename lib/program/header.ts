/** The header: the custom section in front of a program that says what it regenerates. README.md lists its bytes. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Dataset, type ImageGroup, runningNames } from "../image/dataset.ts";
import { MdlError } from "../errors.ts";
import { type ByteReader, type Bytes, concat, varint } from "./bytes.ts";

export const SECTION_NAME = "mdlab";
export const FORMAT_VERSION = 1;

/** Lengths of the checksums in bytes, all of them leading bytes of a SHA-256. */
export const CODE_CHECKSUM = 16, SEGMENT_CHECKSUM = 8, SYMBOLS_CHECKSUM = 32;

/** How the data are coded: as they are, or as a model and then the data under the model. */
export type Mode = "stored" | "two-part";
/** In which order: pixel after pixel, or scale after scale. */
export type Order = "raster" | "pyramid";
/** What a segment holds; one payload for each scale. */
export type SegmentKind = "parameters" | "weights" | "payload";

/** By their numbers in the file, segments in its order. */
export const MODES: readonly Mode[] = ["stored", "two-part"];
export const ORDERS: readonly Order[] = ["raster", "pyramid"];
export const SEGMENT_KINDS: readonly SegmentKind[] = ["parameters", "weights", "payload"];

/** How a program came about: data set, seed, preset, versions, preprocessing. A plain JSON object. */
export interface RunRecord {
  /** The data set's name. */
  readonly dataset: string;
  /** All else. */
  readonly [field: string]: unknown;
}

/** What a program says of itself. */
export interface Header {
  /** Data by a model and what it leaves open, or stored. */
  readonly mode: Mode;
  /** In which an image is coded. */
  readonly order: Order;
  /** 1 gray, 3 colour. */
  readonly channels: 1 | 3;
  /** Sizes of the images. */
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

/** What a header may hold; `checkHeader` says so to the encoder before it works, and the reader takes no more. */
export const HEADER_LIMITS = {
  groups: 2 ** 16,
  /** Payloads; the coarsest of so many scales shows every 32,768th pixel. */
  scales: 16,
  /** Groups times scales. A pyramid's smallest side doubles with every scale, so fewer images fit: none of ours has more. */
  sizes: 2 ** 18,
  /** Bytes of the run record, inflated. */
  record: 2 ** 16,
  /** Objects within objects in it. */
  depth: 16,
  /** Bytes of a name, that of the data set included. */
  name: 1024,
  /** Bytes of all names, inflated. */
  names: 2 ** 24,
} as const;

/** The leading `length` bytes of the SHA-256 of `parts` one after another. */
export function checksum(length: number, ...parts: readonly Uint8Array[]): Bytes {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest().subarray(0, length));
}

/**
 * Tests that a header can hold the sizes and names of a set.
 *
 * @throws {MdlError} `too-large` when it cannot; `usage` when a name holds a NUL
 */
export function checkHeader({ groups, names }: Pick<Dataset, "groups" | "names">): void {
  const { name, names: all, groups: most } = HEADER_LIMITS;
  const lengths = names.map((text) => Buffer.byteLength(text));
  const refuse = (what: string) => {
    throw new MdlError("too-large", `A program cannot hold ${what}.`);
  };
  if (groups.length > most) {
    refuse(`images that change their size more than ${most} times: order them by size, or resize them`);
  }
  if (lengths.some((length) => length > name)) refuse(`a name of more than ${name} bytes`);
  if (lengths.reduce((sum, length) => sum + length + 1, 0) > all) refuse(`more than ${all} bytes of names`);
  if (names.some((text) => text.includes("\0"))) {
    throw new MdlError("usage", "A name of an image holds a NUL.");
  }
}

/** @throws {MdlError} `too-large` for a record that no reader takes */
export function packRecord(record: RunRecord): Bytes {
  const text = JSON.stringify(record), { record: most, depth, name } = HEADER_LIMITS;
  if (
    Buffer.byteLength(text) <= most && !deeper(record, depth) && Buffer.byteLength(record.dataset) <= name
  ) {
    return Uint8Array.from(deflateRawSync(text, { level: 9 }));
  }
  throw new MdlError(
    "too-large",
    `The run record of ${
      record.dataset.slice(0, 80)
    } is more than a program holds: ${most} bytes, ${depth} levels ` +
      `of objects, and ${name} bytes of the set's name.`,
  );
}

export function packNames(names: readonly string[]): Bytes {
  const running = runningNames(names.length);
  if (names.every((name, i) => name === running[i])) return new Uint8Array();
  return Uint8Array.from(deflateRawSync(names.join("\0"), { level: 9 }));
}

/** @throws {MdlError} `damaged` when it is no JSON object with a data set's name, or over `HEADER_LIMITS`. */
export function unpackRecord(packed: Uint8Array): RunRecord {
  const text = inflate(packed, HEADER_LIMITS.record, "run record").toString();
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch { /* no JSON: as below */ }
  if (deeper(record, HEADER_LIMITS.depth)) {
    throw new MdlError(
      "damaged",
      "The program is damaged: its run record has too many objects within objects.",
    );
  }
  if (typeof record === "object" && record && "dataset" in record && typeof record.dataset === "string") {
    if (Buffer.byteLength(record.dataset) <= HEADER_LIMITS.name) return record as RunRecord;
  }
  throw new MdlError("damaged", "The program is damaged: its run record does not name a data set.");
}

/** Whether there are objects within objects on more than so many levels. */
function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeper(inner, levels - 1));
}

/** Bytes of names that are decoded at once. */
const PIECE = 2 ** 16;

/** @throws {MdlError} `damaged` when they are not `count` names, or over `HEADER_LIMITS`. */
export function unpackNames(packed: Uint8Array, count: number): string[] {
  const { name, names: all } = HEADER_LIMITS;
  const bytes = inflate(packed, Math.min(all, (name + 1) * count), "list of names");
  let found = 1, longest = 0;
  for (let at = 0, begin = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0) continue;
    longest = Math.max(longest, at - begin);
    begin = at + 1;
    if (at < bytes.length) found++;
  }
  if (found !== count) {
    throw new MdlError("damaged", `The program is damaged: it has ${found} names for ${count} images.`);
  }
  if (longest > name) {
    throw new MdlError(
      "damaged",
      `The program is damaged: a name of ${longest} bytes is in it, and ${name} are allowed.`,
    );
  }
  const names: string[] = [];
  for (let at = 0; at <= bytes.length;) {
    const end = at + PIECE < bytes.length ? bytes.lastIndexOf(0, at + PIECE) : bytes.length;
    for (const text of bytes.toString("utf8", at, end).split("\0")) names.push(text);
    at = end + 1;
  }
  return names;
}

function inflate(packed: Uint8Array, limit: number, what: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
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
  const groups = list(reader, "groups", HEADER_LIMITS.groups, () => {
    return { count: reader.varint(), height: reader.varint(), width: reader.varint() };
  });
  const sha256 = Buffer.from(reader.take(SYMBOLS_CHECKSUM)).toString("hex");
  const segments = list(reader, "segments", 2 + HEADER_LIMITS.scales, () => {
    return { kind: oneOf(SEGMENT_KINDS, reader, "kind of segment"), checksum: reader.take(SEGMENT_CHECKSUM) };
  });
  const scales = segments.filter(({ kind }) => kind === "payload").length;
  if (groups.length * scales > HEADER_LIMITS.sizes) {
    const text =
      `The program announces ${groups.length} groups of images in ${scales} scales: too many sizes.`;
    throw new MdlError("too-large", text);
  }
  const record = reader.take(reader.varint()), names = reader.take(reader.varint());
  reader.close();
  return { mode, order, channels, groups, sha256, segments, record, names };
}

/** A counted list of at most so many items. */
function list<T>(reader: ByteReader, what: string, most: number, item: () => T): T[] {
  const length = reader.varint();
  if (length <= most) return Array.from({ length }, item);
  throw new MdlError("too-large", `The program announces ${length} ${what}; allowed are ${most}.`);
}

function oneOf<T>(values: readonly T[], reader: ByteReader, what: string): T {
  const index = reader.byte(), value = values[index];
  if (value === undefined) throw reader.damaged(`has an unknown ${what}, ${index}`);
  return value;
}
