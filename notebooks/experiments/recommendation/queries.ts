/** Questions to a recommender, asked in the course of a user's ratings, and how good its ten movies are. */
import { beginning, type History } from "./ratings.ts";

/** A moment of a user: what is known then, and what the user is going to rate. */
export interface Query {
  /** The user's place among those asked about. */
  readonly user: number;
  readonly history: History;
  /** The next movies, ten or as many as there are. */
  readonly targets: Int32Array;
}

/** Movies that are recommended. */
const SHOWN = 10;

/** Moments of a user with that many ratings, evenly spread, from the first rating on. */
export const evenly = (moments: number) => (count: number): readonly number[] =>
  Array.from({ length: moments }, (_, i) => 1 + Math.floor(i * (count - 1) / moments));

/** Questions at the moments when so many ratings are known, in the order of users and time. */
export function queriesOf(
  users: readonly History[],
  moments: (count: number) => readonly number[],
): readonly Query[] {
  return users.flatMap((user, place) => {
    const count = user.movies.length, asked = moments(count).filter((known) => known >= 1 && known < count);
    return [...new Set(asked)].map((known) => ({
      user: place,
      history: beginning(user, known),
      targets: user.movies.subarray(known, known + SHOWN),
    }));
  });
}

/** The same questions, of which the next movie alone is an answer: what sequence models are commonly asked. */
export const nextOnly = (queries: readonly Query[]): readonly Query[] =>
  queries.map((query) => ({ ...query, targets: query.targets.subarray(0, 1) }));

/** What a recommender makes of histories: a number for each movie, f32[histories, movies]; more is more likely. */
export type Scores = (histories: readonly History[]) => Float32Array | Promise<Float32Array>;

/** How good recommendations are, means over questions. */
export interface Ranking {
  /** Share of the next ten movies that are among the ten recommended. */
  readonly recall: number;
  /** The same, hits counting less the further down they stand (normalised discounted cumulative gain). */
  readonly ndcg: number;
}

/** The ten movies with the highest scores that are not rated yet, best first; of equal ones those with lower numbers. */
export function recommended(scores: Float32Array, { movies }: History): readonly number[] {
  const open = scores.slice(), best: number[] = [];
  for (const movie of movies) open[movie] = -Infinity;
  let least = -Infinity;
  for (let movie = 0; movie < open.length; movie++) {
    const score = open[movie]!;
    if (best.length === SHOWN && score <= least) continue;
    let at = best.length;
    while (at > 0 && open[best[at - 1]!]! < score) at--;
    best.splice(at, 0, movie);
    if (best.length > SHOWN) best.pop();
    least = open[best.at(-1)!]!;
  }
  return best;
}

const gain = (place: number) => 1 / Math.log2(place + 2);

/** How good ten movies are for a question. */
export function rankingOf(shown: readonly number[], targets: Int32Array): Ranking {
  const hits = shown.map((movie) => targets.includes(movie));
  const sum = (gains: readonly number[]) => gains.reduce((a, b) => a + b, 0);
  return {
    recall: hits.filter(Boolean).length / targets.length,
    ndcg: sum(hits.map((hit, place) => hit ? gain(place) : 0)) / sum([...targets].map((_, i) => gain(i))),
  };
}

/** Questions that are answered at once: what is computed on the way takes some tens of megabytes. */
const AT_ONCE = 256;

/** A recommender's scores for each question, f32[queries, movies]. */
export async function answersTo(queries: readonly Query[], scores: Scores): Promise<Float32Array> {
  let all = new Float32Array();
  for (let from = 0; from < queries.length; from += AT_ONCE) {
    const some = queries.slice(from, from + AT_ONCE),
      found = await scores(some.map(({ history }) => history));
    if (!from) all = new Float32Array(queries.length * found.length / some.length);
    all.set(found, from * found.length / some.length);
  }
  return all;
}

/** How good the answers to questions are, one by one. */
export function rankings(queries: readonly Query[], answers: Float32Array): readonly Ranking[] {
  const movies = answers.length / queries.length;
  return queries.map(({ history, targets }, q) =>
    rankingOf(recommended(answers.subarray(q * movies, (q + 1) * movies), history), targets)
  );
}

/** The mean of rankings. */
export function meanRanking(all: readonly Ranking[]): Ranking {
  const mean = (of: (one: Ranking) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return { recall: mean(({ recall }) => recall), ndcg: mean(({ ndcg }) => ndcg) };
}

/** The mean NDCG@10 of each user's questions, in hundredths. */
export function ndcgOfUsers(queries: readonly Query[], all: readonly Ranking[]): readonly number[] {
  const users = Map.groupBy(queries.map(({ user }, q) => ({ user, ranking: all[q]! })), ({ user }) => user);
  return [...users.values()].map((own) => 100 * meanRanking(own.map(({ ranking }) => ranking)).ndcg);
}
