/** Where the samples of a WAV file lie. */

/** The sound in a WAV file: plain PCM, interleaved, little-endian; 8-bit samples have no sign, longer ones do. */
export interface Wav {
  /** Bits of a sample: 8, 16 or 24. */
  readonly bits: number;
  /** 1 or 2. */
  readonly channels: number;
  /** Samples a second of each channel. */
  readonly rate: number;
  /** Byte of the file where samples begin. */
  readonly start: number;
  /** Samples of each channel that are there, whatever the file says of its length. */
  readonly frames: number;
}

const PCM = 1, EXTENSIBLE = 0xfffe;
/** What follows the tag PCM in the identifier of a subformat (Microsoft, mmreg.h). */
const SUBFORMAT = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];

/**
 * Reads a WAV file's structure. Never throws.
 *
 * @returns undefined for what is not a WAV file of PCM in 8, 16 or 24 bits, mono or stereo
 */
export function readWav(file: Uint8Array): Wav | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const name = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (name(0) !== "RIFF" || name(8) !== "WAVE") return undefined;
  let format: Omit<Wav, "start" | "frames"> | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true), start = at + 8, there = Math.min(size, file.length - start);
    if (name(at) === "fmt " && !format) {
      format = readFormat(new DataView(view.buffer, view.byteOffset + start, there));
      if (!format) return undefined;
    }
    if (name(at) === "data") {
      if (!format) return undefined;
      return { ...format, start, frames: Math.floor(there / (format.channels * format.bits / 8)) };
    }
    at = start + size + size % 2;
  }
  return undefined;
}

function readFormat(chunk: DataView): Omit<Wav, "start" | "frames"> | undefined {
  if (chunk.byteLength < 16) return undefined;
  const [tag, channels, rate, align, bits] = [
    chunk.getUint16(0, true),
    chunk.getUint16(2, true),
    chunk.getUint32(4, true),
    chunk.getUint16(12, true),
    chunk.getUint16(14, true),
  ];
  if (![8, 16, 24].includes(bits) || ![1, 2].includes(channels)) return undefined;
  if (align !== channels * bits / 8) return undefined;
  if (tag === EXTENSIBLE) {
    if (chunk.byteLength < 40 || chunk.getUint16(24, true) !== PCM) return undefined;
    if (SUBFORMAT.some((byte, i) => chunk.getUint8(26 + i) !== byte)) return undefined;
  } else if (tag !== PCM) return undefined;
  return { bits, channels, rate };
}

/** Calls `visit` with every sample, the channels in turn; 8-bit samples with 128 subtracted. */
export function eachSample(
  file: Uint8Array,
  { bits, channels, start, frames }: Wav,
  visit: (sample: number) => void,
): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength), bytes = bits / 8;
  const end = start + frames * channels * bytes;
  for (let at = start; at < end; at += bytes) {
    if (bytes === 1) visit(file[at]! - 128);
    else if (bytes === 2) visit(view.getInt16(at, true));
    else visit((view.getInt16(at + 1, true) << 8) | file[at]!);
  }
}
