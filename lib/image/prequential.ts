/**
 * Pictures in mode prequential, from the host's side: what the decoder is told, how much memory it takes, and the code.
 * The model is made of nothing but the pixels that were coded before (`lib/decoder/assembly/pixels.ts`): there are no weights.
 */
import type { Coded } from "../codec.ts";
import type { Context } from "../context.ts";
import { align, words } from "../decoder/memory.ts";
import { type EncoderExports, openModule, readModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { type Dataset, symbolCount, widest } from "./dataset.ts";
import { encodePhotos } from "./photo.ts";

/**
 * Models of pixels that learn while they decode. "drawing": for drawings, screenshots and icons, whose contexts are the
 * colours around a pixel. "photo": for few photos, linear prediction by a decoder of a third of the size, or a fourth.
 */
export const LEARNERS = ["drawing", "photo"] as const;
export type LearnerName = typeof LEARNERS[number];

/** Binary logarithm of the rows of slots that suffice for so many symbols. */
function sizeFor(symbols: number): number {
  return Math.min(22, Math.max(12, Math.ceil(Math.log2(symbols)) + 4));
}

/** Where the parameter block lies, the bytes before its groups, and of a group. */
const BLOCK_ADDRESS = 0x8000, FIELDS = 20, GROUP = 12;
/** Behind a payload: the range coder reads so far beyond it. */
const MARGIN = 4;

/** As in `assembly/pixels/`: contexts, inputs, and sets of weights. */
const CONTEXTS = 19, INPUTS = 2 * CONTEXTS + 2, SETS = 768 + 32 * (CONTEXTS + 1) + 64 * 32;

/** Addresses of what lies behind the block, and bytes of memory in all. */
interface Layout {
  readonly payload: number;
  /** Of the first image; three rows of zeros are above it. */
  readonly first: number;
  /** Of an image that is drawn. */
  readonly room: number;
  /** Of large tables. */
  readonly tables: number;
  readonly end: number;
}

type Shape = Pick<Dataset, "channels" | "groups">;

/** Where everything lies; a code of `payloadBytes` is in front of the images. */
function layoutOf({ channels, groups }: Shape, payloadBytes: number): Layout {
  const row = widest(groups) * channels;
  const payload = BLOCK_ADDRESS + FIELDS + GROUP * groups.length + 4, symbols = symbolCount(groups, channels);
  const first = align(payload + payloadBytes + MARGIN + 3 * row) + 64, room = first + symbols;
  const behind = align(room + symbolCount([{ ...groups[0]!, count: 1 }], channels) + 8);
  const end = behind + 4 * 65536 + SETS * 4 * INPUTS + 32 * 2 ** sizeFor(symbols);
  return { payload, first, room, tables: behind, end };
}

/**
 * The parameter block, little-endian u32: the layout's addresses; u8 channels, u8 binary logarithm of the rows, u16 0; for
 * each group of images u32 count, height, width. The 0 that ends them is left out, for memory is zero.
 */
function writeBlock({ payload, first, room, tables }: Layout, { channels, groups }: Shape): Uint8Array {
  const size = sizeFor(symbolCount(groups, channels));
  const sizes = groups.flatMap(({ count, height, width }) => [count, height, width]);
  return words([payload, first, room, tables, channels | (size << 8), ...sizes]);
}

/** What pixels_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): void;
  encodeRow(): number;
}

/**
 * Codes a set; shows progress by symbols.
 *
 * @throws {MdlError} `interrupted`
 */
export async function encodePrequential(
  set: Dataset,
  learner: LearnerName,
  context: Partial<Pick<Context, "signal" | "progress">>,
): Promise<Coded> {
  if (learner === "photo") return await encodePhotos(set, context);
  const layout = layoutOf(set, 0), code = layout.end;
  const { encoder, memory } = await openModule<EncoderModule>("pixels_encoder", code + 65536);
  memory().set(writeBlock({ ...layout, payload: code }, set), BLOCK_ADDRESS);
  memory().set(set.symbols, layout.first);
  encoder.open();
  const pace = encodingPace(context, set.symbols.length, "symbols");
  for (let done = 0, row = 0; (row = encoder.encodeRow()) > 0;) await pace(done += row);
  const estimatedBits = encoder.spent.value, end = encoder.close();
  const bytes = memory().slice(code, end), placed = layoutOf(set, bytes.length);
  return {
    mode: "prequential",
    decoder: await readModule("pixels"),
    parameters: { address: BLOCK_ADDRESS, bytes: writeBlock(placed, set) },
    payloads: [{ address: placed.payload, bytes, estimatedBits }],
    memoryBytes: placed.end,
  };
}
