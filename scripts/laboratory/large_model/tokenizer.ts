/**
 * Bytes as tokens, by byte pairs that are merged in the order of their ranks. Only an encoder needs this: a decoder spells
 * tokens. Any bytes are taken: what no token spells is escaped.
 */
import { MdlError } from "../../../lib/errors.ts";

/** The tokens of a model. */
export interface Vocabulary {
  /** The bytes of each token; none of those that only steer. */
  readonly spelling: readonly Uint8Array[];
  /** Pairs of tokens that become one, the first ones before the others. */
  readonly merges: readonly (readonly [left: number, right: number, merged: number])[];
  /** What stands before a text; within it, it says that a byte follows as it is. */
  readonly none: number;
}

/** Tokens as the encoder takes them (an escaped byte in the upper 8 bits), and the bytes of each. */
export interface Tokens {
  readonly tokens: Int32Array<ArrayBuffer>;
  readonly lengths: Uint8Array<ArrayBuffer>;
}

/** Words, with the space before them; runs of other characters; digits one by one. */
const PIECES = /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?=\p{N})|\s+(?!\S)|\s+/gu;

/** Longer pieces are cut. */
const MOST = 128;

/** How text becomes tokens. */
export function tokenizer({ spelling, merges, none }: Vocabulary): (bytes: Uint8Array) => Tokens {
  const ofByte = new Int32Array(256).fill(-1), pairs = new Map<number, { rank: number; merged: number }>();
  spelling.forEach((bytes, token) => bytes.length === 1 && (ofByte[bytes[0]!] = token));
  const key = (left: number, right: number) => left * 2 ** 32 + right; // which tells escaped bytes apart, too
  merges.forEach(([left, right, merged], rank) => pairs.set(key(left, right), { rank, merged }));
  const known = new Map<string, readonly number[]>(), encoder = new TextEncoder();

  /** The tokens of a piece. */
  const merge = (bytes: Uint8Array): number[] => {
    const tokens = [...bytes].map((byte) => ofByte[byte]! < 0 ? none | byte << 24 : ofByte[byte]!);
    for (;;) {
      let best = Infinity, merged = 0;
      for (let i = 1; i < tokens.length; i++) {
        const pair = pairs.get(key(tokens[i - 1]!, tokens[i]!));
        if (pair && pair.rank < best) ({ rank: best, merged } = pair);
      }
      if (best === Infinity) return tokens;
      const [left, right] = merges[best]!;
      for (let i = 1; i < tokens.length; i++) {
        if (tokens[i - 1] === left && tokens[i] === right) tokens.splice(i - 1, 2, merged);
      }
    }
  };
  const ofPiece = (piece: string): readonly number[] => {
    const bytes = encoder.encode(piece), found = known.get(piece) ?? cut(bytes).flatMap(merge);
    if (piece.length < 32) known.set(piece, found);
    return found;
  };

  return (bytes) => {
    const tokens: number[] = [];
    for (const run of runs(bytes)) {
      if (typeof run === "number") tokens.push(...merge(Uint8Array.of(run)));
      else for (const [piece] of run.matchAll(PIECES)) for (const token of ofPiece(piece)) tokens.push(token);
    }
    const lengths = Uint8Array.from(tokens, (token) => spelling[token & 0xffffff]!.length || 1);
    if (lengths.reduce((sum, length) => sum + length, 0) !== bytes.length) {
      throw new MdlError("mismatch", "The tokens of a text do not spell it."); // it would be a fault of ours
    }
    return { tokens: Int32Array.from(tokens), lengths };
  };
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const parts = Math.ceil(bytes.length / MOST);
  return Array.from({ length: parts }, (_, i) => bytes.subarray(MOST * i, MOST * (i + 1)));
}

/** Characters read at once. */
const RUN = 2 ** 16;

/** Stretches of UTF-8 as text, and bytes that are none of it. */
function* runs(bytes: Uint8Array): Generator<string | number> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let from = 0, at = 0;
  const text = () => decoder.decode(bytes.subarray(from, at));
  while (at < bytes.length) {
    const length = characterAt(bytes, at);
    if (length && at - from < RUN) at += length;
    else {
      if (at > from) yield text();
      if (!length) yield bytes[at++]!;
      from = at;
    }
  }
  if (at > from) yield text();
}

/** Bytes of the character of UTF-8 that begins there; 0 if none does. */
function characterAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (!length || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  const outside = (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f);
  return outside ? 0 : length;
}
