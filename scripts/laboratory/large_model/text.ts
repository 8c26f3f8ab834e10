/** A text under a transformer as its decoder finds it in memory: block, spelling and weights, payload, text, workspace. */
import type { Part } from "../../../lib/program/wasm_module.ts";
import type { ItemGroup } from "../../../lib/items.ts";
import { byteCount } from "../../../lib/items.ts";
import type { LanguageModel } from "./llama.ts";
import { align } from "../../../lib/decoder/memory.ts";
import { MODEL_BLOCK, workBytes, type Workspace, writeModelBlock } from "../../../lib/decoder/transformer.ts";

/** Where the block lies; of the text's fields, where the windows are told that a decoder takes. */
const BLOCK_ADDRESS = 16;
const FIELDS = 28, CHOSEN = BLOCK_ADDRESS + MODEL_BLOCK + 12;
const FIRST_PAIR = BLOCK_ADDRESS + MODEL_BLOCK + FIELDS;

/** Positions whose keys are kept, the first that stay; windows side by side; tokens of a window, about. */
const RING = 512, SINKS = 4, LANES = 4, WINDOW = 2400;

/** Bytes of an item that is drawn, at most. */
const ROOM = 2 ** 16;

/** Behind each code: the range coder reads so far beyond it. */
export const MARGIN = 3;

/** Rows of a step of the encoder, all of one window. */
const ENCODED_ROWS = 32;

/** A stretch of the text that is coded by itself: tokens and bytes of it. */
export interface Window {
  readonly tokens: Int32Array<ArrayBuffer>;
  readonly bytes: number;
}

/** Cuts a text into windows; two make two threads busy, and longer ones know more of the text. */
export function cutWindows(
  { tokens, lengths }: { readonly tokens: Int32Array<ArrayBuffer>; readonly lengths: Uint8Array },
  count: number = Math.max(tokens.length > WINDOW / 4 ? 2 : 1, Math.round(tokens.length / WINDOW)),
): Window[] {
  const at = (i: number) => Math.floor(i * tokens.length / count);
  return Array.from({ length: count }, (_, i) => ({
    tokens: tokens.slice(at(i), at(i + 1)),
    bytes: lengths.subarray(at(i), at(i + 1)).reduce((sum, length) => sum + length, 0),
  }));
}

/** In how much memory windows are decoded, side by side as far as two threads share them. */
export function decoderWorkspace(windows: readonly Window[]): Workspace {
  const longest = Math.max(...windows.map(({ tokens }) => tokens.length));
  const lanes = Math.min(LANES, Math.ceil(windows.length / 2));
  return { ring: RING, sinks: SINKS, positions: Math.max(RING, longest + 1), lanes, rows: lanes };
}

/** The same for an encoder: one window, many rows. */
export function encoderWorkspace(windows: readonly Window[]): Workspace {
  return { ...decoderWorkspace(windows), lanes: 1, rows: ENCODED_ROWS };
}

/** Where the parts of memory lie. */
export interface Places {
  readonly spelling: number;
  readonly weights: number;
  readonly payload: number;
  readonly text: number;
  readonly heap: number;
}

/** Places for so many windows, items and bytes. */
export function placesFor(
  { memory, weightsAt }: Pick<LanguageModel, "memory" | "weightsAt">,
  windows: number,
  items: readonly ItemGroup[],
  payloadBytes: number,
): Places {
  const spelling = align(FIRST_PAIR + 8 * windows + 8 * items.length + 4);
  const payload = align(spelling + memory.length), text = align(payload + payloadBytes + MARGIN);
  const room = Math.max(ROOM, byteCount(items));
  return { spelling, weights: spelling + weightsAt, payload, text, heap: align(text + room) };
}

/** Bytes of memory that the decoder needs in all. */
export function memoryBytes(
  { spec }: Pick<LanguageModel, "spec">,
  space: Workspace,
  { heap }: Places,
): number {
  return heap + workBytes(spec, space) + align(48 * space.lanes) + align(4 * spec.vocabulary);
}

/**
 * The block: the model's, then u32 address of the text and of the spelling, token for none, first window, window behind
 * the last, their number, room for what is drawn; bytes and address of each window's code; count and bytes of items; 0.
 */
export function writeBlock(
  { spec, vocabulary: { none } }: Pick<LanguageModel, "spec" | "vocabulary">,
  space: Workspace,
  places: Places,
  windows: readonly { readonly bytes: number; readonly code: number }[],
  items: readonly ItemGroup[],
): Part {
  const pairs = items.filter(({ count }) => count > 0).flatMap(({ count, bytes }) => [count, bytes]);
  const fields = [
    places.text,
    places.spelling,
    none,
    0,
    windows.length,
    windows.length,
    ROOM,
    ...windows.flatMap(({ bytes, code }) => [bytes, code]),
    ...pairs,
    0,
  ];
  const block = new Uint8Array(MODEL_BLOCK + 4 * fields.length);
  block.set(writeModelBlock(spec, space, places));
  const view = new DataView(block.buffer);
  fields.forEach((field, i) => view.setUint32(MODEL_BLOCK + 4 * i, field, true));
  return { address: BLOCK_ADDRESS, bytes: block };
}

/** Bytes of each window, as a block says them. */
export function windowsOf({ address, bytes }: Part): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = (at: number) => at - address + 4 <= bytes.length ? view.getUint32(at - address, true) : 0;
  const count = Math.min(field(CHOSEN + 8), bytes.length >> 3);
  return Array.from({ length: count }, (_, i) => field(FIRST_PAIR + 8 * i));
}

/** What a host writes into memory so that only windows `first` … `last` − 1 are decoded. */
export function choose(first: number, last: number): Part {
  return { address: CHOSEN, bytes: new Uint8Array(Uint32Array.of(first, last).buffer) };
}
