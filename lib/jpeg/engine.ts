/**
 * The engine for JPEG files, from the host's side: what its decoder is told, how much memory it takes, and the code. Nothing is
 * trained: the model learns from the coefficients that were coded before (`lib/decoder/assembly/jpeg.ts`).
 */
import type { Code } from "../codec.ts";
import type { Context } from "../context.ts";
import { align, switchBits, words } from "../decoder/memory.ts";
import { type EncoderExports, openModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { concat, equal } from "../program/bytes.ts";
import { sizeFor } from "../text/engine.ts";
import { readScans } from "./scan.ts";
import { type Frame, readSegments, type Scan } from "./segments.ts";

/** A model of JPEG files by its parts. Switches leave the decoder as it is. */
export interface JpegSpec {
  /** The blocks to the left and above, and what their samples say where they meet this one; true by default. */
  readonly around: boolean;
  /** Colours look at brightness, which comes first, and one colour at the other; true by default. */
  readonly planes: boolean;
  /** Weights of the mixer are chosen by what is around; true by default, else each decision has one set of them. */
  readonly gating: boolean;
  /** What comes out is refined by what came of probabilities like it; true by default. */
  readonly refinement: boolean;
  /** All that was learnt is forgotten between files. */
  readonly forget: boolean;
}

/** Everything is on, and nothing is forgotten. */
export const DEFAULT_SPEC: JpegSpec = {
  around: true,
  planes: true,
  gating: true,
  refinement: true,
  forget: false,
};

/** Bits of the switches, as in `assembly/jpeg/memory.ts`. */
const SWITCHES = { around: 1, planes: 2, gating: 32, refinement: 64, forget: 128 };

/** Where the parameter block lies: eleven u32; the payload is behind it. */
const BLOCK_ADDRESS = 16, PAYLOAD_ADDRESS = 64;
/** Behind a payload: the range coder reads so far beyond it. */
const MARGIN = 4;
/** The mixer's final learning rate in 2⁻¹⁴, and a quarter of the decisions that an adaptive probability counts. */
const RATE = 98, LIMIT = 255;
/** The largest coefficient that 8-bit samples have. */
const LARGEST = 2047;
/** What a file is, as in `assembly/jpeg/file.ts`. */
const JPEG = 1, ONES = 2, FILLED = 4;

/** The most that any file takes. */
interface Largest {
  /** Bytes. */
  readonly file: number;
  /** Bytes that are coded as such. */
  readonly bytes: number;
  readonly coefficients: number;
}

/** Bytes of memory for a file and what it is made of. */
function roomBytes({ file, bytes, coefficients }: Largest): number {
  return align(file) + align(bytes + 8) + align(2 * coefficients + 128) + align(coefficients / 8 + 8);
}

/** Little-endian u32; `assembly/text/block.ts` and `assembly/jpeg/memory.ts` say what they are. */
function writeBlock(
  spec: JpegSpec,
  files: number,
  size: number,
  largest: Largest,
  { payload, heap }: { readonly payload: number; readonly heap: number },
): Uint8Array {
  const { file, bytes, coefficients } = largest, switches = switchBits(SWITCHES, spec);
  return words([payload, size, switches, RATE | LIMIT << 16, 0, 0, heap, files, file, bytes, coefficients]);
}

/** What jpeg_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): number;
  readonly bytes: WebAssembly.Global;
  readonly item: WebAssembly.Global;
  readonly values: WebAssembly.Global;
  readonly firsts: WebAssembly.Global;
  readonly complete: WebAssembly.Global;
  readonly done: WebAssembly.Global;
  readonly rows: WebAssembly.Global;
  assemble(told: number): number;
  begin(told: number): void;
  encode(): void;
  forget(): void;
}

/** A file, and its structure where it is JPEG as far as one can see without reading its scans. */
interface Item {
  readonly file: Uint8Array;
  readonly structure?: { readonly frame: Frame; readonly scans: readonly Scan[] } | undefined;
}

/** A code, and what it is made of. */
export type JpegCode = Code & {
  /** Whether each was written from coefficients; else it was coded as bytes. */
  readonly modelled: readonly boolean[];
  /** Code lengths, in bits: of what is coded as bytes, and of each plane's first coefficients (DC) and the others (AC). */
  readonly parts: readonly { readonly part: string; readonly bits: number }[];
};

/**
 * Encodes JPEG files, one after another. A file that does not come back byte for byte from its coefficients (none that is no
 * JPEG file, has arithmetic codes or 12 bits, or was written by an encoder with choices of its own) is coded as bytes.
 *
 * @throws {MdlError} `interrupted` when the context's signal aborts
 */
export async function encodeJpeg(
  files: readonly Uint8Array[],
  spec: JpegSpec = DEFAULT_SPEC,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
): Promise<JpegCode> {
  const items = files.map((file): Item => ({ file, structure: readSegments(file) }));
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
  const longest = most(files.map(({ length }) => length));
  const provided = {
    file: longest,
    bytes: longest,
    coefficients: most(items.map(({ structure }) => structure?.frame.coefficients ?? 0)),
  };
  const plain = items.reduce((sum, item) => sum + (item.structure ? rest(item).length : item.file.length), 0);
  const size = sizeFor("plain", plain);
  const needed = PAYLOAD_ADDRESS + roomBytes(provided) + modelBytes(size);
  const { encoder, memory } = await openModule<EncoderModule>("jpeg_encoder", needed);
  memory().set(
    writeBlock(spec, files.length, size, provided, { payload: 0, heap: PAYLOAD_ADDRESS }),
    BLOCK_ADDRESS,
  );
  const code = encoder.open(), modelled: boolean[] = [];
  const total = files.reduce((sum, { length }) => sum + length, 0),
    pace = encodingPace(context, total, "bytes");
  const parts = new Map<string, number>();
  const add = (part: string, bits: number) => parts.set(part, (parts.get(part) ?? 0) + bits);
  let done = 0, bytes = 0, coefficients = 0;
  for (const item of items) {
    if (spec.forget) encoder.forget();
    const before = encoder.spent.value, told = tell(encoder, item), { length } = item.file;
    const frame = told & JPEG ? item.structure!.frame : undefined;
    const rows = frame ? rowsOf(frame, told, encoder) : [],
      whole = rows.reduce((sum, { work }) => sum + work, 0);
    const others = told >> 3;
    let passed = 0;
    encoder.begin(told);
    add("headers and other bytes", encoder.spent.value - before);
    while (!encoder.complete.value) {
      const row = encoder.rows.value, all = encoder.spent.value, first = encoder.firsts.value;
      const bytesOnly = encoder.done.value < others;
      encoder.encode();
      const firsts = encoder.firsts.value - first, spent = encoder.spent.value - all;
      if (bytesOnly) add("headers and other bytes", spent);
      else {
        const { plane, work } = rows[row]!;
        add(`plane ${plane + 1}, DC`, firsts);
        add(`plane ${plane + 1}, AC`, spent - firsts);
        passed += work;
      }
      const coded = bytesOnly ? encoder.done.value : others + (length - others) * passed / whole;
      if (!encoder.complete.value) await pace(done + Math.floor(coded));
    }
    await pace(done += length);
    bytes = Math.max(bytes, others);
    coefficients = Math.max(coefficients, frame?.coefficients ?? 0);
    modelled.push(frame !== undefined);
  }
  const estimatedBits = encoder.spent.value, end = encoder.close();
  const payload = memory().slice(code, end), heap = align(PAYLOAD_ADDRESS + payload.length + MARGIN);
  const largest = { file: modelled.includes(true) ? longest : 0, bytes, coefficients };
  const places = { payload: PAYLOAD_ADDRESS, heap };
  return {
    mode: "prequential",
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(spec, files.length, size, largest, places) },
    payloads: [{ address: PAYLOAD_ADDRESS, bytes: payload, estimatedBits }],
    memoryBytes: heap + roomBytes(largest) + modelBytes(size),
    modelled,
    parts: [...parts].map(([part, bits]) => ({ part, bits })),
  };
}

/** The rows of blocks that are coded: the number of each one's plane, and its blocks and coefficients, which take as long each. */
function rowsOf(
  { components }: Frame,
  told: number,
  { memory, values }: Pick<EncoderModule, "memory" | "values">,
): readonly { readonly plane: number; readonly work: number }[] {
  return components.flatMap(({ rows, height, columns, stride, start }, plane) => {
    const [down, across] = told & FILLED ? [height, stride] : [rows, columns];
    return Array.from({ length: down }, (_, y) => {
      const from = values.value + 2 * (start + 64 * y * stride);
      let work = across;
      for (const value of new Int16Array(memory.buffer, from, 64 * across)) if (value !== 0) work++;
      return { plane, work };
    });
  });
}

/** Writes into the encoder what a file is made of: bytes and coefficients, if it comes back from them; says what it is. */
function tell(encoder: EncoderModule, item: Item): number {
  const { file, structure } = item, memory = new Uint8Array(encoder.memory.buffer);
  if (structure) {
    const { frame } = structure, kept = rest(item);
    const values = new Int16Array(memory.buffer, encoder.values.value, frame.coefficients).fill(0);
    const read = readScans(file, structure, values);
    if (read && values.every((value) => Math.abs(value) <= LARGEST)) {
      const told = kept.length << 3 | JPEG | (read.ones ? ONES : 0) |
        (hasFilling(frame, values) ? FILLED : 0);
      memory.set(kept, encoder.bytes.value);
      const written = memory.subarray(encoder.item.value, encoder.assemble(told));
      if (equal(written, file)) return told;
    }
  }
  memory.set(file, encoder.bytes.value);
  return file.length << 3;
}

/** A file but for its scans' code. */
function rest({ file, structure }: Item): Uint8Array {
  let at = 0;
  const kept = (structure?.scans ?? []).map(({ start, end }) => {
    const part = file.subarray(at, start);
    at = end;
    return part;
  });
  return concat([...kept, file.subarray(at)]);
}

/** Whether blocks that only fill up units are other than zero. */
function hasFilling({ components }: Frame, values: Int16Array): boolean {
  return components.some(({ columns, rows, stride, height, start }) => {
    for (let y = 0; y < height; y++) {
      const row = start + 64 * y * stride, filled = y < rows ? columns : 0;
      if (values.subarray(row + 64 * filled, row + 64 * stride).some((value) => value !== 0)) return true;
    }
    return false;
  });
}

/**
 * An upper bound of what a decoder takes besides files: 2^size slots for bytes, and in MiB 16 for tables of contexts
 * (`assembly/jpeg/predictor.ts`), 12.4 for the maps that refine (`text/apm.ts`), 5.3 for the mixer's weights, 1.5 for fits
 * (`fits.ts`), 1 for a file that is drawn, 0.1 for all else: 36.2.
 */
function modelBytes(size: number): number {
  return (8 << size) + 40 * 2 ** 20;
}
