import type { Coded } from "../codec.ts";
import { words } from "../decoder/memory.ts";
import { readModule } from "../decoder/modules.ts";
import { byteCount, type ItemGroup } from "../items.ts";

/** Where the parameter block of stored.wasm lies; see lib/decoder/assembly/stored.ts. */
const BLOCK_ADDRESS = 16;

/**
 * Data as they are: what remains when no model makes them shorter. The program is about 500 bytes longer than the data.
 */
export async function storedCode(items: readonly ItemGroup[], symbols: Uint8Array): Promise<Coded> {
  const sizes = items.flatMap(({ count, bytes }) => [count, bytes]);
  const payload = BLOCK_ADDRESS + 4 * (sizes.length + 2);
  return {
    mode: "stored",
    decoder: await readModule("stored"),
    memoryBytes: payload + byteCount(items),
    parameters: { address: BLOCK_ADDRESS, bytes: words([payload, ...sizes, 0]) },
    payloads: [{ address: payload, bytes: symbols }],
  };
}
