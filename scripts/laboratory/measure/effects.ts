/** What each mechanism is worth in a full 2³ factorial: main effects and interactions, paired by seed. */
import { type Interval, intervalOf } from "./interval.ts";

/** The mechanisms of article section 2.2, in its order. */
export const MECHANISMS = ["sharing", "hierarchy", "attention"] as const;
export type Mechanism = typeof MECHANISMS[number];

/** Which mechanisms are switched on. */
export type Levels = Readonly<Record<Mechanism, boolean>>;

/** All eight combinations, from all off to all on; sharing changes last. */
export const COMBINATIONS: readonly Levels[] = Array.from({ length: 8 }, (_, i) => ({
  sharing: (i & 4) > 0,
  hierarchy: (i & 2) > 0,
  attention: (i & 1) > 0,
}));

/** "sharing + attention", or "none". */
export function nameLevels(levels: Levels): string {
  return MECHANISMS.filter((mechanism) => levels[mechanism]).join(" + ") || "none";
}

/** One program of the factorial. */
export interface Point {
  readonly levels: Levels;
  readonly seed: number;
  readonly bytes: number;
}

/** One effect in bytes: negative where it shortens the program. */
export interface Effect {
  readonly mechanisms: readonly Mechanism[];
  /** Averaged over all levels of the other mechanisms. */
  readonly effect: Interval;
  /** Of a single mechanism: with both others off, and with both others on. */
  readonly alone?: Interval;
  readonly last?: Interval;
}

/**
 * The three main effects, and the interactions of two and of three mechanisms. A main effect is the mean of the four
 * programs with the mechanism less the mean of the four without it. The interaction of A and B is half the difference
 * between A's effect with B and A's effect without B, and so on: each is a sum of all eight sizes with signs, divided
 * by four. It is computed seed by seed, so that what a seed does to all programs alike cancels; the interval is over
 * seeds.
 *
 * @param points All eight combinations for each seed.
 */
export function effectsOf(points: readonly Point[]): readonly Effect[] {
  const seeds = [...new Set(points.map(({ seed }) => seed))];
  const bySeed = (measure: (bytes: (levels: Levels) => number) => number) =>
    intervalOf(seeds.map((seed) => measure((levels) => bytesOf(points, levels, seed))));
  return SUBSETS.map((mechanisms) => ({
    mechanisms,
    effect: bySeed((bytes) =>
      COMBINATIONS.reduce((sum, levels) => sum + signOf(mechanisms, levels) * bytes(levels), 0) / 4
    ),
    ...(mechanisms.length === 1
      ? {
        alone: bySeed((bytes) => switched(mechanisms[0]!, false, bytes)),
        last: bySeed((bytes) => switched(mechanisms[0]!, true, bytes)),
      }
      : {}),
  }));
}

/** Single mechanisms, then pairs, then all three. */
const SUBSETS: readonly (readonly Mechanism[])[] = [1, 2, 4, 3, 5, 6, 7].map((bits) =>
  MECHANISMS.filter((_, i) => bits >> i & 1)
);

/** +1 or −1: the product over the mechanisms of +1 where it is on and −1 where it is off. */
function signOf(mechanisms: readonly Mechanism[], levels: Levels): number {
  return mechanisms.reduce((sign, mechanism) => levels[mechanism] ? sign : -sign, 1);
}

/** What switching one mechanism on changes while both others are on, or off. */
function switched(mechanism: Mechanism, others: boolean, bytes: (levels: Levels) => number): number {
  const all = Object.fromEntries(MECHANISMS.map((name) => [name, others])) as Levels;
  return bytes({ ...all, [mechanism]: true }) - bytes({ ...all, [mechanism]: false });
}

function bytesOf(points: readonly Point[], levels: Levels, seed: number): number {
  return points.find((point) => point.seed === seed && nameLevels(point.levels) === nameLevels(levels))!
    .bytes;
}
