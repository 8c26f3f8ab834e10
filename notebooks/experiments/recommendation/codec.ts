/**
 * The table codec as a recommender: while it codes a table of ratings, it says how likely each movie is to be the next,
 * and how likely each number of stars is. It codes the users that were learnt from, then those of the test, and goes on
 * learning from these; it is told when each rating was given, and how many a user gives, before which.
 */
import { MdlError } from "../../../lib/errors.ts";
import type { Context } from "../../../lib/context.ts";
import { finish } from "../../../lib/pace.ts";
import { encodeAs, type Watch } from "../../../lib/table/engine.ts";
import { columnsOf, eventsOf } from "../../../lib/table/columns.ts";
import { tableOf } from "../../../lib/table/csv.ts";
import type { History, Split } from "./ratings.ts";

/** What the codec expected of the test's ratings. */
export interface Expectations {
  /** Bytes of the code of all ratings, and bits of its columns: user, movie, stars, time. */
  readonly bytes: number;
  readonly columnBits: readonly number[];
  /** Of each test user and rating: the stars that are possible, and the chance of each, f32[ratings][stars]. */
  readonly stars: readonly number[];
  readonly chances: readonly Float32Array[];
  /** Of each user's asked ratings, by their numbers: odds of all movies, f32[movies], those of the split's numbers. */
  readonly odds: readonly ReadonlyMap<number, Float32Array>[];
}

/** The ratings as a table that the codec takes for events: users by time, movies ascending, no two at the same second. */
function tableOfUsers(users: readonly History[], ids: Uint32Array): string {
  const rows = users.flatMap((user, u) => {
    let before = -1;
    return [...user.movies].map((movie, i) => {
      before = Math.max(before + 1, user.times[i]!);
      return { movie: ids[movie]!, row: `${u + 1},${ids[movie]},${user.stars[i]!.toFixed(1)},${before}` };
    }).sort((a, b) => a.movie - b.movie).map(({ row }) => row);
  });
  return ["userId,movieId,rating,timestamp", ...rows, ""].join("\n");
}

/**
 * Codes the ratings, and notes what was expected.
 *
 * @param asked Of a test user with that many ratings, before which of them the odds of all movies are noted.
 * @throws {MdlError} `mismatch` where the codec takes the table for no events; `interrupted`
 */
export async function codecExpectations(
  { train, test, ids }: Split,
  asked: (count: number) => readonly number[],
  context: Context,
): Promise<Expectations> {
  const bytes = new TextEncoder().encode(tableOfUsers([...train, ...test], ids)), table = tableOf(bytes)!;
  const found = finish(eventsOf(table, finish(columnsOf(table))));
  if (!found) throw new MdlError("mismatch", "The codec takes the ratings for no events.");
  const { keys, texts } = found.events, place = new Map([...keys].map((key, i) => [key, i]));
  const ours = Int32Array.from(ids, (id) => place.get(id) ?? -1); // movies that are rated in neither part have no place
  const counts = test.map(({ movies }) => movies.length);
  const known = train.reduce((sum, { movies }) => sum + movies.length, 0);
  const begins = counts.map((_, u) => known + counts.slice(0, u).reduce((sum, count) => sum + count, 0));
  const wanted = new Map(
    counts.flatMap((count, u) =>
      asked(count).filter((k) => k < count).map((k) => [begins[u]! + k, { u, k }] as const)
    ),
  );
  const odds = test.map(() => new Map<number, Float32Array>()), chances: Float32Array[] = [];
  const watch: Watch = {
    items(event, all) {
      const which = wanted.get(event);
      if (which) odds[which.u]!.set(which.k, Float32Array.from(ours, (at) => at < 0 ? 0 : all[at]!));
    },
    values(event, all) {
      if (event >= known) chances.push(all.slice());
    },
  };
  const code = await encodeAs(table, found, context, { watch });
  return {
    bytes: code.payloads.reduce((sum, { bytes }) => sum + bytes.length, 0),
    columnBits: code.columnBits,
    stars: texts.map(Number),
    chances,
    odds,
  };
}
