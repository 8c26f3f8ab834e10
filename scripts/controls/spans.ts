/** Stretches of a file that can change places: its characters, words, lines, cells, rows, samples, blocks of bytes. */
import type { Random } from "../../lib/random.ts";
import { shuffled } from "../../lib/random.ts";
import type { Table } from "../../lib/table/csv.ts";
import type { Wav } from "../../lib/audio/wav.ts";

/** Begin and end of each stretch, one behind the other; none overlap, and the first ones come first. */
export type Spans = Uint32Array;

/** Bytes of a file, and the bits of the random choice that put them where they are. */
export interface Rearranged {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

const LF = 10;

/** The file with the stretch number `order[i]` where stretch `i` was; what is between them stays between them. */
export function rearranged(bytes: Uint8Array, spans: Spans, order: ArrayLike<number>): Uint8Array {
  const moved = new Uint8Array(bytes.length);
  let to = 0, from = 0;
  const put = (begin: number, end: number) => {
    moved.set(bytes.subarray(begin, end), to);
    to += end - begin;
  };
  for (let i = 0; i < order.length; i++) {
    put(from, spans[2 * i]!);
    put(spans[2 * order[i]!]!, spans[2 * order[i]! + 1]!);
    from = spans[2 * i + 1]!;
  }
  put(from, bytes.length);
  return moved;
}

/** The file with its stretches in random order, all orders that differ being equally likely. */
export function inRandomOrder(bytes: Uint8Array, spans: Spans, stream: Pick<Random, "below">): Rearranged {
  const order = shuffled(spans.length >> 1, stream);
  return { bytes: rearranged(bytes, spans, order), bits: orderBits(bytes, spans) };
}

/** Stretches of which no two overlap, of several kinds, as one: what is of one kind stays among its own. */
export function eachInRandomOrder(
  bytes: Uint8Array,
  kinds: readonly Spans[],
  stream: Pick<Random, "below">,
): Rearranged {
  const all = kinds.flatMap((spans, kind) => {
    const order = shuffled(spans.length >> 1, stream);
    return Array.from(order, (from, i) => ({ at: spans[2 * i]!, kind, i, from }));
  }).sort((a, b) => a.at - b.at);
  const place = kinds.map((spans) => new Uint32Array(spans.length >> 1)),
    merged = new Uint32Array(2 * all.length);
  for (const [at, { kind, i }] of all.entries()) {
    place[kind]![i] = at;
    merged.set(kinds[kind]!.subarray(2 * i, 2 * i + 2), 2 * at);
  }
  return {
    bytes: rearranged(bytes, merged, all.map(({ kind, from }) => place[kind]![from]!)),
    bits: kinds.reduce((sum, spans) => sum + orderBits(bytes, spans), 0),
  };
}

/**
 * Binary logarithm of the number of orders of stretches that differ: what a random order costs at least on average,
 * whatever the code, even for one who knows the stretches.
 */
export function orderBits(bytes: Uint8Array, spans: Spans): number {
  const times = new Map<string, number>(), latin = new TextDecoder("latin1");
  for (let i = 0; i < spans.length; i += 2) {
    const text = latin.decode(bytes.subarray(spans[i]!, spans[i + 1]!));
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...times.values()].reduce((sum, n) => sum - factorialBits(n), factorialBits(spans.length >> 1));
}

/** log₂ n!, by Stirling's series from 32 on (relative error below 10⁻¹⁵). */
export function factorialBits(n: number): number {
  if (n < 32) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log2(product);
  }
  const nats = n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  return nats / Math.LN2;
}

/** What stands before each line's end, and behind the last. */
export function linesOf(bytes: Uint8Array): Spans {
  const found: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LF, at);
    found.push(at, end < 0 ? bytes.length : end);
    at = end < 0 ? bytes.length : end + 1;
  }
  return Uint32Array.from(found);
}

/** The characters of UTF-8; where the bytes are none, single bytes. */
export function charactersOf(bytes: Uint8Array): Spans {
  const found: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!,
      length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    let end = at + 1;
    while (end < at + length && (bytes[end] ?? 0) >> 6 === 2) end++;
    if (end < at + length) end = at + 1;
    found.push(at, at = end);
  }
  return Uint32Array.from(found);
}

const LETTER = /^[\p{L}\p{M}\p{N}'’]/u, ALONE = /^\p{Script=Han}/u;

/** Letters and digits that stand together; a Chinese character is a word. */
export function wordsOf(bytes: Uint8Array): Spans {
  const characters = charactersOf(bytes),
    found: number[] = [],
    decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const kinds = new Map<string, 0 | 1 | 2>(); // 0: between words, 1: within one, 2: one of its own
  let open = false;
  for (let i = 0; i < characters.length; i += 2) {
    const [from, to] = [characters[i]!, characters[i + 1]!];
    const character = decoder.decode(bytes.subarray(from, to));
    const kind = kinds.get(character) ?? (ALONE.test(character) ? 2 : LETTER.test(character) ? 1 : 0);
    kinds.set(character, kind);
    if (kind === 1 && open) found[found.length - 1] = to;
    else if (kind) found.push(from, to);
    open = kind === 1;
  }
  return Uint32Array.from(found);
}

/** Blocks of so many bytes; what is left at the end is none. */
export function blocksOf(
  bytes: Uint8Array,
  size: number,
  from = 0,
  count = Math.floor((bytes.length - from) / size),
): Spans {
  return Uint32Array.from({ length: 2 * count }, (_, i) => from + ((i + 1) >> 1) * size);
}

/** The samples of a WAV file, those of all channels at a moment being one. */
export function momentsOf(file: Uint8Array, { bits, channels, start, frames }: Wav): Spans {
  return blocksOf(file, channels * bits / 8, start, frames);
}

/** The rows of a table but the first, without what ends them. */
export function rowsOf({ starts, ends, columns, rows }: Table): Spans {
  return Uint32Array.from({ length: 2 * (rows - 1) }, (_, i) => {
    const row = 1 + (i >> 1);
    return i & 1 ? ends[row * columns + columns - 1]! : starts[row * columns]!;
  });
}

/** The cells of a column but the first. */
export function cellsOf({ starts, ends, columns, rows }: Table, column: number): Spans {
  return Uint32Array.from({ length: 2 * (rows - 1) }, (_, i) => {
    const cell = (1 + (i >> 1)) * columns + column;
    return (i & 1 ? ends : starts)[cell]!;
  });
}
