/**
 * A code for whole numbers of unknown distribution: each is cut into binary decisions (zero or not, sign, number of
 * bits, bits), whose probabilities are learnt on the way under a context that the caller names. Encoder and decoder run
 * the same steps, so that they learn the same.
 */
import { MdlError } from "../../../lib/errors.ts";
import { rangeDecoder, rangeEncoder } from "./range_coder.ts";

/** A probability of 1, and how fast one follows what is seen: by 2^−RATE of the distance. */
const CERTAIN = 2 ** 16, RATE = 5;

/** Codes or decodes one decision; `zero` / CERTAIN is its probability of being 0. */
type Decide = (bit: number, zero: number) => number;

/** Bits of the largest magnitude. */
const LONGEST = 20;

/** Largest magnitude that can be coded. */
export const LARGEST_INTEGER = 2 ** LONGEST - 1;

/** Decisions of a context: zero, sign, 20 for the number of bits, and one for the second bit of each such number. */
const ZERO = 0, SIGN = 1, LENGTH = 2, SECOND = 22, DECISIONS = 42;

const EVEN = CERTAIN / 2;

/** What both directions share: `value` is what to code; the decoder ignores it and returns what was coded. */
function integerCoder(decide: Decide): (value: number, context: number) => number {
  const contexts = new Map<number, Uint16Array>();
  const learnt = (bit: number, states: Uint16Array, at: number) => {
    const zero = states[at]!, coded = decide(bit, zero);
    states[at] = coded ? zero - (zero >> RATE) : zero + (CERTAIN - zero >> RATE); // stays in [31, 2¹⁶ − 31]
    return coded;
  };
  return (value, context) => {
    let states = contexts.get(context);
    if (!states) contexts.set(context, states = new Uint16Array(DECISIONS).fill(EVEN));
    if (!learnt(Number(value !== 0), states, ZERO)) return 0;
    const negative = learnt(Number(value < 0), states, SIGN), size = Math.abs(value);
    let length = 1; // bits of the magnitude
    while (learnt(Number(size >= 2 ** length), states, LENGTH + length - 1)) {
      if (++length > LONGEST) throw new MdlError("damaged", "The code of whole numbers is damaged.");
    }
    let found = 1;
    for (let bit = length - 2; bit >= 0; bit--) {
      const next = size >> bit & 1;
      found = 2 * found +
        (bit === length - 2 ? learnt(next, states, SECOND + length - 1) : decide(next, EVEN));
    }
    return negative ? -found : found;
  };
}

export interface IntegerEncoder {
  /** Appends a whole number of at most 20 bits; numbers of one distribution share a context. */
  put(value: number, context: number): void;
  /** The code; nothing can be appended any more. */
  end(): Uint8Array<ArrayBuffer>;
}

export function integerEncoder(): IntegerEncoder {
  const range = rangeEncoder();
  const code = integerCoder((bit, zero) => {
    if (bit) range.encode(zero, CERTAIN - zero, CERTAIN);
    else range.encode(0, zero, CERTAIN);
    return bit;
  });
  return { put: (value, context) => void code(value, context), end: range.end };
}

/**
 * Reads what an encoder wrote, given the contexts in the same order. What comes of other bytes is numbers, too, or an error.
 *
 * @throws {MdlError} `damaged`, when reading, for a number of more than 20 bits
 */
export function integerDecoder(code: Uint8Array): (context: number) => number {
  const range = rangeDecoder(code);
  const next = integerCoder((_, zero) => {
    const bit = Number(range.share(CERTAIN) >= zero);
    if (bit) range.consume(zero, CERTAIN - zero);
    else range.consume(0, zero);
    return bit;
  });
  return (context) => next(0, context);
}
