/** Speech without loss: the program of this library beside codecs that were made for sound. */
import flac from "libflacjs/dist/libflac.js";
import { chain } from "../../../lib/chain.ts";
import type { Context } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { type Files, filesOf } from "../../../lib/files/data.ts";
import { concat } from "../../../lib/program/bytes.ts";
import type { Prompt, Prompts } from "./prompts.ts";
import { joined, RATE, wavOf } from "./sound.ts";

/** Prompts as WAV files, in the order of their names. */
function wavFiles({ name, recorded }: Prompts, prompts: readonly Prompt[]): Files<"audio"> {
  return filesOf({
    modality: "audio",
    name: `${name}, ${prompts[0]!.language}`,
    names: prompts.map(({ name }) => `${name.replaceAll("/", "-")}.wav`),
    lengths: prompts.map(({ file }) => file.length),
    symbols: concat(prompts.map(({ file }) => file)),
    provenance: recorded
      ? {
        source: "asterisk-core-sounds 1.6.1-1 (Debian)",
        licence: "CC-BY-SA-3.0",
        citation: "Asterisk core sounds",
      }
      : { source: "computed", licence: "MIT", citation: "eSpeak NG" },
  });
}

/** Prompts of a language that are drawn until together they last so long, in the order of their names. */
export function secondsOf(
  prompts: readonly Prompt[],
  seconds: number,
  { random }: Pick<Context, "random">,
): readonly Prompt[] {
  const draw = random(`prompts of ${prompts[0]!.language}`), left = [...prompts], taken: Prompt[] = [];
  let samples = 0;
  while (left.length && samples < seconds * RATE) {
    const [one] = left.splice(draw.below(left.length), 1) as [Prompt];
    samples += one.samples.length;
    taken.push(one);
  }
  return taken.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Bytes of one set of prompts under each codec; the shorter of all files alone and all sounds in one file. */
export interface Coding {
  readonly files: number;
  readonly samples: number;
  /** The WAV files. */
  readonly raw: number;
  /** libFLAC at level 8, or flac -8 -e -p where it is installed and shorter. */
  readonly flac: number;
  /** wavpack -hhx6; undefined where it is not installed, or may not be run. */
  readonly wavpack: number | undefined;
  /** The program, decoder and names included, and how many bytes of it are its decoder. */
  readonly program: number;
  readonly decoder: number;
}

/**
 * Codes prompts with each codec; all that is counted was decoded and compared.
 *
 * @throws {MdlError} `mismatch`
 */
export async function codeLossless(
  all: Prompts,
  prompts: readonly Prompt[],
  context: Context,
): Promise<Coding> {
  const set = wavFiles(all, prompts), sounds = prompts.map(({ samples }) => samples), whole = joined(sounds);
  const shorter = async (code: (sound: Float32Array) => Promise<number | undefined>) => {
    const together = await code(whole);
    if (together === undefined) return undefined;
    let alone = 0;
    for (const sound of sounds) alone += (await code(sound))!;
    return Math.min(alone, together);
  };
  const library = await shorter((sound) => Promise.resolve(flacLength(sound)));
  const program = await shorter((sound) => lengthBy(FLAC, sound));
  const { output } = await chain<Files<"audio">>().run(set, { ...context, log: () => {} });
  await output.verify(set, context);
  return {
    files: prompts.length,
    samples: whole.length,
    raw: set.symbols.length,
    flac: Math.min(library!, program ?? Infinity),
    wavpack: await shorter((sound) => lengthBy(WAVPACK, sound)),
    program: output.bytes.length,
    decoder: output.ledger.entries.find(({ name }) => name === "decoder code")!.bytes,
  };
}

/** The best level; the library decodes as it encodes, and compares. */
const LEVEL = 8, VERIFY = true;

function flacLength(sound: Float32Array): number {
  const encoder = flac.create_libflac_encoder(RATE, 1, 16, LEVEL, sound.length, VERIFY, 0);
  let length = 0;
  const started = flac.init_encoder_stream(encoder, (_: Uint8Array, bytes: number) => void (length += bytes));
  const samples = Int32Array.from(sound, (v) => Math.round(32768 * v));
  const coded = flac.FLAC__stream_encoder_process_interleaved(encoder, samples, samples.length);
  const ended = flac.FLAC__stream_encoder_finish(encoder);
  flac.FLAC__stream_encoder_delete(encoder);
  if (started !== 0 || !coded || !ended) throw new MdlError("mismatch", "FLAC does not give the sound back.");
  return length;
}

/** A codec that is a program of its own: it reads a WAV file, and back again, from its input. */
interface Program {
  readonly encode: readonly [string, ...string[]];
  readonly decode: readonly [string, ...string[]];
}

const FLAC: Program = {
  encode: ["flac", "-8", "-e", "-p", "-s", "-c", "-"],
  decode: ["flac", "-d", "-s", "-c", "-"],
};
const WAVPACK: Program = {
  encode: ["wavpack", "-hhx6", "-q", "-", "-o", "-"],
  decode: ["wvunpack", "-q", "-", "-o", "-"],
};

/** The length of what a program makes of a sound; undefined where it is not installed, or may not be run. */
async function lengthBy({ encode, decode }: Program, sound: Float32Array): Promise<number | undefined> {
  const file = wavOf(sound), coded = await filtered(encode, file);
  const back = coded && await filtered(decode, coded);
  if (!coded || !back) return undefined;
  if (back.length !== file.length || back.some((byte, i) => byte !== file[i])) {
    throw new MdlError("mismatch", `${encode.join(" ")} does not give the sound back.`);
  }
  return coded.length;
}

async function filtered(
  [command, ...args]: readonly [string, ...string[]],
  input: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" })
      .spawn();
    const [{ success, stdout }] = await Promise.all([
      child.output(),
      new Blob([input.slice()]).stream().pipeTo(child.stdin),
    ]);
    if (!success) throw new MdlError("unsupported", `${command} ${args.join(" ")} failed.`);
    return stdout;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
