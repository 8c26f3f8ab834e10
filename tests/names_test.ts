/** Names of items in few bytes: what is shortened comes back, and what is no list of names is refused. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { deflateRawSync } from "node:zlib";
import { concat } from "../lib/program/bytes.ts";
import { inflated, RECORDS } from "../lib/program/deflate.ts";
import { unpackNames } from "../lib/program/header.ts";
import { restored, shortened } from "../lib/program/names.ts";
import { programOf, storedProgram } from "../lib/program/program.ts";
import { random } from "../lib/random.ts";
import { datasetOf } from "../lib/image/dataset.ts";

const provenance = { source: "computed", licence: "MIT", citation: "made for this test" };

async function bytesOfNames(names: readonly string[]): Promise<number> {
  const pictures = names.map(() => ({ height: 1, width: 1, pixels: Uint8Array.of(7) }));
  const set = datasetOf(pictures, { name: "named", channels: 1, names, provenance });
  const { bytes } = await storedProgram(set, { dataset: set.name }), program = programOf(bytes);
  assertEquals(program.info.names, names);
  return program.ledger.entries.find(({ name }) => name === "names")!.bytes;
}

Deno.test("names of any characters come back, numbered or not", async () => {
  const { below } = random(11, "names"),
    parts = ["", "a", "0", "9", "99", "é", "日本", "😀", " ", "\u0001", "?", "IMG_"];
  for (let list = 0; list < 40; list++) {
    const names = Array.from(
      { length: 1 + below(20) },
      () => Array.from({ length: below(5) }, () => parts[below(parts.length)]).join(""),
    );
    assertEquals(restored(shortened(names)), names);
    await bytesOfNames(names);
  }
  await bytesOfNames(["x".repeat(100), "x".repeat(101), "x".repeat(63) + "😀", "x".repeat(62) + "😀"]);
});

Deno.test("running numbers cost next to nothing, whatever stands around them", async () => {
  const numbered = Array.from({ length: 500 }, (_, i) => `holiday/IMG_${String(9700 + i)}-small`);
  assert(await bytesOfNames(numbered) < 45);
  const gaps = numbered.filter((_, i) => i % 7);
  assert(await bytesOfNames(gaps) < 200);
});

Deno.test("what is no list of shortened names is refused", () => {
  for (
    const entries of [[""], ["\u0002a"], ["\u0001a", ""], ["\u0001a", "\u0003b"], ["\u0001a1", "", "\u0041"]]
  ) {
    assertEquals(restored(entries), undefined);
  }
});

Deno.test("numbered names of as many bytes as a name may have come back", async () => {
  assert(await bytesOfNames(Array.from({ length: 50 }, (_, i) => "x".repeat(1021) + (100 + i))) < 100);
});

Deno.test("inflating gives what Node's does, within a limit, and refuses what is cut", () => {
  const rnd = random(1, "inflate");
  for (const length of [0, 1, 500, 70_000]) {
    const bytes = Uint8Array.from({ length }, () => rnd.below(length % 3 ? 256 : 4));
    const packed = Uint8Array.from(deflateRawSync(bytes));
    assertEquals(inflated(packed, length).join(), bytes.join());
    assertEquals(inflated(packed, length, RECORDS).join(), bytes.join());
    if (length === 0) continue;
    assertThrows(() => inflated(packed, length - 1));
    assertThrows(() => inflated(packed.subarray(0, -1), length));
  }
  const bomb = Uint8Array.from(deflateRawSync(new Uint8Array(2 ** 26)));
  assertThrows(() => inflated(bomb, 2 ** 16), RangeError);
  assertEquals(inflated(Uint8Array.from(deflateRawSync("é\0大")), 9).toString(), "é\0大");
});

Deno.test("few bytes that would become gigabytes of names are refused before they do", () => {
  const entries = ["\u0001a8", "", "", ""], most = { name: 1024, names: 8 };
  assertEquals(restored(entries.slice(0, 2), most), ["a8", "a9"]);
  Object.defineProperty(entries, 3, { get: () => assert(false, "went on beyond what is allowed") });
  assertEquals(restored(entries, most), undefined);
  const packed = concat([[6], deflateRawSync("\u0001" + "1".repeat(1023) + "\0".repeat(2 ** 18 - 1))]);
  assertThrows(() => unpackNames(packed, 2 ** 18), Error, "not as names are shortened");
});
