import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import { random } from "../lib/random.ts";
import { codebookOf } from "../scripts/laboratory/coding/codebook.ts";
import { intervalOf } from "../scripts/laboratory/measure/interval.ts";
import {
  keeps,
  measureTask,
  shortestWithin,
  type Task,
  taskRows,
  taskSeries,
} from "../scripts/laboratory/task/task.ts";
import { productsOf } from "../scripts/laboratory/task/multiplications.ts";
import {
  decodeTensors,
  encodeTensors,
  filesOf,
  mechanismOf,
  type Way,
  wayName,
  WAYS,
} from "../scripts/laboratory/task/tensor_file.ts";
import { factorised, productOf, pruned, type Tensors } from "../scripts/laboratory/task/tensors.ts";

/** A model of that seed: a matrix, a kernel of four dimensions, a bias. */
function modelOf(seed: number): Tensors {
  const { normal } = random(seed, "model"), draw = (n: number) => Float32Array.from({ length: n }, normal);
  return {
    matrix: { shape: [60, 40], values: draw(2400) },
    "kernel Ω": { shape: [3, 3, 8, 16], values: draw(1152) },
    bias: { shape: [16], values: draw(16) },
    nothing: { shape: [0, 5], values: draw(0) },
  };
}

const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);

Deno.test("a file as trained gives every number back", () => {
  for (const seed of [1, 2, 3]) assertEquals(decodeTensors(encodeTensors(modelOf(seed), {})), modelOf(seed));
  assertEquals(decodeTensors(encodeTensors({}, { bits: 4 })), {});
});

Deno.test("every way gives back names, shapes and biases; the more bits, the nearer and the longer", () => {
  const model = modelOf(4);
  let before = Infinity, length = 0;
  for (const way of WAYS) {
    const file = encodeTensors(model, way), back = decodeTensors(file);
    assertEquals(Object.entries(back).map(([name, { shape }]) => [name, shape]), [
      ["matrix", [60, 40]],
      ["kernel Ω", [3, 3, 8, 16]],
      ["bias", [16]],
      ["nothing", [0, 5]],
    ], wayName(way));
    assertEquals(back.bias, model.bias);
    assert(way.bits === undefined || file.length < encodeTensors(model, {}).length / 2, wayName(way));
  }
  for (const bits of [1, 2, 3, 4, 5, 6]) {
    const file = encodeTensors(model, { bits });
    const error = squared(decodeTensors(file).matrix!.values, model.matrix!.values);
    assert(error < before && file.length > length, `${bits} bits`);
    [before, length] = [error, file.length];
    const values = new Set(decodeTensors(file).matrix!.values);
    assert(values.size <= 2 ** bits, `${values.size} values at ${bits} bits`);
  }
});

Deno.test("a codebook gives every weight the nearest of its values, however unevenly they lie", () => {
  const { normal, below } = random(2, "codebook");
  for (
    const draw of [normal, () => Math.exp(5 * normal()), () => below(4), () => 1e-42 * below(9), () => 7]
  ) {
    const weights = Float32Array.from({ length: 500 }, draw), { values, indices } = codebookOf(weights, 5);
    const far = (i: number, k: number) => Math.abs(weights[i]! - values[k]!);
    indices.forEach((k, i) => values.forEach((_, other) => assert(far(i, k) <= far(i, other))));
  }
});

Deno.test("codebooks are near their entropy: 2,400 numbers of 16 values take at most 4 bits each", () => {
  const { matrix } = modelOf(5), bits = 8 * encodeTensors({ matrix: matrix! }, { bits: 4 }).length;
  assert(bits < 4 * 2400 + 8 * (16 * 4 + 40), `${bits} bits`);
});

Deno.test("zeros are exactly 0, as many as asked for, and pay", () => {
  const model = modelOf(6), dense = encodeTensors(model, { bits: 4 });
  for (const zeros of [0.5, 0.9]) {
    const file = encodeTensors(model, { zeros, bits: 4 }), { matrix } = decodeTensors(file);
    assertEquals(matrix!.values.filter((v) => v === 0).length, 2400 * zeros);
    assert(file.length < dense.length, `${file.length} B with ${zeros} zeros, ${dense.length} B without`);
    const kept = matrix!.values.findIndex((v) => v !== 0);
    assertAlmostEquals(matrix!.values[kept]!, model.matrix!.values[kept]!, 0.6);
  }
  assertEquals(pruned(model.matrix!, 0), model.matrix);
  assertThrows(() => pruned(model.matrix!, 1), MdlError, "from 0 to 1");
});

Deno.test("two thin matrices give a matrix of low rank back, and the best one of another", () => {
  const left = modelOf(7).matrix!.values.slice(0, 120), right = modelOf(8).matrix!.values.slice(0, 80);
  const low = productOf(
    { left: { shape: [60, 2], values: left }, right: { shape: [2, 40], values: right } },
    [60, 40],
  );
  const again = productOf(factorised(low, 2), [60, 40]);
  assert(squared(again.values, low.values) < 1e-6);
  const one = squared(productOf(factorised(low, 1), [60, 40]).values, low.values);
  assert(one > 1 && one < low.values.reduce((sum, v) => sum + v * v, 0) / 2);
  const file = decodeTensors(encodeTensors({ low }, { rank: 0.05 }));
  assert(squared(file.low!.values, low.values) < 1e-6);
});

Deno.test("a damaged file of a model is a sentence, or another model: never a crash", () => {
  const file = encodeTensors(modelOf(9), { rank: 0.2, bits: 3 }), { below } = random(1, "damage");
  for (let n = 0; n < 300; n++) {
    const other = file.slice(0, n % 3 ? undefined : below(file.length));
    if (n % 3) other[below(other.length)]! ^= 1 << below(8);
    try {
      decodeTensors(other);
    } catch (error) {
      assert(error instanceof MdlError && error.code === "damaged", String(error));
    }
  }
});

/** Learns the sign of a sum: the model is the weights themselves with the seed's noise. */
const signs: Task<Tensors, readonly Float32Array[], Tensors> = {
  name: "signs",
  train: modelOf(10),
  test: Array.from({ length: 200 }, (_, i) => {
    const { normal } = random(i, "signs");
    return Float32Array.from({ length: 60 }, normal);
  }),
  fit: (train, seeds) =>
    Promise.resolve(seeds.map((seed) => {
      const { normal } = random(seed, "noise"), { shape, values } = train.matrix!;
      return { matrix: { shape, values: values.map((v) => v + 0.01 * normal()) } };
    })),
  files: (model) => filesOf(model),
  score: (file, test) => {
    const own = decodeTensors(file).matrix!.values, right = modelOf(10).matrix!.values;
    const sum = (weights: Float32Array, x: Float32Array) =>
      x.reduce((s, v, r) => s + v * weights[40 * r]!, 0);
    const agreeing = test.filter((x) => Math.sign(sum(own, x)) === Math.sign(sum(right, x)));
    return 100 * agreeing.length / test.length;
  },
};

Deno.test("a task is scored by what its files give back, losses paired by seed", async () => {
  const result = await measureTask(signs, [1, 2, 3], contextOf(1)), [whole, ...others] = result.points;
  assertEquals([whole!.loss.mean, whole!.bytes.mean], [
    0,
    encodeTensors({ matrix: modelOf(10).matrix! }, {}).length,
  ]);
  assert(whole!.score.mean > 98);
  assertEquals(intervalOf(whole!.scores), whole!.score);
  const coarse = others.find(({ way }) => way === "2 values")!,
    fine = others.find(({ way }) => way === "256 values")!;
  assert(
    coarse.score.mean < fine.score.mean && coarse.loss.mean > 1,
    `${coarse.score.mean} of ${fine.score.mean}`,
  );
  assertAlmostEquals(coarse.loss.mean, whole!.score.mean - coarse.score.mean, 1e-9);
  const within = shortestWithin(result, 2);
  assert(within.bytes.mean < whole!.bytes.mean / 4, within.way);
  assert(
    result.points.every(({ loss, bytes }) => loss.mean + loss.half! > 2 || bytes.mean >= within.bytes.mean),
  );
  assertEquals(shortestWithin(result, -Infinity), whole);
  assertEquals(taskRows([result], "right, %").length, WAYS.length);
  const families = taskSeries([result]);
  assertEquals(families.map(({ name }) => name), [...new Set(WAYS.map(mechanismOf))]);
  for (const { x } of families) assertEquals(x, [...x].sort((a, b) => a - b));
});

Deno.test("with validation data a file is chosen on them and judged on the test data", async () => {
  const files = [9, 3, 1].map((bytes) => ({ way: `${bytes}`, family: "made", bytes: new Uint8Array(bytes) }));
  const scores: Readonly<Record<string, readonly number[]>> = {
    test: [90, 70, 89],
    validation: [80, 79.5, 60],
  };
  const task: Task<null, string, number> = {
    name: "made",
    train: null,
    test: "test",
    validation: "validation",
    fit: (_, seeds) => Promise.resolve(seeds),
    files: () => files,
    score: (file, data) => scores[data]![files.findIndex(({ bytes }) => bytes.length === file.length)]!,
  };
  const result = await measureTask(task, [1, 2], contextOf(1)), chosen = shortestWithin(result, 1);
  assertEquals([chosen.way, chosen.loss.mean, chosen.choice!.loss.mean], ["3", 20, 0.5]);
  assertEquals(
    [keeps(chosen, 1), keeps(chosen.choice!, 1)],
    [false, true],
    "it does not keep what it promised",
  );
  const { validation: _, ...without } = task;
  assertEquals(shortestWithin(await measureTask(without, [1, 2], contextOf(1)), 1).way, "1");
});

Deno.test("multiplications: thin matrices have fewer, zeros that are skipped too, shared values do not", () => {
  const of = (way: Way) => productsOf(modelOf(11), way, { matrix: 3, "kernel Ω": 1 }),
    whole = 3 * 2400 + 1152;
  assertEquals([{}, { bits: 4 }, { zeros: 0.75, bits: 4 }].map(of), [whole, whole, whole / 4]);
  assertEquals(of({ rank: 0.125, bits: 5 }), 3 * 5 * 100 + 2 * (72 + 16));
});

Deno.test("a score draws from the seed of its model", async () => {
  const drawn: Task<null, null, number> = {
    name: "drawn",
    train: null,
    test: null,
    fit: (_, seeds) => Promise.resolve(seeds),
    files: (seed) => [{ way: "seed", family: "seed", bytes: Uint8Array.of(seed) }],
    score: ([seed], _, context) =>
      Number(context.seed === seed && context.random("x").uint32() === random(seed!, "x").uint32()),
  };
  assertEquals((await measureTask(drawn, [4, 9], contextOf(1))).points[0]!.score.mean, 1);
});

Deno.test("a score that is no number, or an abort, ends a task", async () => {
  await assertRejects(
    () => measureTask({ ...signs, score: () => NaN }, [1], contextOf(1)),
    MdlError,
    "signs, f32: the score is no number.",
  );
  const signal = AbortSignal.abort(new MdlError("interrupted", "Stopped."));
  await assertRejects(() => measureTask(signs, [1], contextOf(1, { signal })), MdlError, "Stopped.");
});
