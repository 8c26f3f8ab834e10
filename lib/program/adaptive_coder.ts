/**
 * An adaptive entropy coder for sequences of small whole numbers: a range coder (Martin 1979; carries as in LZMA) and
 * frequencies that both sides count as they go, so that no table is stored. Integers only: the same on every engine.
 *
 * Coding symbol s narrows the interval [low, low + range):
 *
 *     low                                                  low + range
 *     |------ symbols below s ------|=== s ===|------ symbols above ------|
 *
 * Invariant between symbols: 2²⁴ ≤ range < 2³². A total of frequencies is at most 2¹⁵, so no share is empty.
 */
import { MdlError } from "../errors.ts";

const SMALLEST = 2 ** 24; // of the range
const INCREMENT = 24, MOST = 2 ** 15; // of a frequency, of their total

/** Frequencies of the symbols 0 … size − 1, all equal at first; counts are halved when their total is too large. */
class Frequencies {
  readonly counts: Uint16Array;
  total: number;

  constructor(size: number) {
    this.counts = new Uint16Array(size).fill(1);
    this.total = size;
  }

  below(symbol: number): number {
    let sum = 0;
    for (let s = 0; s < symbol; s++) sum += this.counts[s]!;
    return sum;
  }

  count(symbol: number): void {
    this.counts[symbol]! += INCREMENT;
    this.total += INCREMENT;
    if (this.total <= MOST) return;
    this.total = 0;
    for (let s = 0; s < this.counts.length; s++) this.total += this.counts[s] = (this.counts[s]! + 1) >> 1;
  }
}

/** Numbers with the alphabet that each is from and the context whose frequencies count it. */
export interface Sequence {
  /** Symbols are whole numbers in [0, alphabet). */
  readonly alphabet: number;
  /** Number of contexts. */
  readonly contexts: number;
  /** The context of the i-th symbol, which the reader must know without it. */
  context(i: number): number;
}

/**
 * Codes symbols; about their adaptive entropy in bytes.
 *
 * @throws {MdlError} `usage` for a symbol outside the alphabet
 */
export function encodeSequence(symbols: ArrayLike<number>, sequence: Sequence): Uint8Array {
  const out: number[] = [], models = frequenciesOf(sequence);
  let low = 0, range = 2 ** 32 - 1, cache = 0, pending = 0, begun = false;
  const shift = () => {
    if (low < 0xff000000 || low >= 2 ** 32) {
      const carry = low >= 2 ** 32 ? 1 : 0;
      if (begun) out.push((cache + carry) & 255);
      for (; pending > 0; pending--) out.push((255 + carry) & 255);
      cache = Math.floor(low / 2 ** 24) & 255;
      begun = true;
    } else pending++;
    low = low % 2 ** 24 * 256;
  };
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i]!, model = models[sequence.context(i)]!;
    if (!(symbol >= 0 && symbol < sequence.alphabet)) {
      throw new MdlError("usage", `The symbol ${symbol} is not in an alphabet of ${sequence.alphabet}.`);
    }
    const share = Math.floor(range / model.total);
    low += share * model.below(symbol);
    range = share * model.counts[symbol]!;
    model.count(symbol);
    for (; range < SMALLEST; range *= 256) shift();
  }
  for (let i = 0; i < 5; i++) shift();
  return Uint8Array.from(out);
}

/**
 * The `count` symbols that `encodeSequence` made bytes of.
 *
 * @throws {MdlError} `damaged` for bytes that it cannot have made
 */
export function decodeSequence(bytes: Uint8Array, count: number, sequence: Sequence): Uint16Array {
  const symbols = new Uint16Array(count), models = frequenciesOf(sequence);
  let at = 0, code = 0, range = 2 ** 32 - 1;
  const next = () => {
    if (at >= bytes.length) {
      throw new MdlError("damaged", "The file is damaged: a sequence of symbols is cut short.");
    }
    code = code * 256 + bytes[at++]!;
  };
  for (let i = 0; i < 4; i++) next();
  for (let i = 0; i < count; i++) {
    const model = models[sequence.context(i)]!, share = Math.floor(range / model.total);
    const reached = Math.floor(code / share);
    let symbol = 0, below = 0;
    while (symbol < sequence.alphabet - 1 && below + model.counts[symbol]! <= reached) {
      below += model.counts[symbol++]!;
    }
    if (reached >= model.total) {
      throw new MdlError("damaged", "The file is damaged: it holds an impossible symbol.");
    }
    code -= share * below;
    range = share * model.counts[symbol]!;
    symbols[i] = symbol;
    model.count(symbol);
    for (; range < SMALLEST; range *= 256) next();
  }
  return symbols;
}

function frequenciesOf({ contexts, alphabet }: Sequence): Frequencies[] {
  return Array.from({ length: contexts }, () => new Frequencies(alphabet));
}
