/** The data section of a program: its segments, each with a checksum of its own. */
import { counted } from "../counted.ts";
import { MdlError } from "../errors.ts";
import { ByteReader, equal } from "./bytes.ts";
import { checksum as checksumOf, type Header, SEGMENT_CHECKSUM, type SegmentKind } from "./header.ts";
import * as wasm from "./wasm_module.ts";

/** A data segment as it lies in the file. */
export interface ProgramSegment extends wasm.Part {
  /** What it holds. */
  readonly kind: SegmentKind;
  /** Payloads count from 0, the coarsest; 0 for the others. */
  readonly scale: number;
  /** Offset in the file behind its last byte: as a prefix of that many bytes, the file still has it. */
  readonly end: number;
}

/** What a data section holds. */
interface DataSection {
  readonly segments: readonly ProgramSegment[];
  /** Each as it is encoded. */
  readonly encoded: readonly Uint8Array[];
  /** False when the file ends before the last segment does. */
  readonly complete: boolean;
  /** Bytes that are in no segment. */
  readonly framing: number;
}

/**
 * Reads the data section, which ends the file, and tests each segment's checksum.
 *
 * @param prefix Whether the file may end early, behind the first payload.
 * @throws {MdlError} `damaged`
 */
export function readSegments(
  bytes: Uint8Array,
  dataAt: number,
  header: Header,
  memoryBytes: number,
  prefix: boolean,
): DataSection {
  const reader = new ByteReader(bytes, "data section", dataAt + 1);
  const length = reader.varint(), missing = length - reader.left;
  if (missing > 0 && !prefix) {
    const there = tried(() => readSegments(bytes, dataAt, header, memoryBytes, true));
    const lacking = `${counted(missing, "byte")} of its ${(bytes.length + missing).toLocaleString("en")}`;
    const text = `The program is cut short: it lacks ${lacking}${there ? wayOut(there) : ""}.`;
    throw new MdlError("damaged", text);
  }
  if (missing < 0) throw reader.damaged(`is followed by ${counted(-missing, "byte")} too many`);
  const count = reader.varint();
  if (count !== header.segments.length) throw reader.damaged(`has ${count} segments, unlike the header says`);
  const segments: ProgramSegment[] = [],
    encoded: Uint8Array[] = [],
    next = () => wasm.readDataSegment(reader);
  let end = reader.at, payloads = 0, held = 0;
  for (const { kind, checksum } of header.segments) {
    const from = reader.at, segment = missing > 0 ? tried(next) : next();
    if (!segment) break;
    const code = bytes.subarray(from, reader.at), where = `segment ${segments.length} (${kind})`;
    if (!equal(checksumOf(SEGMENT_CHECKSUM, code), checksum)) {
      throw reader.damaged(`has a wrong checksum in ${where}`, from);
    }
    if (segment.address + segment.bytes.length > memoryBytes) {
      throw reader.damaged(`has ${where} outside of memory`, from);
    }
    const scale = kind === "payload" ? payloads++ : 0;
    end = reader.at;
    held += segment.bytes.length;
    segments.push({ ...segment, kind, scale, end });
    encoded.push(code);
  }
  const complete = segments.length === count;
  if (complete && missing > 0) throw reader.damaged("is shorter than it announces");
  if (complete) reader.close();
  if (segments.at(-1)?.kind !== "payload") throw reader.damaged("ends before the first scale does");
  return { segments, encoded, complete, framing: end - dataAt - held };
}

/** What is read; undefined where the file is damaged, or ends within it. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MdlError) return undefined;
    throw error;
  }
}

/** What can be done with a file that was cut, some scales of which are whole. */
function wayOut({ segments }: DataSection): string {
  const scales = segments.at(-1)!.scale + 1, said = scales === 1 ? "scale" : `${scales} scales`;
  return `; the pictures of its first ${said} can be had by decodePrefix, or decompress (partial)`;
}
