/**
 * Spoken digits in five languages: learnt from synthesised voices, asked of synthesised voices that were kept out, and of
 * people.
 */
import type { Context } from "../../../lib/context.ts";
import { random } from "../../../lib/random.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { BANDS, centred, type Spectrum, spectrumOf, stretched } from "./mel.ts";
import { classesOf, rightOf, trainedTask } from "../networks/classes.ts";
import { FRAMES_IN, INPUTS, logProbabilities, type Sounds } from "./network.ts";
import { type Language, LANGUAGES, type Prompt } from "./prompts.ts";
import { trimmed } from "./sound.ts";
import { openVoices } from "./voices.ts";

/** eSpeak's voices of the languages. */
const DIALECTS: Readonly<Record<Language, string>> = {
  en: "en-us",
  es: "es-419",
  fr: "fr",
  it: "it",
  ru: "ru",
};

/** Throats to learn from, and others to be asked; no stand-in's is among them. */
const LEARNT = [
  ...["m1", "m2", "m3", "m4", "m6", "m7", "f1", "f2", "f3", "Alex", "Andy", "Denis", "Gene", "Lee", "Mario"],
  ...["Michael", "Storm", "adam", "anika", "belinda", "david", "grandma", "linda", "steph", "victor", "zac"],
];
const ASKED = ["Annie", "Alicia", "Hugo", "boris", "rob", "Marco"];

/** A digit as it was said. */
export interface Said {
  readonly digit: number;
  readonly language: Language;
  /** Trimmed, 8 kHz. */
  readonly samples: Float32Array;
}

/** Synthesised digits: each throat says all ten in every language, each language at a speed and height of its own. */
export async function synthesiseDigits(
  split: "learnt" | "asked",
  throats: number,
  context: Context,
): Promise<readonly Said[]> {
  const say = await openVoices(), said: Said[] = [], draw = random(1, `voices ${split}`);
  const variants = (split === "learnt" ? LEARNT : ASKED).slice(0, throats), total = 50 * variants.length;
  for (const variant of variants) {
    for (const language of LANGUAGES) {
      const voice = {
        language: DIALECTS[language],
        variant,
        rate: 110 + draw.below(90),
        pitch: 20 + draw.below(60),
      };
      for (let digit = 0; digit < 10; digit++) {
        said.push({ digit, language, samples: trimmed(say(String(digit), voice)) });
      }
      context.signal.throwIfAborted();
      context.progress({ label: "synthesise digits", done: said.length, total, unit: "words" });
      await new Promise((resolve) => setTimeout(resolve)); // lets an abort come in
    }
  }
  return said;
}

/** The recorded digits among prompts. */
export function recordedDigits(prompts: readonly Prompt[]): readonly Said[] {
  return prompts.flatMap(({ name, language, samples }) => {
    const digit = /^digits\/(\d)$/.exec(name)?.[1];
    return digit === undefined ? [] : [{ digit: Number(digit), language, samples: trimmed(samples) }];
  });
}

/** As the network takes them: stretched to one length, and without what a microphone adds. */
export function soundsOf(said: readonly Said[]): Sounds {
  const inputs = new Float32Array(said.length * INPUTS);
  said.forEach(({ samples }, i) =>
    inputs.set(centred(stretched(spectrumOf(samples), FRAMES_IN)), i * INPUTS)
  );
  return { inputs, labels: said.map(({ digit }) => digit) };
}

/** Copies of a synthesised digit: other throats' lengths, cuts not quite at its ends, hiss. */
const COPIES = 6;

/** More to learn from than was said: each digit `COPIES` times, changed as rooms, lines and throats change it. */
export function variedSounds(said: readonly Said[]): Sounds {
  const draw = random(1, "variations"), inputs = new Float32Array(COPIES * said.length * INPUTS);
  const between = (low: number, high: number) => low + (high - low) * draw.uniform();
  const labels: number[] = [];
  for (const { digit, samples } of said) {
    const spectrum = spectrumOf(samples),
      loudest = spectrum.values.reduce((a, b) => Math.max(a, b), -Infinity);
    for (let copy = 0; copy < COPIES; copy++) {
      const changed = noisy(
        warped(cut(spectrum, between(-0.08, 0.08), between(-0.08, 0.08)), between(0.88, 1.14)),
        loudest - between(35, 75),
      );
      inputs.set(centred(stretched(changed, FRAMES_IN)), labels.length * INPUTS);
      labels.push(digit);
    }
  }
  return { inputs, labels };
}

/** Without a part of its frames at both ends; a negative part repeats the outermost frame. */
function cut({ frames, values }: Spectrum, before: number, behind: number): Spectrum {
  const first = Math.round(before * frames), last = frames - 1 - Math.round(behind * frames);
  const out = new Float32Array(Math.max(1, last - first + 1) * BANDS);
  for (let t = 0; t * BANDS < out.length; t++) {
    const from = Math.max(0, Math.min(frames - 1, first + t)) * BANDS;
    out.set(values.subarray(from, from + BANDS), t * BANDS);
  }
  return { frames: out.length / BANDS, values: out };
}

/** With its bands moved up or down by a factor, as a longer or shorter throat does. */
function warped({ frames, values }: Spectrum, factor: number): Spectrum {
  const out = values.map((_, i) => {
    const at = Math.min(BANDS - 1, (i % BANDS) * factor),
      low = Math.floor(at),
      part = at - low,
      row = i - i % BANDS;
    return (1 - part) * values[row + low]! + part * values[row + Math.min(BANDS - 1, low + 1)]!;
  });
  return { frames, values: out };
}

/** With hiss of so many decibels. */
const noisy = ({ frames, values }: Spectrum, hiss: number): Spectrum => ({
  frames,
  values: values.map((v) => 10 * Math.log10(10 ** (v / 10) + 10 ** (hiss / 10))),
});

/** Share of the sounds that are heard right, in per cent. */
export async function shareHeard(
  model: Tensors,
  { inputs, labels }: Sounds,
  context: Context,
): Promise<number> {
  return rightOf(classesOf(await logProbabilities(model, inputs, context), 10), labels);
}

/** Digits as a task of networks that were trained before. */
export const digitsTask = (
  name: string,
  models: readonly Tensors[],
  test: Sounds,
  ways?: readonly Way[],
): Task<readonly Tensors[], Sounds, Tensors> => trainedTask(name, models, test, ways, shareHeard);
