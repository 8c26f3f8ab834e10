/**
 * Image files: PNG, JPEG and WebP in, 8-bit gray or RGB PNG out. The decoders are JavaScript (PNG) and WebAssembly
 * (JPEG, WebP): no native code, no permission but to read them. Colour profiles are ignored: the stored values count.
 */
import decodeJpeg, { init as initJpeg } from "@jsquash/jpeg/decode.js";
import decodeWebp from "@jsquash/webp/decode.js";
import { convertIndexedToRgb, decode as readPng, type DecodedPng, encode as writePng } from "fast-png";
import { MdlError } from "../errors.ts";
import type { Raster } from "./raster.ts";

/** No picture larger than this is decoded (pixels): a small damaged file must not take all memory. */
const MAX_PIXELS = 1 << 28;

export interface DecodeOptions {
  /** Lay transparent pixels on white instead of refusing them. */
  readonly flatten?: boolean;
  /** Take the first frame of an animated image instead of refusing it. */
  readonly firstFrame?: boolean;
}

/** Samples as a file stores them: gray, gray + alpha, RGB or RGBA, interleaved. */
interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * Decodes one image file; the format is known by its content. A file that stores one channel comes out gray.
 *
 * @param name The file's name, for the error's sentence.
 * @throws {MdlError} `unreadable` when it is damaged or no PNG, JPEG or WebP; `unsupported` for 16 bits a channel,
 * CMYK, or transparent pixels without `flatten`; `too-large` above 2²⁸ pixels.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<Raster> {
  const read = readers.find(({ matches }) => matches(bytes))?.read;
  if (!read) throw new MdlError("unreadable", `${name} is not a PNG, JPEG or WebP image.`);
  let samples: Samples;
  try {
    samples = await read(bytes, name);
  } catch (cause) {
    if (cause instanceof MdlError) throw cause;
    throw new MdlError("unreadable", `The image ${name} is damaged and cannot be read.`, { cause });
  }
  return opaque(samples, name, options.flatten ?? false);
}

/** Encodes a gray or RGB picture as an 8-bit PNG: `decodeImage` gives the same picture back. */
export function encodePng({ width, height, channels, pixels }: Raster): Uint8Array<ArrayBuffer> {
  return new Uint8Array(writePng({ width, height, channels, depth: 8, data: pixels }));
}

interface Reader {
  matches(bytes: Uint8Array): boolean;
  read(bytes: Uint8Array, name: string): Samples | Promise<Samples>;
}

const startsWith = (bytes: Uint8Array, text: string, at = 0) =>
  [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));

const readers: readonly Reader[] = [
  { matches: (b) => startsWith(b, "\x89PNG\r\n\x1a\n"), read: pngSamples },
  { matches: (b) => startsWith(b, "\xff\xd8\xff"), read: jpegSamples },
  { matches: (b) => startsWith(b, "RIFF") && startsWith(b, "WEBP", 8), read: webpSamples },
];

function checkSize(width: number, height: number, name: string): void {
  if (width * height > MAX_PIXELS) {
    throw new MdlError(
      "too-large",
      `The image ${name} has ${width}×${height} pixels, more than 2²⁸: make it smaller.`,
    );
  }
}

function pngSamples(bytes: Uint8Array, name: string): Samples {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkSize(header.getUint32(16), header.getUint32(20), name); // the header chunk always comes first
  const png = readPng(bytes, { checkCrc: true });
  if (png.depth === 16 || !(png.data instanceof Uint8Array)) {
    throw new MdlError("unsupported", `The image ${name} has 16 bits a channel: save it with 8 bits.`);
  }
  const { width, height, palette } = png;
  if (palette) return { width, height, channels: palette[0]!.length, data: convertIndexedToRgb(png) };
  const data = png.depth < 8 ? unpack(png) : png.data;
  const key = png.transparency && Array.from(png.transparency, (v) => v * (255 / (2 ** png.depth - 1)));
  return key ? keyed({ ...png, data }, key) : { ...png, data };
}

/** Gray samples of 1, 2 or 4 bits, each row padded to whole bytes, spread over 0–255. */
function unpack({ width, height, depth, data }: DecodedPng): Uint8Array {
  const out = new Uint8Array(width * height), rowBytes = Math.ceil(width * depth / 8), top = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth, shift = 8 - depth - bit % 8;
      out[y * width + x] = (data[y * rowBytes + (bit >> 3)]! >> shift & top) * (255 / top);
    }
  }
  return out;
}

/** Gives samples without alpha an alpha channel: pixels of the one colour `key` are transparent. */
function keyed({ width, height, channels, data }: Samples, key: readonly number[]): Samples {
  const out = new Uint8Array(width * height * (channels + 1));
  for (let i = 0; i < width * height; i++) {
    const pixel = data.subarray(i * channels, (i + 1) * channels);
    out.set(pixel, i * (channels + 1));
    out[i * (channels + 1) + channels] = pixel.every((v, c) => v === key[c]) ? 0 : 255;
  }
  return { width, height, channels: channels + 1, data: out };
}

/** What the decoder warned of in the current picture: it fills up a damaged one instead of failing. */
const jpegWarnings: string[] = [];
let jpegReady: Promise<void> | undefined;
let lastJpeg: Promise<unknown> = Promise.resolve();

/** Decodes one JPEG after the other, so that each gets its own warnings. */
function jpegSamples(bytes: Uint8Array, name: string): Promise<Samples> {
  const turn = lastJpeg.then(() => nextJpeg(bytes, name));
  lastJpeg = turn.catch(() => {});
  return turn;
}

async function nextJpeg(bytes: Uint8Array, name: string): Promise<Samples> {
  const { width, height, components, precision } = jpegFrame(bytes);
  checkSize(width, height, name);
  if (precision !== 8 || components > 3) {
    throw new MdlError(
      "unsupported",
      `The image ${name} is a CMYK or 12-bit JPEG: save it as 8-bit gray or RGB.`,
    );
  }
  await (jpegReady ??= initJpeg({ printErr: (line: string) => void jpegWarnings.push(line) }));
  jpegWarnings.length = 0;
  const image = await decodeJpeg(bytes.slice().buffer, { preserveOrientation: true });
  if (jpegWarnings.length > 0) throw new Error(jpegWarnings.join("; "));
  return components === 1 ? firstChannel(image) : { ...sizeOf(image), channels: 4, data: image.data };
}

/** The frame header (SOFn) of a JPEG: sizes in pixels, precision in bits (ITU-T T.81, B.2.2). */
function jpegFrame(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  for (;;) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) at++; // a fill byte
    else if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) break;
    else at += 2 + view.getUint16(at + 2);
  }
  return {
    precision: view.getUint8(at + 4),
    height: view.getUint16(at + 5),
    width: view.getUint16(at + 7),
    components: view.getUint8(at + 9),
  };
}

async function webpSamples(bytes: Uint8Array): Promise<Samples> {
  const image = await decodeWebp(bytes.slice().buffer); // at most 16,383 pixels a side: below the limit
  return { ...sizeOf(image), channels: 4, data: image.data };
}

const sizeOf = ({ width, height }: ImageData) => ({ width, height });

function firstChannel(image: ImageData): Samples {
  const data = Uint8Array.from({ length: image.data.length / 4 }, (_, i) => image.data[4 * i]!);
  return { ...sizeOf(image), channels: 1, data };
}

/** Drops an alpha channel that hides nothing; lays the rest on white, rounded half up, or refuses it. */
function opaque({ width, height, channels, data }: Samples, name: string, flatten: boolean): Raster {
  if (channels === 1 || channels === 3) {
    return { width, height, channels, pixels: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  }
  const colours = channels === 2 ? 1 : 3, pixels = new Uint8Array(width * height * colours);
  for (let i = 0, to = 0; i < data.length; i += channels) {
    const alpha = data[i + colours]!;
    if (alpha !== 255 && !flatten) {
      throw new MdlError(
        "unsupported",
        `The image ${name} has transparent pixels: use --flatten to lay it on white.`,
      );
    }
    for (let c = 0; c < colours; c++) {
      pixels[to++] = Math.floor((2 * (data[i + c]! * alpha + 255 * (255 - alpha)) + 255) / 510);
    }
  }
  return { width, height, channels: colours, pixels };
}
