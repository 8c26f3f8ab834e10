/** The built modules are what their sources give, and what goes into a program is small and self-contained. */
import { assert, assertEquals } from "@std/assert";
import { build, builtFile, moduleNames } from "../scripts/build_decoder.ts";

for (const name of moduleNames) {
  Deno.test(`${name}.wasm is what its source gives, byte for byte`, async () => {
    const built = await Deno.readFile(builtFile(name));
    assert((await build(name)).join() === built.join(), "run deno task build");
  });
}

for (const name of ["decoder", "stored", "scenes"] as const) {
  Deno.test(`${name}.wasm is at most 8 kB, imports nothing and exports the decoder's ABI alone`, async () => {
    const bytes = await Deno.readFile(builtFile(name)), module = await WebAssembly.compile(bytes);
    assert(bytes.length <= 8192, `${bytes.length} bytes`);
    assertEquals(WebAssembly.Module.imports(module), []);
    assertEquals(WebAssembly.Module.exports(module).map((e) => `${e.kind} ${e.name}`).sort(), [
      ...["function next", "function start"],
      ...(name === "decoder" ? ["global given", "global temperature"] : []),
      "memory memory",
    ]);
  });
}
