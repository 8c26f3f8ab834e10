/** What drawn text is like beside the data: characters, words, and what is said twice. */
import type { Figure } from "../laboratory/figures/figure.ts";
import { lines } from "../laboratory/figures/curves.ts";
import type { Rows } from "../laboratory/figures/table.ts";
import { charactersOf, type Spans, wordsOf } from "../controls/spans.ts";
import { divergence } from "../laboratory/measure/image_statistics.ts";
import { histogram, marginalEntropy } from "../laboratory/measure/shuffle.ts";
import type { Stretches } from "./stretches.ts";

/** Words of a phrase; longest words of the figure. */
const PHRASE = 4, LONGEST = 20;

const textsOf = (bytes: Uint8Array, spans: Spans) => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return Array.from(
    { length: spans.length / 2 },
    (_, i) => decoder.decode(bytes.subarray(spans[2 * i]!, spans[2 * i + 1]!)),
  );
};
const wordsIn = (bytes: Uint8Array) => textsOf(bytes, wordsOf(bytes));
const charactersIn = (bytes: Uint8Array) => textsOf(bytes, charactersOf(bytes));

const percent = (part: number, whole: number) => Number((100 * part / Math.max(1, whole)).toFixed(1));

/** How far the distribution of things is from that of others, in bits, 0 to 1. */
export function distance(some: readonly string[], others: readonly string[]): number {
  const names = [...new Set([...some, ...others])], place = new Map(names.map((name, i) => [name, i]));
  const shares = (of: readonly string[]) => {
    const counts = new Float64Array(names.length);
    for (const name of of) counts[place.get(name)!]! += 1 / of.length;
    return counts;
  };
  return Number(divergence(shares(some), shares(others)).toFixed(4));
}

/** Of text; what depends on length is of as many words everywhere. */
export function textRows(sets: readonly Stretches[]): Rows {
  const all = sets.map(({ bytes }) => wordsIn(bytes)), count = Math.min(...all.map(({ length }) => length));
  return sets.map(({ name, bytes, known }, i) => {
    const words = all[i]!,
      some = words.slice(0, count),
      there = new Set(wordsIn(known)),
      characters = charactersIn(bytes);
    const phrases = some.slice(PHRASE - 1).map((_, at) => some.slice(at, at + PHRASE).join(" "));
    return {
      text: name,
      words: words.length,
      "characters a word": Number(
        (words.reduce((sum, word) => sum + [...word].length, 0) / Math.max(1, words.length)).toFixed(2),
      ),
      "words that are new, %": percent(words.filter((word) => !there.has(word)).length, words.length),
      [`distinct of ${count.toLocaleString("en")} words`]: new Set(some).size,
      [`phrases of ${PHRASE} words said before, %`]: percent(
        phrases.length - new Set(phrases).size,
        phrases.length,
      ),
      "distinct characters": new Set(characters).size,
      "distance of characters, bits": distance(characters, charactersIn(known)),
    };
  });
}

/** How long words are. */
export function textFigure(name: string, sets: readonly Stretches[]): Figure {
  const lengths = Array.from({ length: LONGEST }, (_, i) => i + 1);
  return lines({
    title: `${name}: how long words are, in what the model draws and in the data`,
    series: sets.map(({ name, bytes }) => {
      const words = wordsIn(bytes).map((word) => [...word].length);
      return {
        name,
        x: lengths,
        y: lengths.map((length) => percent(words.filter((n) => n === length).length, words.length)),
      };
    }),
    x: { title: "length of a word (characters)" },
    y: { title: "share of words (%)" },
  });
}

const bytesIn = (bytes: Uint8Array) => Array.from(bytes, String);

/** Of any bytes. */
export function byteRows(sets: readonly Stretches[]): Rows {
  return sets.map(({ name, bytes, known }) => ({
    bytes: name,
    number: bytes.length,
    "distinct values": new Set(bytes).size,
    "entropy of values, bits/byte": Number(marginalEntropy({ symbols: bytes }).toFixed(3)),
    "given the byte before, bits/byte": Number(entropyBehind(bytes).toFixed(3)),
    "zero, %": percent(bytes.reduce((n, byte) => n + Number(byte === 0), 0), bytes.length),
    "as the one before, %": percent(
      bytes.reduce((n, byte, i) => n + Number(i > 0 && byte === bytes[i - 1]), 0),
      bytes.length,
    ),
    "distance of values, bits": distance(bytesIn(bytes), bytesIn(known)),
  }));
}

/** Entropy of a byte, given the one before. */
function entropyBehind(bytes: Uint8Array): number {
  const pairs = new Float64Array(65536);
  for (let i = 1; i < bytes.length; i++) pairs[bytes[i - 1]! << 8 | bytes[i]!]!++;
  const total = Math.max(1, bytes.length - 1);
  const both = pairs.reduce((sum, n) => n ? sum - n / total * Math.log2(n / total) : sum, 0);
  return both - marginalEntropy({ symbols: bytes.subarray(0, total) });
}

/** How often each value is, the most frequent of the data first. */
export function byteFigure(name: string, sets: readonly Stretches[], data: Uint8Array): Figure {
  const whole = histogram({ symbols: data }),
    order = [...whole.keys()].filter((byte) => whole[byte]).sort((a, b) => whole[b]! - whole[a]!);
  return lines({
    title: `${name}: how often bytes are, in what the model draws and in the data`,
    series: sets.map(({ name, bytes }) => {
      const counts = histogram({ symbols: bytes });
      return {
        name,
        x: order.map((_, i) => i + 1),
        y: order.map((byte) => 100 * counts[byte]! / bytes.length),
      };
    }),
    x: { title: "value, the most frequent in the data first", log: true },
    y: { title: "share of bytes (%)" },
  });
}
