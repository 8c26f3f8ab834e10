/** Experiments with a large model: fewer bits a weight, and which description is the shortest. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { arranged, orderWithout } from "../notebooks/experiments/large_model/arrange.ts";
import { corrected } from "../notebooks/experiments/large_model/correct.ts";
import { forward, numbersOf } from "../notebooks/experiments/large_model/forward.ts";
import { openMatrices } from "../notebooks/experiments/large_model/matrices.ts";
import { contextOf } from "../lib/context.ts";
import { encodeWindows } from "../scripts/laboratory/large_model/encode.ts";
import { modelOf } from "../scripts/laboratory/large_model/llama.ts";
import { intervalOf } from "../scripts/laboratory/measure/interval.ts";
import {
  crossingOf,
  crossingSaid,
  crossingWithin,
  lengthOf,
  shortest,
  type Way,
} from "../notebooks/experiments/large_model/length.ts";
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

const matrices = await openMatrices(), { uniform, below } = random(5, "matrices");
const drawn = (count: number) => Float32Array.from({ length: count }, () => 2 * uniform() - 1);
const windows = Array.from({ length: 4 }, () => Int32Array.from({ length: 40 }, () => 1 + below(199)));

/** Every matrix of the model with its inputs on the windows. */
function watched() {
  const pass = forward(model, windows, matrices), all = [];
  for (let next = pass.next();; next = pass.next()) {
    if (next.done) return { all, last: next.value };
    all.push(next.value);
  }
}

Deno.test("the forward pass says what the module says that codes text", async () => {
  const { none } = model.vocabulary, context = contextOf(1, { log: () => {}, progress: () => {} });
  const read = windows.map((tokens) => Int32Array.of(none, ...tokens.subarray(0, -1)));
  const { spec: { width, vocabulary } } = model, pass = forward(model, read, matrices);
  let next = pass.next();
  while (!next.done) next = pass.next();
  const logits = matrices.multiply(next.value, numbersOf(model.parts.embedding), width);
  const codes = await encodeWindows(
    windows.map((tokens) => ({ tokens: Int32Array.from(tokens), bytes: 1 })),
    modelOf(model),
    context,
    1,
  );
  windows.forEach((tokens, w) => {
    let bits = 0;
    tokens.forEach((token, i) => {
      const from = (w * tokens.length + i) * vocabulary;
      const all = logits.subarray(from, from + vocabulary).reduce((sum, logit) => sum + Math.exp(logit), 0);
      bits += Math.log2(all) - logits[from + token]! / Math.LN2;
    });
    assertAlmostEquals(codes[w]!.bits / bits, 1, 0.01);
  });
});

Deno.test("products and factors are those of matrices", () => {
  for (const [m, n, k] of [[4, 2, 4], [8, 6, 36], [12, 10, 64]] as const) {
    const a = drawn(m * k), b = drawn(n * k), product = matrices.multiply(a, b, k);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[j * k + p]!;
        assertAlmostEquals(product[i * n + j]!, sum, 1e-4);
      }
    }
  }
  for (const k of [4, 12, 40]) {
    const h = matrices.gram(drawn(k * 4 * k), k), u = matrices.factor(h, k);
    const at = (row: number, column: number) => row === column ? 1 : row < column ? u[column * k + row]! : 0;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let c = 0; c < k; c++) sum += at(i, c) * u[c * k + c]! * at(j, c);
        assertAlmostEquals(sum, h[i * k + j]!, 1e-3 * k);
      }
    }
  }
});

Deno.test("correction loses less of what matrices give on the text, at the same bytes", () => {
  const by = (bits: number) => ({ kind: "codebook", bits }) as const, bits = [2, 3];
  const asked = bits.flatMap((bits) => (["weighted", "corrected"] as const).map((kind) => ({ kind, bits })));
  const made = corrected(model, windows, asked, matrices, { progress: () => {} }), { all } = watched();
  for (const [b, few] of bits.entries()) {
    const plain = quantised(model, by(few), by(4)), ways = [plain, made[2 * b]!, made[2 * b + 1]!];
    assertEquals(new Set(ways.map(({ bytes }) => bytes)).size, 1);
    const lost = ways.map(({ parts }) =>
      all.reduce((sum, { layer, matrix, weights, inputs, columns }) => {
        const other = numbersOf(parts.layers[layer]![matrix]);
        const error = matrices.multiply(inputs, weights.map((w, i) => w - other[i]!), columns);
        return sum + error.reduce((square, e) => square + e * e, 0);
      }, 0)
    ) as [number, number, number];
    assert(lost[1] < lost[0] && lost[2] < 0.9 * lost[1], lost.join(" | "));
  }
});

Deno.test("layers are left out, or stand in one another's place, as the order says", () => {
  assertEquals(orderWithout(6, [2, 3], "left out"), [0, 1, 4, 5]);
  assertEquals(orderWithout(6, [0, 2, 3, 5], "tied"), [0, 1, 1, 1, 4, 4]);
  const whole = modelOf(model), { layers } = model.parts;
  for (const order of [[0], [1, 1, 0], [0, 1]]) {
    const spec = { ...model.spec, layers: order.length };
    const parts = { ...model.parts, layers: order.map((layer) => layers[layer]!) };
    assertEquals(arranged(whole, order), modelOf({ ...model, spec, parts }));
  }
});

Deno.test("a crossing's interval holds it, and has no end where nothing may be saved", () => {
  const large = { name: "large", bytes: 1100, rate: 1 }, small = { name: "small", bytes: 100, rate: 2 };
  const { at, least, most } = crossingWithin(large, small, intervalOf([0.9, 1.1, 1]));
  assertEquals(at, crossingOf(large, small));
  assert(least < at && at < most && least > 5000 && most < 12000);
  assertEquals(crossingWithin(large, small, intervalOf([-2, 4])).most, Infinity);
  assertEquals(crossingWithin(large, small, intervalOf([-2, 1])).at, Infinity);
  const said = (...[least, at, most]: readonly [number, number, number]) =>
    crossingSaid({ least, at, most }, (n) => n === Infinity ? "never" : `${n} B`);
  assertEquals(said(1, 2, Infinity), {
    en: "shorter from 2 B on (95 % interval 1 B to never)",
    zh: "更短的起点：2 B（95 % 区间 1 B 至 无）",
  });
  assertEquals(said(1, Infinity, Infinity).en, "never shorter (95 % interval 1 B to never)");
  assertEquals(said(Infinity, Infinity, Infinity), { en: "never shorter", zh: "更短的起点：无" });
});
