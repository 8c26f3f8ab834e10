/** Experiments with a large model: fewer bits a weight, and which description is the shortest. */
import { assert, assertEquals } from "@std/assert";
import { crossingOf, lengthOf, shortest, type Way } from "../notebooks/experiments/large_model/length.ts";
import { quantised } from "../notebooks/experiments/large_model/quantise.ts";
import { excerpt } from "../notebooks/experiments/large_model/coding.ts";
import { randomModel } from "../notebooks/experiments/large_model/random_model.ts";
import { random } from "../lib/random.ts";
import type { Rows } from "../scripts/laboratory/large_model/layout.ts";

const model = randomModel(random(3, "model"));

/** The mean square by which rows differ, as a share of their own. */
function lost(before: Rows, after: Rows): number {
  const a = new Float64Array(before.columns), b = new Float64Array(before.columns);
  let difference = 0, square = 0;
  for (let i = 0; i < before.count; i++) {
    before.row(i, a);
    after.row(i, b);
    a.forEach((value, k) => {
      difference += (value - b[k]!) ** 2;
      square += value ** 2;
    });
  }
  return difference / square;
}

Deno.test("the fewer bits a weight, the more is lost", () => {
  const all = (["even", "codebook"] as const).map((kind) =>
    [2, 3, 4].map((bits) => {
      const { parts } = quantised(model, { kind, bits }, { kind, bits });
      return lost(model.parts.layers[1]!.gate, parts.layers[1]!.gate);
    })
  );
  const [steps, book] = all;
  for (const i of [0, 1]) assert(book![i]! < steps![i]!, all.join(" | ")); // of uniform numbers, too, in groups
  for (const [two, three, four] of all) {
    assert(two! > three! && three! > four! && four! < 0.01, all.join(" | "));
  }
});

Deno.test("bytes are those of bits, scales and norms; layers are left out in the middle", () => {
  const { width, layers, inner, heads, keyHeads, headWidth, vocabulary } = model.spec;
  const layer = width * (heads + 2 * keyHeads) * headWidth + width * heads * headWidth + 3 * width * inner;
  const by = { kind: "even", bits: 3 } as const, { bytes } = quantised(model, by, { kind: "even", bits: 4 });
  const norms = 4 * width * (2 * layers + 1);
  assertEquals(bytes, Math.ceil((4 * layer * layers + 5 * vocabulary * width) / 8) + norms);
  const fewer = quantised(model, by, by, 1);
  assertEquals([fewer.spec.layers, fewer.parts.layers.length], [1, 1]);
});

Deno.test("the shortest of all descriptions is the one that is listed, wherever one looks", () => {
  const { uniform } = random(1, "ways");
  for (let trial = 0; trial < 50; trial++) {
    const ways: Way[] = Array.from({ length: 6 }, (_, i) => {
      return { name: `${i}`, bytes: 1e6 * uniform(), rate: 8 * uniform() };
    });
    const listed = shortest(ways);
    assertEquals(listed[0]!.from, 0);
    for (let look = 0; look < 40; look++) {
      const n = 10 ** (9 * uniform()), { way } = listed.findLast(({ from }) => from <= n)!;
      assertEquals(lengthOf(way, n), Math.min(...ways.map((other) => lengthOf(other, n))));
    }
  }
  const small = { name: "a", bytes: 10, rate: 2 }, large = { name: "b", bytes: 110, rate: 1 };
  assertEquals([crossingOf(large, small), crossingOf(small, large)], [800, Infinity]);
});

Deno.test("an excerpt begins and ends with whole characters", () => {
  const bytes = new TextEncoder().encode("a图b图c");
  for (let from = 0; from < 9; from++) {
    for (let length = 0; length < 9; length++) {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(
        excerpt("x", bytes, length, from).symbols,
      );
      assert("a图b图c".includes(text));
    }
  }
});
