/** Encodes for `encode.ts`: in a Worker, the memory of a large model ends with the work. */
import type { ItemGroup } from "../items.ts";
import { answer } from "../workers.ts";
import { type ByteSpec, encodeBytes } from "./engine.ts";

export interface EncodeRequest {
  readonly symbols: Uint8Array;
  readonly items: readonly ItemGroup[];
  readonly spec: ByteSpec;
}

answer(({ symbols, items, spec }: EncodeRequest, context) => encodeBytes(symbols, items, spec, context));
