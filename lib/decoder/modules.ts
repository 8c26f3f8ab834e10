/** The built modules of this folder, by their names in `scripts/build_decoder.ts`: nothing else reads them. */

/** The bytes of a module, as programs have them. */
export async function readModule(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`${name}.wasm`, import.meta.url));
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** A module to run here, compiled once. */
export function compileModule(name: string): Promise<WebAssembly.Module> {
  const known = compiled.get(name) ?? readModule(name).then((bytes) => WebAssembly.compile(bytes));
  compiled.set(name, known);
  return known;
}
