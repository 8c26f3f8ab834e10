/** Sound as samples: out of WAV files, at another rate, without the silence around it. */
import { eachSample, readWav } from "../../../lib/audio/wav.ts";
import { MdlError } from "../../../lib/errors.ts";

/** Samples a second of everything here: telephone speech. */
export const RATE = 8000;

/**
 * The samples of a WAV file, −1 to 1.
 *
 * @throws {MdlError} `unsupported` for what is not mono, 16 bits, 8 kHz
 */
export function samplesOf(file: Uint8Array): Float32Array {
  const wav = readWav(file);
  if (wav?.channels !== 1 || wav.bits !== 16 || wav.rate !== RATE) {
    throw new MdlError("unsupported", `Speech is taken from mono WAV files of 16 bits and ${RATE} Hz.`);
  }
  const samples = new Float32Array(wav.frames);
  let at = 0;
  eachSample(file, wav, (sample) => samples[at++] = sample / 32768);
  return samples;
}

/** A mono WAV file of 16 bits. */
export function wavOf(samples: Float32Array): Uint8Array {
  const file = new Uint8Array(44 + 2 * samples.length), view = new DataView(file.buffer);
  const word = (at: number, letters: string) => file.set(new TextEncoder().encode(letters), at);
  word(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((v, i) =>
    view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(32768 * v))), true)
  );
  return file;
}

/** Sounds one after another. */
export function joined(sounds: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(sounds.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const sound of sounds) {
    out.set(sound, at);
    at += sound.length;
  }
  return out;
}

/** Zero crossings of the sinc on either side. */
const LOBES = 16;

/** The same sound at `RATE` from a higher rate: a sinc below half of the new rate, under a Hann window. */
export function resampled(samples: Float32Array, from: number): Float32Array {
  if (from === RATE) return samples;
  const step = from / RATE, reach = LOBES * step, out = new Float32Array(Math.floor(samples.length / step));
  for (let n = 0; n < out.length; n++) {
    const centre = n * step;
    let sum = 0, weight = 0;
    for (
      let i = Math.max(0, Math.ceil(centre - reach));
      i <= Math.min(samples.length - 1, centre + reach);
      i++
    ) {
      const x = (i - centre) / step, sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const w = sinc * (0.5 + 0.5 * Math.cos(Math.PI * x / LOBES));
      sum += w * samples[i]!;
      weight += w;
    }
    out[n] = sum / Math.max(weight, 0.5 * step);
  }
  return out;
}

/** Samples of a block whose loudness is looked at, and how much quieter than the loudest (as power) is silence. */
const BLOCK = 80, QUIET = 10 ** -3.5;

/** The sound without the silence before and behind it. */
export function trimmed(samples: Float32Array): Float32Array {
  const power: number[] = [];
  for (let at = 0; at + BLOCK <= samples.length; at += BLOCK) {
    power.push(samples.subarray(at, at + BLOCK).reduce((sum, v) => sum + v * v, 0));
  }
  const least = QUIET * Math.max(...power), first = power.findIndex((p) => p > least);
  const last = power.findLastIndex((p) => p > least);
  return first < 0 ? samples : samples.subarray(BLOCK * first, BLOCK * (last + 1));
}
