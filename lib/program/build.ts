import type { Coded, Data } from "../codec.ts";
import type { ItemGroup } from "../items.ts";
import { MdlError } from "../errors.ts";
import { ByteReader, type Bytes, concat, varint } from "./bytes.ts";
import { checkDecoder } from "./check_decoder.ts";
import {
  checksum,
  CODE_CHECKSUM,
  FORMAT_VERSION,
  MODALITIES,
  packHeader,
  type RunRecord,
  SECTION_NAME,
  SEGMENT_CHECKSUM,
  type SegmentKind,
} from "./header.ts";
import * as wasm from "./wasm_module.ts";

/** What a program says of itself. */
export interface ProgramParts {
  readonly data: Pick<Data, "modality" | "names" | "sha256">;
  readonly items: readonly ItemGroup[];
  readonly shape: Uint8Array;
  readonly record: RunRecord;
}

/**
 * Puts a program together: preamble, header, decoder, data. Of the decoder, its memory section, custom sections and debug
 * names are not kept.
 *
 * @throws {MdlError} `not-a-program` when the decoder has imports or anything else that no program may have;
 * `unsupported` for an unknown kind of data; as `checkHeader`.
 */
export function buildProgram(coded: Coded, { data, items, shape, record }: ProgramParts): Bytes {
  const modality = MODALITIES.find((known) => known === data.modality);
  if (!modality) {
    throw new MdlError("unsupported", `There is no program for data of the kind ${data.modality}.`);
  }
  const decoder = decoderSections(coded.decoder, coded.memoryBytes);
  const parts: readonly (wasm.Part & { readonly kind: SegmentKind })[] = [
    { kind: "parameters", ...coded.parameters },
    ...(coded.weights ? [{ kind: "weights" as const, ...coded.weights }] : []),
    ...coded.payloads.map(({ address, bytes }) => ({ kind: "payload" as const, address, bytes })),
  ];
  const segments = parts.map(wasm.writeDataSegment);
  const header = packHeader({
    modality,
    mode: coded.mode,
    order: coded.payloads.length > 1 ? "pyramid" : "raster",
    items,
    shape,
    sha256: data.sha256,
    segments: parts.map(({ kind }, i) => ({ kind, checksum: checksum(SEGMENT_CHECKSUM, ...segments[i]!) })),
    record,
    names: data.names,
  });
  const name = new TextEncoder().encode(SECTION_NAME);
  const front = (code: Uint8Array) =>
    concat([
      wasm.PREAMBLE,
      wasm.writeSection(wasm.CUSTOM, concat([varint(name.length), name, [FORMAT_VERSION], code, header])),
      ...decoder,
    ]);
  const unsigned = front(new Uint8Array(CODE_CHECKSUM));
  return concat([front(checksum(CODE_CHECKSUM, unsigned)), ...wasm.writeDataSection(segments)]);
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
