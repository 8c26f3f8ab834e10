/**
 * The engine for text and for any bytes, from the host's side: what its decoder is told, how much memory it takes, and the
 * code. The model is made of nothing but the data that were coded before (`lib/decoder/assembly/text.ts`).
 */
import type { Code, Meter } from "../codec.ts";
import type { Context } from "../context.ts";
import { byteCount, type ItemGroup, itemLengths } from "../items.ts";
import { align, switchBits, switchesIn, trimmed, words } from "../decoder/memory.ts";
import { type EncoderExports, openModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { withPlaces } from "./calls.ts";

/** A model of bytes: what it looks at, and how fast it learns. Its switches leave the decoder as it is. */
export interface ByteSpec {
  /**
   * The whole model; the same, which sees where calls go in machine code (`calls.ts`); or, for files so small that a
   * decoder is most of them, the plain one: it has only `size` and `forget`. Between them is one that sees what repeats
   * itself, and words where `record` is 0: it has that, too.
   */
  readonly model: "whole" | "calls" | "plain" | "repeats";
  /** Whether the model that sees where calls go may be tried in place of the whole one; true where nothing is said. */
  readonly calls?: boolean;
  /** Contexts for text, or for binary data. */
  readonly kind: "text" | "binary";
  /** Binary logarithm of the rows that each context has, 8 … 22; of the two small models' slots of each. */
  readonly size: number;
  /** The last 1 … 6 characters; the second and third last. */
  readonly orders: boolean;
  /** An order counts UTF-8 characters; else bytes. */
  readonly characters: boolean;
  /** Text: the word so far, words before it, kinds of the last characters. Binary data: bytes some places back. */
  readonly words: boolean;
  /** Text: the place in a line of a paragraph, and what is above it. Binary data: columns of a record. */
  readonly lines: boolean;
  /** What came when the last bytes were the same before. */
  readonly match: boolean;
  /** Mixing weights are chosen by context; else there is one set of them. */
  readonly gating: boolean;
  /** The last probability is refined by what came of it (secondary symbol estimation). */
  readonly refinement: boolean;
  /** The mixer's final learning rate, in 1/16384: 1 … 255. */
  readonly rate: number;
  /** A slot's probability moves by no less than 1 of so many: 2 … 255; of long data, `encodeText` tries others, too. */
  readonly slotLimit: number;
  /** An adaptive map's entry moves by no less than 1 of about 4 times so many: 1 … 255. */
  readonly mapLimit: number;
  /** After so many bytes all that was learnt is forgotten; 0: never. */
  readonly forget: number;
  /** Binary data: bytes of a record, 4 or more; 0 is as 4. */
  readonly record: number;
}

/** Everything is on. */
export const DEFAULT_SPEC: ByteSpec = {
  model: "whole",
  kind: "text",
  size: 20,
  orders: true,
  characters: true,
  words: true,
  lines: true,
  match: true,
  gating: true,
  refinement: true,
  rate: 33,
  slotLimit: 40,
  mapLimit: 63,
  forget: 0,
  record: 0,
};

/** Bits of the switches, as in `assembly/text/block.ts`. */
const SWITCHES = { orders: 1, characters: 2, words: 4, lines: 8, match: 16, gating: 32, refinement: 64 };
const BINARY = 128;

/** Where the parameter block lies. */
export const BLOCK_ADDRESS = 16;
/** Bytes of the block before its pairs. */
const FIELDS = 28;
/** Behind a payload: the range coder reads so far beyond it. */
const MARGIN = 4;
/** Bytes that the decoder has for an item that is drawn. */
export const DRAWN_BYTES = 2 ** 16;

/** Where the payload lies: behind the block. */
function payloadAddress(items: readonly ItemGroup[]): number {
  return BLOCK_ADDRESS + FIELDS + 8 * items.length + 4;
}

/** Where the history and the tables begin: behind a payload of so many bytes, and zeros that a first record has above it. */
export function heapAddress(
  { model, record }: Pick<ByteSpec, "model" | "record">,
  items: readonly ItemGroup[],
  payloadBytes: number,
): number {
  return align(payloadAddress(items) + payloadBytes + MARGIN + (model === "repeats" ? record : 0));
}

/** Bytes of the tables that a model takes. */
export function tableBytes({ model, size }: Pick<ByteSpec, "model" | "size">): number {
  const slots = 2 ** size, sum = (...pieces: number[]) => pieces.reduce((n, bytes) => n + align(bytes), 0);
  if (model === "plain") return align(128 + 8 * slots);
  if (model === "repeats") return sum(128 * 272 + 8 * slots, 4 * 2 ** 18); // weights and slots, places
  return sum(19 * 16, 32, 4096, 19 * 4096, 4 * 4096) + // contexts and maps
    sum(64, 14 * 32 * slots) +
    sum(8 * slots, 26 * 32, 4 * 65536) + // match
    sum(192, 38776 * 192, 256 * 32, 32, 32, 32) + // mixer
    sum(3 * 65536 * 33 * 2, 16);
}

/** Bytes of memory that a decoder needs in all. */
export function memoryBytes(
  spec: Pick<ByteSpec, "model" | "size" | "record">,
  items: readonly ItemGroup[],
  payloadBytes: number,
): number {
  const copy = spec.model === "calls" ? itemLengths(items).reduce((most, n) => Math.max(most, n), 0) : 0;
  return align(heapAddress(spec, items, payloadBytes) + byteCount(items) + DRAWN_BYTES) + tableBytes(spec) +
    copy;
}

/** Tables that suffice for so many bytes. */
export function sizeFor(model: ByteSpec["model"], bytes: number): number {
  const [most, more] = model === "repeats" ? [22, 7] : model === "plain" ? [20, 6] : [20, 1];
  return Math.min(most, Math.max(8, Math.ceil(Math.log2(bytes + 1)) + more));
}

/** The final learning rate for so many bytes: what has longer to learn may learn more slowly. */
export function rateFor(bytes: number): number {
  return bytes < 2e6 ? 33 : bytes < 6e6 ? 16 : 12;
}

/**
 * Writes the parameter block, little-endian u32: address of the payload; size; switches; u8 rate, slotLimit, mapLimit, 0;
 * forget; record; address of the heap; for each group of items count and bytes; 0.
 */
export function writeBlock(
  spec: ByteSpec,
  items: readonly ItemGroup[],
  { payload, heap }: { readonly payload: number; readonly heap: number },
): Uint8Array {
  const switches = switchBits(SWITCHES, spec) | (spec.kind === "binary" ? BINARY : 0);
  const rates = spec.rate | (spec.slotLimit << 8) | (spec.mapLimit << 16);
  const pairs = items.filter(({ count }) => count > 0).flatMap(({ count, bytes }) => [count, bytes]);
  return words([payload, spec.size, switches, rates, spec.forget, spec.record, heap, ...pairs, 0]);
}

/** What a parameter block says of the model; which of them it is, the decoder knows. */
export function readBlock(block: Uint8Array, model: ByteSpec["model"]): ByteSpec {
  const bytes = new Uint8Array(FIELDS); // zeros at its end are left out
  bytes.set(block.subarray(0, FIELDS));
  const view = new DataView(bytes.buffer), word = (index: number) => view.getUint32(4 * index, true);
  return {
    ...switchesIn(SWITCHES, word(2)),
    model,
    kind: word(2) & BINARY ? "binary" : "text",
    size: word(1),
    rate: bytes[12]!,
    slotLimit: bytes[13]!,
    mapLimit: bytes[14]!,
    forget: word(4),
    record: word(5),
  };
}

/** The build of the decoder, or of the encoder, for a model. */
export function moduleName(name: "text" | "text_encoder", { model }: Pick<ByteSpec, "model">): string {
  if (model === "calls") return name === "text" ? "text-calls" : name; // what the encoder is given has places
  return model === "whole" ? name : `${name}-${model}`;
}

/** What text_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): number;
  encode(count: number): void;
}

/** Bytes that are encoded between two looks at the clock. */
const PIECE = 2048;

/**
 * Encodes items, one after another.
 *
 * @param symbols the items' bytes
 * @param meter called behind each byte
 * @throws {MdlError} `interrupted` when the context's signal aborts
 */
export async function encodeBytes(
  symbols: Uint8Array,
  items: readonly ItemGroup[],
  spec: ByteSpec,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
  meter?: Meter,
): Promise<Code> {
  const name = moduleName("text_encoder", spec), heap = heapAddress(spec, items, 0);
  const { encoder, memory } = await openModule<EncoderModule>(name, memoryBytes(spec, items, 0));
  memory().set(writeBlock(spec, items, { payload: 0, heap }), BLOCK_ADDRESS);
  memory().set(spec.model === "calls" ? withPlaces(symbols, items) : symbols, heap);
  const code = encoder.open(), pace = encodingPace(context, symbols.length, "bytes");
  for (let done = 0; done < symbols.length;) {
    const piece = Math.min(meter ? 1 : PIECE, symbols.length - done);
    encoder.encode(piece);
    await pace(done += piece);
    meter?.(done, encoder.spent.value);
  }
  const end = encoder.close(), bytes = memory().slice(code, end); // closing may grow the memory
  const payload = payloadAddress(items), places = { payload, heap: heapAddress(spec, items, bytes.length) };
  return {
    mode: "prequential",
    parameters: { address: BLOCK_ADDRESS, bytes: trimmed(writeBlock(spec, items, places)) },
    payloads: [{ address: payload, bytes, estimatedBits: encoder.spent.value }],
    memoryBytes: memoryBytes(spec, items, bytes.length),
  };
}
