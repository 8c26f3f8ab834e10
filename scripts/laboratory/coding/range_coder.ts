/**
 * A range coder (Martin 1979) in integers that a float64 holds exactly: the same bytes on every engine. It knows nothing
 * of the model, which tells it what share of the interval a symbol has:
 *
 *     low                                                       low + range
 *     |------ symbols below ------|=== size/total ===|------ symbols above ------|
 *                                 start/total
 *
 * Invariant between symbols: 2²⁴ ≤ range < 2³². With total ≤ 2¹⁶ no share that is not 0 is empty. (The decoder that
 * programs contain has a coder of its own, lib/decoder/assembly/range_coder.ts, for which this one is not meant.)
 */

/** The interval is kept at least this long. */
const LEAST = 2 ** 24;

const WHOLE = 2 ** 32;

export interface RangeEncoder {
  /** Codes what has `size` of `total` shares, of which `start` lie below it; 0 < size, start + size ≤ total ≤ 2¹⁶. */
  encode(start: number, size: number, total: number): void;
  /** The code; nothing can be coded any more. */
  end(): Uint8Array<ArrayBuffer>;
}

export function rangeEncoder(): RangeEncoder {
  const bytes: number[] = [];
  let low = 0, range = WHOLE - 1;
  const carry = () => {
    low -= WHOLE;
    let at = bytes.length - 1; // it runs back through what is written
    while (bytes[at] === 255) bytes[at--] = 0;
    bytes[at]!++;
  };
  const shift = () => {
    bytes.push(Math.floor(low / LEAST));
    low = low % LEAST * 256;
  };
  return {
    encode(start, size, total) {
      const share = Math.floor(range / total);
      low += share * start;
      range = share * size;
      if (low >= WHOLE) carry();
      for (; range < LEAST; range *= 256) shift();
    },
    end() {
      for (let i = 0; i < 4; i++) shift();
      while (bytes.at(-1) === 0) bytes.pop(); // the decoder reads zeros behind the end
      return Uint8Array.from(bytes);
    },
  };
}

export interface RangeDecoder {
  /** Which of `total` shares the code lies in; `total` or more only where the code is damaged. */
  share(total: number): number;
  /** Goes on behind a symbol, after `share` of the same total has found it. */
  consume(start: number, size: number): void;
}

/** Reads what an encoder wrote. What comes of other bytes is other shares. */
export function rangeDecoder(code: Uint8Array): RangeDecoder {
  let at = 0, value = 0, range = WHOLE - 1, unit = 1;
  const pull = () => {
    value = value * 256 + (code[at++] ?? 0);
  };
  for (let i = 0; i < 4; i++) pull();
  return {
    share(total) {
      unit = Math.floor(range / total);
      return Math.floor(value / unit);
    },
    consume(start, size) {
      value -= unit * start;
      range = unit * size;
      for (; range < LEAST; range *= 256) pull();
    },
  };
}
