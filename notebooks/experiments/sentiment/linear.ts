/** A linear classifier of bags of words: logistic regression, the baseline that is hard to beat on whole reviews. */
import { type Random, random, reordered, shuffled } from "../../../lib/random.ts";
import type { ModelFile, Task } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Review, ReviewSplit } from "./reviews.ts";
import { decodeWordModel, vocabularyOf, type WordModel, wordModelFiles } from "./words.ts";

/** Of the training: passes, rate of Adagrad (Duchi, Hazan, Singer 2011), share that decides between decays. */
const PASSES = 6, RATE = 0.5, HELD = 0.1;
/** Decays of the weights that are tried, as a multiple of a weight that is added to its gradient. */
const DECAYS = [0, 1e-5, 1e-4];

/** A review as the numbers of the words in it, each once. */
type Bag = Int32Array;

/** What files are made of the linear model: as the ways say, and with ever fewer words, those of the largest weights. */
export interface LinearFiles {
  readonly ways: readonly Way[];
  /** Numbers of words that are kept, at 16 values. */
  readonly kept: readonly number[];
}

/** The task; accuracy in per cent. A seed's model holds a tenth of the reviews back to choose its decay. */
export function linearTask(
  { train, test }: ReviewSplit,
  words: number,
  { ways, kept }: LinearFiles,
): Task<readonly Review[], readonly Review[], WordModel> {
  return {
    name: "bag of words, linear",
    train,
    test,
    fit(train, seeds, context) {
      const models: WordModel[] = [], label = "fitting linear models";
      for (const seed of seeds) {
        context.signal.throwIfAborted();
        context.progress({ label, done: models.length, total: seeds.length, unit: "models" });
        models.push(fitLinear(train, words, random(seed, "linear")));
      }
      return Promise.resolve(models);
    },
    files: (model) => [
      ...wordModelFiles(model, ways),
      ...kept.flatMap((count): readonly ModelFile[] =>
        wordModelFiles(largest(model, count), [{ bits: 4 }]).map((file) => ({
          ...file,
          way: `${count} words, ${file.way}`,
          family: "fewer words and codebooks",
        }))
      ),
    ],
    score: (file, test) => 100 * linearAccuracy(decodeWordModel(file), test),
  };
}

/** Learns from all but a tenth, once for each decay; the one that does best on that tenth is kept. */
function fitLinear(reviews: readonly Review[], most: number, stream: Random): WordModel {
  const order = reordered(reviews, stream);
  const held = order.splice(0, Math.round(HELD * order.length));
  const words = vocabularyOf(order, most),
    bagOf = bags(words),
    learnt = order.map(bagOf),
    asked = held.map(bagOf);
  const tried = DECAYS.map((decay) => {
    const weights = descend(learnt, order, words.length, decay, stream);
    return { weights, right: rightOf(weights, asked, held) };
  });
  const { weights } = tried.reduce((a, b) => b.right > a.right ? b : a);
  return {
    words,
    tensors: {
      weights: { shape: [words.length, 1], values: weights.subarray(0, -1) },
      bias: { shape: [1], values: weights.subarray(-1) },
    },
  };
}

/** Share of the reviews whose side the model finds. */
function linearAccuracy({ words, tensors }: WordModel, reviews: readonly Review[]): number {
  const weights = Float32Array.of(...tensors.weights!.values, ...tensors.bias!.values), bagOf = bags(words);
  return rightOf(weights, reviews.map(bagOf), reviews) / reviews.length;
}

/** Numbers of known words in a review; a word counts once. */
function bags(known: readonly string[]): (review: Pick<Review, "words">) => Bag {
  const place = new Map(known.map((word, i) => [word, i]));
  return ({ words }) =>
    Int32Array.from(new Set(words.map((word) => place.get(word) ?? -1))).filter((i) => i >= 0);
}

/** The logit: words weigh 1/√(how many there are), so that long reviews do not shout. The bias stands last. */
function logitOf(weights: Float32Array, bag: Bag): number {
  let sum = 0;
  for (const word of bag) sum += weights[word]!;
  return sum / Math.sqrt(bag.length || 1) + weights.at(-1)!;
}

function rightOf(weights: Float32Array, bagged: readonly Bag[], reviews: readonly Review[]): number {
  return bagged.reduce((n, bag, i) => n + Number(logitOf(weights, bag) > 0 === reviews[i]!.positive), 0);
}

/** One review after another, in an order of its own each pass. */
function descend(
  bagged: readonly Bag[],
  reviews: readonly Review[],
  words: number,
  decay: number,
  stream: Random,
): Float32Array {
  const weights = new Float32Array(words + 1), squares = new Float32Array(words + 1).fill(1e-8);
  const move = (i: number, gradient: number) => {
    squares[i]! += gradient * gradient;
    weights[i]! -= RATE * gradient / Math.sqrt(squares[i]!);
  };
  for (let pass = 0; pass < PASSES; pass++) {
    for (const i of shuffled(bagged.length, stream)) {
      const bag = bagged[i]!,
        wrong = 1 / (1 + Math.exp(-logitOf(weights, bag))) - Number(reviews[i]!.positive);
      const each = wrong / Math.sqrt(bag.length || 1);
      for (const word of bag) move(word, each + decay * weights[word]!);
      move(words, wrong);
    }
  }
  return weights;
}

/** The model with only the words that weigh most, for or against. */
function largest({ words, tensors }: WordModel, count: number): WordModel {
  const { values } = tensors.weights!;
  const kept = [...values.keys()].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!)).slice(0, count)
    .sort((a, b) => a - b);
  return {
    words: kept.map((i) => words[i]!),
    tensors: {
      ...tensors,
      weights: { shape: [kept.length, 1], values: Float32Array.from(kept, (i) => values[i]!) },
    },
  };
}

/** How many words of a review weigh anything in a file, on average: the additions that it takes. */
export function linearWords(file: Uint8Array, reviews: readonly Review[]): number {
  const { words, tensors } = decodeWordModel(file), bagOf = bags(words), { values } = tensors.weights!;
  const counts = reviews.map((review) => bagOf(review).filter((word) => values[word] !== 0).length);
  return counts.reduce((a, b) => a + b, 0) / reviews.length;
}
