/**
 * Recorded speech: the prompts of a telephone exchange (Asterisk), as Debian packages them. Four people speak five
 * languages: two of the languages are by the same speaker, the only place where voice and language come apart.
 */
import type { Context } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { debianFiles } from "./debian.ts";
import { samplesOf, trimmed, wavOf } from "./sound.ts";
import { openVoices } from "./voices.ts";

/** One prompt of one language. */
export interface Prompt {
  readonly language: Language;
  /** As the folder of the recordings names the voice. */
  readonly speaker: string;
  /** As the exchange names it, the same in all languages, e.g. "digits/7". */
  readonly name: string;
  /** The WAV file. */
  readonly file: Uint8Array;
  /** −1 to 1, 8,000 a second. */
  readonly samples: Float32Array;
}

/** All that is known of the recordings. */
export interface Prompts {
  /** For the record of a section. */
  readonly name: string;
  readonly sha256: string;
  /** False where synthesised stand-ins had to do. */
  readonly recorded: boolean;
  readonly prompts: readonly Prompt[];
}

/** Who speaks, and what has to be in the package. */
const RECORDINGS = {
  en: ["Allison", "ad942f9e236d5e6e4704b2137f7d17dd4e7c2881255a7639a4c1cd1c5177faf3"],
  es: ["Allison", "63a14df746683d017dec4f28f5f3d1148d1daa2cbf5cf2dd7a066f9154295382"],
  fr: ["June", "67257b86eea0f885834d4eb76d046de524ac68151b1230372d70fb1d22f17027"],
  it: ["Carlo", "816d84710e3d60f629fa77619bc9027f43453ecbc4b0f9ff23f03249691f2652"],
  ru: ["IvrvoiceRU", "9f92e5ab30f7b6b94a2ef6688560729ecbe31d28777154588689854e122fd66e"],
} as const;

export type Language = keyof typeof RECORDINGS;
export const LANGUAGES = Object.keys(RECORDINGS) as Language[];

/** No speech: silence, tones, and animals. */
const NO_SPEECH = /^(silence\/|beep|(a|de)scending-2tone|tt-monkeys$)/;

/**
 * The prompts of all languages in the order of languages and names, without those that hold no speech.
 *
 * @throws {MdlError} as `debianFiles`
 */
async function loadPrompts(context: Pick<Context, "log">): Promise<Prompts> {
  const prompts: Prompt[] = [];
  for (const language of LANGUAGES) {
    const [speaker, sha256] = RECORDINGS[language];
    const name = `asterisk-core-sounds-${language}-wav`;
    const files = await debianFiles({ name, version: "1.6.1-1", suffix: ".wav", sha256 }, context);
    for (const { name, bytes: file } of files) {
      const short = name.replace(/^.*\/sounds\/[^/]+\/(.*)\.wav$/, "$1");
      if (!NO_SPEECH.test(short)) {
        prompts.push({ language, speaker, name: short, file, samples: samplesOf(file) });
      }
    }
  }
  return together("Asterisk prompts", true, prompts);
}

/**
 * The recorded prompts, or where they cannot be had, and it is only to be shown that cells run, synthesised ones.
 *
 * @throws {MdlError} as `loadPrompts`, unless stand-ins are allowed
 */
export async function promptsOrStandIns(context: Pick<Context, "log">, allowed: boolean): Promise<Prompts> {
  try {
    return await loadPrompts(context);
  } catch (error) {
    if (!allowed || !(error instanceof MdlError && error.code === "offline")) throw error;
    context.log(`${error.message} Until then synthesised voices stand in for the recorded ones.`);
    return await standIns();
  }
}

/** Voices that nothing is trained on, one a speaker, saying numbers. */
const STAND_INS = {
  en: ["en-us", "f5", 160, 60],
  es: ["es-419", "f5", 150, 60],
  fr: ["fr", "f4", 150, 40],
  it: ["it", "m8", 140, 50],
  ru: ["ru", "m5", 150, 30],
} as const;

/** Numbers that are said, the digits first. */
const NUMBERS = 40;

async function standIns(): Promise<Prompts> {
  const say = await openVoices(), prompts: Prompt[] = [];
  for (const language of LANGUAGES) {
    const [voice, variant, rate, pitch] = STAND_INS[language], [speaker] = RECORDINGS[language];
    for (let number = 0; number < NUMBERS; number++) {
      const file = wavOf(trimmed(say(String(number), { language: voice, variant, rate, pitch })));
      prompts.push({ language, speaker, name: `digits/${number}`, file, samples: samplesOf(file) });
    }
  }
  return together("synthesised prompts, stand-ins", false, prompts);
}

function together(name: string, recorded: boolean, prompts: readonly Prompt[]): Prompts {
  const hashes = prompts.map(({ language, name, file }) => `${language} ${name} ${sha256(file)}`);
  return { name, recorded, prompts, sha256: sha256(new TextEncoder().encode(hashes.join("\n"))) };
}
