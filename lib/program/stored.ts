import type { Coded } from "../codec.ts";
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
  const block = new DataView(new ArrayBuffer(payload - BLOCK_ADDRESS));
  [payload, ...sizes, 0].forEach((value, i) => block.setUint32(4 * i, value, true));
  return {
    mode: "stored",
    decoder: await readModule("stored"),
    memoryBytes: payload + byteCount(items),
    parameters: { address: BLOCK_ADDRESS, bytes: new Uint8Array(block.buffer) },
    payloads: [{ address: payload, bytes: symbols }],
  };
}
