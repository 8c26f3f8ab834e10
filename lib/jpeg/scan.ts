/** Reads the code of scans: Huffman codes and the bits behind them, sequential and progressive (ITU-T T.81, F and G). */
import type { Component, Frame, Huffman, Scan } from "./segments.ts";

/** The place in rows of frequencies of each coefficient in zigzag order. */
const ORDER = Uint8Array.from({ length: 64 }, (_, i) => i).sort((a, b) => zigzag(a) - zigzag(b));

/** Diagonal after diagonal, every other one upwards. */
function zigzag(place: number): number {
  const row = place >> 3, sum = row + (place & 7);
  return 16 * sum + (sum % 2 ? row : -row);
}

/** Codes of up to so many bits are looked up at once. */
const LOOKUP = 9;

/** A Huffman table to read with: by the next bits, symbol << 5 | length; and, of longer codes, the first of each length. */
class Codes {
  readonly short = new Uint16Array(1 << LOOKUP);
  readonly #end = new Int32Array(18);
  readonly #shift = new Int32Array(17);
  readonly #symbols: Uint8Array;

  constructor({ counts, symbols }: Huffman) {
    this.#symbols = symbols;
    let code = 0, index = 0;
    for (let length = 1; length <= 16; length++) {
      this.#shift[length] = index - code;
      for (let i = 0; i < counts[length - 1]!; i++, code++, index++) {
        if (length > LOOKUP) continue;
        const from = code << (LOOKUP - length);
        this.short.fill(symbols[index]! << 5 | length, from, from + (1 << (LOOKUP - length)));
      }
      this.#end[length] = code;
      code <<= 1;
    }
  }

  /** The symbol of a code of more than LOOKUP bits, with its length as in `short`; 0 where there is none. */
  long(next16: number): number {
    for (let length = LOOKUP + 1; length <= 16; length++) {
      const code = next16 >> (16 - length);
      if (code < this.#end[length]!) return this.#symbols[code + this.#shift[length]!]! << 5 | length;
    }
    return 0;
  }
}

/** Bytes that are read ahead; one more of those that are not there, and a scan has come to its end too early. */
const AHEAD = 4;

/** The bits of a scan; behind a marker there are only zeros. */
class Bits {
  #beyond = 0;
  #held = 0;
  #count = 0;
  #file: Uint8Array;
  #at: number;
  #end: number;
  /** Whether a code was met that is in no table, or none where there should be one. */
  odd = false;
  /** Bits that fill up bytes before markers: how many of them are 0, and 1. */
  readonly padding = [0, 0];

  constructor(file: Uint8Array, start: number, end: number) {
    this.#file = file;
    this.#at = start;
    this.#end = end;
  }

  #fill(): void {
    while (this.#count <= 16) {
      let byte = this.#at < this.#end ? this.#file[this.#at]! : 0;
      if (this.#at < this.#end && byte !== 0xff) this.#at++;
      else if (this.#at < this.#end && this.#file[this.#at + 1] === 0) this.#at += 2;
      else { // a marker, or the end
        byte = 0;
        if (++this.#beyond > AHEAD) this.odd = true;
      }
      this.#held = (this.#held << 8 | byte) & 0x1ffffff;
      this.#count += 8;
    }
  }

  read(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.#fill();
    this.#count -= count;
    return this.#held >>> this.#count & ((1 << count) - 1);
  }

  symbol(codes: Codes): number {
    if (this.#count < 16) this.#fill();
    const next = this.#held >>> (this.#count - 16) & 0xffff;
    const found = codes.short[next >> (16 - LOOKUP)]! || codes.long(next);
    if (found === 0) this.odd = true;
    this.#count -= found & 31;
    return found >> 5;
  }

  /** A value of so many bits: the lower half is negative. */
  value(count: number): number {
    const bits = this.read(count);
    return count > 0 && bits < 1 << (count - 1) ? bits - (1 << count) + 1 : bits;
  }

  /** Goes on behind the next restart marker, if there is one. */
  restart(): void {
    this.align();
    if (this.#at + 2 <= this.#end) this.#at += 2;
  }

  align(): void {
    const left = this.#count & 7, bits = this.#held >>> (this.#count - left) & ((1 << left) - 1);
    for (let i = 0; i < left; i++) this.padding[bits >> i & 1]!++;
    this.#held = this.#count = this.#beyond = 0;
  }
}

/**
 * Reads the coefficients of all planes.
 *
 * @param coefficients Where they go; zeros.
 * @returns whether bytes are filled up with ones; undefined where a code makes no sense
 */
export function readScans(
  file: Uint8Array,
  { frame, scans }: { readonly frame: Frame; readonly scans: readonly Scan[] },
  coefficients: Int16Array,
): { readonly ones: boolean } | undefined {
  let zeros = 0, ones = 0;
  for (const scan of scans) {
    const bits = new Bits(file, scan.start, scan.end);
    readOne(bits, scan, frame, coefficients);
    if (bits.odd) return undefined;
    zeros += bits.padding[0]!;
    ones += bits.padding[1]!;
  }
  return { ones: ones >= zeros };
}

/** What lasts from block to block, until a restart. */
interface State {
  readonly dc: Int32Array;
  /** Blocks to come without a new coefficient. */
  run: number;
}

type Block = (start: number, plane: number) => void;

function readOne(bits: Bits, scan: Scan, frame: Frame, values: Int16Array): void {
  const state: State = { dc: new Int32Array(4), run: 0 },
    block = blockReader(bits, scan, frame, values, state);
  let units = 0;
  const next = () => {
    if (scan.interval > 0 && units > 0 && units % scan.interval === 0) {
      bits.restart();
      state.dc.fill(0);
      state.run = 0;
    }
    units++;
  };
  const [{ component }] = scan.components as [{ component: Component }];
  if (scan.components.length === 1) {
    for (let y = 0; y < component.rows && !bits.odd; y++) {
      for (let x = 0; x < component.columns; x++) {
        next();
        block(component.start + 64 * (y * component.stride + x), 0);
      }
    }
  } else {
    for (let y = 0; y < frame.down && !bits.odd; y++) {
      for (let x = 0; x < frame.across; x++) {
        next();
        for (const [i, { component: { horizontal, vertical, stride, start } }] of scan.components.entries()) {
          for (let v = 0; v < vertical; v++) {
            for (let h = 0; h < horizontal; h++) {
              block(start + 64 * ((y * vertical + v) * stride + x * horizontal + h), i);
            }
          }
        }
      }
    }
  }
  bits.align();
}

function blockReader(bits: Bits, scan: Scan, frame: Frame, values: Int16Array, state: State): Block {
  const { first, last, high, low } = scan, made = new Map<Huffman, Codes>();
  const codes = (table?: Huffman) => {
    if (!table) return undefined;
    if (!made.has(table)) made.set(table, new Codes(table));
    return made.get(table);
  };
  const dc = scan.components.map((plane) => codes(plane.dc)),
    ac = scan.components.map((plane) => codes(plane.ac));
  const difference = (plane: number) => state.dc[plane]! += bits.value(bits.symbol(dc[plane]!) & 15);
  if (!frame.progressive) {
    return (start, plane) => {
      values[start] = difference(plane);
      for (let k = 1; k < 64; k++) {
        const symbol = bits.symbol(ac[plane]!), size = symbol & 15;
        if (size === 0 && symbol < 0xf0) break;
        k += symbol >> 4;
        const value = bits.value(size);
        if (k < 64) values[start + ORDER[k]!] = value;
      }
    };
  }
  if (first === 0) {
    return high
      ? (start) => values[start]! |= bits.read(1) << low
      : (start, plane) => values[start] = difference(plane) << low;
  }
  return high ? (start) => refine(bits, ac[0]!, { first, last, low }, values, start, state) : (start) => {
    if (state.run > 0) {
      state.run--;
      return;
    }
    for (let k = first; k <= last; k++) {
      const symbol = bits.symbol(ac[0]!), size = symbol & 15, run = symbol >> 4;
      if (size === 0 && run < 15) {
        state.run = (1 << run) + bits.read(run) - 1;
        break;
      }
      k += run;
      const value = bits.value(size);
      if (k < 64) values[start + ORDER[k]!] = value << low;
    }
  };
}

/** One more bit of those that are not 0, and new ones between them. */
function refine(
  bits: Bits,
  codes: Codes,
  { first, last, low }: Pick<Scan, "first" | "last" | "low">,
  values: Int16Array,
  start: number,
  state: State,
): void {
  const more = (k: number) => {
    const at = start + ORDER[k]!, value = values[at]!;
    if (bits.read(1)) values[at] = value + (value < 0 ? -1 << low : 1 << low);
  };
  let k = first;
  if (state.run === 0) {
    for (; k <= last; k++) {
      const symbol = bits.symbol(codes);
      let zeros = symbol >> 4;
      if ((symbol & 15) === 0 && zeros < 15) {
        state.run = (1 << zeros) + bits.read(zeros);
        break;
      }
      const fresh = symbol & 15 ? (bits.read(1) ? 1 << low : -1 << low) : 0;
      for (; k <= last; k++) {
        if (values[start + ORDER[k]!] !== 0) more(k);
        else if (zeros-- === 0) break;
      }
      if (k <= last && fresh) values[start + ORDER[k]!] = fresh;
    }
  }
  if (state.run > 0) {
    for (; k <= last; k++) if (values[start + ORDER[k]!] !== 0) more(k);
    state.run--;
  }
}
