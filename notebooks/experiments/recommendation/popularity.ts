/** Recommending what many have rated of late: what every other recommender has to beat. */
import { decodeTensors, filesOf } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import type { Scores } from "./queries.ts";
import { countsOf, type Split, YEAR } from "./ratings.ts";
import { type Recommender, RECOMMENDER_WAYS } from "./tasks.ts";

/** The same scores for every history. */
const forAll = (scores: Float32Array): Scores => (histories) => {
  const all = new Float32Array(histories.length * scores.length);
  histories.forEach((_, h) => all.set(scores, h * scores.length));
  return all;
};

/** How often each movie was rated, by users who count half after so many years. */
export const popularity = (halfLife: number): Recommender<Tensors> => ({
  name: halfLife === Infinity ? "popularity of all times" : "popularity of late",
  learn: ({ train, movies }) => ({
    counts: { shape: [movies, 1], values: countsOf(train, movies, halfLife) },
  }),
  files: (model) => filesOf(model, RECOMMENDER_WAYS.filter(({ zeros, rank }) => !zeros && !rank)),
  open: (file) => forAll(decodeTensors(file)["counts"]!.values),
});

/** The same at the moment of each question, the test's users who came before it counted too; of all movies. */
export function goingOn({ train, test, ids }: Split, halfLife: number): Scores {
  const events = [...train, ...test].flatMap(({ movies, times }) =>
    [...movies].map((movie, i) => ({ movie, time: times[i]! }))
  ).sort((a, b) => a.time - b.time);
  const last = events.at(-1)!.time, weight = (time: number) => 2 ** ((time - last) / (halfLife * YEAR));
  return (histories) => {
    const all = new Float32Array(histories.length * ids.length), counts = new Float64Array(ids.length);
    const asked = histories.map(({ times }, h) => ({ now: times.at(-1)!, h })).sort((a, b) => a.now - b.now);
    let next = 0;
    for (const { now, h } of asked) {
      for (; next < events.length && events[next]!.time < now; next++) {
        counts[events[next]!.movie]! += weight(events[next]!.time);
      }
      all.set(counts.map((count) => count / weight(now)), h * ids.length);
    }
    return all;
  };
}
