/** Which values the samples of files have: few, or every n-th, where sound was made louder or from fewer bits. */
import { eachSample, type Wav } from "./wav.ts";

/** Values that samples have: low, low + step …, or those of them that are `used`. */
export interface Values {
  readonly low: number;
  /** The distance between two. */
  readonly step: number;
  /** How many there are, used or not. */
  readonly count: number;
  /** A byte for each value, 1 where it occurs; absent where that is not worth telling. */
  readonly used?: Uint8Array;
}

/** The largest table of values that a decoder has room for. */
const TABLE = 2 ** 16;
/** Values of a neighbourhood, within which all are taken to be as likely. */
const BLOCK = 64;

/** The values of sounds of one sample size; of none, the value 0. */
export function valuesOf(sounds: readonly { readonly file: Uint8Array; readonly wav: Wav }[]): Values {
  let low = Infinity, high = -Infinity, step = 0, last = 0;
  const each = (visit: (sample: number) => void) => {
    for (const { file, wav } of sounds) eachSample(file, wav, visit);
  };
  each((sample) => {
    if (low === Infinity) last = sample;
    if (sample < low) low = sample;
    if (sample > high) high = sample;
    if (step !== 1 && sample !== last) step = divisor(step, Math.abs(sample - last));
    last = sample;
  });
  if (low === Infinity) return { low: 0, step: 1, count: 1 };
  step ||= 1;
  const count = (high - low) / step + 1;
  if (count > TABLE) return { low, step, count };
  const times = new Uint32Array(count);
  each((sample) => times[(sample - low) / step]!++);
  const used = Uint8Array.from(times, (n) => Number(n > 0));
  return { low, step, count, ...(gain(times) > 1.25 * cost(used) + 200 ? { used } : {}) };
}

function divisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** Bits that samples save, about, when it is known which values occur. */
function gain(times: Uint32Array): number {
  let bits = 0;
  for (let at = 0; at < times.length; at += BLOCK) {
    const block = times.subarray(at, at + BLOCK), used = block.reduce((n, t) => n + Number(t > 0), 0);
    if (used > 0) bits += block.reduce((n, t) => n + t) * Math.log2(block.length / used);
  }
  return bits;
}

/** Bits that it takes to tell which values occur, as the decoder learns them: by the last eight. */
function cost(used: Uint8Array): number {
  const share = new Float64Array(256).fill(0.5);
  let bits = 0, history = 0;
  for (const flag of used) {
    const one = share[history]!;
    bits -= Math.log2(flag ? one : 1 - one);
    share[history] = one + (flag - one) / 16;
    history = ((history << 1) | flag) & 255;
  }
  return bits;
}
