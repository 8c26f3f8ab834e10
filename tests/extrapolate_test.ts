/** Fits and what follows from them: known parameters come back, intervals cover what they promise. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { MdlError } from "../lib/errors.ts";
import {
  crossingBand,
  extrapolate,
  fitPowerLaw,
  holdOut,
} from "../notebooks/experiments/programs/extrapolate.ts";
import { coefficientOf, leastSquares, predictionOf } from "../scripts/laboratory/measure/least_squares.ts";
import { probabilityWithin, t95 } from "../scripts/laboratory/measure/student.ts";
import { random } from "../lib/random.ts";

const COUNTS = [30, 100, 300, 1000, 3000, 10_000];

const sizesOf = (a: number, b: number, c: number, noise = (_: number) => 0) =>
  COUNTS.map((count, i) => ({ count, bytes: count * (a + b * count ** -c) * (1 + noise(i)) }));

Deno.test("Student's t is that of the tables", () => {
  const table = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    9: 2.262,
    10: 2.228,
    30: 2.042,
    120: 1.980,
  };
  for (const [freedom, t] of Object.entries(table)) assertAlmostEquals(t95(Number(freedom)), t, 6e-4);
  assertEquals(t95(0), Infinity);
  assertAlmostEquals(probabilityWithin(1, 1), 0.5, 1e-12); // Cauchy's quartiles are at ±1
});

Deno.test("least squares give a line back, and textbook intervals about its coefficients", () => {
  const x = [1, 2, 3, 4, 5], y = [1, 2, 1.3, 3.75, 2.25];
  const fit = leastSquares(x.map((v) => [1, v]), y);
  assertAlmostEquals(fit.coefficients[0]!, 0.785, 1e-9);
  assertAlmostEquals(fit.coefficients[1]!, 0.425, 1e-9);
  const slope = coefficientOf(fit, 1);
  assertAlmostEquals(slope.high - slope.value, 3.18245 * fit.deviation / Math.sqrt(10), 1e-4);
  const middle = predictionOf(fit, [1, 3]), single = predictionOf(fit, [1, 3], true);
  assertAlmostEquals(middle.high - middle.value, 3.18245 * fit.deviation / Math.sqrt(5), 1e-4);
  assertAlmostEquals(single.high - single.value, 3.18245 * fit.deviation * Math.sqrt(1.2), 1e-4);
  for (const rows of [[[1, 1]], [[1, 2], [1, 2], [1, 2]]]) {
    const error = assertThrows(() => leastSquares(rows, rows.map(() => 1)), MdlError);
    assertEquals(error.code, "usage");
  }
});

Deno.test("a power law's parameters come back from its own points", () => {
  for (const [a, b, c] of [[600, 3000, 0.8], [500, 400, 0.3], [0, 900, 0.1], [700, -50, 1.5]] as const) {
    const law = fitPowerLaw(sizesOf(a, b, c));
    assertAlmostEquals(law.c, c, 1e-4);
    assertAlmostEquals(law.a, a, 1e-3 * (Math.abs(a) + Math.abs(b)));
    const { value, low, high } = extrapolate(law, 1e6);
    assertAlmostEquals(value, a + b * 1e6 ** -c, 1e-3 * value);
    assert(high - low < 1e-3 * value, "points without errors leave no doubt");
  }
  const error = assertThrows(() => fitPowerLaw(sizesOf(1, 1, 1).slice(0, 3)), MdlError);
  assertEquals(error.code, "usage");
});

Deno.test("prediction intervals hold about 95 of 100 held-out points", () => {
  const { normal } = random(1, "noise"), trials = 400;
  let inside = 0;
  for (let trial = 0; trial < trials; trial++) {
    const noise = COUNTS.map(() => 0.004 * normal());
    if (holdOut(sizesOf(600, 3000, 0.8, (i) => noise[i]!)).inside) inside++;
  }
  assert(inside > 0.9 * trials && inside < 0.99 * trials, `${inside} of ${trials}`);
});

Deno.test("a law that changes is found out by the point that was held out", () => {
  const sizes = sizesOf(600, 3000, 0.8, (i) => [0.001, -0.001, 0.001, 0, -0.001, -0.2][i]!);
  assertEquals(holdOut(sizes).inside, false);
});

Deno.test("laws cross where their formulas do, and intervals lie about the crossing", () => {
  const wobble = (i: number) => [0.001, -0.001, 0.001, -0.001, 0.001, -0.001][i]!;
  const ours = fitPowerLaw(sizesOf(600, 10_000, 1, wobble)),
    theirs = fitPowerLaw(sizesOf(650, 3000, 1, wobble));
  const { at, earliest, latest } = crossingBand(ours, theirs, 10, 1e6);
  assertAlmostEquals(at!, 7000 / 50, 10); // 600 + 10,000/n = 650 + 3000/n
  assert(earliest! < at! && at! < latest!, `${earliest} < ${at} < ${latest}`);
  assertEquals(crossingBand(theirs, ours, 1000, 1e6).at, null);
});
