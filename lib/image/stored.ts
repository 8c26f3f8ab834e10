import { type Dataset, symbolCount } from "./dataset.ts";
import { buildProgram } from "../program/build.ts";
import type { RunRecord } from "../program/header.ts";
import { type Program, programOf } from "../program/program.ts";

/** Where the parameter block of stored.wasm lies; see lib/decoder/assembly/stored.ts. */
const BLOCK_ADDRESS = 16;

/**
 * The program that holds its data as they are: what remains when no model makes them shorter. It costs about 500 bytes
 * more than the raw symbols.
 */
export async function storedProgram(dataset: Dataset, record: RunRecord): Promise<Program> {
  const { channels, groups, symbols } = dataset;
  const sizes = groups.flatMap(({ count, height, width }) => [count, height * width * channels]);
  const payload = BLOCK_ADDRESS + 4 * (sizes.length + 2);
  const block = new DataView(new ArrayBuffer(payload - BLOCK_ADDRESS));
  [payload, ...sizes, 0].forEach((value, i) => block.setUint32(4 * i, value, true));
  return programOf(buildProgram({
    decoder: await Deno.readFile(new URL("../decoder/stored.wasm", import.meta.url)),
    memoryBytes: payload + symbolCount(groups, channels),
    mode: "stored",
    order: "raster",
    dataset,
    record,
    segments: [
      { kind: "parameters", address: BLOCK_ADDRESS, bytes: new Uint8Array(block.buffer) },
      { kind: "payload", address: payload, bytes: symbols },
    ],
  }));
}
