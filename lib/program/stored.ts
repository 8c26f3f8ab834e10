import type { Coded } from "../codec.ts";
import { type Dataset, symbolCount } from "./dataset.ts";

/** Where the parameter block of stored.wasm lies; see lib/decoder/assembly/stored.ts. */
const BLOCK_ADDRESS = 16;

/**
 * Data as they are: what remains when no model makes them shorter. The program is about 500 bytes longer than the raw
 * symbols.
 */
export async function store({ channels, groups, symbols }: Dataset): Promise<Coded> {
  const sizes = groups.flatMap(({ count, height, width }) => [count, height * width * channels]);
  const payload = BLOCK_ADDRESS + 4 * (sizes.length + 2);
  const block = new DataView(new ArrayBuffer(payload - BLOCK_ADDRESS));
  [payload, ...sizes, 0].forEach((value, i) => block.setUint32(4 * i, value, true));
  return {
    decoder: await Deno.readFile(new URL("../decoder/stored.wasm", import.meta.url)),
    memoryBytes: payload + symbolCount(groups, channels),
    parameters: { address: BLOCK_ADDRESS, bytes: new Uint8Array(block.buffer) },
    payloads: [{ address: payload, bytes: symbols }],
  };
}
