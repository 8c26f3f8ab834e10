/** The encoder's side of the decoder: codes with the decoder's own probabilities, and shows what its model sees. */
import type { ImageGroup } from "../data/dataset.ts";
import { cellSize, type ModelSpec } from "../models/spec.ts";
import { BLOCK_ADDRESS, blockSize, type Steps, writeBlock } from "./parameters.ts";

/** What encoder.wasm exports; its source documents each. */
interface EncoderModule {
  readonly memory: WebAssembly.Memory;
  openEncoder(): void;
  weightsAddress(): number;
  imageAddress(): number;
  probabilitiesAddress(): number;
  encodeWeights(): number;
  openPayload(): void;
  encodeImage(height: number, width: number): void;
  closePayload(): number;
  distribution(height: number, width: number, y: number, x: number, k: number, to: number): void;
}

const align = (n: number) => (n + 15) & ~15;

/** Symbols of the largest image. */
function largestImage(groups: readonly ImageGroup[], channels: number): number {
  return groups.reduce((most, { height, width }) => Math.max(most, height * width * channels), 0);
}

/** Bytes of memory that a module takes for itself behind its heap address (an upper bound). */
export function heapBytes(spec: ModelSpec, channels: number, groups: readonly ImageGroup[]): number {
  return 4 * spec.grid ** 2 * cellSize(spec, channels) + largestImage(groups, channels) + 32 * 1024;
}

/** An open encoder. */
export interface Encoder {
  /** The weights as the decoder will see them, f32. */
  readonly weights: Float32Array;
  /** The weights' code. */
  readonly weightCode: Uint8Array;
  /**
   * Appends an image to the payload.
   * @returns the model's probability of each symbol, f32[height, width, channels], a view valid until the next call
   */
  encodeImage(pixels: Uint8Array, height: number, width: number): Float32Array;
  /** Ends the payload and returns its bytes. */
  closePayload(): Uint8Array;
  /**
   * P(symbol < t), t = 0 … 256, for the k-th coded symbol of pixel (y, x) of the image that was loaded last; a view
   * valid until the next call.
   */
  distribution(y: number, x: number, k: number): Float32Array;
  loadImage(pixels: Uint8Array, height: number, width: number): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Opens the encoder for images of the sizes in `groups`. The weights (f32, laid out as `layers` says) are rounded to
 * whole multiples of their kind's step.
 */
export async function openEncoder(
  spec: ModelSpec,
  channels: number,
  groups: readonly ImageGroup[],
  weights: Float32Array,
  steps: Steps,
): Promise<Encoder> {
  compiled ??= Deno.readFile(new URL("encoder.wasm", import.meta.url)).then((b) => WebAssembly.compile(b));
  const { exports } = await WebAssembly.instantiate(await compiled, {});
  const module = exports as unknown as EncoderModule;
  // block, heap (with the symbols' probabilities), scratch for 257 numbers, weight code, payload
  const heap = align(BLOCK_ADDRESS + blockSize(groups));
  const scratch = align(heap + heapBytes(spec, channels, groups) + 4 * largestImage(groups, channels));
  const weightCode = scratch + 2048, payload = weightCode + 2 * weights.length + 4096;
  module.memory.grow(Math.ceil((payload + 65536) / 65536));
  new Uint8Array(module.memory.buffer).set(
    writeBlock(spec, channels, groups, { weightCode, payload, heap }, steps),
    BLOCK_ADDRESS,
  );
  module.openEncoder();
  new Float32Array(module.memory.buffer, module.weightsAddress(), weights.length).set(weights);
  const weightEnd = module.encodeWeights();
  module.openPayload();
  let size = { height: 0, width: 0 };
  const loadImage = (pixels: Uint8Array, height: number, width: number) => {
    size = { height, width };
    new Uint8Array(module.memory.buffer).set(pixels, module.imageAddress());
  };
  return {
    weights: new Float32Array(module.memory.buffer, module.weightsAddress(), weights.length).slice(),
    weightCode: new Uint8Array(module.memory.buffer).slice(weightCode, weightEnd),
    encodeImage(pixels, height, width) {
      loadImage(pixels, height, width);
      module.encodeImage(height, width);
      return new Float32Array(module.memory.buffer, module.probabilitiesAddress(), height * width * channels);
    },
    closePayload() {
      const end = module.closePayload();
      return new Uint8Array(module.memory.buffer).slice(payload, end);
    },
    loadImage,
    distribution(y, x, k) {
      module.distribution(size.height, size.width, y, x, k, scratch);
      return new Float32Array(module.memory.buffer, scratch, 257);
    },
  };
}
