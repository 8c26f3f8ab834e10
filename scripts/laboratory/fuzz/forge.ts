/** Programs with valid checksums that no builder of ours makes: what a malicious one could hand out. */
import { deflated, RECORDS } from "../../../lib/program/deflate.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import {
  checksum,
  CODE_CHECKSUM,
  EARLIEST_VERSION,
  FORMAT_VERSION,
  type Header,
  readHeader,
  SECTION_NAME,
  SEGMENT_CHECKSUM,
  SYMBOLS_CHECKSUM,
  writeHeader,
} from "../../../lib/program/header.ts";
import {
  CUSTOM,
  DATA,
  PREAMBLE,
  readDataSegment,
  readSection,
  writeSection,
} from "../../../lib/program/wasm_module.ts";

/** Bytes of the header section in front of the code checksum: name with its length, version. */
const FIELDS = 1 + SECTION_NAME.length + 1;

/**
 * The bytes with all checksums computed anew, as far as there are places for them.
 *
 * @throws {MdlError} `damaged` where no header, decoder and data section can be told apart
 */
export function signed(bytes: Uint8Array): Bytes {
  const copy = Uint8Array.from(bytes), { version, codeAt, dataAt, fields } = open(copy);
  try {
    signSegments(copy, version, fields, dataAt);
  } catch { /* the header or the segments cannot be read: the decoder's checksum remains */ }
  copy.fill(0, codeAt, codeAt + CODE_CHECKSUM);
  copy.set(checksum(CODE_CHECKSUM, copy.subarray(0, dataAt)), codeAt);
  return copy;
}

/** Parts of a program that a forger sets: the record and the names as text, deflated here. */
export interface Forged extends Partial<Omit<Header, "record" | "names">> {
  readonly record?: string;
  readonly names?: string;
  /** The decoder's sections, one after another. */
  readonly decoder?: Uint8Array;
}

/**
 * A program with other things in its header, or another decoder, and checksums that are right.
 *
 * @throws {MdlError} `damaged` when `bytes` are no program
 */
export function forged(bytes: Uint8Array, { record, names, decoder, ...changes }: Forged): Bytes {
  const { version, fields, decoderAt, dataAt } = open(bytes), header = readHeader(fields, version);
  const written = writeHeader({
    ...header,
    ...changes,
    record: record === undefined ? header.record : deflated(record, RECORDS),
    names: names === undefined ? header.names : deflated(names),
  });
  const name = new TextEncoder().encode(SECTION_NAME);
  return signed(concat([
    PREAMBLE,
    writeSection(
      CUSTOM,
      concat([varint(name.length), name, [FORMAT_VERSION], new Uint8Array(CODE_CHECKSUM), written]),
    ),
    decoder ?? bytes.subarray(decoderAt, dataAt),
    bytes.subarray(dataAt),
  ]));
}

/** Where the parts of a program lie. */
function open(bytes: Uint8Array) {
  const reader = new ByteReader(bytes, "file", PREAMBLE.length), { bodyAt } = readSection(reader);
  const decoderAt = reader.at, codeAt = bodyAt + FIELDS;
  while (bytes[reader.at] !== DATA) readSection(reader);
  const fields = new ByteReader(bytes, "header", codeAt + CODE_CHECKSUM, decoderAt);
  return { version: bytes[codeAt - 1]!, codeAt, decoderAt, dataAt: reader.at, fields };
}

function signSegments(bytes: Uint8Array, version: number, fields: ByteReader, dataAt: number): void {
  const first = version === EARLIEST_VERSION;
  fields.take(3); // mode, order, channels; or kind of data, mode, order
  for (let numbers = (first ? 3 : 2) * fields.varint(); numbers > 0; numbers--) fields.varint();
  if (!first) fields.take(fields.varint()); // the shape
  fields.take(SYMBOLS_CHECKSUM);
  const data = new ByteReader(bytes, "data section", dataAt + 1), count = fields.varint();
  for (let n = 0; n < 2; n++) data.varint(); // length, number of segments
  for (let i = 0; i < count; i++) {
    if (first) fields.byte(); // the kind
    const from = data.at;
    readDataSegment(data);
    fields.take(SEGMENT_CHECKSUM).set(checksum(SEGMENT_CHECKSUM, bytes.subarray(from, data.at)));
  }
}
