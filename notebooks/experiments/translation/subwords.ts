/**
 * Text as pieces of words (byte-pair encoding; Sennrich, Haddow, Birch 2016, here of characters): the commonest pair of
 * neighbours becomes a piece of its own, again and again. A space belongs to the word behind it.
 */

/** Pieces before those of text: nothing there, the end of a text (and its beginning), and a character that is not known. */
export const NOTHING = 0, END = 1, UNKNOWN = 2;
const FIRST = 3;

/** The pieces in the order in which they were found: characters first, then what pairs of earlier ones make. */
export type Pieces = readonly string[];

/** A place for a value such as {0}, or a run of letters, of digits, of other signs; each with the space before it. */
const wordsOf = (text: string): readonly string[] =>
  text.match(/ ?(?:\{\d+\}|\p{L}+|\d+|\{|[^ \p{L}\d{]+)| /gu) ?? [];

/** Fewer characters than this of a kind are not known. */
const RARE = 2;

/** Finds so many pieces in texts, or fewer where no pair comes twice. */
export function findPieces(texts: readonly string[], most: number): Pieces {
  const counts = tally(texts.flatMap(wordsOf).map((word) => [word, 1]));
  const letters = tally(
    [...counts].flatMap(([word, count]) => [...word].map((letter) => [letter, count] as const)),
  );
  const pieces = [...letters].filter(([, n]) => n >= RARE).sort(byCount).map(([piece]) => piece).slice(
    0,
    most,
  );
  const known = new Set(pieces), words = [...counts].map(([word, count]) => ({ parts: [...word], count }));
  const pairs = new Map<string, { count: number; readonly words: Set<number> }>();
  const note = (i: number, sign: 1 | -1) => {
    const { parts, count } = words[i]!;
    for (const pair of pairsOf(parts, known)) {
      const own = pairs.get(pair) ?? { count: 0, words: new Set() };
      own.count += sign * count;
      if (sign > 0) own.words.add(i);
      pairs.set(pair, own);
    }
  };
  words.forEach((_, i) => note(i, 1));
  while (pieces.length < most) {
    const [pair, { count, words: holders }] = [...pairs].reduce((a, b) =>
      byCount([a[0], a[1].count], [b[0], b[1].count]) <= 0 ? a : b
    );
    if (count < RARE) break;
    const piece = pair.replace("\n", "");
    if (!known.has(piece)) pieces.push(piece); // two pairs may make the same
    known.add(piece);
    for (const i of holders) {
      note(i, -1);
      words[i]!.parts = joined(words[i]!.parts, pair);
      note(i, 1);
    }
    pairs.delete(pair);
  }
  return pieces;
}

/** How often each stands in the list. */
function tally(list: readonly (readonly [string, number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [one, count] of list) counts.set(one, (counts.get(one) ?? 0) + count);
  return counts;
}

/** The commonest first; of equally common ones the first in the order of code units. */
const byCount = ([a, n]: readonly [string, number], [b, m]: readonly [string, number]) =>
  m - n || (a < b ? -1 : 1);

/** Neighbours that are known both, a line end between. */
function pairsOf(parts: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return parts.slice(1).flatMap((part, i) =>
    known.has(part) && known.has(parts[i]!) ? [`${parts[i]}\n${part}`] : []
  );
}

/** The parts with a pair as one, from left to right. */
function joined(parts: readonly string[], pair: string): string[] {
  const out: string[] = [];
  for (const part of parts) {
    if (out.length > 0 && `${out.at(-1)}\n${part}` === pair) out.push(out.pop()! + part);
    else out.push(part);
  }
  return out;
}

/** Texts as numbers of pieces, and back. */
export interface Spelling {
  /** Numbers that there are. */
  readonly size: number;
  encode(text: string): number[];
  decode(numbers: Iterable<number>): string;
}

/** The spelling by these pieces: of all pairs whose sum is a piece, the earliest piece is made first. */
export function spellingOf(pieces: Pieces): Spelling {
  const rank = new Map(pieces.map((piece, i) => [piece, i])), spelled = new Map<string, readonly number[]>();
  const spell = (word: string): readonly number[] => {
    let parts = [...word];
    for (;;) {
      const ranks = parts.slice(1).map((part, i) => rank.get(parts[i]! + part) ?? Infinity);
      const least = Math.min(...ranks), at = ranks.indexOf(least);
      if (least === Infinity) return parts.map((part) => rank.has(part) ? FIRST + rank.get(part)! : UNKNOWN);
      parts = [...parts.slice(0, at), parts[at]! + parts[at + 1]!, ...parts.slice(at + 2)];
    }
  };
  return {
    size: FIRST + pieces.length,
    encode: (text) =>
      wordsOf(text).flatMap((word) => {
        if (!spelled.has(word)) spelled.set(word, spell(word));
        return spelled.get(word)!;
      }),
    decode: (numbers) => [...numbers].map((number) => pieces[number - FIRST] ?? "").join(""),
  };
}
