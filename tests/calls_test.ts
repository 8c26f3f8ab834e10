/** Machine code for x86, where the model of bytes sees where calls go: every file comes back, and the right ones get it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bytes as codec, text as textCodec } from "../lib/text/codec.ts";
import { placesGain, withPlaces } from "../lib/text/calls.ts";
import { specOf } from "../lib/text/encode.ts";
import { type ByteSpec, encodeBytes, memoryBytes, moduleName, readBlock } from "../lib/text/engine.ts";
import { planning } from "../lib/chain.ts";
import { contextOf } from "../lib/context.ts";
import type { FeatureOptions } from "../lib/codecs.ts";
import { type Files, itemsOf } from "../lib/files/data.ts";
import { byteCount, type ItemGroup } from "../lib/items.ts";
import { concat } from "../lib/program/bytes.ts";
import { random } from "../lib/random.ts";
import { codeLengths } from "../scripts/samples/code_lengths.ts";
import { measureSwitches } from "../scripts/laboratory/measure/switches.ts";
import { features } from "../lib/stages/features.ts";
import { checkCodec } from "./check_codec.ts";
import { inFolder } from "./in_folder.ts";
import { madeFiles } from "./made_files.ts";
import { openDecoder } from "./open_decoder.ts";

const { below } = random(1, "calls");
const calls = (size: number): ByteSpec => ({ ...specOf("calls", "binary", size), size: 8 });
const one = (symbols: Uint8Array): readonly ItemGroup[] => [{ count: 1, bytes: symbols.length }];

/** All items by the decoder, each of whose calls says no more bytes than are as in the file. */
async function roundTrip(symbols: Uint8Array, items: readonly ItemGroup[]): Promise<void> {
  const spec = calls(symbols.length), code = await encodeBytes(symbols, items, spec);
  const decoder = await openDecoder(moduleName("text", spec), code);
  decoder.start(0, 0);
  let begin = 0;
  for (const { count, bytes } of items) {
    for (let i = 0; i < count; i++, begin += bytes) {
      for (let made = -1; made < bytes;) {
        const address = decoder.next(), seen = new Uint8Array(decoder.memory.buffer, address);
        assert(decoder.made.value >= made && (made = decoder.made.value) <= bytes);
        assertEquals(seen.slice(0, made), symbols.slice(begin, begin + made));
      }
    }
  }
  assertEquals(decoder.next(), 0);
}

/** Code of as many bytes at least: functions that call a few others, from wherever they are. */
function machineCode(size: number, seed = 1): Uint8Array {
  const { below } = random(seed, "machine code"), parts: Uint8Array[] = [];
  const targets = Array.from({ length: 40 }, () => below(size));
  for (let at = 0; at < size;) {
    const plain = Uint8Array.from({ length: 3 + below(9) }, () => [0x48, 0x89, 0x8b, 0xc7, 0x0f][below(5)]!);
    const call = new DataView(new ArrayBuffer(5));
    call.setUint8(0, 0xe8 + below(2));
    at += plain.length + 5;
    call.setInt32(1, targets[below(40)]! - at, true);
    parts.push(plain, new Uint8Array(call.buffer));
  }
  return concat(parts);
}

Deno.test("every distance at every place of short items comes back, the last ones, too", async () => {
  const parts: Uint8Array[] = [], items: ItemGroup[] = [];
  for (let n = 0; n <= 24; n++) {
    for (let at = 0; at + 5 <= n + 4; at++) { // some operands end behind the item
      const place = at + 5, edges = [0, -place, n - place, n, -n, 2 ** 31 - 1, -(2 ** 31)];
      for (const edge of edges.flatMap((edge) => [edge - 1, edge, edge + 1])) {
        const item = new DataView(new ArrayBuffer(n + 8)), bytes = new Uint8Array(item.buffer);
        bytes.fill(0xe8 + below(2), 0, below(n + 1));
        item.setUint8(at, 0xe8);
        item.setInt32(at + 1, edge, true);
        parts.push(bytes.slice(0, n));
      }
    }
    items.push({ count: parts.length - items.reduce((sum, { count }) => sum + count, 0), bytes: n });
  }
  await roundTrip(concat(parts), items);
});

Deno.test("what is full of E8 and E9 comes back, whatever its length, in several items", async () => {
  const items = [4096, 0, 4097, 4100, 8192, 12_000].map((bytes) => ({ count: 1, bytes }));
  const values = [0xe8, 0xe9, 0, 0xff, 1];
  await roundTrip(
    Uint8Array.from({ length: byteCount(items) }, () => below(3) ? values[below(5)]! : below(256)),
    items,
  );
  await roundTrip(machineCode(20_000), one(machineCode(20_000)));
});

Deno.test("each distance has a place of its own, and what is no call stays", () => {
  const n = 300, at = 100, seen = new Set<number>();
  for (let distance = -at - 8; distance < n + 3; distance++) {
    const item = new DataView(new ArrayBuffer(n));
    item.setUint8(at, 0xe9);
    item.setInt32(at + 1, distance, true);
    const out = withPlaces(new Uint8Array(item.buffer), [{ count: 1, bytes: n }]);
    const place = new DataView(out.buffer).getInt32(at + 1, true);
    if (distance < -at - 5 || distance >= n) assertEquals(place, distance);
    else if (distance < n - at - 5) assertEquals(place, distance + at + 5);
    seen.add(place);
  }
  assertEquals(seen.size, n + 3 + at + 8);
  const text = new TextEncoder().encode("no call is in here, nothing changes");
  assertEquals(withPlaces(text, one(text)), text);
});

Deno.test("a program of machine code is shorter by more than its decoder is longer, with the memory that it says", async () => {
  const data = madeFiles("bytes", [machineCode(60_000), machineCode(3000, 2)]), items = itemsOf(data);
  const spec = calls(data.symbols.length), context = contextOf(1);
  const program = await checkCodec<Files>(data, spec, context);
  const without = await checkCodec<Files>(data, { ...spec, model: "whole" }, context);
  assert(program.bytes.length < 0.9 * without.bytes.length, `${program.bytes.length} bytes`);
  const code = await encodeBytes(data.symbols, items, spec), payload = code.payloads[0]!.bytes.length;
  assertEquals(code.memoryBytes, memoryBytes(spec, items, payload));
  assertEquals(readBlock(code.parameters.bytes, "calls"), spec);
  const many = Array.from({ length: 200_000 }, (_, i) => ({ count: 1, bytes: i % 7 }));
  assertEquals(memoryBytes(spec, many, 0) - memoryBytes({ ...spec, model: "whole" }, many, 0), 6);
  const weighed = await codeLengths(program.info, data, data, { every: 30_000, drawn: false }, {}); // as samples do
  assertEquals(weighed.own.at(-1)!.bytes, data.symbols.length);
});

Deno.test("it is tried where places come again; both are built where that is in doubt", () => {
  const models = (symbols: Uint8Array, exactly = false) => {
    const data = madeFiles("bytes", [symbols]), spec = specOf("whole", "binary", symbols.length);
    return codec.candidates(spec, data, exactly).map((spec) => "model" in spec && spec.model);
  };
  const noise = Uint8Array.from({ length: 70_000 }, () => below(256));
  assertEquals(models(noise), ["whole", "repeats"]);
  assertEquals(models(machineCode(70_000)), ["calls", "repeats"]);
  assertEquals(models(machineCode(70_000), true), ["whole"]);
  assertEquals(models(machineCode(4000)), ["whole", "calls", "repeats", "plain"]);
  assertEquals(models(new Uint8Array(0)), ["whole", "repeats", "plain"]);
  const spec = specOf("whole", "text", 300_000), code = madeFiles("text", [machineCode(300_000)]);
  assertEquals(textCodec.candidates(spec, code, false), [spec]);
  const files = madeFiles("bytes", [machineCode(5000), machineCode(5000, 2)]);
  assert(placesGain(files.symbols, itemsOf(files)) > 500);
});

Deno.test("what is drawn is as the model of places draws it, but has distances; what is given stays", async () => {
  const symbols = machineCode(30_000),
    spec = calls(symbols.length),
    whole = { ...spec, model: "whole" as const };
  const code = await encodeBytes(symbols, one(symbols), spec);
  const given = Uint8Array.of(0xe8, 1, 0, 0, 0, 0x48, 0xe8), length = 5000;
  const draw = async (spec: ByteSpec, known: Uint8Array) => {
    const decoder = await openDecoder(moduleName("text", spec), code);
    decoder.start(1, 3);
    const address = decoder.next();
    decoder.length.value = length;
    decoder.given.value = known.length;
    return Array.from({ length: 2 }, () => {
      new Uint8Array(decoder.memory.buffer).set(known, address);
      while (decoder.next() && decoder.made.value < length);
      return new Uint8Array(decoder.memory.buffer).slice(address, address + length);
    });
  };
  const none = new Uint8Array(0), places = await draw(whole, none), distances = await draw(spec, none);
  assert(distances[0]!.join() !== places[0]!.join());
  assertEquals(distances.map((drawn) => withPlaces(drawn, [{ count: 1, bytes: length }])), places);
  for (const drawn of await draw(spec, given)) assertEquals(drawn.slice(0, given.length), given);
});

Deno.test("calls can be left out, and asked for: the switch of ablate, where they are tried at all", async () => {
  const data = madeFiles("bytes", [machineCode(300_000)]), context = contextOf(1);
  const models = async (features: FeatureOptions) => {
    const { output: { spec } } = await planning<Files>({ features }).run(data, context);
    return codec.candidates(spec as ByteSpec, data, false).map((one) => "model" in one && one.model);
  };
  assertEquals(await models({}), ["calls"]);
  assertEquals([await models({ calls: false }), await models({ calls: true })], [["whole"], ["calls"]]);
  assertStringIncludes(features<Files>({ calls: true }).on!(data).summary, ", where calls go, ");
  await inFolder(async (folder) => {
    const campaign = { label: "ablate", unit: "s", folder };
    const parts = async (data: Files) => await measureSwitches(data, campaign, context);
    const { whole, without } = await parts(madeFiles("bytes", [machineCode(8000)]));
    const { bytes } = without.find(({ what }) => what === "where calls go")!;
    assert(bytes > 1.05 * whole, `${bytes} bytes without, ${whole} with`);
    const noise = await parts(madeFiles("bytes", [Uint8Array.from({ length: 500 }, () => below(256))]));
    assertEquals(noise.without.filter(({ what }) => what === "where calls go"), []);
  });
});
