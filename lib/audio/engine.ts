/**
 * The engine for sound, from the host's side: what its decoder is told, how much memory it takes, and the code. Nothing is
 * trained: the model learns from the samples that were coded before (`lib/decoder/assembly/audio.ts`).
 */
import type { Code, Meter } from "../codec.ts";
import type { Context } from "../context.ts";
import { align, switchBits, switchesIn, words } from "../decoder/memory.ts";
import { type EncoderExports, openModule } from "../decoder/modules.ts";
import { encodingPace } from "../pace.ts";
import { type Values, valuesOf } from "./values.ts";
import { readWav, type Wav } from "./wav.ts";

/** A model of sound by its parts. Switches leave the decoder as it is. */
export interface AudioSpec {
  /** Prediction by least squares with a long memory; true by default. */
  readonly slow: boolean;
  /** The same with a short memory, from fewer samples; true by default. */
  readonly fast: boolean;
  /** Gradient predictors, of up to 1,024 samples, for what least squares leave; true by default. */
  readonly cascade: boolean;
  /** Each channel sees the other; true by default. */
  readonly stereo: boolean;
  /** Another fit says how far to trust each prediction; true by default, else they are added up. */
  readonly blend: boolean;
  /** The mixture of residual distributions learns; true by default, else all have the same weight. */
  readonly mixture: boolean;
  /** All that was learnt is forgotten between files. */
  readonly forget: boolean;
}

/** Everything is on, and nothing is forgotten. */
export const DEFAULT_SPEC: AudioSpec = {
  slow: true,
  fast: true,
  cascade: true,
  stereo: true,
  blend: true,
  mixture: true,
  forget: false,
};

/** Bits of the switches, as in `assembly/audio/channel.ts`. */
const SWITCHES = { slow: 1, fast: 2, cascade: 4, stereo: 8, blend: 16, mixture: 32, forget: 64 };

/** Where the parameter block lies: six u32; the payload is behind it. */
const BLOCK_ADDRESS = 16;
const PAYLOAD_ADDRESS = 48;
/** Behind a payload: the range coder reads so far beyond it. */
const MARGIN = 4;
/** An upper bound of what a decoder takes besides files and headers: two channels, tables of values and of bytes. */
const MODEL_BYTES = 640 * 1024;
/** Bytes that an item that is drawn may have, at least. */
export const DRAWN_BYTES = 2 ** 22;

/** A file, and what the engine makes of it. */
interface Item {
  readonly file: Uint8Array;
  /** Absent where it is no sound. */
  readonly wav: Wav | undefined;
}

/** Bytes of the largest file and of the largest header. */
interface Largest {
  readonly file: number;
  readonly header: number;
}

function largestOf(files: readonly Item[]): Largest {
  return files.reduce(({ file, header }, item) => ({
    file: Math.max(file, item.file.length),
    header: Math.max(header, item.wav?.start ?? 0),
  }), { file: 0, header: 0 });
}

/** Bytes of memory behind a payload that a decoder needs. */
function heapBytes({ file, header }: Largest): number {
  return Math.max(align(file, 16), DRAWN_BYTES) + align(header, 16) + MODEL_BYTES;
}

/** Little-endian u32: addresses of the payload and of the heap; number of files; switches; largest file and header. */
function writeBlock(
  spec: AudioSpec,
  files: number,
  largest: Largest,
  payload: number,
  heap: number,
): Uint8Array {
  return words([payload, heap, files, switchBits(SWITCHES, spec), largest.file, largest.header]);
}

/** The model that a parameter block describes. */
export function readBlock(block: Uint8Array): AudioSpec {
  return switchesIn(SWITCHES, new DataView(block.buffer, block.byteOffset).getUint32(12, true));
}

/** What audio_encoder.wasm exports; its source documents each. */
interface EncoderModule extends EncoderExports {
  open(): void;
  readonly item: WebAssembly.Global;
  readonly numbers: WebAssembly.Global;
  readonly used: WebAssembly.Global;
  begin(): void;
  encode(): number;
}

/**
 * Encodes WAV files, one after another. What is no sound (`readWav`) is coded as bytes, and not well.
 *
 * @param meter called behind each piece of a file: 4,096 samples of each channel, about
 * @param told how many files the program tells the values of; all by default, others must have no other values
 * @throws {MdlError} `interrupted` when the context's signal aborts
 */
export async function encodeAudio(
  files: readonly Uint8Array[],
  spec: AudioSpec,
  context: Partial<Pick<Context, "signal" | "progress">> = {},
  meter?: Meter,
  told = Infinity,
): Promise<Code> {
  const items = files.map((file): Item => ({ file, wav: readWav(file) }));
  const largest = largestOf(items), describe = describer(items.slice(0, told));
  // block, model with tables and the encoder's flags, payload
  const start = PAYLOAD_ADDRESS + heapBytes(largest) + 2 ** 16;
  const { encoder, memory } = await openModule<EncoderModule>("audio_encoder", start);
  memory().set(writeBlock(spec, files.length, largest, start, PAYLOAD_ADDRESS), BLOCK_ADDRESS);
  encoder.open();
  const pace = encodingPace(context, files.reduce((sum, { length }) => sum + length, 0), "bytes");
  let done = 0;
  for (const item of items) {
    const { numbers, used } = describe(item);
    memory().set(item.file, encoder.item.value);
    if (used) memory().set(used, encoder.used.value);
    memory().set(words(numbers), encoder.numbers.value);
    encoder.begin();
    for (let coded = 0; coded < item.file.length;) {
      coded = encoder.encode();
      await pace(done + coded);
      meter?.(done + coded, encoder.spent.value);
    }
    done += item.file.length;
  }
  const estimatedBits = encoder.spent.value, end = encoder.close();
  const bytes = memory().slice(start, end);
  const heap = align(PAYLOAD_ADDRESS + bytes.length + MARGIN, 16);
  const block = writeBlock(spec, files.length, largest, PAYLOAD_ADDRESS, heap);
  return {
    mode: "prequential",
    parameters: { address: BLOCK_ADDRESS, bytes: block },
    payloads: [{ address: PAYLOAD_ADDRESS, bytes, estimatedBits }],
    memoryBytes: heap + heapBytes(largest),
  };
}

/**
 * Gives the numbers that the encoder takes for one file after another (`assembly/audio/file.ts`): bytes before the
 * samples, frames, bytes behind; bytes of a sample, channels; whether the values are other ones than before, and which.
 */
function describer(files: readonly Item[]) {
  const known = new Map<number, Values>();
  let current: Pick<Wav, "bits" | "channels"> = { bits: 16, channels: 1 }, coded = 0;
  return ({ file, wav }: Item) => {
    if (wav?.frames) current = wav;
    const { bits, channels } = current, fresh = wav?.frames && coded !== bits;
    let values = known.get(bits);
    if (fresh) {
      coded = bits;
      values ??= valuesOf(files.flatMap(({ file, wav }) => wav?.bits === bits ? [{ file, wav }] : []));
      known.set(bits, values);
    }
    const { low = 0, step = 1, count = 1, used } = values ?? {};
    const frames = wav?.frames ?? 0, start = wav?.start ?? 0;
    const behind = file.length - start - frames * channels * (bits / 8);
    const numbers = [start, frames, behind, bits / 8, channels, Number(fresh ?? 0), low, step, count];
    return { numbers: [...numbers, Number(used !== undefined)], used: fresh ? used : undefined };
  };
}
