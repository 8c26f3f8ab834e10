/** What drawn sound is like beside the data: how loud it is, and its spectrum. */
import FFT from "fft.js";
import { eachSample, type Wav } from "../../lib/audio/wav.ts";
import { concat } from "../../lib/program/bytes.ts";
import { lines } from "../laboratory/figures/curves.ts";
import type { Figure } from "../laboratory/figures/figure.ts";
import type { Rows } from "../laboratory/figures/table.ts";
import type { Stretches } from "./stretches.ts";

/** Samples of a frame, of which every other half begins one. */
const FRAME = 512;
/** Below what 16 bits can say; keeps logarithms finite. */
const FLOOR = 1e-12;

const decibels = (power: number) => 10 * Math.log10(power + FLOOR);

/**
 * Samples of the first channel in [−1, 1), those of all stretches one behind the other; their bytes are samples and nothing
 * else, but for headers, which are few.
 */
function samplesOf({ stretches }: Stretches, { bits, channels, rate }: Wav): Float64Array {
  const moment = channels * bits / 8, all: number[] = [];
  const bytes = concat(stretches.map(({ bytes }) => bytes.subarray(0, bytes.length - bytes.length % moment)));
  const sound = { bits, channels, rate, start: 0, frames: bytes.length / moment };
  eachSample(bytes, sound, (sample) => all.push(sample / 2 ** (bits - 1)));
  return Float64Array.from(all.filter((_, i) => i % channels === 0));
}

/** Mean power of each frequency, FRAME / 2 of them, under a Hann window. */
function spectrumOf(samples: Float64Array): Float64Array {
  const fft = new FFT(FRAME),
    output: number[] = fft.createComplexArray(),
    power = new Float64Array(FRAME / 2);
  let frames = 0;
  for (let at = 0; at + FRAME <= samples.length; at += FRAME / 2, frames++) {
    fft.realTransform(
      output,
      samples.subarray(at, at + FRAME).map((x, i) => x * (1 - Math.cos(2 * Math.PI * i / FRAME)) / 2),
    );
    for (let k = 0; k < FRAME / 2; k++) {
      power[k]! += (output[2 * k]! ** 2 + output[2 * k + 1]! ** 2) / FRAME ** 2;
    }
  }
  return power.map((sum) => sum / Math.max(1, frames));
}

/** A line for each set; `of` is what the program's sound is like. Spectra are held against the data's first half, this against the second. */
export function soundRows(sets: readonly Stretches[], of: Wav): Rows {
  const sounds = sets.map((set) => samplesOf(set, of)), spectra = sounds.map(spectrumOf);
  const [first = 0, second = first] = sets.flatMap(({ kind }, i) => kind === "data" ? [i] : []);
  const reference = (i: number) => spectra[i === first ? second : first]!;
  return sets.map(({ name }, i) => {
    const samples = sounds[i]!, { length } = samples;
    const power = samples.reduce((sum, x) => sum + x * x, 0) / length;
    const crossings = samples.reduce(
      (n, x, at) => n + Number(at > 0 && (x < 0) !== (samples[at - 1]! < 0)),
      0,
    );
    const spectrum = spectra[i]!, other = reference(i);
    const gap = spectrum.reduce((sum, p, k) => sum + (decibels(p) - decibels(other[k]!)) ** 2, 0) /
      spectrum.length;
    return {
      sound: name,
      seconds: Number((length / of.rate).toFixed(1)),
      "level, dB": Number(decibels(power).toFixed(1)),
      "peak, dB": Number(decibels(samples.reduce((most, x) => Math.max(most, x * x), 0)).toFixed(1)),
      "changes of sign/s": Math.round(crossings * of.rate / length),
      "distance of the spectrum, dB": Number(Math.sqrt(gap).toFixed(1)),
    };
  });
}

/** Their spectra. */
export function soundFigure(name: string, sets: readonly Stretches[], of: Wav): Figure {
  return lines({
    title: `${name}: spectra of what the model draws and of the data`,
    series: sets.map((set) => {
      const spectrum = spectrumOf(samplesOf(set, of));
      return {
        name: set.name,
        x: Array.from(spectrum, (_, k) => k * of.rate / FRAME).slice(1),
        y: Array.from(spectrum, decibels).slice(1),
      };
    }),
    x: { title: "frequency (Hz)" },
    y: { title: "power (dB)" },
  });
}
