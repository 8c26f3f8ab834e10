/**
 * What a network hears: the logarithm of a sound's power in bands that are as far apart as the ear has them (mel scale), every
 * 16 ms.
 */
import FFT from "fft.js";
import { RATE } from "./sound.ts";

/** Bands, and where the first begins and the last ends, in Hz: what a telephone lets through. */
export const BANDS = 20;
const LOWEST = 120, HIGHEST = 3700;

/** Samples of a frame, and from one frame to the next: 32 ms and 16 ms. */
const FRAME = 256, HOP = 128;

/** Below any sound that is heard; keeps the logarithm finite. */
const FLOOR = 1e-8;

/** Sounds as frames of bands, f32[frames, BANDS]: decibels of power. */
export interface Spectrum {
  readonly frames: number;
  readonly values: Float32Array;
}

const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const hertz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** Middles of the bands in Hz. */
export const MIDDLES: readonly number[] = edges().slice(1, -1);

function edges(): number[] {
  const [low, high] = [mel(LOWEST), mel(HIGHEST)];
  return Array.from({ length: BANDS + 2 }, (_, k) => hertz(low + (high - low) * k / (BANDS + 1)));
}

/** A band: triangular weights of the transform's bins from `first` on. */
const TRIANGLES = edges().slice(0, BANDS).map((left, band) => {
  const [middle, right] = edges().slice(band + 1, band + 3) as [number, number];
  const first = Math.ceil(left * FRAME / RATE), last = Math.floor(right * FRAME / RATE);
  const weights = Float32Array.from({ length: last - first + 1 }, (_, i) => {
    const f = (first + i) * RATE / FRAME;
    return Math.min((f - left) / (middle - left), (right - f) / (right - middle));
  });
  return { first, weights };
});

const WINDOW = Float32Array.from({ length: FRAME }, (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / FRAME));

/** Frames of a sound; one that is shorter than a frame is filled up with silence. */
export function spectrumOf(samples: Float32Array): Spectrum {
  const fft = new FFT(FRAME), input = new Float64Array(FRAME), output: number[] = fft.createComplexArray();
  const frames = Math.max(1, 1 + Math.floor((samples.length - FRAME) / HOP));
  const values = new Float32Array(frames * BANDS), power = new Float32Array(FRAME / 2 + 1);
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < FRAME; i++) input[i] = WINDOW[i]! * (samples[t * HOP + i] ?? 0);
    fft.realTransform(output, input);
    for (let bin = 0; bin < power.length; bin++) {
      power[bin] = (output[2 * bin]! ** 2 + output[2 * bin + 1]! ** 2) / FRAME;
    }
    for (let band = 0; band < BANDS; band++) {
      const { first, weights } = TRIANGLES[band]!;
      let sum = FLOOR;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[first + i]!;
      values[t * BANDS + band] = 10 * Math.log10(sum);
    }
  }
  return { frames, values };
}

/** The same with so many frames, as if it had been said faster or slower: between two frames a straight line. */
export function stretched({ frames, values }: Spectrum, to: number): Spectrum {
  const out = new Float32Array(to * BANDS);
  for (let t = 0; t < to; t++) {
    const at = to > 1 ? t * (frames - 1) / (to - 1) : 0, before = Math.floor(at);
    const after = Math.min(frames - 1, before + 1), part = at - before;
    for (let band = 0; band < BANDS; band++) {
      out[t * BANDS + band] = (1 - part) * values[before * BANDS + band]! +
        part * values[after * BANDS + band]!;
    }
  }
  return { frames: to, values: out };
}

/**
 * Each band minus its mean over the frames, in units of 10 dB: what stays of a sound is how it changes, not which microphone
 * and telephone line it came through.
 */
export function centred({ frames, values }: Spectrum): Float32Array {
  const means = new Float64Array(BANDS);
  values.forEach((v, i) => means[i % BANDS]! += v / frames);
  return values.map((v, i) => (v - means[i % BANDS]!) / 10);
}
