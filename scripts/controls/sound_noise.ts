/** White noise in place of a sound: as loud, and of known entropy. */
import { eachSample, type Wav } from "../../lib/audio/wav.ts";
import type { Random } from "../../lib/random.ts";
import type { Rearranged } from "./spans.ts";

/** Standard deviations beyond which a sample is drawn anew. */
const WIDEST = 4;

/**
 * The file with samples drawn independently from a normal distribution of the sound's level, rounded; what is further out
 * than the samples' range, or four standard deviations, is drawn anew.
 *
 * @returns also the entropy of all samples in bits
 */
export function soundNoise(file: Uint8Array, wav: Wav, { normal }: Pick<Random, "normal">): Rearranged {
  const { bits, channels, start, frames } = wav, count = frames * channels, most = 2 ** (bits - 1) - 1;
  let power = 0;
  eachSample(file, wav, (sample) => power += sample * sample);
  const level = Math.sqrt(power / count), reach = Math.min(most, Math.max(1, Math.floor(WIDEST * level)));
  const noisy = file.slice(), view = new DataView(noisy.buffer), size = bits / 8;
  for (let i = 0, at = start; i < count; i++, at += size) {
    let sample = Infinity;
    while (Math.abs(sample) > reach) sample = Math.round(level * normal());
    if (size === 1) noisy[at] = sample + 128;
    else view.setInt16(at + size - 2, size === 2 ? sample : sample >> 8, true);
    if (size === 3) noisy[at] = sample & 255;
  }
  return { bytes: noisy, bits: count * roundedEntropy(level, reach) };
}

/** Up to so many values their entropy is added up; of more, the integral is the same to 10⁻⁵ bits. */
const ADDED = 2 ** 12;

/** Entropy of a normal deviate of that standard deviation, rounded, given that it is within ±reach; in bits. */
export function roundedEntropy(level: number, reach: number): number {
  if (level === 0) return 0;
  if (reach > ADDED) {
    const edge = (reach + 0.5) / level, inside = error(edge / Math.SQRT2);
    const density = Math.exp(-edge * edge / 2) / Math.sqrt(2 * Math.PI);
    return Math.log2(level * inside) + Math.log2(2 * Math.PI * Math.E) / 2 -
      edge * density / inside / Math.LN2;
  }
  const shares = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const low = (i - reach - 0.5) / level, high = (i - reach + 0.5) / level;
    return (error(high / Math.SQRT2) - error(low / Math.SQRT2)) / 2;
  });
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.reduce((sum, share) => share > 0 ? sum - share / total * Math.log2(share / total) : sum, 0);
}

/** The error function, by its Taylor series: exact to 2·10⁻⁹; beyond 4.5 it is ±1 to 2·10⁻¹⁰. */
function error(x: number): number {
  if (Math.abs(x) > 4.5) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}
