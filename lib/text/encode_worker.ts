/** Encodes for `encode.ts`: in a Worker, the memory of a large model ends with the work. */
import type { Code } from "../codec.ts";
import type { ItemGroup } from "../items.ts";
import type { Progress } from "../progress.ts";
import { type ByteSpec, encodeBytes } from "./engine.ts";

export interface EncodeRequest {
  readonly symbols: Uint8Array;
  readonly items: readonly ItemGroup[];
  readonly spec: ByteSpec;
}

/** Progress, as often as it comes, and then the code. */
type EncodeReply = { readonly progress: Progress } | Code;

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<EncodeRequest>) => void;
  postMessage(reply: EncodeReply): void;
};

scope.onmessage = async ({ data: { symbols, items, spec } }) => {
  const progress = (progress: Progress) => scope.postMessage({ progress });
  scope.postMessage(await encodeBytes(symbols, items, spec, { progress }));
};
