/** The description length of n bytes of text: a model, and what the text takes under it. */
import { type Interval, lowerEnd, upperEnd } from "../../../scripts/laboratory/measure/interval.ts";

/** A way to describe text: bytes that are there before any text, and bits a byte from then on. */
export interface Way {
  readonly name: string;
  readonly bytes: number;
  readonly rate: number;
}

/** Bytes of a description of n bytes. */
export function lengthOf({ bytes, rate }: Way, n: number): number {
  return bytes + n * rate / 8;
}

/** From how many bytes of text on `one` is shorter than `other`; Infinity where it never is. */
export function crossingOf(one: Way, other: Way): number {
  if (one.bytes <= other.bytes) return one.rate < other.rate ? 0 : Infinity;
  return one.rate < other.rate ? (one.bytes - other.bytes) * 8 / (other.rate - one.rate) : Infinity;
}

/** Where a description becomes the shorter one, and the 95 % interval of that; Infinity where it may never. */
export interface Crossing {
  readonly at: number;
  readonly least: number;
  readonly most: number;
}

/** The same, of one that has more bytes, from what it saves: bits a byte of text, with their interval over places. */
export function crossingWithin(
  one: Pick<Way, "bytes">,
  other: Pick<Way, "bytes">,
  saved: Interval,
): Crossing {
  const from = (bits: number) => bits > 0 ? (one.bytes - other.bytes) * 8 / bits : Infinity;
  return { at: from(saved.mean), least: from(upperEnd(saved)), most: from(lowerEnd(saved)) };
}

/** A crossing in a sentence, in both languages; `size` says how many bytes, and “never”. */
export function crossingSaid({ at, least, most }: Crossing, size: (bytes: number) => string) {
  const chinese = (bytes: number) => bytes === Infinity ? "无" : size(bytes), may = least < Infinity;
  const en = at === Infinity ? "never shorter" : `shorter from ${size(at)} on`,
    zh = `更短的起点：${chinese(at)}`;
  return {
    en: may ? `${en} (95 % interval ${size(least)} to ${size(most)})` : en,
    zh: may ? `${zh}（95 % 区间 ${chinese(least)} 至 ${chinese(most)}）` : zh,
  };
}

/** The shortest ways, in the order in which they come, each with the number of bytes from which on it is the shortest. */
export function shortest(ways: readonly Way[]): { readonly way: Way; readonly from: number }[] {
  const found: { way: Way; from: number }[] = [];
  let from = 0;
  let way = ways.reduce((a, b) => b.bytes < a.bytes || (b.bytes === a.bytes && b.rate < a.rate) ? b : a);
  for (;;) {
    found.push({ way, from });
    const next = ways.map((other) => ({ way: other, from: crossingOf(other, way) }))
      .filter((other) => other.way.rate < way.rate && other.from < Infinity)
      .reduce<{ way: Way; from: number } | undefined>((a, b) => !a || b.from < a.from ? b : a, undefined);
    if (!next) return found;
    way = next.way;
    from = Math.max(from, next.from);
  }
}
