/** Modules that were shortened do the same in fewer bytes. */
import { assert, assertEquals } from "@std/assert";
import binaryen from "binaryen";
import { shortened } from "../scripts/shorten_module.ts";

/** At the bounds of what is written as a whole number, and of how many bytes that takes. */
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  63,
  64,
  -64,
  -65,
  127,
  128,
  8191,
  -8191,
  8192,
  -8192,
  2 ** 24,
  0.5,
  1e-6,
  Infinity,
];

/** A module that writes each number, and four of it, to memory. */
function writing(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const bits = (x: number) => new Uint32Array(Float32Array.of(x).buffer)[0]!;
  const stores = numbers.map((x, i) => {
    const four = Array(4).fill(bits(x)).join(" ");
    return `(f32.store (i32.const ${1024 + 4 * i}) (f32.reinterpret_i32 (i32.const ${bits(x)})))
      (v128.store (i32.const ${2048 + 16 * i}) (v128.const i32x4 ${four}))`;
  });
  const module = binaryen.parseText(
    `(module (memory (export "memory") 1) (func (export "run") ${stores.join("\n")}))`,
  );
  module.setFeatures(binaryen.Features.SIMD128);
  module.runPasses(["precompute"]); // constants of numbers
  const bytes = Uint8Array.from(module.emitBinary());
  module.dispose();
  return bytes;
}

Deno.test("constants are the same bit for bit, and take fewer bytes", async () => {
  const module = writing(NUMBERS), shorter = shortened(module);
  const [before, after] = await Promise.all([module, shorter].map(async (bytes) => {
    const { memory, run } = (await WebAssembly.instantiate(bytes)).instance.exports;
    (run as () => void)();
    return new Uint8Array((memory as WebAssembly.Memory).buffer).slice(1024, 4096);
  }));
  assertEquals(new Float32Array(before!.buffer, 0, NUMBERS.length), Float32Array.from(NUMBERS));
  assertEquals(after, before);
  assert(shorter.length < 0.7 * module.length, `${shorter.length} of ${module.length} bytes`);
});
