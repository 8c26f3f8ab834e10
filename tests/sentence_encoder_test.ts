/** A published sentence encoder: its pieces of words, its files, and a head that is learnt on it. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import {
  EMBEDDED,
  encoderFile,
  excerptsOf,
  loadEncoder,
  openEncoder,
} from "../notebooks/experiments/sentiment/encoder.ts";
import { cosine, encoderTasks, fitHead } from "../notebooks/experiments/sentiment/head.ts";
import { cutterOf, textOf, type Vocabulary } from "../notebooks/experiments/sentiment/pieces.ts";
import type { Review } from "../notebooks/experiments/sentiment/reviews.ts";
import { wordsOf } from "../notebooks/experiments/sentiment/words.ts";
import { measureTask } from "../scripts/laboratory/task/task.ts";

const context = { ...contextOf(1), log: () => {}, progress: () => {} };
const reserved: Vocabulary = Array.from({ length: 6 }, (_, i) => [`<${i}>`, 0]);

Deno.test("of all ways to cut a text into known pieces the most probable one is found", () => {
  const { below, uniform } = random(1, "pieces");
  for (let round = 0; round < 40; round++) {
    const made = Array.from(
      { length: 12 },
      () => Array.from({ length: 2 + below(2) }, () => "▁ab"[below(3)]).join(""),
    );
    const pieces = [...new Set(["▁", "a", "b", ...made])];
    const vocabulary: Vocabulary = [...reserved, ...pieces.map((piece) => [piece, -10 * uniform()] as const)];
    const scores = new Map(vocabulary);
    const text = Array.from({ length: 9 }, () => "ab"[below(2)]!).join("").replace(/(.{4})/, "$1 ");
    const best = (rest: string): number =>
      rest
        ? Math.max(
          ...pieces.filter((p) => rest.startsWith(p)).map((p) => scores.get(p)! + best(rest.slice(p.length))),
        )
        : 0;
    const cut = cutterOf(vocabulary)(text), marked = `▁${text.replaceAll(" ", "▁")}`;
    assertEquals(cut.map((i) => vocabulary[i]![0]).join(""), marked);
    assertAlmostEquals(cut.reduce((sum, i) => sum + vocabulary[i]![1], 0), best(marked), 1e-9);
  }
});

Deno.test("letters that are in no piece are one unknown piece in a row, and no text has no pieces", () => {
  const cut = cutterOf([...reserved, ["▁", -1], ["a", -1], ["▁a", -1.5]]);
  assertEquals(cut("a☃☃a ☃"), [8, 0, 7, 6, 0]);
  assertEquals(cut("  "), []);
  assertEquals(cut("ａ"), [8], "letters of another width are the same ones");
  assertEquals(textOf(["▁a", "b", "▁", "▁c"]), "ab  c");
});

Deno.test("a head finds what lies along one direction, the same one from the same seed", () => {
  const stream = random(3, "embeddings"), rows = new Map<Review, Float32Array>();
  const reviews = Array.from({ length: 120 }, (_, i): Review => {
    const positive = i % 2 === 0, review = { text: `${i}`, words: [], positive };
    const row = Float32Array.from({ length: EMBEDDED }, () => stream.normal());
    row[7]! += positive ? 9 : -9;
    const size = Math.hypot(...row);
    rows.set(review, row.map((value) => value / size));
    return review;
  });
  const [head, again] = [1, 1].map((seed) => fitHead(reviews, rows, random(seed, "head")));
  assertEquals(head, again);
  const { values } = head!.weights!, largest = Math.max(...values.map(Math.abs));
  assertEquals(values.indexOf(largest), 7);
});

const SENTENCES = [
  "A wonderful film, I loved every minute of it.",
  "What a great movie! It was a pleasure to watch.",
  "The parcel has to be sent to the office in Berlin by Tuesday.",
];

Deno.test("the encoder puts like sentences together, alone or among others, and its files hold all of it", async () => {
  const backend = await openBackend("wasm"), encoder = await loadEncoder(context);
  const before = tf.memory().numTensors, file = encoderFile(encoder, {});
  const embeddings = async (bytes: Uint8Array, texts: readonly string[], reads = 64) => {
    const open = await openEncoder(bytes, reads, context);
    const numbers = await open.embed(texts, context);
    open.close();
    return texts.map((_, i) => numbers.subarray(i * EMBEDDED, (i + 1) * EMBEDDED));
  };
  const [liked, great, parcel] = await embeddings(file, SENTENCES);
  assert(cosine(liked!, great!) > cosine(liked!, parcel!) + 0.2, `${cosine(liked!, great!)}`);
  assertAlmostEquals(cosine(liked!, liked!), 1, 1e-5);
  const [alone] = await embeddings(file, SENTENCES.slice(0, 1));
  assertAlmostEquals(cosine(alone!, liked!), 1, 1e-5, "what stands beside a text changes nothing");
  assertEquals(excerptsOf(encoder, 64)(SENTENCES[0]!), SENTENCES[0]);
  assertEquals(excerptsOf(encoder, 4)(SENTENCES[0]!), "A wonderful it.");
  const [short] = await embeddings(file, SENTENCES.slice(0, 1), 4);
  assert(cosine(short!, liked!) < 0.99, "pieces that are not read do");
  const small = encoderFile(encoder, { bits: 6 }), [near] = await embeddings(small, SENTENCES);
  assert(small.length < file.length / 6, `${small.length} of ${file.length} bytes`);
  assert(cosine(near!, liked!) > 0.95 && cosine(near!, liked!) < 1 - 1e-6, `${cosine(near!, liked!)}`);
  assert(Math.abs(file.length / encoder.shipped - 1) < 0.01, "numbers as they came");
  for (const cut of [0, 9, small.length >> 3]) {
    await assertRejects(() => openEncoder(small.subarray(0, cut), 64, context), MdlError);
  }
  assertEquals(tf.memory().numTensors, before);

  const reviews = Array.from({ length: 32 }, (_, i): Review => {
    const positive = i % 2 === 0,
      thing = ["film", "movie", "plot", "story", "cast", "music", "end", "idea"][i >> 2]!;
    const text = positive ? `A great ${thing}, I loved it.` : `An awful ${thing}, I hated it.`;
    return { text: `${text} ${i}`, words: wordsOf(text), positive };
  });
  const parts = {
    train: reviews.slice(0, 20),
    test: reviews.slice(20, 26),
    validation: reviews.slice(26),
    reads: 12,
  };
  const tasks = encoderTasks(encoder, parts, { head: [{}, { bits: 4 }], encoder: [{}, { bits: 4 }] });
  const results = [
    await measureTask(tasks.alone, [1, 2], context),
    await measureTask(tasks.together, [1, 2], context),
  ];
  assertEquals(results.map(({ points }) => points[0]!.score.mean), [100, 100]);
  assert(results[0]!.points[0]!.bytes.mean < 3000 && results[1]!.points[1]!.bytes.mean < 3e6);
  const [first, second] = [await tasks.embeddings({}, context), await tasks.embeddings({ bits: 4 }, context)];
  assert(parts.test.every((review) => cosine(first.get(review)!, second.get(review)!) > 0.5));
  await backend.close();
});
