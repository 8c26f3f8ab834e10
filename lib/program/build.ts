import type { Dataset } from "../image/dataset.ts";
import { MdlError } from "../errors.ts";
import { ByteReader, type Bytes, concat, varint } from "./bytes.ts";
import { checkDecoder } from "./check_decoder.ts";
import {
  checkHeader,
  checksum,
  CODE_CHECKSUM,
  FORMAT_VERSION,
  type Mode,
  type Order,
  packNames,
  packRecord,
  type RunRecord,
  SECTION_NAME,
  SEGMENT_CHECKSUM,
  type SegmentKind,
  writeHeader,
} from "./header.ts";
import * as wasm from "./wasm_module.ts";

export interface ProgramParts {
  /** A module of the decoder's ABI (README.md); its memory section, custom sections and debug names are not kept. */
  readonly decoder: Uint8Array;
  /** Memory that the decoder needs in all, in bytes. */
  readonly memoryBytes: number;
  readonly mode: Mode;
  readonly order: Order;
  /** What the program regenerates. */
  readonly dataset: Pick<Dataset, "channels" | "groups" | "names" | "sha256">;
  readonly record: RunRecord;
  /** In the order of the file: parameters, weights (if any), payloads from the coarsest scale to the finest. */
  readonly segments: readonly (wasm.DataSegment & { readonly kind: SegmentKind })[];
}

/**
 * Puts a program together: preamble, header, decoder, data.
 *
 * @throws {MdlError} `not-a-program` when the decoder has imports or anything else that no program may have; as
 * `checkHeader` and `packRecord`.
 */
export function buildProgram(parts: ProgramParts): Bytes {
  const { mode, order, dataset } = parts;
  checkHeader(dataset);
  const decoder = decoderSections(parts.decoder, parts.memoryBytes);
  const segments = parts.segments.map(wasm.writeDataSegment);
  const header = writeHeader({
    mode,
    order,
    channels: dataset.channels,
    groups: dataset.groups,
    sha256: dataset.sha256,
    segments: parts.segments.map(({ kind }, i) => ({
      kind,
      checksum: checksum(SEGMENT_CHECKSUM, segments[i]!),
    })),
    record: packRecord(parts.record),
    names: packNames(dataset.names),
  });
  const name = new TextEncoder().encode(SECTION_NAME);
  const front = (code: Uint8Array) =>
    concat([
      wasm.PREAMBLE,
      wasm.writeSection(wasm.CUSTOM, concat([varint(name.length), name, [FORMAT_VERSION], code, header])),
      ...decoder,
    ]);
  const unsigned = front(new Uint8Array(CODE_CHECKSUM));
  return concat([front(checksum(CODE_CHECKSUM, unsigned)), wasm.writeDataSection(segments)]);
}

/** The sections of a decoder that a program keeps, its memory fixed to `memoryBytes`. */
function decoderSections(module: Uint8Array, memoryBytes: number): Uint8Array[] {
  if (!wasm.isModule(module)) throw new MdlError("not-a-program", "The decoder is no WebAssembly module.");
  const reader = new ByteReader(module, "decoder", wasm.PREAMBLE.length);
  const sections: wasm.Section[] = [];
  while (reader.left > 0) sections.push(wasm.readSection(reader));
  const kept = sections.filter(({ id }) => id !== wasm.CUSTOM);
  checkDecoder(kept);
  return kept.map(({ id, body }) =>
    wasm.writeSection(id, id === wasm.MEMORY ? wasm.writeMemory(memoryBytes) : body)
  );
}
