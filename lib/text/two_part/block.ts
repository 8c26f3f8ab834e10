/** How a program of a shipped transformer lies in memory, and its parameter block. */
import { byteCount, type ItemGroup } from "../../items.ts";
import { concat } from "../../program/bytes.ts";
import {
  MODEL_BLOCK,
  weightBytes,
  workBytes,
  type Workspace,
  writeModelBlock,
} from "../../decoder/transformer.ts";
import { align, words } from "../../decoder/memory.ts";
import { BLOCK_ADDRESS, DRAWN_BYTES } from "../engine.ts";
import type { TransformerModel } from "./model.ts";
import { llamaOf, matrices } from "./spec.ts";

/** Where things lie behind the codes. */
export interface Places {
  readonly weights: number;
  readonly text: number;
  readonly heap: number;
  /** Memory in all. */
  readonly end: number;
}

/** Where things lie behind an address, for so many windows side by side and rows of a step. */
export function placesFrom(
  address: number,
  items: readonly ItemGroup[],
  { spec, alphabet }: TransformerModel,
  { lanes, rows }: { readonly lanes: number; readonly rows: number },
): Places & { readonly workspace: Workspace } {
  const llama = llamaOf(spec, alphabet.length), bytes = byteCount(items);
  const positions = Math.max(DRAWN_BYTES, Math.ceil(bytes / lanes));
  const workspace = { ring: spec.context, sinks: 0, positions, lanes, rows };
  const weights = align(address), text = weights + align(weightBytes(llama));
  const heap = align(text + bytes + DRAWN_BYTES);
  const end = heap + workBytes(llama, workspace) + 4096 + align(264) + align(32 * lanes); // shipped.ts takes these
  return { weights, text, heap, end, workspace };
}

/** Bytes of the text's fields before its pairs. */
const TEXT_FIELDS = 68;

/** Address behind the block. */
export function blockEnd(items: readonly ItemGroup[], { spec, alphabet }: TransformerModel): number {
  const steps = matrices(spec, alphabet.length).length;
  return BLOCK_ADDRESS + MODEL_BLOCK + TEXT_FIELDS + 8 * items.length + 8 + 4 * steps;
}

/** Writes the block: the model's, and what `lib/decoder/assembly/shipped/block.ts` reads. */
export function writeBlock(
  items: readonly ItemGroup[],
  { spec, alphabet, quantisation }: TransformerModel,
  { weights, text, heap, workspace }: ReturnType<typeof placesFrom>,
  { weightCode, windowCodes }: { readonly weightCode: number; readonly windowCodes: readonly number[] },
): Uint8Array {
  const occurring = new Uint8Array(32), codes = Array.from({ length: 4 }, (_, i) => windowCodes[i] ?? 0);
  for (const byte of alphabet) occurring[byte >> 3]! |= 1 << (byte & 7);
  const pairs = items.flatMap(({ count, bytes }) => [count, bytes]);
  const steps = matrices(spec, alphabet.length).map(({ name }) => quantisation[name]!);
  return concat([
    writeModelBlock(llamaOf(spec, alphabet.length), workspace, { weights, heap }),
    words([text, byteCount(items), alphabet.length, weightCode, ...codes]),
    occurring,
    words([items.length + 1, ...pairs, 0, 0]),
    new Uint8Array(Float32Array.from(steps).buffer),
  ]);
}
