import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  excerpts,
  loadText,
  partsOfText,
  spell,
  splitText,
  takeText,
  textOf,
  utf8,
} from "../notebooks/experiments/language/corpus.ts";
import { sha256 } from "../lib/hash.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";

const provenance = { source: "computed", licence: "MIT", citation: "for this test" };

/** `count` parts of random length over characters of one to four bytes of UTF-8. */
function drawn(seed: number, count: number) {
  const { below } = random(seed, "text"), letters = [..."abc é—“”大\u{1f600}\n"];
  return Array.from({ length: count }, (_, i) => ({
    name: `part ${i}`,
    content: Array.from({ length: below(30) + 1 }, () => letters[below(letters.length)]!).join(""),
  }));
}

Deno.test("a text comes back from its symbols, part by part, whatever its characters", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const parts = drawn(seed, 8), whole = parts.map(({ content }) => content).join("");
    const text = textOf("drawn", parts, provenance);
    assertEquals(spell(text.alphabet, text.symbols), whole);
    assertEquals(new TextDecoder().decode(utf8(text)), whole);
    assertEquals(text.sha256, sha256(utf8(text)));
    for (const [i, { start, end }] of text.parts.entries()) {
      assertEquals(spell(text.alphabet, text.symbols.subarray(start, end)), parts[i]!.content);
    }
    const length = 1 + seed % text.symbols.length, taken = takeText(text, length);
    assertEquals([taken.symbols, taken.alphabet], [text.symbols.slice(0, length), text.alphabet]);
  }
});

Deno.test("a split deals every part out once, the same for the same seed", () => {
  const text = textOf("drawn", drawn(1, 30), provenance);
  const split = () => splitText(text, 4, random(7, "split"));
  const { train, validation, test } = split();
  const names = [train, validation, test].map(({ parts }) => parts.map(({ name }) => name));
  assertEquals(names.map(({ length }) => length), [22, 4, 4]);
  assertEquals(names.flat().sort(), text.parts.map(({ name }) => name).sort());
  assertEquals(split().test.sha256, test.sha256);
  assert(splitText(text, 4, random(8, "split")).test.sha256 !== test.sha256);
});

Deno.test("excerpts: the middle of each part, as many characters as asked for", () => {
  const parts = [{ name: "a", content: "xxabcxx" }, { name: "b", content: "de" }, {
    name: "c",
    content: "fghij",
  }];
  const text = textOf("parts", parts, provenance);
  const read = (characters: number) => {
    const { alphabet, symbols } = excerpts(text, characters, 3);
    return spell(alphabet, symbols);
  };
  assertEquals([read(99), read(5), read(6)], ["abcdeghi", "abcde", "abcdeh"]);
});

Deno.test("texts that cannot be are refused", async () => {
  const many = Array.from({ length: 257 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
  const codes = [
    assertThrows(() => textOf("none", [], provenance), MdlError),
    assertThrows(() => textOf("many", [{ name: "", content: many }], provenance), MdlError),
    assertThrows(() => textOf("stray", [{ name: "", content: "ab" }], provenance, ["a"]), MdlError),
    await assertRejects(() => loadText("diary"), MdlError),
  ].map(({ code }) => code);
  assertEquals(codes, ["empty", "unsupported", "unsupported", "not-found"]);
});

Deno.test("the speeches are those that were measured", async () => {
  const text = await loadText("speeches");
  assertEquals([text.parts.length, text.alphabet.length, text.parts[0]!.name], [
    233,
    98,
    "1790 george washington",
  ]);
  assertEquals(text.sha256.slice(0, 16), "805ccd2b2645318e");
  assertEquals(spell(text.alphabet, text.symbols.subarray(0, 15)), "Fellow-Citizens");
  const last = partsOfText(text, "last", text.parts.slice(-1));
  assert(utf8(last).length > last.symbols.length); // it has characters outside ASCII
});
