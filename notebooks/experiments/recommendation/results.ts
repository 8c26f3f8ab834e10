/** Recommenders learnt once a seed, with their answers to the questions of a test. */
import type { Context } from "../../../lib/context.ts";
import { type Interval, intervalOf } from "../../../scripts/laboratory/measure/interval.ts";
import { eachSeed } from "../../../scripts/laboratory/task/task.ts";
import { meanOf } from "./bits.ts";
import {
  answersTo,
  meanRanking,
  ndcgOfUsers,
  nextOnly,
  type Query,
  type Ranking,
  rankings,
} from "./queries.ts";
import type { Split } from "./ratings.ts";
import type { Recommender } from "./tasks.ts";

/** A recommender and what became of it. */
export interface Answered<Model> {
  readonly recommender: Recommender<Model>;
  /** A model a seed, and the scores of its first file, f32[queries, movies]. */
  readonly models: readonly { readonly model: Model; readonly answers: Float32Array }[];
  /** In hundredths, means over seeds. */
  readonly ranking: Ranking;
  /** The same where the next movie alone is right. */
  readonly next: Ranking;
  /** Mean NDCG@10 of each user's questions, in hundredths, means over seeds. */
  readonly users: readonly number[];
}

/** Learns once a seed and asks. */
export async function answered<Model>(
  recommender: Recommender<Model>,
  split: Split,
  queries: readonly Query[],
  seeds: readonly number[],
  context: Context,
): Promise<Answered<Model>> {
  const models = await eachSeed(seeds, context, async (own) => {
    const model = await recommender.learn(split, own);
    const answers = await answersTo(queries, recommender.open(recommender.files(model)[0]!.bytes));
    return { model, answers, each: rankings(queries, answers) };
  });
  const users = models.map(({ each }) => ndcgOfUsers(queries, each)), next = nextOnly(queries);
  return {
    recommender,
    models,
    ranking: meanOfSeeds(models.map(({ each }) => each)),
    next: meanOfSeeds(models.map(({ answers }) => rankings(next, answers))),
    users: users[0]!.map((_, user) => meanOf(users.map((own) => own[user]!))),
  };
}

function meanOfSeeds(all: readonly (readonly Ranking[])[]): Ranking {
  const means = all.map(meanRanking);
  return {
    recall: 100 * meanOf(means.map(({ recall }) => recall)),
    ndcg: 100 * meanOf(means.map(({ ndcg }) => ndcg)),
  };
}

/** The same of the questions asked when so many ratings are known, of one model each. */
export function aboveWhere(
  queries: readonly Query[],
  one: readonly Ranking[],
  other: readonly Ranking[],
  known: readonly number[],
): Interval {
  const asked = [...queries.keys()].filter((q) => known.includes(queries[q]!.history.movies.length));
  const users = (each: readonly Ranking[]) =>
    ndcgOfUsers(asked.map((q) => queries[q]!), asked.map((q) => each[q]!));
  const [own, others] = [users(one), users(other)];
  return intervalOf(own.map((ndcg, user) => ndcg - others[user]!));
}

/** How far one recommender's NDCG@10 is above another's, in hundredths, with its interval over users. */
export const aboveByUsers = (
  one: Pick<Answered<unknown>, "users">,
  other: Pick<Answered<unknown>, "users">,
): Interval => intervalOf(one.users.map((own, user) => own - other.users[user]!));
