/**
 * Pictures in mode prequential, from the host's side: what the decoder is told, how much memory it takes, and the code.
 * The model is made of nothing but the pixels that were coded before (`lib/decoder/assembly/pixels.ts`): there are no weights.
 */
import type { Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { compileModule, readModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { type Dataset, type ImageGroup, symbolCount } from "./dataset.ts";

/**
 * Models of pixels that learn while they decode. "drawing": for drawings, screenshots and icons, whose contexts are the
 * colours around a pixel.
 */
export const LEARNERS = ["drawing"] as const;
export type LearnerName = typeof LEARNERS[number];

/** Binary logarithm of the rows of slots that suffice for so many symbols. */
function sizeFor(symbols: number): number {
  return Math.min(22, Math.max(12, Math.ceil(Math.log2(symbols)) + 4));
}

/** Where the parameter block lies, the bytes before its groups, and of a group. */
const BLOCK_ADDRESS = 16, FIELDS = 12, GROUP = 12;
/** Behind a payload: the range coder reads so far beyond it. */
const MARGIN = 4;

/** As in `assembly/pixels/decision.ts`: contexts, inputs, and sets of weights. */
const CONTEXTS = 19, INPUTS = 2 * CONTEXTS + 2, SETS = 768 + 32 * (CONTEXTS + 1) + 64 * 32;

const align = (n: number) => Math.ceil(n / 64) * 64;

type Shape = Pick<Dataset, "channels" | "groups">;

function widest({ groups, channels }: Shape): number {
  return groups.reduce((most, { width }) => Math.max(most, width * channels), 0);
}

/** Bytes of memory behind the heap: what stands above the first image, the images, one that is drawn, tables. */
function heapBytes({ channels, groups }: Shape): number {
  const size = sizeFor(symbolCount(groups, channels));
  const drawn = symbolCount([{ ...groups[0]!, count: 1 }], channels);
  const images = 3 * widest({ channels, groups }) + 64 + symbolCount(groups, channels) + drawn + 128;
  const tables = [CONTEXTS * 16, 64, 4 * 65536, CONTEXTS * 1024, 4 * INPUTS, SETS * 4 * INPUTS, 16, 16];
  return images + tables.reduce((sum, bytes) => sum + align(bytes), 0) + 32 * 2 ** size;
}

/**
 * The parameter block, little-endian: u32 address of the payload and of the heap; u8 channels, u8 size, u16 0; for each
 * group of images u32 count, height, width; 0, which is left out, for memory is zero.
 */
function writeBlock(
  { channels, groups }: Shape,
  { payload, heap }: { readonly payload: number; readonly heap: number },
): Uint8Array {
  const size = sizeFor(symbolCount(groups, channels));
  const fields = [
    payload,
    heap,
    channels | (size << 8),
    ...groups.flatMap(({ count, height, width }) => [count, height, width]),
  ];
  const block = new DataView(new ArrayBuffer(4 * fields.length));
  fields.forEach((field, i) => block.setUint32(4 * i, field, true));
  return new Uint8Array(block.buffer);
}

function payloadAddress(groups: readonly ImageGroup[]): number {
  return BLOCK_ADDRESS + FIELDS + GROUP * groups.length + 4;
}

/** What pixels_encoder.wasm exports; its source documents each. */
interface EncoderModule {
  readonly memory: WebAssembly.Memory;
  open(): number;
  images(): number;
  encodeRow(): number;
  bits(): number;
  close(): number;
}

/**
 * Codes a set; shows progress by symbols.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodePrequential(
  set: Dataset,
  _learner: LearnerName,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<Coded> {
  const module = await compileModule("pixels_encoder");
  const encoder = new WebAssembly.Instance(module).exports as unknown as EncoderModule;
  const payload = payloadAddress(set.groups), heap = align(payload);
  const needed = heap + heapBytes(set) - encoder.memory.buffer.byteLength;
  encoder.memory.grow(Math.max(0, Math.ceil(needed / 65536)));
  const memory = () => new Uint8Array(encoder.memory.buffer); // which growing replaces
  memory().set(writeBlock(set, { payload: 0, heap }), BLOCK_ADDRESS);
  const code = encoder.open();
  memory().set(set.symbols, encoder.images());
  const pace = encodingPace(context, set.symbols.length, "symbols");
  for (let done = 0, row = 0; (row = encoder.encodeRow()) > 0;) await pace(done += row);
  const estimatedBits = encoder.bits(), end = encoder.close();
  const bytes = memory().slice(code, end), place = align(payload + bytes.length + MARGIN);
  return {
    mode: "prequential",
    decoder: await readModule("pixels"),
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(set, { payload, heap: place }) },
    payloads: [{ address: payload, bytes, estimatedBits }],
    memoryBytes: place + heapBytes(set),
  };
}
