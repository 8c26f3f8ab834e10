/**
 * Who speaks: four voices, learnt from prompts and asked of others. Three of them speak a language that nobody else does, so
 * what tells them apart may be the language, or the room; one of them speaks a second language that is only asked.
 */
import type { Context } from "../../../lib/context.ts";
import { random } from "../../../lib/random.ts";
import type { Task } from "../../../scripts/laboratory/task/task.ts";
import type { Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { BANDS, centred, type Spectrum, spectrumOf } from "./mel.ts";
import { trainedTask } from "../networks/classes.ts";
import { FRAMES_IN, INPUTS, logProbabilities, type Sounds } from "./network.ts";
import type { Prompt } from "./prompts.ts";
import { joined, trimmed } from "./sound.ts";

/** Languages to learn from; one voice each. */
const LEARNT = ["en", "fr", "it", "ru"];

/** Whether a band keeps its mean over the sound: with it also goes what a room and a microphone do. */
export type Hearing = "bands as they are" | "each band centred";

/** Prompts to learn from, and others whose names are not among those. */
export interface Split {
  readonly speakers: readonly string[];
  readonly learnt: readonly Prompt[];
  readonly asked: readonly Prompt[];
  /** Of a voice that is known, in a language that is not. */
  readonly elsewhere: readonly Prompt[];
  /** Prompts that were left out of the test because a piece of their sound is among those learnt from. */
  readonly repeated: number;
}

/** Every such group is asked: one of so many. */
const ONE_OF = 3;

/** What a prompt says, as far as its name tells: the exchange has "minutes", "vm-minutes" and "queue-minutes". */
const groupOf = ({ name }: Prompt) => name.replace(/^.*\//, "").replace(/^[a-z]+-(?=[A-Za-z]{3})/, "");

/** Prompts split by what they say, in all languages alike; a sound that was cut twice from one recording is only learnt. */
export function splitByPrompt(prompts: readonly Prompt[]): Split {
  const groups = [...new Set(prompts.map(groupOf))].sort(), draw = random(1, "prompts");
  const kept = new Set(groups.filter(() => draw.below(ONE_OF) === 0));
  const own = prompts.filter(({ language }) => LEARNT.includes(language));
  const learnt = own.filter((prompt) => !kept.has(groupOf(prompt)));
  const known = new Set(learnt.map(peakOf)), others = own.filter((prompt) => kept.has(groupOf(prompt)));
  const asked = others.filter((prompt) => !known.has(peakOf(prompt)));
  return {
    speakers: [...new Set(learnt.map(({ speaker }) => speaker))],
    learnt,
    asked,
    elsewhere: prompts.filter((prompt) => !LEARNT.includes(prompt.language) && kept.has(groupOf(prompt))),
    repeated: others.length - asked.length,
  };
}

/** The samples around a sound's loudest one: the same wherever one recording was cut. */
export function peakOf({ samples }: Pick<Prompt, "samples">): string {
  let loudest = 0;
  samples.forEach((v, i) => {
    if (Math.abs(v) > Math.abs(samples[loudest]!)) loudest = i;
  });
  return samples.slice(Math.max(0, loudest - 32), loudest + 32).join();
}

/** Pieces of half a second that are learnt from, and asked of, in a prompt: at most so many. */
const PIECES = 8;

/** Pieces of prompts as the network hears them; `owner` says whose prompt each is. */
export interface Pieces extends Sounds {
  readonly owner: readonly number[];
}

/** Pieces of each prompt, evenly spread over it. */
export function piecesOf(prompts: readonly Prompt[], speakers: readonly string[], hearing: Hearing): Pieces {
  const parts: Float32Array[] = [], labels: number[] = [], owner: number[] = [];
  prompts.forEach(({ samples, speaker }, n) => {
    const spectrum = repeated(spectrumOf(trimmed(samples))), spare = spectrum.frames - FRAMES_IN;
    const heard = hearing === "each band centred" ? centred(spectrum) : levelled(spectrum);
    const pieces = Math.min(PIECES, 1 + Math.floor(2 * spare / FRAMES_IN));
    for (let k = 0; k < pieces; k++) {
      const at = BANDS * Math.round(pieces > 1 ? spare * k / (pieces - 1) : spare / 2);
      parts.push(heard.subarray(at, at + INPUTS));
      labels.push(speakers.indexOf(speaker));
      owner.push(n);
    }
  });
  return { inputs: joined(parts), labels, owner };
}

/** A sound that is too short is heard again until it is long enough. */
function repeated({ frames, values }: Spectrum): Spectrum {
  const to = Math.max(frames, FRAMES_IN);
  return {
    frames: to,
    values: Float32Array.from({ length: to * BANDS }, (_, i) => values[i % values.length]!),
  };
}

/** The bands minus the mean of them all, in units of 10 dB: how loud a prompt is says nothing. */
function levelled({ values }: Spectrum): Float32Array {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.map((v) => (v - mean) / 10);
}

/** Share of the prompts whose speaker is the most probable of all pieces together, the mean over speakers, in per cent. */
export async function shareKnown(
  model: Tensors,
  { inputs, labels, owner }: Pieces,
  classes: number,
  context: Context,
): Promise<number> {
  const logs = await logProbabilities(model, inputs, context), sums = new Map<number, number[]>();
  owner.forEach((n, piece) => {
    const sum = sums.get(n) ?? Array.from({ length: classes }, () => 0);
    sums.set(n, sum.map((s, c) => s + logs[piece * classes + c]!));
  });
  const right = new Map<number, number[]>();
  for (const [n, sum] of sums) {
    const label = labels[owner.indexOf(n)]!, own = right.get(label) ?? [];
    own.push(Number(sum.indexOf(Math.max(...sum)) === label));
    right.set(label, own);
  }
  const shares = [...right.values()].map((own) => own.reduce((a, b) => a + b) / own.length);
  return 100 * shares.reduce((a, b) => a + b) / shares.length;
}

/** Speakers as a task of networks that were trained before. */
export const speakersTask = (
  name: string,
  models: readonly Tensors[],
  test: Pieces,
  classes: number,
  ways?: readonly Way[],
): Task<readonly Tensors[], Pieces, Tensors> =>
  trainedTask(
    name,
    models,
    test,
    ways,
    (model, pieces, context) => shareKnown(model, pieces, classes, context),
  );

/** The quietest part of a prompt: nobody speaks there. */
const QUIETEST = 0.05;

/**
 * Share of the prompts whose speaker is found in their quietest frames alone, by the nearest mean of those of the prompts
 * learnt from; the mean over speakers, in per cent. What is found there is a room and a line, and no voice.
 */
export function shareKnownBySilence({ learnt, asked, speakers }: Split): number {
  const silence = ({ samples }: Prompt) => {
    const { frames, values } = spectrumOf(samples);
    const rows = Array.from({ length: frames }, (_, t) => values.subarray(t * BANDS, (t + 1) * BANDS));
    const loudness = (row: Float32Array) => row.reduce((a, b) => a + b);
    const quiet = rows.sort((a, b) => loudness(a) - loudness(b)).slice(0, Math.max(1, QUIETEST * frames));
    return meanOf(quiet);
  };
  const means = speakers.map((one) => meanOf(learnt.filter(({ speaker }) => speaker === one).map(silence)));
  const distance = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);
  const shares = speakers.map((one, label) => {
    const own = asked.filter(({ speaker }) => speaker === one).map(silence);
    const right = own.filter((row) => {
      const distances = means.map((mean) => distance(row, mean));
      return distances.indexOf(Math.min(...distances)) === label;
    });
    return right.length / own.length;
  });
  return 100 * shares.reduce((a, b) => a + b) / shares.length;
}

function meanOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(BANDS);
  for (const row of rows) for (let band = 0; band < BANDS; band++) mean[band]! += row[band]! / rows.length;
  return mean;
}
