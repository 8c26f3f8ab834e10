/** What goes into a program is small and self-contained; that it is what its source gives, `deno task build --check` says. */
import { assert, assertEquals } from "@std/assert";
import { decoderFor, decoderName } from "../lib/image/decoders.ts";
import { ATTENTIONS, type ModelSpec } from "../lib/image/spec.ts";
import { ByteReader } from "../lib/program/bytes.ts";
import { checkDecoder } from "../lib/program/check_decoder.ts";
import { CUSTOM, PREAMBLE, readSection, type Section } from "../lib/program/wasm_module.ts";
import { builtFile, moduleNames, programModules } from "../scripts/build_decoder.ts";

const decoders = moduleNames.filter((name) => name.startsWith("decoder"));

for (const name of [...decoders, "stored", "scenes"] as const) {
  Deno.test(`${name}.wasm is at most 8 kB, imports nothing and exports the decoder's ABI alone`, async () => {
    const bytes = await Deno.readFile(builtFile(name)), module = await WebAssembly.compile(bytes);
    assert(bytes.length <= 8192, `${bytes.length} bytes`);
    assertEquals(WebAssembly.Module.imports(module), []);
    assertEquals(WebAssembly.Module.exports(module).map((e) => `${e.kind} ${e.name}`).sort(), [
      "function next",
      "function start",
      ...(name.startsWith("decoder") ? ["global given", "global temperature"] : []),
      "memory memory",
    ]);
  });
}

for (const name of programModules) {
  Deno.test(`${name}.wasm is what a program may have`, async () => {
    const bytes = await Deno.readFile(builtFile(name)), sections: Section[] = [];
    const reader = new ByteReader(bytes, "module", PREAMBLE.length);
    while (reader.left > 0) sections.push(readSection(reader));
    checkDecoder(sections.filter(({ id }) => id !== CUSTOM));
  });
}

Deno.test("every kind of model has a decoder of its own, which is the larger the more it can do", async () => {
  const shape = {
    neighbours: 8,
    cross: 4,
    width: 8,
    blocks: 1,
    tied: false,
    grid: 1,
    bits: 6,
    shareScales: true,
  };
  const found = new Map<string, number>();
  const ways = [1, 2].flatMap((scales) => [{ scales }, { scales, lattice: { JFIF: 9 } }]);
  const sizes = await Promise.all(ways.map(async (way) => {
    const specs: ModelSpec[] = [false, true].flatMap((leastSquares) =>
      ATTENTIONS.map((attention) => ({ ...shape, ...way, leastSquares, attention }))
    );
    const sized = [];
    for (const spec of specs) {
      const { length } = await decoderFor(spec);
      found.set(decoderName(spec), length);
      sized.push(length);
    }
    const [plain, attention, local, both] = sized;
    assert(plain! < local! && local! < attention!, `${sized}`);
    assertEquals(both, attention); // attention needs what least squares leave
    return sized;
  }));
  for (const lattice of [{}, { lattice: { JFIF: 9 } }]) {
    for (const attention of ATTENTIONS) {
      const spec: ModelSpec = { ...shape, scales: 1, leastSquares: true, attention, ...lattice };
      const [plain, mixed] = [spec, { ...spec, mixing: true }].map(decoderName);
      const bytes = (await decoderFor({ ...spec, mixing: true })).length;
      assert(found.get(plain!)! < bytes && bytes < found.get(plain!)! + 1950);
      found.set(mixed!, bytes);
    }
    for (const mixing of [false, true]) {
      const spec: ModelSpec = {
        ...shape,
        scales: 1,
        leastSquares: true,
        attention: "none",
        mixing,
        ...lattice,
      };
      const tiled = { ...spec, tiles: { columns: 2, rows: 1 } };
      const [one, many] = await Promise.all([spec, tiled].map(async (of) => (await decoderFor(of)).length));
      assert(one! < many! && many! < one! + 250, `${one} and ${many} bytes`);
      found.set(decoderName(tiled), many!);
    }
    const local = { leastSquares: true }, tiles = { columns: 2, rows: 1 };
    const more = [{}, local, { ...local, mixing: true }, { ...local, tiles }, {
      ...local,
      tiles,
      mixing: true,
    }];
    for (const parts of more) {
      const spec: ModelSpec = {
        ...shape,
        scales: 1,
        leastSquares: false,
        attention: "none",
        ...parts,
        ...lattice,
      };
      const adaptive = { ...spec, adaptive: true }, bytes = (await decoderFor(adaptive)).length;
      const { length } = await decoderFor(spec);
      assert(length < bytes && bytes < length + 800, `${length} and ${bytes} bytes`);
      found.set(decoderName(adaptive), bytes);
    }
  }
  const [raster, ofLattice, pyramid, both] = sizes;
  raster!.forEach((size, i) => {
    assert(size < ofLattice![i]! && ofLattice![i]! < size + 400 && size < pyramid![i]!);
    assert(pyramid![i]! < both![i]! && ofLattice![i]! < both![i]!);
  });
  assertEquals([...found.keys()].sort(), [...decoders].sort());
});
