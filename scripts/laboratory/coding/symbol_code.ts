/**
 * An adaptive code for sequences of symbols of a small alphabet: frequencies that both sides count as they go, so that no
 * table is stored. (For whole numbers of unknown size: integer_code.ts.)
 */
import { MdlError } from "../../../lib/errors.ts";
import { rangeDecoder, rangeEncoder } from "./range_coder.ts";

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
  const range = rangeEncoder(), models = frequenciesOf(sequence);
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i]!, model = models[sequence.context(i)]!;
    if (!(symbol >= 0 && symbol < sequence.alphabet)) {
      throw new MdlError("usage", `The symbol ${symbol} is not in an alphabet of ${sequence.alphabet}.`);
    }
    range.encode(model.below(symbol), model.counts[symbol]!, model.total);
    model.count(symbol);
  }
  return range.end();
}

/**
 * The `count` symbols that `encodeSequence` made bytes of.
 *
 * @throws {MdlError} `damaged` for bytes that it cannot have made
 */
export function decodeSequence(bytes: Uint8Array, count: number, sequence: Sequence): Uint16Array {
  const symbols = new Uint16Array(count), models = frequenciesOf(sequence), range = rangeDecoder(bytes);
  for (let i = 0; i < count; i++) {
    const model = models[sequence.context(i)]!, reached = range.share(model.total);
    if (reached >= model.total) {
      throw new MdlError("damaged", "The file is damaged: it holds an impossible symbol.");
    }
    let symbol = 0, below = 0;
    while (below + model.counts[symbol]! <= reached) below += model.counts[symbol++]!;
    range.consume(below, model.counts[symbol]!);
    symbols[i] = symbol;
    model.count(symbol);
  }
  return symbols;
}

function frequenciesOf({ contexts, alphabet }: Sequence): Frequencies[] {
  return Array.from({ length: contexts }, () => new Frequencies(alphabet));
}
