/** Decoders as programs have them, run by tests without a sandbox. */
import { readModule } from "../lib/decoder/modules.ts";

/** What a decoder of items exports. */
export interface Decoder {
  readonly memory: WebAssembly.Memory;
  readonly made: WebAssembly.Global<"i32">;
  readonly length: WebAssembly.Global<"i32">;
  readonly given: WebAssembly.Global<"i32">;
  readonly temperature: WebAssembly.Global<"f32">;
  start(drawn: number, seed: number): void;
  next(): number;
}

/** What a code says of its memory. */
interface Code {
  readonly memoryBytes: number;
  readonly parameters: { readonly address: number; readonly bytes: Uint8Array };
  readonly payloads: readonly Code["parameters"][];
}

/** A decoder with the memory that the code says and no more, and the code in it. */
export async function openDecoder(
  name: string,
  { memoryBytes, parameters, payloads }: Code,
): Promise<Decoder> {
  const { instance } = await WebAssembly.instantiate(await readModule(name));
  const decoder = instance.exports as unknown as Decoder;
  decoder.memory.grow(Math.ceil((memoryBytes - decoder.memory.buffer.byteLength) / 65536));
  const memory = new Uint8Array(decoder.memory.buffer);
  for (const { address, bytes } of [parameters, ...payloads]) memory.set(bytes, address);
  return decoder;
}
