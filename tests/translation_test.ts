/** Translation of strings: pieces of words, the model of attention, chrF, and what it is compared with. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { ByteReader } from "../lib/program/bytes.ts";
import { random } from "../lib/random.ts";
import { drawWeights, tensorsOf } from "../notebooks/experiments/language/weights.ts";
import { chrF, exactShare } from "../notebooks/experiments/translation/chrf.ts";
import { readSources, translatorWeights, write } from "../notebooks/experiments/translation/model.ts";
import { nearestTranslations } from "../notebooks/experiments/translation/nearest.ts";
import {
  keyOf,
  loadPairs,
  packOf,
  plainEnglish,
  sharedTargets,
  splitPairs,
} from "../notebooks/experiments/translation/pairs.ts";
import { findPieces, spellingOf, UNKNOWN } from "../notebooks/experiments/translation/subwords.ts";
import { translateBy, translationTask } from "../notebooks/experiments/translation/task.ts";
import { filled } from "../notebooks/experiments/translation/train.ts";
import { packedTexts, unpackedTexts } from "../scripts/laboratory/coding/packed.ts";
import { packageFolder } from "../scripts/laboratory/sets/package.ts";

Deno.test("chrF is what sacreBLEU 2.6.0 says", () => {
  const cases: [string[], string[], number][] = [
    [["Effacer la console"], ["Effacer la console"], 100],
    [["Nom"], ["Nom d’affichage"], 18.12899904390674],
    [["Changer de port", "Aucune extension"], [
      "Changer l’ordre de tri",
      "État de l'extension",
    ], 41.00783494279895],
    [["关闭文件夹", "打开"], ["关闭文件夹编辑器", "重新打开窗口"], 37.750385208012325],
    [["the cat sat on the mat", "a"], ["the cat is on the mat", "b c"], 62.390743819326666],
    [[""], ["a b"], 0],
    [["xyz"], ["abc"], 0],
  ];
  for (const [given, wanted, score] of cases) assertAlmostEquals(chrF(given, wanted), score, 1e-9, given[0]);
  assertThrows(() => chrF(["a"], []), MdlError);
  assertEquals(exactShare(["a", "b"], ["a", "c"]), 0.5);
});

Deno.test("the letters of the pack for testers are English, as the extensions' strings say, which have both", async () => {
  const folder = join(await packageFolder(packOf("qps-ploc")), "translations/extensions");
  let same = 0, others = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const { contents } = JSON.parse(await Deno.readTextFile(join(folder, name)));
    for (const [english, accented] of Object.entries(contents.bundle ?? {})) {
      if (plainEnglish(accented as string) === english) same++;
      else others++;
    }
  }
  assert(same > 1700 && others < 0.03 * same, `${same} the same, ${others} not`);
});

Deno.test("pairs: sources are distinct in letters, and none that is asked about was learnt from", async () => {
  const { pairs, published, variants, untranslated } = await loadPairs("fr", 16);
  assert(pairs.length > 1000 && published > 13_000 && variants > 0 && untranslated > 0);
  assertEquals(new Set(pairs.map(({ source }) => keyOf(source))).size, pairs.length);
  assert(pairs.every(({ source, target }) => source !== target && source.length <= 16));
  const split = splitPairs(pairs, 100, random(1, "split")),
    known = new Set(split.train.map(({ source }) => keyOf(source)));
  assertEquals([split.test.length, split.train.length], [100, pairs.length - 100]);
  assertEquals(split.test.filter(({ source }) => known.has(keyOf(source))), []);
  assertEquals(sharedTargets({ train: pairs, test: pairs.slice(0, 7) }), 7);
});

Deno.test("pieces give every text back whose characters are known; the more pieces, the fewer a text", async () => {
  const { pairs } = await loadPairs("zh-hans", 12),
    texts = pairs.flatMap(({ source, target }) => [source, target]);
  let before = Infinity;
  for (const most of [500, 1000, 1500]) {
    const pieces = findPieces(texts, most), spelling = spellingOf(pieces);
    assertEquals([new Set(pieces).size, spelling.size], [most, most + 3]);
    assertEquals(unpackedTexts(new ByteReader(packedTexts(pieces), "pieces")), pieces);
    const numbers = texts.map(spelling.encode), used = numbers.flat().length;
    assert(used < before, `${used} pieces of ${most}`);
    before = used;
    texts.forEach((text, i) => {
      if (!numbers[i]!.includes(UNKNOWN)) assertEquals(spelling.decode(numbers[i]!), text);
    });
  }
  assertEquals(spellingOf(["a"]).encode("ab"), [3, UNKNOWN]);
});

Deno.test("the nearest known string decides; the first of equals", () => {
  const known = [{ source: "Open File", target: "1" }, { source: "Close File", target: "2" }];
  assertEquals(nearestTranslations(known, ["Open Files", "Close", "zzz"]), ["1", "2", "1"]);
});

const spec = { pieces: 20, reads: 6, writes: 7, width: 8, heads: 2 };

Deno.test("written piece by piece it says what it says at once; empty places and later pieces change nothing", async () => {
  const backend = await openBackend("wasm"), before = tf.memory().numTensors;
  const weights = tensorsOf(
    translatorWeights(spec),
    drawWeights(translatorWeights(spec), random(1, "weights")),
  );
  const pieces = [[1, 5, 6, 7, 8], [1, 9, 10, 11, 12]], sources = [[3, 4, 5], [6, 7, 8]];
  const said = tf.tidy(() => {
    const source = readSources(weights, spec, filled(sources, 3));
    const padded = readSources(weights, spec, filled(sources, 6));
    const whole = write(weights, spec, source, filled(pieces, 5)).logits.reshape([2, 5, 20]);
    const fuller = write(weights, spec, padded, filled(pieces, 5)).logits.reshape([2, 5, 20]);
    const changed = write(weights, spec, source, filled(pieces.map((row) => [...row.slice(0, 4), 2]), 5));
    let memory: ReturnType<typeof write>["memory"] | undefined;
    const steps = pieces[0]!.map((_, t) => {
      const step = write(weights, spec, source, filled(pieces.map((row) => [row[t]!]), 1), {
        before: memory,
      });
      memory = step.memory;
      return step.logits;
    });
    const asked =
      write(weights, spec, source, filled(pieces, 5), { asked: tf.tensor1d([7], "int32") }).logits;
    return {
      whole: whole.arraySync() as number[][][],
      fuller: fuller.arraySync() as number[][][],
      changed: changed.logits.reshape([2, 5, 20]).arraySync() as number[][][],
      steps: tf.stack(steps, 1).arraySync() as number[][][],
      asked: asked.arraySync() as number[][],
    } as unknown as tf.TensorContainer;
  }) as unknown as Record<"whole" | "fuller" | "changed" | "steps", number[][][]> & { asked: number[][] };
  const near = (a: number[], b: number[]) => a.forEach((v, i) => assertAlmostEquals(v, b[i]!, 1e-4));
  for (const b of [0, 1]) {
    for (const t of [0, 1, 2, 3, 4]) {
      near(said.steps[b]![t]!, said.whole[b]![t]!);
      near(said.fuller[b]![t]!, said.whole[b]![t]!);
      if (t < 4) near(said.changed[b]![t]!, said.whole[b]![t]!);
    }
    assert(said.changed[b]![4]!.some((v, i) => Math.abs(v - said.whole[b]![4]![i]!) > 1e-3));
  }
  near(said.asked[0]!, said.whole[1]![2]!);
  tf.dispose(weights);
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});

Deno.test("a translator learns words and their order, and its file alone translates", async () => {
  const backend = await openBackend("wasm");
  const nouns = ["cat", "dog", "sun", "sea", "map", "pen"], verbs = ["see", "buy", "get", "own"];
  const pairs = verbs.flatMap((verb, v) =>
    nouns.map((noun, n) => ({ source: `${verb} ${noun}`, target: `n${"abcdef"[n]} v${"wxyz"[v]}` }))
  );
  const split = splitPairs(pairs, 4, random(3, "split"));
  const task = translationTask(
    "made up",
    split,
    { pieces: 60, reads: 6, writes: 7, width: 24, heads: 2 },
    { epochs: 80, batch: 10, rate: 0.01, hidden: 0 },
    [{}, { bits: 6 }],
  );
  const [model] = await task.fit(split.train, [1], contextOf(1)), before = tf.memory().numTensors;
  const [whole, small] = task.files(model!);
  const known = await task.score(whole!.bytes, split.train, contextOf(1));
  assert(known > 95, `${known} on what it learnt`);
  assert(await task.score(small!.bytes, split.train, contextOf(1)) > 80);
  assert(small!.bytes.length < whole!.bytes.length / 2);
  const [said] = await translateBy(whole!.bytes, 2, [{ source: split.train[0]!.source }]);
  assertEquals(said!.looked.length, said!.written.length);
  for (const row of said!.looked) assertAlmostEquals(row.reduce((a, b) => a + b), 1, 1e-4);
  assertEquals(tf.memory().numTensors, before);
  await backend.close();
});
