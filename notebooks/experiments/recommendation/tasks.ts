/** Recommenders as tasks: what is learnt, its real file, and how good what the file gives back is for users of later. */
import type { Context } from "../../../lib/context.ts";
import { eachSeed, type Task } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { attentionCost, factorCost } from "./cost.ts";
import { expectedStars, learnStars, type StarTraining } from "./explicit.ts";
import { factorScores, type FactorTraining, gramOfMovies, learnFactors } from "./implicit.ts";
import {
  decodeNeighbours,
  learnNeighbours,
  neighbourFiles,
  type NeighbourOptions,
  type Neighbours,
  neighbourScores,
} from "./neighbours.ts";
import { answersTo, meanRanking, type Query, rankings, type Scores } from "./queries.ts";
import type { History, Split } from "./ratings.ts";
import { learnSequences, sequenceScores, type SequenceTraining } from "./sequence.ts";

/** Ways down for a recommender's matrices. */
export const RECOMMENDER_WAYS: readonly Way[] = [
  {},
  ...[8, 6, 4, 3, 2, 1].map((bits) => ({ bits })),
  ...[0.5, 0.8, 0.9].map((zeros) => ({ zeros, bits: 4 })),
  ...[0.5, 0.25].map((rank) => ({ rank, bits: 5 })),
];

/** A recommender of movies: how it is learnt, its files, and the scores that a file gives. */
export interface Recommender<Model> extends Pick<Task<Split, readonly Query[], Model>, "name" | "files"> {
  /** Learns from the split's first users. */
  learn(split: Split, context: Context): Model | Promise<Model>;
  /** What a file says of histories. */
  open(file: Uint8Array): Scores;
  /** Multiplications of a query to a file that was made in that way, when so many movies of the user are read. */
  cost?(file: Uint8Array, way: Way, read: number): number;
}

/** A recommender as a task: NDCG@10, in hundredths, of models that were learnt before. */
export function recommendTask<Model>(
  { name, files, open }: Recommender<Model>,
  models: readonly Model[],
  train: Split,
  test: readonly Query[],
): Task<Split, readonly Query[], Model> {
  return {
    name,
    train,
    test,
    files,
    fit: () => Promise.resolve(models),
    score: async (file, queries) =>
      100 * meanRanking(rankings(queries, await answersTo(queries, open(file)))).ndcg,
  };
}

/** Votes of neighbours. */
export const itemItem = (options: NeighbourOptions): Recommender<Neighbours> => ({
  name: "item–item",
  learn: ({ train, movies }) => learnNeighbours(train, movies, options),
  files: neighbourFiles,
  open: (file) => neighbourScores(decodeNeighbours(file)),
});

/** Factors. */
export const factors = (training: FactorTraining): Recommender<Tensors> => ({
  name: "factors",
  learn: ({ train, movies }, context) => learnFactors(train, movies, training, context),
  files: (model) => filesOf(model, RECOMMENDER_WAYS),
  open(file) {
    const model = decodeTensors(file), gram = gramOfMovies(model["movies"]!);
    return (histories) => factorScores(model, histories, training, gram);
  },
  cost: (file, way, read) => factorCost(decodeTensors(file), way, read),
});

/** Attention to histories; vectors of movies begin as those of factors, where it is said how these are learnt. */
export const attention = (training: SequenceTraining, begun?: FactorTraining): Recommender<Tensors> => ({
  name: "attention",
  async learn({ train, movies }, context) {
    const { width } = training, vectors = begun && learnFactors(train, movies, { ...begun, width }, context);
    return await learnSequences(train, movies, training, context, vectors?.movies);
  },
  files: (model) => filesOf(model, RECOMMENDER_WAYS),
  open(file) {
    const model = decodeTensors(file);
    return (histories) => sequenceScores(model, training, histories);
  },
  cost: (file, way) => attentionCost(decodeTensors(file), way), // reads as many as it can
});

/** What a star model expects of users. */
export const expectedOf = (model: Tensors, users: readonly History[], training: StarTraining) =>
  users.map((user) => expectedStars(model, user, training));

/** Root mean square of how far expectations are off, in stars. */
export function rmseOf(users: readonly History[], expected: readonly Float32Array[]): number {
  let squares = 0, count = 0;
  users.forEach(({ stars }, u) =>
    stars.forEach((own, i) => {
      squares += (expected[u]![i]! - own) ** 2;
      count++;
    })
  );
  return Math.sqrt(squares / count);
}

/** Stars as a task: −RMSE, in stars. */
export function starTask(
  name: string,
  training: StarTraining,
  split: Split,
): Task<Split, readonly History[], Tensors> {
  return {
    name,
    train: split,
    test: split.test,
    files: (model) =>
      filesOf(
        model,
        training.width ? RECOMMENDER_WAYS : RECOMMENDER_WAYS.filter(({ rank, zeros }) => !rank && !zeros),
      ),
    fit: ({ train, movies }, seeds, context) =>
      eachSeed(seeds, context, (own) => learnStars(train, movies, training, own)),
    score: (file, users) => -rmseOf(users, expectedOf(decodeTensors(file), users, training)),
  };
}
