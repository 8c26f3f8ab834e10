/** Recommenders: cut in time, ranked as defined, files that come back, and models that find what was planted. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../lib/backend/backend.ts";
import { contextOf } from "../lib/context.ts";
import { MdlError } from "../lib/errors.ts";
import type { Files } from "../lib/files/data.ts";
import { random } from "../lib/random.ts";
import {
  agreementOf,
  apart,
  type ByUser,
  byUser,
  correlationOf,
} from "../notebooks/experiments/recommendation/agreement.ts";
import {
  calibrated,
  chanceOfCorrelation,
  logCounts,
  logitsOf,
  movieBits,
  starChances,
  starCost,
} from "../notebooks/experiments/recommendation/bits.ts";
import { codecExpectations } from "../notebooks/experiments/recommendation/codec.ts";
import {
  denseKernel,
  factorCost,
  lowRankKernel,
  sparseKernel,
} from "../notebooks/experiments/recommendation/cost.ts";
import { expectedStars, learnStars } from "../notebooks/experiments/recommendation/explicit.ts";
import {
  factorScores,
  gramOfMovies,
  learnFactors,
  usersOf,
} from "../notebooks/experiments/recommendation/implicit.ts";
import { solve } from "../notebooks/experiments/recommendation/linear.ts";
import {
  decodeNeighbours,
  encodeNeighbours,
  learnNeighbours,
  neighbourScores,
} from "../notebooks/experiments/recommendation/neighbours.ts";
import { pairLoss, sampledLoss, softmaxLoss } from "../notebooks/experiments/recommendation/next_loss.ts";
import { goingOn, popularity } from "../notebooks/experiments/recommendation/popularity.ts";
import {
  answersTo,
  evenly,
  meanRanking,
  nextOnly,
  queriesOf,
  rankingOf,
  rankings,
  recommended,
} from "../notebooks/experiments/recommendation/queries.ts";
import {
  countsOf,
  type History,
  leaksOf,
  ratingsOf,
  splitAt,
} from "../notebooks/experiments/recommendation/ratings.ts";
import { aboveWhere } from "../notebooks/experiments/recommendation/results.ts";
import {
  learnSequences,
  sequenceScores,
  type SequenceTraining,
} from "../notebooks/experiments/recommendation/sequence.ts";
import { starsByNeighbours } from "../notebooks/experiments/recommendation/star_neighbours.ts";
import {
  attention,
  factors,
  itemItem,
  type Recommender,
  rmseOf,
} from "../notebooks/experiments/recommendation/tasks.ts";
import { pruned } from "../scripts/laboratory/task/tensors.ts";
import { madeFiles } from "./made_files.ts";

const MOVIES = 60, GROUPS = 3;

/** Users of three tastes: each rates mostly movies of one third, one after another, and gives stars by a product. */
function people(count: number, seed: number): History[] {
  const { below, uniform, normal } = random(seed, "people");
  return Array.from({ length: count }, (_, u) => {
    const taste = below(GROUPS), third = MOVIES / GROUPS, begin = 1e9 + u * 1e6;
    const own = new Set<number>();
    while (own.size < 12) own.add(uniform() < 0.9 ? taste * third + below(third) : below(MOVIES));
    const movies = Int32Array.from(own);
    const stars = Float32Array.from(movies, (movie) => {
      const liked = Math.floor(movie / third) === taste ? 1.2 : -1.2;
      return Math.round(2 * Math.min(5, Math.max(0.5, 3 + liked + 0.3 * normal()))) / 2;
    });
    return { movies, stars, times: Uint32Array.from(movies, (_, i) => begin + 40 * i) };
  });
}

/** Their table, users in any order, as MovieLens has it. */
function tableOf(users: readonly History[]): Files<"table"> {
  const rows = users.flatMap((user, u) =>
    [...user.movies].map((movie, i) => ({
      movie,
      row: `${u + 1},${10 + 3 * movie},${user.stars[i]!.toFixed(1)},${user.times[i]}`,
    })).sort((a, b) => a.movie - b.movie).map(({ row }) => row)
  );
  const symbols = new TextEncoder().encode(["userId,movieId,rating,timestamp", ...rows, ""].join("\n"));
  return madeFiles("table", [symbols], ["people.csv"]);
}

const SEQUENCES: SequenceTraining = {
  width: 16,
  heads: 2,
  blocks: 2,
  context: 8,
  loss: "softmax",
  others: 24,
  prior: true,
  halfLife: Infinity,
  steps: 100,
  batch: 16,
  rate: 0.02,
  dropout: 0.1,
};

const split = splitAt(ratingsOf(tableOf(people(80, 1).toReversed())), 0.8);

Deno.test("a log comes out of its table in the order of time", () => {
  const users = people(80, 1), ratings = ratingsOf(tableOf(users.toReversed()));
  const plain = ({ movies, stars, times }: History) => [[...movies], [...stars], [...times]];
  const named = users.map((user) => ({
    ...user,
    movies: user.movies.map((movie) => ratings.movies.indexOf(10 + 3 * movie)),
  }));
  assertEquals(ratings.users.map(plain), named.map(plain));
  const broken = tableOf(users.slice(0, 1));
  assertThrows(() => ratingsOf({ ...broken, symbols: new TextEncoder().encode("a,b\n1,2\n") }), MdlError);
});

Deno.test("nothing that is learnt from is later than the moment, and known movies come first", () => {
  for (const [share, end] of [[0.5, 0.7], [0.8, 1], [0.3, 0.31]] as const) {
    const { train, test, movies, ids, moments: [from, to] } = splitAt(
      ratingsOf(tableOf(people(60, 3))),
      share,
      end,
    );
    assert(train.every(({ times }) => times.every((time) => time < from)));
    assert(test.every(({ times }) => times.every((time) => time >= from && time < to)));
    const counts = countsOf(train, ids.length);
    assert(counts.every((count, movie) => count > 0 === movie < movies));
    assertEquals(new Set(ids).size, ids.length);
  }
  const { late, twins, tied, unknown } = leaksOf(split);
  assertEquals([late, tied], [0, 0]);
  assertEquals([twins, unknown], [0, 0], "all movies are rated by many, no two people alike");
  assertEquals(leaksOf({ ...split, test: split.train.slice(0, 3) }).twins >= 3, true, "twins are found");
});

Deno.test("what is learnt does not depend on who is asked, nor on what they rate later", async () => {
  const backend = await openBackend("wasm");
  const factorTraining = { width: 4, rounds: 2, unseen: 0.3, penalty: 1, halfLife: 2 };
  const others = { ...split, test: people(9, 5), moments: [1, 2] as const };
  const same = async <Model>({ learn, files }: Recommender<Model>) => {
    const [own, other] = [await learn(split, contextOf(1)), await learn(others, contextOf(1))];
    assertEquals(files(own).map(({ bytes }) => bytes), files(other).map(({ bytes }) => bytes));
  };
  await same(popularity(2));
  await same(itemItem({ most: 20, shrinkage: 1, power: 0.5, halfLife: 2, fading: 1 }));
  await same(factors(factorTraining));
  await same(attention({ ...SEQUENCES, steps: 2 }, factorTraining));
  await backend.close();
});

Deno.test("ten movies are those a sort would give, without the rated ones", () => {
  const { uniform, below } = random(2, "scores");
  for (let n = 0; n < 30; n++) {
    const scores = Float32Array.from({ length: 40 }, () => below(12) + (n % 2 ? 0 : uniform()));
    const history = people(1, n)[0]!;
    const sorted = [...scores.keys()].filter((movie) => !history.movies.includes(movie))
      .sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 10);
    assertEquals(recommended(scores, history), sorted);
  }
  const targets = Int32Array.of(5, 6, 7);
  assertEquals(rankingOf([5, 6, 7, 1, 2, 3, 4, 8, 9, 10], targets), { recall: 1, ndcg: 1 });
  assertEquals(rankingOf([1, 2, 3], targets), { recall: 0, ndcg: 0 });
  const late = rankingOf([1, 2, 3, 5, 6, 7], targets);
  assert(late.recall === 1 && late.ndcg > 0.4 && late.ndcg < 0.7);
});

Deno.test("questions know what came before and ask for what comes next", () => {
  const users = people(5, 4), queries = queriesOf(users, evenly(4));
  assertEquals(queries.length, 20);
  for (const { user, history, targets } of queries) {
    const { movies } = users[user]!, known = history.movies.length;
    assertEquals(history.movies, movies.subarray(0, known));
    assertEquals(targets, movies.subarray(known, known + 10));
    assert(known >= 1 && targets.length >= 1);
  }
  assertEquals(
    nextOnly(queries).map(({ targets }) => [...targets]),
    queries.map(({ targets }) => [targets[0]!]),
  );
  const short = users.map((user, u) => u ? user : { ...user, movies: user.movies.subarray(0, 1) });
  assertEquals(queriesOf(short, evenly(4)).length, 16, "who rates no more asks nothing");
});

Deno.test("a lead is told user by user, of the questions with so many ratings known", () => {
  const users = people(6, 4), queries = queriesOf(users, () => [1, 2, 5]);
  const all = (of: (known: number, user: number) => number) =>
    queries.map(({ user, history }) => ({ recall: 0, ndcg: of(history.movies.length, user) }));
  const { mean, least, most } = aboveWhere(
    queries,
    all((known, user) => known < 5 ? 0.1 * user : 9),
    all(() => 0.1),
    [1, 2],
  );
  [mean - 15, least + 10, most - 40].forEach((off) => assertAlmostEquals(off, 0, 1e-9));
});

Deno.test("a system of equations is solved", () => {
  const { normal } = random(5, "matrix"), n = 7;
  const rows = Array.from({ length: 3 * n }, () => Float64Array.from({ length: n }, normal));
  const a = Float64Array.from(
    { length: n * n },
    (_, i) => rows.reduce((sum, row) => sum + row[Math.floor(i / n)]! * row[i % n]!, 0),
  );
  const x = Float64Array.from({ length: n }, normal);
  const b = x.map((_, i) => x.reduce((sum, v, j) => sum + a[i * n + j]! * v, 0));
  solve(a.slice(), b, n);
  b.forEach((v, i) => assertAlmostEquals(v, x[i]!, 1e-9));
});

Deno.test("factors and neighbours find tastes that popularity cannot", async () => {
  const queries = queriesOf(split.test, evenly(3)), context = contextOf(1);
  const ndcg = async (scores: Parameters<typeof answersTo>[1]) =>
    meanRanking(rankings(queries, await answersTo(queries, scores))).ndcg;
  const popular = popularity(Infinity), counted = await popular.learn(split, context);
  const plain = await ndcg(popular.open(popular.files(counted)[0]!.bytes));
  const training = { width: 4, rounds: 6, unseen: 0.3, penalty: 0.3, halfLife: Infinity };
  const model = learnFactors(split.train, split.movies, training, context);
  assert(await ndcg((histories) => factorScores(model, histories, training)) > 1.5 * plain);
  const options = { most: 20, shrinkage: 1, power: 0.5, halfLife: Infinity, fading: 1 };
  const near = learnNeighbours(split.train, split.movies, options);
  assert(await ndcg(neighbourScores(near)) > 1.5 * plain);
});

Deno.test("popularity that goes on counts what came before, and only that", async () => {
  const [first, second] = split.test, scores = await goingOn(split, Infinity)([first!, second!]);
  const before = (user: History) => {
    const now = user.times.at(-1)!, counts = new Float32Array(split.ids.length);
    for (const { movies, times } of [...split.train, ...split.test]) {
      movies.forEach((movie, i) => counts[movie]! += Number(times[i]! < now));
    }
    return [...counts];
  };
  assertEquals([...scores], [...before(first!), ...before(second!)]);
});

Deno.test("neighbours come back from their file; few values come near; damage is a sentence or other neighbours", () => {
  const options = { most: 20, shrinkage: 1, power: 0.3, halfLife: 2, fading: 0.9 };
  const model = learnNeighbours(split.train, split.movies, options), [history] = split.test;
  const exact = decodeNeighbours(encodeNeighbours(model, 20, 0));
  const [a, b] = [model, exact].map((one) => neighbourScores(one)([history!]) as Float32Array);
  a!.forEach((score, i) => assertAlmostEquals(score, b![i]!, 1e-5));
  const coarse = encodeNeighbours(model, 20, 4), { below } = random(7, "damage");
  const c = neighbourScores(decodeNeighbours(coarse))([history!]) as Float32Array;
  const off = Math.max(...c.map((score, i) => Math.abs(score - a![i]!)));
  assert(off > 0 && off < 0.3 * Math.max(...a!), `${off}`);
  for (let n = 0; n < 200; n++) {
    const other = coarse.slice(0, n % 3 ? undefined : below(coarse.length));
    if (n % 3) other[below(other.length)]! ^= 1 << below(8);
    try {
      decodeNeighbours(other);
    } catch (error) {
      assert(error instanceof MdlError && error.code === "damaged", String(error));
    }
  }
});

Deno.test("stars: factors find a product that two offsets cannot, from what came before alone", () => {
  const options = { rounds: 8, userOffset: 1, movieOffset: 1, vector: 1 }, context = contextOf(1);
  const error = (width: number) => {
    const training = { ...options, width }, model = learnStars(split.train, split.movies, training, context);
    return rmseOf(split.test, split.test.map((user) => expectedStars(model, user, training)));
  };
  const [two, product] = [error(0), error(3)];
  assert(product < 0.9 * two, `${product} against ${two}`);
  const training = { ...options, width: 3 },
    model = learnStars(split.train, split.movies, training, context);
  const [user] = split.test, changed = { ...user!, stars: user!.stars.map((own, i) => i < 6 ? own : 0.5) };
  const [as, other] = [user!, changed].map((one) => expectedStars(model, one, training));
  assertEquals(as!.subarray(0, 7), other!.subarray(0, 7), "later stars change nothing");
  assert(as!.at(-1) !== other!.at(-1));
});

/** Users who rate one movie after the other, in a circle of `movies`. */
function rounds(movies: number): History[] {
  const { below } = random(8, "round");
  return Array.from({ length: 60 }, (_, u): History => {
    const begin = below(movies);
    return {
      movies: Int32Array.from({ length: 12 }, (_, i) => (begin + i) % movies),
      stars: new Float32Array(12).fill(4),
      times: Uint32Array.from({ length: 12 }, (_, i) => 1e9 + 1000 * u + i),
    };
  });
}

const rated = (...movies: readonly number[]): History => ({
  movies: Int32Array.from(movies),
  stars: new Float32Array(movies.length).fill(4),
  times: Uint32Array.from(movies, (_, i) => 1 + i),
});

Deno.test("stars: neighbours find tastes that two offsets cannot, from what came before alone", () => {
  const training = { width: 0, rounds: 8, userOffset: 1, movieOffset: 1, vector: 1 };
  const offsets = learnStars(split.train, split.movies, training, contextOf(1));
  const by = (users: readonly History[], shrinkage = 3) =>
    starsByNeighbours(split.train, users, split.movies, offsets, 1, { most: 20, shrinkage, belief: 0.5 });
  const two = rmseOf(split.test, split.test.map((user) => expectedStars(offsets, user, training)));
  const near = rmseOf(split.test, by(split.test));
  assert(near < 0.95 * two, `${near} against ${two}`);
  assertAlmostEquals(rmseOf(split.test, by(split.test, 1e9)), two, 1e-5, "none is like another");
  const [user] = split.test, changed = { ...user!, stars: user!.stars.map((own, i) => i < 6 ? own : 0.5) };
  assertEquals(
    by([user!])[0]!.subarray(0, 7),
    by([changed])[0]!.subarray(0, 7),
    "later stars change nothing",
  );
});

Deno.test("attention learns what follows by each loss, and is the prior for who knows none", async () => {
  const backend = await openBackend("wasm"), movies = 24, { normal } = random(8, "vectors");
  const values = Float32Array.from({ length: movies * 16 }, normal);
  const asked = Array.from(
    { length: movies },
    (_, m) => rated((m + movies - 2) % movies, (m + movies - 1) % movies),
  );
  for (const loss of ["softmax", "sample", "pairs"] as const) {
    const begun = loss === "sample" ? { shape: [movies, 16], values } : undefined;
    const training = { ...SEQUENCES, loss, prior: loss !== "pairs" };
    const model = await learnSequences(rounds(movies), movies, training, contextOf(1), begun);
    const scores = await sequenceScores(model, training, asked);
    const right = asked.filter((_, m) => {
      const row = scores.subarray(m * movies, (m + 1) * movies);
      return row.indexOf(Math.max(...row)) === m;
    });
    assert(right.length > 0.8 * movies, `${loss}: ${right.length} of ${movies}`);
    const strange = await sequenceScores(model, training, [rated(movies + 5)]);
    assertEquals(strange, model["prior"]?.values ?? new Float32Array(movies));
  }
  await backend.close();
});

Deno.test("a state knows nothing of what comes later, and all of what came before", async () => {
  const backend = await openBackend("wasm"), movies = 24, training = { ...SEQUENCES, steps: 20 };
  const model = await learnSequences(rounds(movies), movies, training, contextOf(1));
  const { position, ...others } = model, values = position!.values.subarray(0, 3 * 16);
  const short = { ...others, position: { shape: [3, 16], values } }; // no places behind the third
  const asked = [rated(5, 9, 2), rated(5, 9), rated(1)];
  const [long, cut] = [
    await sequenceScores(model, training, asked),
    await sequenceScores(short, training, asked),
  ];
  long.forEach((score, i) => assertAlmostEquals(score, cut[i]!, 1e-4));
  const turned = await sequenceScores(model, training, [rated(9, 5, 2)]);
  assert(turned.some((score, i) => Math.abs(score - long[i]!) > 1e-3), "order counts");
  await backend.close();
});

Deno.test("losses of the next movie: the written gradient is the derivative; a sample of all is all", async () => {
  const backend = await openBackend("wasm"), { normal } = random(4, "loss"), [P, M, D] = [7, 11, 3];
  const drawn = (...shape: number[]) =>
    tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, normal), shape);
  const right = Int32Array.of(3, 0, 10, 3, 7, 1, 1), all = Int32Array.from({ length: M }, (_, m) => m);
  const states = drawn(P, D) as tf.Tensor2D,
    movies = drawn(M, D) as tf.Tensor2D,
    offsets = drawn(M) as tf.Tensor1D;
  const plain = (states: tf.Tensor2D, movies: tf.Tensor2D) => {
    const logits = tf.matMul(states, movies, false, true).add(offsets);
    const own = logits.mul(tf.oneHot(tf.tensor1d(right, "int32"), M)).sum(1);
    return tf.logSumExp(logits, 1).sub(own).mean().mul(Math.LOG2E) as tf.Scalar;
  };
  const ways = [
    plain,
    (states: tf.Tensor2D, movies: tf.Tensor2D) => softmaxLoss({ states, movies, offsets }, right),
    (states: tf.Tensor2D, movies: tf.Tensor2D) =>
      sampledLoss({ states, movies, offsets }, right, all, () => 1),
  ];
  const found = await Promise.all(ways.map(async (way) => {
    const { value, grads } = tf.valueAndGrads((s, m) => way(s as tf.Tensor2D, m as tf.Tensor2D))([
      states,
      movies,
    ]);
    return (await Promise.all([value, ...grads].map(async (one) => [...await one!.data()]))).flat();
  }));
  for (const other of found.slice(1)) other.forEach((v, i) => assertAlmostEquals(v, found[0]![i]!, 1e-4));
  const pairs = await pairLoss({ states, movies, offsets }, right, right).data();
  const scores = await tf.matMul(states, movies, false, true).add(offsets).data();
  const expected = [...right].map((m, p) => {
    const score = scores[p * M + m]!;
    return Math.log2(1 + Math.exp(-score)) + Math.log2(1 + Math.exp(score));
  });
  assertAlmostEquals(pairs[0]!, expected.reduce((a, b) => a + b) / P, 1e-4);
  await backend.close();
});

Deno.test("bits of the next movie are those of a distribution over all that is not rated", () => {
  const { normal } = random(9, "logits"), known = 20, all = 26, history = people(1, 1)[0]!;
  const own = { ...history, movies: Int32Array.of(3, 22) };
  const targets = Array.from({ length: all }, (_, m) => m).filter((m) => !own.movies.includes(m));
  const queries = targets.map((m) => ({ user: 0, history: own, targets: Int32Array.of(m) }));
  const row = Float32Array.from({ length: known }, normal);
  const answers = Float32Array.from({ length: known * queries.length }, (_, i) => row[i % known]!);
  const bits = movieBits(queries, { logits: answers, unknown: 0.2 }, all);
  assertAlmostEquals(bits.reduce((sum, b) => sum + 2 ** -b, 0), 1, 1e-5);
  const counts = new Float32Array(known).fill(1), likely = queries.filter((_, q) => q < known - 1);
  const good = Float32Array.from({ length: known * likely.length }, (_, i) => {
    return Number(i % known === targets[Math.floor(i / known)]);
  });
  const { scale, lift, unknown } = calibrated(likely, good, logCounts(counts), all);
  assertEquals([scale, unknown], [16, 0]);
  assert(lift > 0);
  assertEquals(calibrated(likely, good, new Float32Array(known), all).lift, 0, "there is nothing to add");
  assertEquals(
    logitsOf(Float32Array.of(1, 2), Float32Array.of(0.5, 4), { scale: 2, lift: 0.5 }),
    Float32Array.of(2.25, 6),
  );
});

Deno.test("chances of stars are counted by expectation, and cost their bits", () => {
  const users = people(30, 6), stars = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5];
  const blind = users.map(({ stars }) => stars.map(() => 3));
  const chancesOf = (expected: readonly Float32Array[]) => {
    const chances = starChances(users, expected, stars);
    return expected.map((own) => Float32Array.from([...own].flatMap((one) => [...chances(one)])));
  };
  const seeing = starCost(users, chancesOf(users.map(({ stars }) => stars)), stars),
    order0 = starCost(users, chancesOf(blind), stars);
  assert(seeing.bits < 0.5 * order0.bits && seeing.rmse < 0.5 * order0.rmse);
  assertAlmostEquals([...starChances(users, blind, stars)(3)].reduce((a, b) => a + b), 1, 1e-6);
});

Deno.test("models are compared user by user: agreement of sure pairs, and correlations of users drawn again", () => {
  const { normal, below } = random(3, "models"), users = Array.from({ length: 90 }, (_, i) => i % 30);
  const noise = users.map(() => 3 * normal()); // the same for all models: hard users are hard for all
  const model = (bits: number, errors: number): ByUser =>
    byUser(
      users,
      noise.map((own) => own + bits + 0.1 * normal()),
      noise.map((own) => own + errors + 0.1 * normal()),
    );
  const [a, b, c, d] = [model(1, 1), model(2, 2), model(3, 1.5), model(3, 1.5)];
  assertEquals(a!.counts, Array(30).fill(3));
  assertAlmostEquals(apart(b!, a!, "bits").mean, 1, 0.05);
  assertEquals(agreementOf([a!, b!, c!, d!]), { pairs: 6, sure: 5, agree: 3 });
  const { value, low, high } = correlationOf([a!, b!, c!], 200, { below });
  assertEquals([value, low, high], [0.5, 0.5, 0.5], "users' own hardness does not count");
});

Deno.test("chance of a rank correlation is counted over all orders", () => {
  assertAlmostEquals(chanceOfCorrelation(1, 3), 2 / 6);
  assertAlmostEquals(chanceOfCorrelation(0.5, 3), 1);
  assertAlmostEquals(chanceOfCorrelation(0.8, 4), 8 / 24);
});

Deno.test("kernels give the same scores as all numbers do", async () => {
  const training = { width: 4, rounds: 3, unseen: 0.3, penalty: 0.3, halfLife: Infinity };
  const { movies } = learnFactors(split.train, split.movies, training, contextOf(1));
  const user = usersOf(movies!, [split.test[0]!], training), zeros = pruned(movies!, 0.5);
  const all = denseKernel(movies!), sparse = sparseKernel(zeros), low = lowRankKernel(movies!, 4);
  const near = (a: Float32Array, b: Float32Array) =>
    a.forEach((score, i) => assertAlmostEquals(score, b[i]!, 1e-5));
  near(
    all.run(user),
    await factorScores({ movies: movies! }, [split.test[0]!], training, gramOfMovies(movies!)),
  );
  near(sparse.run(user), denseKernel(zeros).run(user));
  near(low.run(user), all.run(user));
  assertEquals(sparse.multiplications, Math.ceil(split.movies * 4 / 2));
  const whole = factorCost({ movies: movies! }, {}, 10),
    half = factorCost({ movies: movies! }, { zeros: 0.5 }, 10);
  assertEquals(whole - half, Math.floor(split.movies * 4 / 2), "the user's vector costs the same");
});

Deno.test("the codec is asked before it is told: chances of stars, odds of movies that are not rated", async () => {
  const { chances, odds, stars, columnBits } = await codecExpectations(split, () => [1, 5, 99], contextOf(1));
  assertEquals(columnBits.length, 4);
  split.test.forEach(({ movies }, u) => {
    const rows = chances[u]!;
    assertEquals(rows.length, movies.length * stars.length);
    for (let i = 0; i < movies.length; i++) {
      const sum = rows.subarray(i * stars.length, (i + 1) * stars.length).reduce((a, b) => a + b, 0);
      assertAlmostEquals(sum, 1, 1e-5);
    }
    assertEquals([...odds[u]!.keys()], [1, 5]);
    for (const [known, own] of odds[u]!) {
      assertEquals(own.length, split.ids.length);
      assert(movies.every((movie, i) => i < known ? own[movie] === 0 : own[movie]! > 0));
    }
  });
});
