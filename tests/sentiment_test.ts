/** Classifiers of reviews, and what texts cost after a model has read another. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { specOf } from "../lib/text/encode.ts";
import { encodeBytes } from "../lib/text/engine.ts";
import { leastWork, workOf } from "../notebooks/experiments/attention/products.ts";
import { productsOf } from "../scripts/laboratory/task/multiplications.ts";
import { openPrimed } from "../notebooks/experiments/language/primed.ts";
import { copiedShare, knownShare, piecesOf, unitsOf } from "../notebooks/experiments/language/samples.ts";
import { answers, attentionTask, readOf } from "../notebooks/experiments/sentiment/attention.ts";
import { compressionTask } from "../notebooks/experiments/sentiment/by_compression.ts";
import { linearTask, linearWords } from "../notebooks/experiments/sentiment/linear.ts";
import { cleaned, sharedOpenings, splitReviews } from "../notebooks/experiments/sentiment/reviews.ts";
import {
  decodeWordModel,
  vocabularyOf,
  wordModelFiles,
  wordsOf,
} from "../notebooks/experiments/sentiment/words.ts";
import { measureTask } from "../scripts/laboratory/task/task.ts";
import { madeFiles } from "./made_files.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Reviews of made-up words, in which a few words decide. */
function reviews(count: number) {
  const { below } = random(1, "reviews"), filler = Array.from({ length: 60 }, (_, i) => `w${i}`);
  return Array.from({ length: count }, (_, i) => {
    const positive = i % 2 === 0, telling = positive ? ["good", "fine"] : ["bad", "awful"];
    const words = Array.from({ length: 12 }, () => filler[below(60)]!);
    words.splice(below(12), 0, telling[below(2)]!);
    return { text: words.join(" "), positive };
  });
}
const split = splitReviews(reviews(400), { train: 300, test: 60 }, random(2, "split"));

Deno.test("a text after another costs what it costs as the second item, however often and in whatever order", async () => {
  const { below } = random(3, "texts"),
    text = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 7 ? 97 + below(4) : 32);
  const first = text(3000), others = [text(200), text(1), text(500), text(0)];
  for (const model of ["plain", "whole"] as const) {
    const spec = { ...specOf(model, "text", first.length), size: 12 };
    const primed = await openPrimed(first, spec, 500);
    const bitsOf = async (symbols: Uint8Array, items: { count: number; bytes: number }[]) =>
      (await encodeBytes(symbols, items, spec)).payloads[0]!.estimatedBits!;
    const alone = await bitsOf(first, [{ count: 1, bytes: first.length }]);
    for (const other of [...others, ...others.toReversed()]) {
      const both = new Uint8Array([...first, ...other]);
      const items = [{ count: 1, bytes: first.length }, { count: 1, bytes: other.length }];
      const bits = await bitsOf(both, items) - alone;
      assertAlmostEquals(primed.bitsOf(other), bits, 1e-6, `${model}, ${other.length} bytes`);
      assertAlmostEquals(primed.bits, alone, 1e-6);
    }
  }
});

Deno.test("words are in lower case, reviews without line breaks, and none is in training and test", () => {
  assertEquals(wordsOf("It's GREAT!<br />10 of 10?"), ["it's", "great", "!", "br", "10", "of", "10", "?"]);
  assertEquals(cleaned(" a<br /><br />b \n c"), "a b c");
  const known = new Set(split.train.map(({ text }) => text));
  assertEquals(split.test.filter(({ text }) => known.has(text)), []);
  assertEquals(split.test.filter(({ positive }) => positive).length, 30);
  assertEquals(split.train.filter(({ positive }) => positive).length, 150);
  const [one] = split.train, like = { ...one!, text: one!.text.toUpperCase() + "?" };
  assertEquals(sharedOpenings({ train: split.train, test: [like] }), 1);
  assertEquals(readOf(["a", "b", "c", "d", "e"], 4), ["a", "b", "d", "e"]);
  assertEquals(readOf(["a", "b"], 4), ["a", "b"]);
});

Deno.test("a model of words comes back with its words, and one that was cut is a sentence", () => {
  const words = vocabularyOf(split.train, 50),
    tensors = { w: { shape: [50, 1], values: new Float32Array(50).fill(2) } };
  const [file] = wordModelFiles({ words, tensors }, [{}]);
  assertEquals(decodeWordModel(file!.bytes), { words, tensors });
  assert(words.includes("good"), "words that stand in many reviews are known");
  for (const cut of [0, 1, 9, file!.bytes.length - 1]) {
    assertThrows(() => decodeWordModel(file!.bytes.subarray(0, cut)), MdlError);
  }
});

Deno.test("the linear model finds the words that tell, and keeps them when it keeps few", async () => {
  const task = linearTask(split, 64, { ways: [{}, { bits: 4 }], kept: [4] });
  const models = await task.fit(task.train, [1, 2], contextOf(1));
  const { points } = await measureTask({ ...task, fit: () => Promise.resolve(models) }, [1, 2], contextOf(1));
  assert(points[0]!.score.mean > 95, `${points[0]!.score.mean} % right`);
  const [few] = task.files(models[0]!).slice(2);
  assertEquals(decodeWordModel(few!.bytes).words, ["awful", "bad", "fine", "good"]);
  assertAlmostEquals(linearWords(few!.bytes, split.test), 1, 0.2);
  assert(few!.bytes.length < task.files(models[0]!)[0]!.bytes.length / 3);
});

Deno.test("the model of attention learns which words tell, looks at them, and empty places do not count", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const spec = { words: 64, reads: 16, width: 4, heads: 2 };
  const training = { epochs: 12, batch: 20, rate: 0.03, hidden: 0.1 };
  const task = attentionTask(split, spec, training, [{}, { bits: 6 }]);
  const [model, again] = await task.fit(task.train, [1, 1], contextOf(1));
  assertEquals(model, again, "the same seed, the same model");
  const scores = await Promise.all(
    task.files(model!).map(({ bytes }) => task.score(bytes, split.test, contextOf(1))),
  );
  assert(scores.every((score) => score > 90), `${scores}`);
  const [said] = await answers(model!, 16, [{ words: ["w1", "good", "w2", "w3"] }]);
  assertAlmostEquals(said!.shares.reduce((a, b) => a + b), 1, 1e-5);
  assert(said!.shares[1]! > 0.3, `${said!.shares}`);
  const [longer] = await answers(model!, 64, [{ words: ["w1", "good", "w2", "w3"] }]);
  assertAlmostEquals(longer!.logit, said!.logit, 1e-5, "places without a word change nothing");
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("two programs tell reviews apart, from their file alone", async () => {
  const task = compressionTask({ ...split, test: split.test.slice(0, 20) }, [4000, 1000]);
  const { points } = await measureTask(task, [1], contextOf(1));
  assert(points[0]!.score.mean > 85, `${points[0]!.score.mean} % right`);
  assert(points[1]!.bytes.mean < points[0]!.bytes.mean);
});

Deno.test("work: zeros and thin matrices save products, shared values do not", () => {
  const tensors = {
    a: { shape: [10, 20], values: new Float32Array(200) },
    b: { shape: [5, 4], values: new Float32Array(20) },
  };
  const uses = { a: 3, b: 1 };
  assertEquals(productsOf(tensors, {}, uses), 620);
  assertEquals(productsOf(tensors, { bits: 2 }, uses), 620);
  assertEquals(productsOf(tensors, { zeros: 0.5 }, uses), 310);
  assertEquals(productsOf(tensors, { rank: 0.2 }, uses), 3 * 60 + 9);
  assertEquals(productsOf(tensors, { rank: 0.9 }, uses), 620, "thin ones that are longer are not made");
  const work = workOf(tensors, [{}, { zeros: 0.5 }], uses),
    at = (mean: number) => ({ mean, half: 0, least: 0, most: 0 });
  const point = (way: string, loss: number) => ({
    way,
    family: "",
    bytes: at(1),
    score: at(1),
    scores: [1],
    loss: at(loss),
  });
  const result = { name: "", seeds: 1, points: [point("f32", 0), point("50 % zeros, f32", 2)] };
  assertEquals(leastWork(result, work, 1), { way: "f32", share: 1 });
  assertEquals(leastWork(result, work, 2), { way: "50 % zeros, f32", share: 0.5 });
});

Deno.test("pieces of a text follow one another and end at white space; words and copies are counted", () => {
  const symbols = bytesOf("one two three four five six seven eight nine ten ".repeat(20));
  const whole = madeFiles("text", [symbols]),
    { read, judge, unseen } = piecesOf(whole, { read: 100, unseen: 50 });
  const all = [...read.symbols, ...judge, ...unseen];
  assertEquals(all, [...symbols.subarray(0, all.length)]);
  for (const piece of [read.symbols, judge, unseen]) assertEquals(piece.at(-1), 32);
  assertThrows(() => piecesOf(whole, { read: 1000, unseen: 50 }), MdlError, "too short");
  assertEquals(unitsOf("Ça va? 春风吹。又"), ["春风", "风吹", "ça", "va"]);
  assertEquals(knownShare("a b a c", new Set(["a"])), 0.5);
  assertEquals(copiedShare("abcdef", "xxabcdxx", 4), 1 / 3);
});
