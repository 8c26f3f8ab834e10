/**
 * A code for whole numbers of unknown distribution: each is cut into binary decisions (zero or not, sign, number of
 * bits, bits), whose probabilities are learnt on the way under a context that the caller names, and which a binary range
 * coder writes. Encoder and decoder run the same steps, so that they learn the same.
 */
import { MdlError } from "../errors.ts";

/** Bits of a probability, and how fast it follows what is seen: by 2^−RATE of the distance. */
const PRECISION = 16, RATE = 5;

/** The interval is kept at least this long. */
const LEAST = 2 ** 24;

/** Codes or decodes one decision; `zero` / 2¹⁶ is its probability of being 0. */
type Decide = (bit: number, zero: number) => number;

/** Bits of the largest magnitude. */
const LONGEST = 20;

/** Largest magnitude that can be coded. */
export const LARGEST_INTEGER = 2 ** LONGEST - 1;

/** Decisions of a context: zero, sign, 20 for the number of bits, and one for the second bit of each such number. */
const ZERO = 0, SIGN = 1, LENGTH = 2, SECOND = 22, DECISIONS = 42;

const EVEN = 2 ** (PRECISION - 1);

/** What both directions share: `value` is what to code; the decoder ignores it and returns what was coded. */
function integerCoder(decide: Decide): (value: number, context: number) => number {
  const contexts = new Map<number, Uint16Array>();
  const learnt = (bit: number, states: Uint16Array, at: number) => {
    const zero = states[at]!, coded = decide(bit, zero);
    states[at] = coded ? zero - (zero >> RATE) : zero + (2 ** PRECISION - zero >> RATE); // stays in [31, 2¹⁶ − 31]
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
  const bytes: number[] = [];
  let low = 0, range = 2 ** 32 - 1;
  const raise = (amount: number) => {
    low += amount;
    if (low < 2 ** 32) return;
    low -= 2 ** 32;
    let at = bytes.length - 1; // the carry runs back through what is written
    while (bytes[at] === 255) bytes[at--] = 0;
    bytes[at]!++;
  };
  const shift = () => {
    bytes.push(Math.floor(low / LEAST));
    low = low % LEAST * 256;
  };
  const code = integerCoder((bit, zero) => {
    const bound = Math.floor(range / 2 ** PRECISION) * zero;
    if (bit) {
      raise(bound);
      range -= bound;
    } else range = bound;
    for (; range < LEAST; range *= 256) shift();
    return bit;
  });
  return {
    put: (value, context) => void code(value, context),
    end() {
      for (let i = 0; i < 4; i++) shift();
      while (bytes.at(-1) === 0) bytes.pop(); // the decoder reads zeros behind the end
      return Uint8Array.from(bytes);
    },
  };
}

/**
 * Reads what an encoder wrote, given the contexts in the same order. What comes of other bytes is numbers, too, or an error.
 *
 * @throws {MdlError} `damaged`, when reading, for a number of more than 20 bits
 */
export function integerDecoder(code: Uint8Array): (context: number) => number {
  let at = 0, value = 0, range = 2 ** 32 - 1;
  const pull = () => {
    value = value * 256 + (code[at++] ?? 0);
  };
  for (let i = 0; i < 4; i++) pull();
  const next = integerCoder((_, zero) => {
    const bound = Math.floor(range / 2 ** PRECISION) * zero, bit = Number(value >= bound);
    if (bit) {
      value -= bound;
      range -= bound;
    } else range = bound;
    for (; range < LEAST; range *= 256) pull();
    return bit;
  });
  return (context) => next(0, context);
}
