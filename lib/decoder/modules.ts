/** The built modules, by their names in `scripts/build_decoder.ts`: those of this folder, unless another is named. */

/** The bytes of a module, as programs have them. */
export async function readModule(
  name: string,
  folder: string | URL = import.meta.url,
): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`${name}.wasm`, folder));
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** What all encoders export. */
export interface EncoderExports {
  readonly memory: WebAssembly.Memory;
  /** Bits that were spent so far. */
  readonly spent: WebAssembly.Global;
  /** Ends the code; returns the address behind it. */
  close(): number;
}

/**
 * An encoder, by its name or compiled, that is run here, with so many bytes of memory at least; `memory` is to be asked
 * anew once it may have grown.
 */
export async function openModule<Exports extends { readonly memory: WebAssembly.Memory }>(
  module: string | WebAssembly.Module,
  bytes: number,
): Promise<{ readonly encoder: Exports; memory(): Uint8Array<ArrayBuffer> }> {
  const compiled = typeof module === "string" ? await compileModule(module) : module;
  const encoder = new WebAssembly.Instance(compiled).exports as unknown as Exports;
  encoder.memory.grow(Math.max(0, Math.ceil((bytes - encoder.memory.buffer.byteLength) / 65536)));
  return { encoder, memory: () => new Uint8Array(encoder.memory.buffer as ArrayBuffer) };
}

/** A module, compiled once. */
export function compileModule(name: string, folder?: string | URL): Promise<WebAssembly.Module> {
  const known = compiled.get(name) ?? readModule(name, folder).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(name, known);
  return known;
}
