/**
 * Synthesised speech: eSpeak NG in JavaScript (GPL-3.0, used as a program that makes data). The same texts by
 * the same voices in the same order give the same samples everywhere, at any time; one text twice differs a little.
 */
import openSynthesiser from "@echogarden/espeak-ng-emscripten";
import { MdlError } from "../../../lib/errors.ts";
import { resampled } from "./sound.ts";

/** How a text is said. */
export interface Voice {
  /** Of eSpeak, e.g. "en-us". */
  readonly language: string;
  /** Whose throat, in eSpeak's list of variants, e.g. "f2"; a male voice where left out. */
  readonly variant?: string;
  /** Words a minute. */
  readonly rate: number;
  /** 0 to 99. */
  readonly pitch: number;
}

/** The functions of the package that are used (it ships no types). */
interface Synthesiser {
  set_voice(name: string): number;
  set_rate(rate: number): void;
  set_pitch(pitch: number): void;
  get_samplerate(): number;
  synthesize(text: string, take: (samples: Int16Array | null) => boolean): void;
}

/** Opens the synthesiser: a function from text and voice to samples of `RATE`, −1 to 1. */
export async function openVoices(): Promise<(text: string, voice: Voice) => Float32Array> {
  const module = await openSynthesiser();
  const synthesiser: Synthesiser = await whileTimeStands(() => new module.eSpeakNGWorker());
  const rate = synthesiser.get_samplerate();
  return (text, { language, variant, rate: speed, pitch }) => {
    const name = variant ? `${language}+${variant}` : language;
    if (synthesiser.set_voice(name) !== 0) throw new MdlError("not-found", `eSpeak NG has no voice ${name}.`);
    synthesiser.set_rate(speed);
    synthesiser.set_pitch(pitch);
    const parts: Int16Array[] = [];
    synthesiser.synthesize(text, (samples) => {
      if (samples?.length) parts.push(samples);
      return false;
    });
    const all = new Float32Array(parts.reduce((n, { length }) => n + length, 0));
    let at = 0;
    for (const part of parts) for (const sample of part) all[at++] = sample / 32768;
    return resampled(all, rate);
  };
}

/** What `work` gives while the clock stands still: eSpeak seeds the noise of some voices with the time of day. */
function whileTimeStands<T>(work: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
