/** The header: the custom section in front of a program that says what it regenerates. README.md lists its bytes. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type ItemGroup, runningNames } from "../items.ts";
import { MdlError } from "../errors.ts";
import { type ByteReader, type Bytes, concat, damaged, varint } from "./bytes.ts";
import { deflated, inflated, RECORDS } from "./deflate.ts";
import { restored, shortened } from "./names.ts";

export const SECTION_NAME = "mdlab";
export const FORMAT_VERSION = 3;

/** Format 1 had images only; it and format 2, whose records have no dictionary, are still read. */
export const EARLIEST_VERSION = 1;

/** A kind of data. */
export type Modality = "image" | "text" | "bytes" | "audio" | "table" | "jpeg";
/**
 * How the data are coded: as they are; as a model, and then the data under the model; or under a model that learns from
 * what is decoded already.
 */
export type Mode = "stored" | "two-part" | "prequential";
/** In which order: symbol after symbol, or scale after scale, with a payload for each. */
export type Order = "raster" | "pyramid";
/** What a segment holds. */
export type SegmentKind = "parameters" | "weights" | "payload";

/** Kinds of data by their number in the header: new ones are appended. */
export const MODALITIES: readonly Modality[] = ["image", "text", "bytes", "audio", "table", "jpeg"];

/** Lengths of the checksums in bytes, all of them leading bytes of a SHA-256. */
export const CODE_CHECKSUM = 16, SEGMENT_CHECKSUM = 8, SYMBOLS_CHECKSUM = 32;

/** Modes and orders by their number in the header. */
const MODES: readonly Mode[] = ["stored", "two-part", "prequential"];
export const ORDERS: readonly Order[] = ["raster", "pyramid"];
/** Segments in the order of the file; one payload for each scale. */
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
  /** What kind of data the program gives. */
  readonly modality: Modality;
  /** How they are coded. */
  readonly mode: Mode;
  /** In which order an item is coded. */
  readonly order: Order;
  /** How many items the program gives, and how long each is. */
  readonly items: readonly ItemGroup[];
  /** What the kind of data says of them besides. */
  readonly shape: Uint8Array;
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
const HEADER_LIMITS = {
  groups: 2 ** 16,
  /** Bytes of the shape. */
  shape: 2 ** 20,
  /** Payloads; the coarsest of so many scales of a picture shows every 32,768th pixel. */
  scales: 16,
  /** Groups times scales. The smallest item grows with every scale, so fewer of them fit: none of ours has more. */
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
 * Tests that a header can hold the lengths and names of data, and the record: to be told before long work, not after.
 *
 * @throws {MdlError} `too-large` when it cannot; `usage` when a name holds a NUL, or is no well-formed text
 */
export function checkHeader(items: readonly ItemGroup[], names: readonly string[], record: RunRecord): void {
  const { name, names: all, groups: most, record: longest, depth } = HEADER_LIMITS;
  const lengths = names.map((text) => Buffer.byteLength(text));
  const refuse = (what: string) => {
    throw new MdlError("too-large", `A program cannot hold ${what}.`);
  };
  if (items.length > most) {
    refuse(`data that change their size more than ${most} times: order them by size`);
  }
  if (lengths.some((length) => length > name)) refuse(`a name of more than ${name} bytes`);
  if (lengths.reduce((sum, length) => sum + length + 1, 0) > all) refuse(`more than ${all} bytes of names`);
  if (!names.every((text) => text.isWellFormed())) {
    throw new MdlError("usage", "A name is no text: it holds half a character.");
  }
  if (names.some((text) => text.includes("\0"))) throw new MdlError("usage", "A name holds a NUL.");
  const { dataset } = record, bytes = Buffer.byteLength(JSON.stringify(record));
  if (bytes <= longest && !deeper(record, depth) && Buffer.byteLength(dataset) <= name) return;
  const limits = `${longest} bytes, ${depth} levels of objects, and ${name} bytes of the set's name`;
  const text = `The run record of ${dataset.slice(0, 80)} is more than a program holds: ${limits}.`;
  throw new MdlError("too-large", text);
}

/** A header from what is to be said: its bytes behind the code checksum. Throws as `checkHeader`. */
export function packHeader(
  { record, names, ...fields }: Omit<Header, "record" | "names"> & {
    readonly record: RunRecord;
    readonly names: readonly string[];
  },
): Bytes {
  checkHeader(fields.items, names, record);
  const running = runningNames(names.length), isRunning = names.every((name, i) => name === running[i]);
  return writeHeader({
    ...fields,
    record: deflated(JSON.stringify(record), RECORDS),
    names: isRunning ? new Uint8Array() : packNames(names),
  });
}

/** In front of names that were shortened before they were deflated: no deflated data begin so. */
const SHORTENED = 6;

function packNames(names: readonly string[]): Bytes {
  const plain = deflated(names.join("\0"));
  const short = concat([[SHORTENED], deflated(shortened(names).join("\0"))]);
  return short.length < plain.length ? short : plain;
}

/** @throws {MdlError} `damaged` when it is no JSON object with a data set's name, or over `HEADER_LIMITS`. */
export function unpackRecord(packed: Uint8Array): RunRecord {
  const text = inflate(packed, HEADER_LIMITS.record, "run record", RECORDS).toString();
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch { /* no JSON: as below */ }
  if (deeper(record, HEADER_LIMITS.depth)) {
    throw damaged("its run record has too many objects within objects");
  }
  if (typeof record === "object" && record && "dataset" in record && typeof record.dataset === "string") {
    if (Buffer.byteLength(record.dataset) <= HEADER_LIMITS.name) return record as RunRecord;
  }
  throw damaged("its run record does not name a data set");
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
  if (packed[0] !== SHORTENED) return listOf(packed, count);
  const names = restored(listOf(packed.subarray(1), count, 1), HEADER_LIMITS);
  if (names) return names;
  throw damaged("its names are not as names are shortened");
}

/** The texts of a deflated list; each may have `more` bytes than a name has. */
function listOf(packed: Uint8Array, count: number, more = 0): string[] {
  const name = HEADER_LIMITS.name + more, all = HEADER_LIMITS.names + more * count;
  const bytes = inflate(packed, Math.min(all, (name + 1) * count), "list of names");
  let found = 1, longest = 0;
  for (let at = 0, begin = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0) continue;
    longest = Math.max(longest, at - begin);
    begin = at + 1;
    if (at < bytes.length) found++;
  }
  if (found !== count) throw damaged(`it has ${found} names for ${count} items`);
  if (longest > name) throw damaged(`a name of ${longest} bytes is in it, and ${name} are allowed`);
  const names: string[] = [];
  for (let at = 0; at <= bytes.length;) {
    const end = at + PIECE < bytes.length ? bytes.lastIndexOf(0, at + PIECE) : bytes.length;
    for (const text of bytes.toString("utf8", at, end).split("\0")) names.push(text);
    at = end + 1;
  }
  return names;
}

function inflate(packed: Uint8Array, limit: number, what: string, dictionary?: Bytes): Buffer {
  try {
    return inflated(packed, limit, dictionary);
  } catch (cause) {
    throw damaged(`its ${what} cannot be unpacked`, { cause });
  }
}

/** The header's bytes behind the code checksum. */
export function writeHeader(header: Header): Bytes {
  const { modality, mode, order, items, shape, sha256, segments, record, names } = header;
  return concat([
    [MODALITIES.indexOf(modality), MODES.indexOf(mode), ORDERS.indexOf(order)],
    varint(items.length),
    ...items.flatMap(({ count, bytes }) => [count, bytes].map(varint)),
    varint(shape.length),
    shape,
    Buffer.from(sha256, "hex"),
    varint(segments.length),
    ...segments.map(({ checksum }) => checksum),
    varint(record.length),
    record,
    varint(names.length),
    names,
  ]);
}

/** Reads what `writeHeader` writes, to the reader's end; `version` is the format's. */
export function readHeader(reader: ByteReader, version: number): Header {
  const early = version === EARLIEST_VERSION, front = early ? readImagesFront(reader) : readFront(reader);
  const sha256 = Buffer.from(reader.take(SYMBOLS_CHECKSUM)).toString("hex");
  const leading = SEGMENT_KINDS.slice(0, front.mode === "two-part" ? 2 : 1); // format 1 wrote them down
  const segments = reader.list("segments", 2 + HEADER_LIMITS.scales, (i) => {
    const kind = early ? reader.oneOf(SEGMENT_KINDS, "kind of segment") : leading[i] ?? "payload";
    return { kind, checksum: reader.take(SEGMENT_CHECKSUM) };
  });
  const scales = segments.filter(({ kind }) => kind === "payload").length;
  if (front.items.length * scales > HEADER_LIMITS.sizes) {
    const text =
      `The program announces ${front.items.length} groups of items in ${scales} scales: too many sizes.`;
    throw new MdlError("too-large", text);
  }
  const record = reader.take(reader.varint()), names = reader.take(reader.varint());
  reader.close();
  return { ...front, sha256, segments, record, names };
}

type Front = Pick<Header, "modality" | "mode" | "order" | "items" | "shape">;

function readFront(reader: ByteReader): Front {
  const modality = reader.oneOf(MODALITIES, "kind of data");
  const mode = reader.oneOf(MODES, "mode"), order = reader.oneOf(ORDERS, "order");
  const items = reader.list("groups", HEADER_LIMITS.groups, () => {
    return { count: reader.varint(), bytes: reader.varint() };
  });
  const length = reader.varint();
  if (length > HEADER_LIMITS.shape) throw reader.damaged(`announces a shape of ${length} bytes`);
  return { modality, mode, order, items, shape: reader.take(length) };
}

/** Format 1: channels, then count, height and width of each group of images. */
function readImagesFront(reader: ByteReader): Front {
  const mode = reader.oneOf(MODES, "mode"), order = reader.oneOf(ORDERS, "order"), channels = reader.byte();
  const groups = reader.list("groups", HEADER_LIMITS.groups, () => {
    return { count: reader.varint(), height: reader.varint(), width: reader.varint() };
  });
  const items = groups.map(({ count, height, width }) => ({ count, bytes: height * width * channels }));
  const shape = concat([[channels], ...groups.map(({ height }) => varint(height))]);
  return { modality: "image", mode, order, items, shape };
}
