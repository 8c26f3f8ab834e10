/**
 * Recommending what stands beside what a user has rated: each movie has the movies that most often share its users, and
 * votes for them (item–item collaborative filtering; Sarwar et al. 2001, Deshpande & Karypis 2004).
 */
import { integerDecoder, integerEncoder } from "../../../scripts/laboratory/coding/integer_code.ts";
import {
  decodeNumbers,
  encodeNumbers,
  floatBytes,
  readFloats,
} from "../../../scripts/laboratory/coding/numbers.ts";
import type { ModelFile } from "../../../scripts/laboratory/task/task.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import { countsOf, type History, knownOf, recencyOf, usersOfMovies } from "./ratings.ts";
import type { Scores } from "./queries.ts";

/** What is tuned. */
export interface NeighbourOptions {
  /** Neighbours of a movie. */
  readonly most: number;
  /** Added to what common users are divided by: the less often two movies are seen, the less they are trusted. */
  readonly shrinkage: number;
  /** Common users are divided by the root of the voter's users times this power of the other's: 0.5 is the cosine. */
  readonly power: number;
  /** Years after which a user counts half. */
  readonly halfLife: number;
  /** What a vote counts less for each movie rated since. */
  readonly fading: number;
}

/** The neighbours of every movie, the nearest first, and how near they are. */
export interface Neighbours {
  readonly fading: number;
  readonly movies: readonly Int32Array[];
  readonly votes: readonly Float32Array[];
}

/** Counts common users of all pairs of movies. */
export function learnNeighbours(
  users: readonly History[],
  movies: number,
  { most, shrinkage, power, halfLife, fading }: NeighbourOptions,
): Neighbours {
  const weights = recencyOf(users, halfLife), counts = countsOf(users, movies, halfLife);
  const found = usersOfMovies(users, movies).map((own, movie) => {
    const common = new Float32Array(movies), met: number[] = [];
    for (const u of own) {
      for (const other of users[u]!.movies) {
        if (!common[other]) met.push(other);
        common[other]! += weights[u]!;
      }
    }
    const vote = (other: number) =>
      common[other]! / (Math.sqrt(counts[movie]!) * counts[other]! ** power + shrinkage);
    return met.filter((other) => other !== movie).map((other) => ({ other, vote: vote(other) }))
      .sort((a, b) => b.vote - a.vote || a.other - b.other).slice(0, most);
  });
  return {
    fading,
    movies: found.map((near) => Int32Array.from(near, ({ other }) => other)),
    votes: found.map((near) => Float32Array.from(near, ({ vote }) => vote)),
  };
}

/** The votes of a history's movies, the last ones counting most. */
export const neighbourScores = ({ fading, movies, votes }: Neighbours): Scores => (histories) => {
  const scores = new Float32Array(histories.length * movies.length);
  histories.forEach((history, h) => {
    const own = scores.subarray(h * movies.length, (h + 1) * movies.length);
    const known = knownOf(history, movies.length), last = known.length - 1;
    known.forEach((movie, i) => {
      const weight = fading ** (last - i), near = movies[movie]!, strength = votes[movie]!;
      for (let k = 0; k < near.length; k++) own[near[k]!]! += weight * strength[k]!;
    });
  });
  return scores;
};

/** Context of the neighbours' code: numbers of neighbours, and gaps between neighbours in ascending order. */
const COUNT = 0, GAP = 1;

/**
 * The file: fading (f32), movies, neighbours of each, ascending, as gaps, then their votes: of 2^bits values, or f32 where
 * bits are 0.
 */
export function encodeNeighbours({ fading, movies, votes }: Neighbours, most: number, bits: number): Bytes {
  const kept = movies.map((near, m) =>
    [...near].slice(0, most).map((other, k) => ({ other, vote: votes[m]![k]! })).sort((a, b) =>
      a.other - b.other
    )
  );
  const gaps = integerEncoder();
  for (const near of kept) {
    gaps.put(near.length, COUNT);
    near.forEach(({ other }, k) => gaps.put(other - (near[k - 1]?.other ?? -1) - 1, GAP));
  }
  const structure = gaps.end();
  return concat([
    floatBytes(Float32Array.of(fading)),
    varint(movies.length),
    varint(structure.length),
    structure,
    ...encodeNumbers(Float32Array.from(kept.flat(), ({ vote }) => vote), bits),
  ]);
}

/**
 * The model that a file is of, neighbours in ascending order.
 *
 * @throws {MdlError} `damaged`
 */
export function decodeNeighbours(file: Uint8Array): Neighbours {
  const reader = new ByteReader(file, "model of neighbours");
  const fading = readFloats(reader, 1)[0]!, count = reader.varint();
  if (count > file.length * 64) throw reader.damaged("has more movies than any that is made");
  const next = integerDecoder(reader.take(reader.varint())), movies: Int32Array[] = [];
  for (let m = 0; m < count; m++) {
    let at = -1;
    const own = next(COUNT);
    if (own < 0 || own > count) throw reader.damaged("has impossible neighbours");
    movies.push(Int32Array.from({ length: own }, () => at += 1 + next(GAP)));
    if (own && !(at < count && movies[m]!.every((other, k, all) => other > (all[k - 1] ?? -1)))) {
      throw reader.damaged("has impossible neighbours");
    }
  }
  const all = decodeNumbers(reader, movies.reduce((sum, near) => sum + near.length, 0));
  reader.close();
  let at = 0;
  return { fading, movies, votes: movies.map(({ length }) => all.subarray(at, at += length)) };
}

/** Ways to write neighbours: all of them as they are; fewer, and votes of few values. */
export function neighbourFiles(model: Neighbours): readonly ModelFile[] {
  const most = Math.max(...model.movies.map(({ length }) => length));
  const kept = [1, 0.5, 0.2, 0.1, 0.05].map((share) => Math.max(1, Math.round(share * most)));
  return [
    { way: `${most} neighbours, f32`, family: "as counted", bytes: encodeNeighbours(model, most, 0) },
    ...kept.map((own) => ({
      way: `${own} neighbours, 16 values`,
      family: "fewer neighbours, codebook",
      bytes: encodeNeighbours(model, own, 4),
    })),
  ];
}
