/** Published facts of large models: checked, and what is computed from them. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import {
  codeLengthOf,
  isPublished,
  labelBytes,
  prequentialBytes,
  votesOf,
  weightBytes,
} from "../notebooks/experiments/history/code_length.ts";
import { growthOf, largestOfFamilies, recordsOf } from "../notebooks/experiments/history/growth.ts";
import {
  checkHistory,
  type LargeModel,
  loadHistory,
  yearOf,
} from "../notebooks/experiments/history/models.ts";
import { textRates } from "../notebooks/experiments/history/text_rates.ts";
import { contextOf } from "../lib/context.ts";
import published from "../data/models.json" with { type: "json" };

const { models, text } = loadHistory();
const named = (name: string) => models.find((model) => model.name === name)!;

Deno.test("published facts are read by date, each with a source", () => {
  assertEquals(models.length, published.models.length);
  assert(models.every((model, i) => i === 0 || yearOf(models[i - 1]!) <= yearOf(model)));
  assertEquals(text.find(({ name }) => name === "nncp v3.2")!.prequential, true);
});

Deno.test("losses by a paper's law are what the law gives", () => {
  assertAlmostEquals(named("GPT-3").loss!.nats!, 2.57 * 3640 ** -0.048, 1e-4);
  for (const [name, D] of [["Chinchilla", 1.4e12], ["Gopher", 3e11]] as const) {
    const { parameters, loss } = named(name);
    assertAlmostEquals(loss!.nats!, 1.69 + 406.4 / parameters ** 0.34 + 410.7 / D ** 0.28, 1e-4);
  }
  const nearest = Math.abs(weightBytes(named("BLOOM")) / 2 ** 30 - 329); // its model card says 329 GB
  assert(nearest < 1, `${nearest}`);
});

Deno.test("a fact that makes no sense is named", () => {
  const one = named("BLOOM");
  const broken: [Partial<LargeModel>, string][] = [
    [{ date: "2022-13" }, "date"],
    [{ parameters: -1 }, "parameters"],
    [{ source: "" }, "source"],
    [{ kind: "oracle" as LargeModel["kind"] }, "kind"],
    [{ kind: "masked" }, "no code"],
    [{ loss: { nats: 1, bitsPerToken: 2, how: "" } }, "loss"],
    [{ tokens: 0 }, "tokens"],
    [{ weights: { bits: 64, how: "" } }, "weights"],
  ];
  for (const [part, word] of broken) {
    const error = assertThrows(
      () => checkHistory({ statements: [], models: [{ ...one, ...part }], text: [] }),
      MdlError,
    );
    assertEquals(error.code, "unreadable");
    assertStringIncludes(error.message, "BLOOM");
    assertStringIncludes(error.message, word);
  }
  assertThrows(() => checkHistory({ statements: [], models: [one, one], text: [] }), MdlError);
});

Deno.test("a two-part length is weights and loss × tokens, in bytes", () => {
  const model: LargeModel = {
    name: "m",
    date: "2020-01",
    kind: "language",
    parameters: 1000,
    tokens: 800,
    source: "none at all",
    data: { bytes: 4000, how: "" },
    weights: { bits: 16, how: "" },
    loss: { nats: 2 * Math.LN2, how: "" },
  };
  assertEquals(codeLengthOf(model), { weights: 2000, payload: 200, total: 2200, data: 4000 });
  assertEquals(codeLengthOf({ ...model, loss: { bitsPerToken: 2, how: "" } })!.payload, 200);
  const { loss: _, ...without } = model;
  assertEquals(codeLengthOf(without), undefined);
  assertEquals(labelBytes(8, 1024), 10);
});

Deno.test("a prequential length is the area under the law's curve, and a law is no published loss", () => {
  for (const name of ["Gopher", "Chinchilla"]) {
    const model = named(name), { E, A, alpha, B, beta } = model.loss!.law!, parts = 200_000;
    let nats = 0; // the mean over what has been read at each moment, summed up piece by piece
    for (let i = 0; i < parts; i++) {
      nats += (E + A / model.parameters ** alpha + B / ((i + 0.5) / parts * model.tokens!) ** beta) / parts;
    }
    assertAlmostEquals(prequentialBytes(model)! / (nats / Math.LN2 * model.tokens! / 8), 1, 1e-4);
    assert(prequentialBytes(model)! > codeLengthOf(model)!.payload && !isPublished(model));
  }
  assertEquals(prequentialBytes(named("BLOOM")), undefined);
  assert(isPublished(named("BLOOM")) && !isPublished(named("GPT-3")) && !isPublished(named("GPT-2")));
});

Deno.test("a paper has one vote, and it takes more than half of its models", () => {
  const models = [["a", 1], ["b", 1], ["a", 0], ["a", 1], ["b", 0]].map(([source, passes]) => ({
    source: source as string,
    passes: passes === 1,
  }));
  assertEquals(votesOf(models, ({ passes }) => passes), [
    { source: "a", passed: 2, models: 3, vote: true },
    { source: "b", passed: 1, models: 2, vote: false },
  ]);
});

Deno.test("growth: a doubling time comes back, and a bend is seen", () => {
  const grown = (log: (year: number) => number) =>
    Array.from({ length: 12 }, (_, i): LargeModel => {
      const date = `${2010 + i}-07`, wobble = i % 2 ? 0.05 : -0.05;
      const parameters = 2 ** (20 + log(i) + wobble);
      return {
        name: `m${i}`,
        date,
        kind: "language",
        parameters,
        weights: { bits: 8, how: "" },
        source: "made up",
      };
    });
  const { doubling, bend, explained } = growthOf("g", grown((i) => i / 0.5), ({ parameters }) => parameters);
  assert(doubling.low < 0.5 && doubling.high > 0.5 && doubling.high - doubling.low < 0.01);
  assert(bend.low < 0 && bend.high > 0 && explained > 0.99);
  const slowing = growthOf("g", grown((i) => 3 * i - 0.1 * i * i), ({ parameters }) => parameters);
  assertAlmostEquals(slowing.bend.value, -0.2, 0.01);
  assert(slowing.bend.high < 0);
});

Deno.test("a family counts once, and records are larger than all before", () => {
  const largest = largestOfFamilies(models);
  assertEquals(largest.filter(({ family }) => family === "Cerebras-GPT").map(({ name }) => name), [
    "Cerebras-GPT-13B",
  ]);
  const records = recordsOf(largest);
  assert(records.every((model, i) => i === 0 || model.parameters > records[i - 1]!.parameters));
  assert(records.some(({ name }) => name === "GPT-3") && !records.some(({ name }) => name === "Chinchilla"));
});

Deno.test("rates of a text are those of files that give it back", async () => {
  const content = new TextEncoder().encode("the same words again and again, ".repeat(500));
  const rates = await textRates("words", content, contextOf(1));
  assertEquals(rates.map(({ of }) => of), rates.map(() => content.length));
  assert(rates.every(({ bytes }) => bytes > 20 && bytes < content.length / 20));
});
