/**
 * Image files: PNG, JPEG and WebP in, 8-bit gray or RGB PNG out, in JavaScript and WebAssembly only. One rule for all
 * formats: the samples that a file stores are read exactly, or the file is refused with the reason. Orientation (Exif) is
 * applied; colour profiles and gamma are not, the stored values count.
 */
import {
  ColorSpace,
  type IMagickImage,
  initializeImageMagick,
  MagickFormat,
  MagickImage,
  MagickReadSettings,
} from "@imagemagick/magick-wasm";
import { encode as writePng } from "fast-png";
import { MdlError } from "../errors.ts";
import type { Raster } from "./raster.ts";

/** No picture larger than this is decoded (pixels): a small damaged file must not take all memory. */
const MAX_PIXELS = 2 ** 27;

/** How an image file is read that holds more than a picture. */
export interface DecodeOptions {
  /** Lay transparent pixels on white instead of refusing them; false by default. */
  readonly flatten?: boolean;
  /** Take the first picture of an animated file instead of refusing it; false by default. */
  readonly firstFrame?: boolean;
}

/** What a file says of its picture before the pixels. */
export interface ImageHeader {
  /** In pixels, as stored: orientation may exchange them. */
  readonly width: number;
  readonly height: number;
  /** Of the picture that comes out. */
  readonly channels: 1 | 3;
}

/**
 * Decodes one image file; the format is known by its content. A file that stores one channel comes out gray.
 *
 * @param name The file's name, for the error's sentence.
 * @param accept Is told what stands before the pixels, and may throw an `MdlError`: then no pixel is read.
 * @throws {MdlError} `unreadable` when it is damaged or no PNG, JPEG or WebP; `unsupported` for more than 8 bits a channel,
 * CMYK, an animation without `firstFrame`, or transparent pixels without `flatten`; `too-large` above 2²⁷ pixels.
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  { flatten = false, firstFrame = false }: DecodeOptions = {},
  accept: (header: ImageHeader) => void = () => {},
): Promise<Raster> {
  const kind = FORMATS.find(({ matches }) => matches(bytes));
  if (!kind) throw new MdlError("unreadable", `${name} is not a PNG, JPEG or WebP image.`);
  const depth = kind.depth(bytes);
  if (depth > 8) throw unsupported(name, `has ${depth} bits a channel, not 8`);
  await (ready ??= loadMagick());
  const settings = new MagickReadSettings({ format: kind.format, frameIndex: 0, frameCount: 1 });
  const image = MagickImage.create(), warnings: string[] = [];
  image.onWarning = ({ error: { message } }) => {
    if (!kind.isHarmless(message)) warnings.push(message);
    return 0;
  };
  try {
    image.ping(bytes, settings);
    const header = headerOf(image, name);
    if (kind.isAnimated(bytes, image) && !firstFrame) {
      throw unsupported(name, "is animated: its first picture can be taken (firstFrame)");
    }
    accept(header);
    image.read(bytes, settings);
    const picture = pictureOf(image, header.channels, name, flatten);
    if (warnings.length > 0) throw new Error(warnings[0]);
    return picture;
  } catch (cause) {
    if (cause instanceof MdlError) throw cause;
    throw new MdlError("unreadable", `The image ${name} is damaged and cannot be read${reason(cause)}.`, {
      cause,
    });
  } finally {
    image.dispose();
  }
}

/** The pixels of an image that has been read, turned as it says. */
function pictureOf(image: IMagickImage, channels: 1 | 3, name: string, flatten: boolean): Raster {
  const turned = Number(image.getAttribute("exif:Orientation") ?? 0); // reading obeys text and XMP, too
  image.orientation = turned as typeof image.orientation;
  image.autoOrient();
  const { width, height, hasAlpha } = image, kinds = hasAlpha ? channels + 1 : channels;
  const mapping = `${channels === 1 ? "R" : "RGB"}${hasAlpha ? "A" : ""}`;
  const samples = image.getPixels((pixels) => pixels.toByteArray(0, 0, width, height, mapping));
  if (samples?.length !== width * height * kinds) throw new Error("no pixels");
  const pixels = hasAlpha ? opaque(samples, channels, name, flatten) : samples;
  return { width, height, channels, pixels };
}

/** Encodes a gray or RGB picture as an 8-bit PNG: `decodeImage` gives the same picture back. */
export function encodePng({ width, height, channels, pixels }: Raster): Uint8Array<ArrayBuffer> {
  return new Uint8Array(writePng({ width, height, channels, depth: 8, data: pixels }));
}

interface Format {
  readonly format: MagickFormat;
  matches(bytes: Uint8Array): boolean;
  isAnimated(bytes: Uint8Array, header: IMagickImage): boolean;
  /** Bits of a sample; 0 where the file ends before it says so. */
  depth(bytes: Uint8Array): number;
  /** Whether a warning of the decoder is no sign of damage. */
  isHarmless(warning: string): boolean;
}

const startsWith = (bytes: Uint8Array, text: string, at = 0) =>
  [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));

const ANIMATION = 2; // flag of a WebP's VP8X chunk

const FORMATS: readonly Format[] = [
  {
    format: MagickFormat.Png,
    matches: (bytes) => startsWith(bytes, "\x89PNG\r\n\x1a\n"),
    isAnimated: (_, header) => header.getAttribute("png:acTL") !== null,
    depth: (bytes) => bytes[24] ?? 0, // in IHDR, which is the first chunk
    isHarmless: (warning) => !/CRC|tRNS/.test(warning), // else of chunks that do not touch what is seen
  },
  {
    format: MagickFormat.Jpeg,
    matches: (bytes) => startsWith(bytes, "\xff\xd8\xff"),
    isAnimated: () => false,
    depth: jpegPrecision,
    isHarmless: () => false, // what is missing was made up
  },
  {
    format: MagickFormat.WebP,
    matches: (bytes) => startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8),
    isAnimated: (bytes) => startsWith(bytes, "VP8X", 12) && (bytes[20]! & ANIMATION) !== 0,
    depth: () => 8,
    isHarmless: () => false,
  },
];

/** The precision in a JPEG's frame header (SOFn; ITU-T T.81, B.2.2): the decoder brings all samples to 8 bits. */
function jpegPrecision(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 < bytes.length;) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) at++; // a fill byte
    else if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      return view.getUint8(at + 4);
    } else at += 2 + view.getUint16(at + 2);
  }
  return 0;
}

let ready: Promise<void> | undefined;

async function loadMagick(): Promise<void> {
  const url = new URL(import.meta.resolve("@imagemagick/magick-wasm/magick.wasm"));
  await initializeImageMagick(await Deno.readFile(url));
}

function headerOf(image: IMagickImage, name: string): ImageHeader {
  const { width, height, colorSpace } = image;
  if (width * height > MAX_PIXELS) {
    const size = `${width}×${height} pixels, more than 2²⁷`;
    throw new MdlError("too-large", `The image ${name} has ${size}: make it smaller.`);
  }
  if (colorSpace === ColorSpace.CMYK) throw unsupported(name, "is in CMYK, not in RGB or gray");
  return { width, height, channels: colorSpace === ColorSpace.Gray ? 1 : 3 };
}

function unsupported(name: string, what: string): MdlError {
  return new MdlError("unsupported", `The image ${name} ${what}.`);
}

/** What the decoder says, without where in its sources it says so. */
function reason(cause: unknown): string {
  const said = cause instanceof Error ? cause.message.split(" `")[0]!.trim() : "";
  return said ? ` (${said})` : "";
}

/** Drops an alpha channel that hides nothing; lays the rest on white, rounded half up, or refuses it. */
function opaque(samples: Uint8Array, channels: 1 | 3, name: string, flatten: boolean): Uint8Array {
  const step = channels + 1, pixels = new Uint8Array(samples.length / step * channels);
  for (let i = 0, to = 0; i < samples.length; i += step) {
    const alpha = samples[i + channels]!;
    if (alpha !== 255 && !flatten) {
      throw unsupported(name, "has transparent pixels: it can be laid on white (flatten)");
    }
    for (let c = 0; c < channels; c++) {
      pixels[to++] = Math.floor((2 * (samples[i + c]! * alpha + 255 * (255 - alpha)) + 255) / 510);
    }
  }
  return pixels;
}
