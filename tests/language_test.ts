import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { measureTextCodecs } from "../scripts/laboratory/baselines/text_codecs.ts";
import {
  aboveZero,
  compareLanguages,
  meanCurve,
  saved,
  stepSeconds,
  testBits,
} from "../notebooks/experiments/programs/languages.ts";
import { trainLanguages } from "../notebooks/experiments/language/jobs.ts";
import { composedLstm, fusedLstm, type Sequence } from "../notebooks/experiments/language/lstm.ts";
import { bitsPerCharacter } from "../notebooks/experiments/language/measure.ts";
import { costs, logitsOf, startState } from "../notebooks/experiments/language/model.ts";
import { maskOf } from "../notebooks/experiments/language/recurrent.ts";
import { sampleText } from "../notebooks/experiments/language/sample.ts";
import {
  type AttentionSpec,
  initialWeights,
  languageParameters,
  type LanguageSpec,
  recurrentLike,
  type RecurrentSpec,
} from "../notebooks/experiments/language/spec.ts";
import {
  type LanguageTraining,
  measureNumbers,
  rateAt,
  trainLanguage,
} from "../notebooks/experiments/language/train.ts";
import { twoPart } from "../notebooks/experiments/language/two_part.ts";
import { drawWeights, tensorsOf } from "../notebooks/experiments/language/weights.ts";
import type { Weights } from "../notebooks/experiments/networks/weights.ts";
import { places, windowAt } from "../notebooks/experiments/language/windows.ts";
import { random } from "../lib/random.ts";
import { contextOf } from "../lib/context.ts";

const recurrent: RecurrentSpec = { kind: "recurrent", symbols: 5, embedding: 4, hidden: 6 };
const attention: AttentionSpec = {
  kind: "attention",
  symbols: 5,
  width: 8,
  heads: 2,
  blocks: 2,
  context: 8,
};
const specs: readonly LanguageSpec[] = [
  recurrent,
  { ...recurrent, dropout: { rate: 0.3, mask: "per sequence" } },
  { ...recurrent, dropout: { rate: 0.3, mask: "per step" } },
  attention,
];
const named = (spec: LanguageSpec) =>
  `${spec.kind}, dropout ${("dropout" in spec ? spec.dropout?.mask : undefined) ?? "none"}`;

/** A text that repeats with a few exceptions. */
function almostPeriodic(size: number): Uint8Array {
  const { below } = random(3, "text");
  return Uint8Array.from({ length: size }, (_, i) => below(10) ? [0, 1, 2, 0, 3, 4][i % 6]! : below(5));
}

const drawnWeights = (spec: LanguageSpec) => {
  const initial = initialWeights(spec);
  return tensorsOf(initial, drawWeights(initial, random(1, "weights")));
};

/** Runs `test` on the wasm backend, and demands that it leaves no tensor behind. */
function onWasm(name: string, test: () => void | Promise<void>) {
  Deno.test(name, async () => {
    const backend = await openBackend("wasm"), before = tf.memory().numTensors;
    await test();
    assertEquals(tf.memory().numTensors, before);
    await backend.close();
  });
}

onWasm("the fused memory and the composed one agree in values and gradients, for both kinds of masks", () => {
  const [T, B, H] = [5, 3, 4];
  for (const steps of [1, T]) {
    tf.tidy(() => {
      const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);
      const fixed = {
        mask: normal([steps, B, H], 1) as tf.Tensor3D,
        hidden: normal([B, H], 2) as tf.Tensor2D,
        cell: normal([B, H], 3) as tf.Tensor2D,
      };
      const outer = normal([T, B, H], 4);
      const inputs = [normal([T, B, 4 * H], 5), normal([H, 4 * H], 6)];
      const of = (run: (sequence: Sequence) => { hiddens: tf.Tensor; cells: tf.Tensor }) => {
        const f = (gates: tf.Tensor, recurrent: tf.Tensor) =>
          run({ ...fixed, gates: gates as tf.Tensor3D, recurrent: recurrent as tf.Tensor2D });
        const { value, grads } = tf.valueAndGrads((...x) => f(x[0]!, x[1]!).hiddens.mul(outer).sum())(inputs);
        return [value, ...grads, f(inputs[0]!, inputs[1]!).cells].map((tensor) => tensor.dataSync());
      };
      const composed = of(composedLstm);
      of(fusedLstm).forEach((values, i) =>
        values.forEach((v, n) => assertAlmostEquals(v, composed[i]![n]!, 1e-4))
      );
    });
  }
});

for (const spec of specs) {
  onWasm(`${named(spec)}: gradients are what small changes of the weights do to the loss`, () => {
    const weights = drawnWeights(spec), text = almostPeriodic(100), names = Object.keys(weights);
    const loss = (w: Weights) => { // a mask is drawn anew from the same seed: the same mask
      const { symbols, next } = windowAt(text, [0, 20, 40], 8);
      const { logits } = logitsOf(spec, w, symbols, startState(spec, 3), random(1, "masks"));
      return costs(logits, next).mean<tf.Scalar>();
    };
    tf.tidy(() => {
      const byName = (tensors: tf.Tensor[]) =>
        Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
      const grads = tf.grads((...tensors) => loss(byName(tensors)))(Object.values(weights));
      for (const [i, name] of names.entries()) {
        const direction = tf.randomNormal(weights[name]!.shape, 0, 1, "float32", 10 + i), step = 1e-3;
        const moved = (sign: number) =>
          loss({ ...weights, [name]: weights[name]!.add(direction.mul(sign * step)) }).dataSync()[0]!;
        const slope = grads[i]!.mul(direction).sum().dataSync()[0]!;
        assertAlmostEquals(slope, (moved(1) - moved(-1)) / (2 * step), 0.01 + 0.02 * Math.abs(slope), name);
      }
    });
    tf.dispose(weights);
  });

  onWasm(`${named(spec)}: a character changes nothing that is said before it is read`, () => {
    const weights = drawnWeights(spec), text = almostPeriodic(40), T = 8;
    const said = (text: Uint8Array) =>
      tf.tidy(() => {
        const { symbols } = windowAt(text, [0], T);
        return logitsOf(spec, weights, symbols, startState(spec, 1)).logits.dataSync(); // [T, 1, symbols]
      });
    const before = said(text);
    for (let t = 0; t < T; t++) {
      const other = text.slice();
      other[t] = (other[t]! + 1) % spec.symbols;
      const after = said(other), at = t * spec.symbols;
      assertEquals(after.slice(0, at), before.slice(0, at));
      assert(after.slice(at).some((v, i) => v !== before[at + i]));
    }
    tf.dispose(weights);
  });
}

Deno.test("wasm and cpu agree on the gradients of every model", async () => {
  const gradients = async (name: "wasm" | "cpu") => {
    const backend = await openBackend(name);
    const values = specs.map((spec) => {
      const weights = drawnWeights(spec), names = Object.keys(weights);
      const grads = tf.tidy(() => {
        const { symbols, next } = windowAt(almostPeriodic(100), [0, 20, 40], 8);
        const f = (...tensors: tf.Tensor[]) => {
          const given = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
          const { logits } = logitsOf(spec, given, symbols, startState(spec, 3), random(1, "masks"));
          return costs(logits, next).mean();
        };
        return tf.grads(f)(Object.values(weights)).map((tensor) => tensor.dataSync<"float32">());
      }) as unknown as Float32Array[];
      tf.dispose(weights);
      return grads;
    });
    await backend.close();
    return values;
  };
  const [wasm, cpu] = [await gradients("wasm"), await gradients("cpu")];
  wasm.flat().forEach((values, i) =>
    values.forEach((v, n) => assertAlmostEquals(v, cpu.flat()[i]![n]!, 1e-4))
  );
});

onWasm("a recurrent model that reads window after window says what it says of the whole", async () => {
  const weights = drawnWeights(recurrent), text = almostPeriodic(64);
  const [parts, whole] = await Promise.all(
    [7, 63].map((length) => bitsPerCharacter(recurrent, weights, text, length)),
  );
  assertAlmostEquals(parts!, whole!, 0.05); // streams are cut at other places
  const logits = (windows: readonly [from: number, T: number][]) =>
    tf.tidy(() => {
      let state = startState(recurrent, 1);
      return windows.flatMap(([from, T]) => {
        const step = logitsOf(recurrent, weights, windowAt(text, [from], T).symbols, state);
        state = step.state;
        return [...step.logits.dataSync()];
      });
    });
  const joined = logits([[0, 12]]);
  logits([[0, 5], [5, 7]]).forEach((v, i) => assertAlmostEquals(v, joined[i]!, 1e-5));
  tf.dispose(weights);
});

onWasm(
  "every character of a text is measured once: a model that knows nothing pays log₂ of the alphabet",
  async () => {
    for (const spec of [recurrent, attention]) {
      const numbers = drawWeights(initialWeights(spec), random(1));
      const silent = tensorsOf(initialWeights(spec), {
        ...numbers,
        output: numbers["output"]!.map(() => 0),
        outputBias: Float32Array.of(3, 0, 0, 0, 0), // symbol 0 is likelier
      });
      const [likely, other] = [8, 1].map((odds) =>
        -Math.log2(odds === 8 ? Math.exp(3) / (Math.exp(3) + 4) : 1 / (Math.exp(3) + 4))
      );
      for (const size of [20, 65, 500]) {
        const text = almostPeriodic(size), streams = Math.min(32, Math.ceil(size / 16));
        const stream = Math.floor((size - 1) / streams), counted = text.slice(1, streams * stream + 1);
        const expected = counted.reduce((sum, s) => sum + (s ? other! : likely!), 0) / counted.length;
        assertAlmostEquals(await bitsPerCharacter(spec, silent, text, 8), expected, 1e-4);
      }
      tf.dispose(silent);
    }
  },
);

Deno.test("masks keep the mean; one for a sequence stands still, one a step does not", () => {
  tf.tidy(() => {
    for (const mask of ["per sequence", "per step"] as const) {
      const factors = maskOf({ rate: 0.25, mask }, [20, 30, 40], random(1, mask));
      assertEquals(factors.shape, [mask === "per sequence" ? 1 : 20, 30, 40]);
      const values = factors.dataSync<"float32">();
      assert(values.every((v) => v === 0 || Math.abs(v - 4 / 3) < 1e-6));
      assertAlmostEquals(values.reduce((a, b) => a + b) / values.length, 1, 0.1);
    }
  });
});

Deno.test("places: windows of a stream follow each other and lie inside it, and begin at every character", () => {
  const [size, batch, length] = [50, 3, 5], ring = places(size, batch, length, random(1, "places"));
  const seen = new Set<number>();
  let before: readonly number[] = [];
  for (let i = 0; i < 600; i++) {
    const { starts, fresh } = ring.next().value!;
    assertEquals(starts.length, batch);
    if (!fresh) assertEquals(starts, before.map((start) => start + length));
    for (const start of starts) seen.add(start % size);
    before = starts;
  }
  assertEquals(seen.size, size);
});

const training: LanguageTraining = { steps: 60, batch: 4, length: 8, rate: 0.02, measurements: 4 };
const texts = {
  train: almostPeriodic(600),
  validation: almostPeriodic(700).slice(600),
  test: almostPeriodic(900).slice(700),
};

for (const spec of specs) {
  onWasm(`${named(spec)}: training learns, and repeats itself for the same seed alone`, async () => {
    const run = (seed: number) => trainLanguage(spec, texts, training, contextOf(seed));
    const [a, b, other] = [await run(1), await run(1), await run(2)];
    assertEquals({ ...a, seconds: 0 }, { ...b, seconds: 0 });
    assert(a.last !== other.last);
    assert(a.curve.at(-1)!.validation < a.curve[0]!.validation - 0.5, JSON.stringify(a.curve));
    const least = Math.min(...a.curve.map(({ validation }) => validation));
    assertEquals(a.curve.find(({ step }) => step === a.stopped.step)!.validation, least);
  });
}

onWasm("training stops where the validation text says, and the test text is only measured", async () => {
  const { length } = training,
    run = (test: Uint8Array) => trainLanguage(recurrent, { ...texts, test }, training, contextOf(1));
  const { curve, stopped } = await run(texts.test);
  const at = curve.find(({ step }) => step === stopped.step)!;
  const cost = (text: Uint8Array) => measureNumbers(recurrent, stopped.weights, text, length);
  assertAlmostEquals(at.validation, await cost(texts.validation), 1e-5);
  assertAlmostEquals(stopped.test, await cost(texts.test), 1e-5);
  const others = await run(new Uint8Array(200).fill(4)); // a text that is never learnt
  assertEquals([others.curve, others.stopped.step], [curve, stopped.step]);
  assert(others.stopped.test > stopped.test + 0.5);
});

onWasm("the language's learning rate rises, then falls to a tenth, and training follows it", async () => {
  const whole = { ...training, steps: 200, rate: 0.02 };
  assertAlmostEquals(rateAt(0, whole), 0.02 / 11, 1e-12);
  assertAlmostEquals(rateAt(9, whole), 0.02 * 10 / 11, 1e-12);
  assertAlmostEquals(rateAt(10, whole), 0.02, 1e-12);
  assertAlmostEquals(rateAt(105, whole), 0.011, 1e-12);
  assertAlmostEquals(rateAt(200, whole), 0.002, 1e-12);
  // one step: AdamW's first is as long as the rate, which for a single step is half
  const one = { ...training, steps: 1, measurements: 1 }, initial = initialWeights(recurrent);
  const before = drawWeights(initial, contextOf(1).random("weights"));
  const { stopped } = await trainLanguage(recurrent, texts, one, contextOf(1));
  assertEquals(stopped.step, 1);
  const moved = Object.keys(before).flatMap((name) => [
    ...before[name]!.map((w, i) => Math.abs(stopped.weights[name]![i]! - w)),
  ]);
  assertAlmostEquals(Math.max(...moved), one.rate / 2, 0.05 * one.rate);
});

Deno.test("two parts: the rounded weights come with a scale of 4 bytes a tensor", async () => {
  const initial = initialWeights(recurrent), tensors = Object.keys(initial).length;
  const zeros = drawWeights(
    Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, { shape, value: 0 }])),
    random(1),
  );
  const { weightBytes, bits } = await twoPart(recurrent, zeros, texts.test, training.length);
  assert(weightBytes > 4 * tensors && weightBytes < 4 * tensors + 20, `${weightBytes} bytes`);
  assertAlmostEquals(bits, Math.log2(recurrent.symbols), 1e-5);
});

onWasm("jobs on threads give what one thread gives, in the order of the jobs", async () => {
  const jobs = [specs[1]!, attention, recurrent].map((spec, i) => ({ spec, texts, training, seed: i + 1 }));
  const results = await trainLanguages(jobs, contextOf(1));
  for (const [i, { spec, seed }] of jobs.entries()) {
    const alone = await trainLanguage(spec, texts, training, contextOf(seed));
    assertEquals({ ...results[i]!, seconds: 0 }, { ...alone, seconds: 0 });
  }
  const stopped = new AbortController();
  stopped.abort();
  await assertRejects(() => trainLanguages(jobs, contextOf(1, { signal: stopped.signal })));
});

onWasm(
  "a comparison runs every arm on every text, and its differences are those of equal seeds",
  async () => {
    const arms = [{ name: "a", spec: recurrent, rate: 0.02 }, { name: "b", spec: specs[1]!, rate: 0.02 }];
    const { steps } = training, half = { ...texts, train: texts.train.subarray(0, 300) };
    const sizes = { half: { texts: half, steps: 30 }, whole: { texts, steps } };
    const outcomes = await compareLanguages(arms, sizes, training, 2, contextOf(5));
    assertEquals(outcomes.map(({ arm, text }) => arm + text), ["ahalf", "bhalf", "awhole", "bwhole"]);
    const alone = await trainLanguage(specs[1]!, texts, training, contextOf(6));
    assertEquals(testBits(outcomes[3]!, "last")[1], alone.last);
    const [a, b] = outcomes.slice(2).map((outcome) => testBits(outcome, "stopped"));
    const { mean, least, most } = saved(outcomes[2]!, outcomes[3]!, "stopped");
    const differences = a!.map((bits, i) => bits - b![i]!);
    assertAlmostEquals(mean, (differences[0]! + differences[1]!) / 2, 1e-12);
    assertEquals([least, most], [Math.min(...differences), Math.max(...differences)]);
    const curves = outcomes[0]!.runs.map(({ curve }) => curve.at(-1)!.train);
    assertAlmostEquals(meanCurve(outcomes[0]!.runs).at(-1)!.train, (curves[0]! + curves[1]!) / 2, 1e-12);
  },
);

onWasm("a larger model takes longer for a step", async () => {
  const wide = { ...recurrent, hidden: 150 };
  const [small, large] = await stepSeconds(
    [recurrent, wide],
    texts.train,
    { batch: 8, length: 16 },
    3,
    contextOf(1),
  );
  assert(small! > 0 && large! > 2 * small!, `${small} and ${large} s`);
});

Deno.test("what is saved counts where the whole interval is above 0", () => {
  const interval = (mean: number, half: number | null) => ({ mean, half, least: mean, most: mean });
  const cases = [interval(1, 0.5), interval(1, 1), interval(-1, 0.5), interval(1, null)];
  assertEquals(cases.map(aboveZero), [true, false, false, false]);
});

onWasm("a trained model's samples have the text's pairs; its rounded weights cost little", async () => {
  for (const spec of [recurrent, attention]) {
    const { stopped: { weights }, curve } = await trainLanguage(spec, texts, {
      ...training,
      steps: 150,
    }, contextOf(1));
    const drawn = await sampleText(spec, weights, Uint8Array.of(0, 1), 200, random(1, "sample"));
    assertEquals(drawn.length, 200);
    assert(drawn.every((symbol) => symbol < 5));
    const followed = drawn.filter((symbol, i) => i && drawn[i - 1] === 3 && symbol === 4).length;
    const threes = drawn.subarray(0, -1).filter((symbol) => symbol === 3).length;
    assert(followed > threes / 2, `${followed} of ${threes}`);
    const { weightBytes, bits } = await twoPart(spec, weights, texts.train, training.length);
    assert(weightBytes > languageParameters(spec) / 4 && weightBytes < 1.2 * languageParameters(spec) + 100);
    assertAlmostEquals(bits, Math.min(...curve.map(({ train }) => train)), 0.15);
  }
});

Deno.test("the recurrent model like another has nearly as many weights", () => {
  for (const width of [16, 32, 64, 96]) {
    const other: LanguageSpec = { ...attention, symbols: 98, width, context: 48 };
    const like = recurrentLike(other, 32), ratio = languageParameters(like) / languageParameters(other);
    assertAlmostEquals(ratio, 1, 0.03);
  }
});

Deno.test("compressors know a text again that they have just seen", async () => {
  const { below } = random(1, "codecs"), before = Uint8Array.from({ length: 5000 }, () => below(90) + 32);
  for (const { codec, alone, after } of await measureTextCodecs(before.slice(1000, 4000), before)) {
    assert(alone > 2000 && after < alone / 5, `${codec}: ${alone} and ${after}`);
  }
});
