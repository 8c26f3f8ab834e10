/** Reading a program: everything is checked, and nothing large allocated, before a byte of its code is compiled. */
import { byteCount, itemCount, runningNames } from "../items.ts";
import { counted } from "../counted.ts";
import { MOST_SYMBOLS } from "../sources/loading.ts";
import { MdlError } from "../errors.ts";
import { ByteReader, concat, damaged, equal, refused } from "./bytes.ts";
import { checkDecoder, SECTIONS } from "./check_decoder.ts";
import {
  checksum as checksumOf,
  CODE_CHECKSUM,
  EARLIEST_VERSION,
  FORMAT_VERSION,
  type Header,
  readHeader,
  type RunRecord,
  SECTION_NAME,
  SEGMENT_CHECKSUM,
  SEGMENT_KINDS,
  SYMBOLS_CHECKSUM,
  unpackNames,
  unpackRecord,
} from "./header.ts";
import { type ProgramSegment, readSegments } from "./segments.ts";
import * as wasm from "./wasm_module.ts";

/** What a reader is willing to take. */
export interface Limits {
  /** The module's memory, in bytes. */
  readonly memoryBytes: number;
  /** Symbols of the data set, a byte each; by default, as many as `compress` takes. */
  readonly symbols: number;
  /** Items of the data set. */
  readonly items: number;
}

export const DEFAULT_LIMITS: Limits = { memoryBytes: 2 ** 30, symbols: MOST_SYMBOLS, items: 2 ** 22 };

/** What lies before a program's data, checked. */
export interface ProgramFront extends Omit<Header, "segments" | "record" | "names"> {
  /** Payloads that the file has when it is whole: one in raster order. */
  readonly scales: number;
  /** Segments in front of the first payload. */
  readonly leading: number;
  readonly memoryBytes: number;
  /** Where the data section begins. */
  readonly dataAt: number;
}

/** A program that has passed all checks. */
export interface ProgramInfo extends Omit<Header, "segments" | "record" | "names"> {
  /** How it came about. */
  readonly record: RunRecord;
  /** One an item. */
  readonly names: readonly string[];
  /** Of its module, in bytes. */
  readonly memoryBytes: number;
  /** Payloads that the file has when it is whole: one in raster order. */
  readonly scales: number;
  /** Parameters, weights and payloads. */
  readonly segments: readonly ProgramSegment[];
  /** False when the file is a prefix that ends before its last scale. */
  readonly complete: boolean;
  /** What to instantiate: the file itself, or, of a prefix, a module with the segments that are there. */
  readonly module: Uint8Array;
  /** Lengths in bytes of the parts that are neither segments nor framing. */
  readonly sizes: {
    readonly header: number;
    readonly record: number;
    readonly names: number;
    readonly checksums: number;
    readonly decoder: number;
    /** WebAssembly's own: preamble, the header's and the data's section marks, the segments' addresses and lengths. */
    readonly framing: number;
  };
}

/** How a program is read. */
export interface ReadOptions {
  /** Accept a file that ends early, as long as one payload is whole; false by default. */
  readonly prefix?: boolean;
  /** What it may hold; by default `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
}

/**
 * Checks a program and says what it is.
 *
 * @throws {MdlError} `not-a-program` for anything else, and for modules that could reach outside their memory;
 * `damaged` when checksums, structure or sizes are wrong; `too-large` above the limits.
 */
export function readProgram(bytes: Uint8Array, options: ReadOptions = {}): ProgramInfo {
  const { opened, header, memoryBytes, dataAt } = openFront(bytes, options);
  const data = readSegments(bytes, dataAt, header, memoryBytes, options.prefix ?? false);
  const { record, names, segments: _, ...said } = header;
  const count = itemCount(header.items);
  let listed = names.length > 0 ? unpackNames(names, count) : undefined;
  const checksums = CODE_CHECKSUM + SYMBOLS_CHECKSUM + SEGMENT_CHECKSUM * header.segments.length;
  return {
    ...said,
    record: unpackRecord(record),
    get names() {
      return listed ??= runningNames(count); // millions of them take more memory than the file
    },
    memoryBytes,
    scales: scaleCount(header),
    segments: data.segments,
    complete: data.complete,
    module: data.complete
      ? bytes
      : concat([bytes.subarray(0, dataAt), ...wasm.writeDataSection(data.encoded.map((code) => [code]))]),
    sizes: {
      header: opened.end - opened.fieldsAt - checksums - record.length - names.length,
      record: record.length,
      names: names.length,
      checksums,
      decoder: dataAt - opened.end,
      framing: opened.fieldsAt + data.framing,
    },
  };
}

/**
 * Checks what lies before a program's data, which is all that `bytes` have to hold.
 *
 * @throws {MdlError} as `readProgram`
 */
export function readFront(bytes: Uint8Array, options: Pick<ReadOptions, "limits"> = {}): ProgramFront {
  const { header, memoryBytes, dataAt } = openFront(bytes, options);
  const { record: _, names: __, segments, ...said } = header, scales = scaleCount(header);
  return { ...said, scales, leading: segments.length - scales, memoryBytes, dataAt };
}

/** All checks that need no data. */
function openFront(bytes: Uint8Array, options: Pick<ReadOptions, "limits">) {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const opened = openHeader(bytes);
  const { decoder, dataAt } = readSections(bytes, opened);
  const fields = new ByteReader(bytes, "header", opened.checksumAt + CODE_CHECKSUM, opened.end);
  const header = readHeader(fields, opened.version);
  checkDecoder(decoder);
  const memoryBytes = readMemory(decoder, limits);
  checkSizes(header, memoryBytes, limits);
  checkKinds(header);
  return { opened, header, memoryBytes, dataAt };
}

function scaleCount({ segments }: Header): number {
  return segments.filter(({ kind }) => kind === "payload").length;
}

/** Where the header's parts begin: its fields (the version), the code checksum; and where the section ends. */
interface HeaderSpan {
  readonly version: number;
  readonly fieldsAt: number;
  readonly checksumAt: number;
  readonly end: number;
}

/** Finds the header section and tests its version. */
function openHeader(bytes: Uint8Array): HeaderSpan {
  if (!wasm.isModule(bytes)) throw new MdlError("not-a-program", "This is no WebAssembly module.");
  const name = new TextEncoder().encode(SECTION_NAME);
  const { id, body, bodyAt } = wasm.readSection(new ByteReader(bytes, "header", wasm.PREAMBLE.length));
  if (id !== wasm.CUSTOM || body[0] !== name.length || name.some((byte, i) => body[1 + i] !== byte)) {
    throw new MdlError(
      "not-a-program",
      "This WebAssembly module does not begin with the header of a program.",
    );
  }
  const fieldsAt = bodyAt + 1 + name.length, version = bytes[fieldsAt] ?? 0;
  if (version < EARLIEST_VERSION || version > FORMAT_VERSION) {
    const read = `${EARLIEST_VERSION} to ${FORMAT_VERSION}`;
    throw new MdlError(
      "not-a-program",
      `The program's format is version ${version}; this MDLab reads versions ${read}.`,
    );
  }
  return { version, fieldsAt, checksumAt: fieldsAt + 1, end: bodyAt + body.length };
}

/** Reads on to the data section and tests the checksum of all that lies before it. */
function readSections(bytes: Uint8Array, { checksumAt, end }: HeaderSpan) {
  const reader = new ByteReader(bytes, "decoder", end);
  const decoder: wasm.Section[] = [];
  while (reader.left > 0 && bytes[reader.at] !== wasm.DATA) {
    if (decoder.length > SECTIONS.length) {
      throw refused("has more sections than any program");
    }
    decoder.push(wasm.readSection(reader));
  }
  if (reader.left === 0) throw reader.damaged("ends before the data begin");
  const dataAt = reader.at, fieldsAt = checksumAt + CODE_CHECKSUM;
  const before = bytes.subarray(0, checksumAt), after = bytes.subarray(fieldsAt, dataAt);
  const expected = checksumOf(CODE_CHECKSUM, before, new Uint8Array(CODE_CHECKSUM), after);
  if (!equal(bytes.subarray(checksumAt, fieldsAt), expected)) {
    throw damaged(`the checksum of its first ${dataAt} bytes is wrong`);
  }
  return { decoder, dataAt };
}

function readMemory(decoder: readonly wasm.Section[], limits: Limits): number {
  const memoryBytes = wasm.readMemory(decoder);
  if (memoryBytes <= limits.memoryBytes) return memoryBytes;
  throw new MdlError(
    "too-large",
    `The program needs ${mebi(memoryBytes)}; allowed are ${mebi(limits.memoryBytes)}.`,
  );
}

/** Sizes are tested as the header says them, before anything is allocated for them. */
function checkSizes({ items }: Header, memoryBytes: number, limits: Limits): void {
  if (items.length === 0 || items.some(({ count }) => count === 0)) {
    throw damaged("its header announces groups without items");
  }
  const symbols = byteCount(items), count = itemCount(items);
  if (symbols > limits.symbols || count > limits.items) {
    const said = (items: number, bytes: number) => `${counted(items, "item")} of ${mebi(bytes)}`;
    throw new MdlError(
      "too-large",
      `The program gives ${said(count, symbols)} in all; allowed are ${said(limits.items, limits.symbols)}.`,
    );
  }
  if (items.some(({ bytes }) => bytes > memoryBytes)) throw damaged("its items are larger than its memory");
}

/** One parameter block, then at most one of weights, then a payload for each scale: in raster order exactly one. */
function checkKinds({ segments, order }: Header): void {
  const ranks = segments.map(({ kind }) => SEGMENT_KINDS.indexOf(kind));
  const [parameters, weights, payloads] = [0, 1, 2].map((rank) => ranks.filter((r) => r === rank).length);
  const sorted = ranks.every((rank, i) => i === 0 || ranks[i - 1]! <= rank);
  const scales = order === "raster" ? payloads === 1 : payloads! > 0;
  if (!(sorted && parameters === 1 && weights! <= 1 && scales)) {
    throw damaged("its header does not list parameters, weights, payload");
  }
}

function mebi(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString("en", { maximumFractionDigits: 1 })} MiB`;
}
