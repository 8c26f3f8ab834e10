/** Translation by memory: the translation of the known source that is most like the one asked about. */
import type { Pair } from "./pairs.ts";

/** Sets of three neighbouring characters, in lower case, a space at both ends. */
function triplesOf(text: string): ReadonlySet<string> {
  const letters = [...` ${text.toLowerCase()} `];
  return new Set(letters.slice(2).map((letter, i) => letters[i]! + letters[i + 1]! + letter));
}

/** For each source the translation of the nearest known one, by Dice's coefficient of their triples; the first of equals. */
export function nearestTranslations(known: readonly Pair[], sources: readonly string[]): readonly string[] {
  const places = new Map<string, number[]>();
  const sizes = known.map(({ source }, i) => {
    const triples = triplesOf(source);
    for (const triple of triples) places.set(triple, [...places.get(triple) ?? [], i]);
    return triples.size;
  });
  return sources.map((source) => {
    const triples = triplesOf(source), shared = new Map<number, number>();
    for (const triple of triples) {
      for (const i of places.get(triple) ?? []) shared.set(i, (shared.get(i) ?? 0) + 1);
    }
    const likeness = (i: number) => 2 * (shared.get(i) ?? 0) / (sizes[i]! + triples.size);
    const best = [...shared.keys()].reduce((a, b) => likeness(b) > likeness(a) ? b : a, 0);
    return known[best]!.target;
  });
}
