/**
 * Pictures that were JPEG or PhotoCD once have colours that are rounded images of whole numbers Y, C1, C2: where their
 * images lie on such a lattice, Y, C1, C2 are coded in place of green, red and blue. What turns them back into colours is
 * `lib/decoder/assembly/lattice.ts`; here is its inverse, by search.
 */
import { type Dataset, images } from "./dataset.ts";

/** Coefficients of a formula, in the order of the parameter block. */
interface Formula {
  /** Of C1 and C2. */
  readonly offsets: readonly [number, number];
  /** A channel is ⌊aY + o + c⌊d·u⌋ + e⌊f·v⌋⌋. */
  readonly light: readonly [a: number, o: number];
  /** c, d, e, f of red, green, blue. */
  readonly channels: readonly (readonly [number, number, number, number])[];
}

const JPEG_BITS = 1 / 65536; // of the fixed point in which decoders of JPEG multiply

/** The name of a formula. */
export type FormulaName = "JFIF" | "PhotoCD";

/**
 * The formulas there are. JFIF: T.871, in the integer arithmetic of libjpeg. PhotoCD: found by fitting to one collection
 * of scans, the 24 pictures by Kodak; others may differ.
 */
const FORMULAS = {
  JFIF: {
    offsets: [128, 128],
    light: [1, 0.5],
    channels: [
      [0, 0, 91881 * JPEG_BITS, 1],
      [JPEG_BITS, -22554, JPEG_BITS, -46802],
      [116130 * JPEG_BITS, 1, 0, 0],
    ],
  },
  PhotoCD: {
    offsets: [156, 137],
    light: [1.3584, 0],
    channels: [[0, 0, 1.8215, 1], [-0.194, 2.2179, -0.509, 1.8215], [2.2179, 1, 0, 0]],
  },
} as const satisfies Readonly<Record<FormulaName, Formula>>;

export const FORMULA_NAMES = Object.keys(FORMULAS) as FormulaName[];

/** For each formula that a set needs how many of 256 images have it, 1–255; the most frequent first. */
export type Lattice = Readonly<Partial<Record<FormulaName, number>>>;

/** The numbers of a formula as the parameter block has them behind the share. */
export function coefficientsOf(name: FormulaName): number[] {
  const { offsets, light, channels } = FORMULAS[name];
  return [...offsets, ...light, ...channels.flat()];
}

/** The formulas of a lattice and their shares, in the order of the block. */
export function sharesOf(lattice: Lattice = {}): readonly (readonly [FormulaName, number])[] {
  return Object.entries(lattice) as [FormulaName, number][];
}

/** Whether at least half of the images have the first formula: those of which nothing else is known are taken to have it. */
export function isMostly(lattice: Lattice): boolean {
  return (sharesOf(lattice)[0]?.[1] ?? 0) >= 128;
}

/** Whether a value is a lattice, such as a run record may hold. */
export function isLattice(value: unknown): value is Lattice {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(([name, share]) =>
    Object.hasOwn(FORMULAS, name) && Number.isInteger(share) && share > 0 && share < 256
  );
}

/** Colours to Y, C1, C2 by one formula, remembered. */
interface Inverse {
  /** C1 | Y << 8 | C2 << 16 for a colour R | G << 8 | B << 16, or −1 − that of a colour nearby where it is none. */
  (colour: number): number;
}

/** How far around the solution of the equations C1 and C2 are looked for, and where a channel is cut; then Y. */
const AROUND = 2, AROUND_CUT = 24, AROUND_LUMA = 1;

const { fround } = Math;
const CHANNELS = [0, 1, 2] as const;
const channelOf = (colour: number, c: number) => colour >> (8 * c) & 255;

/** A formula in the decoder's arithmetic: the colour of y, C1, C2, and what the latter add to a channel. */
function forwardOf(name: FormulaName) {
  const [m, n, a, o, ...rest] = Float32Array.from(coefficientsOf(name)) as unknown as number[];
  const light = Float32Array.from({ length: 256 }, (_, y) => fround(fround(a! * y) + o!));
  const terms = (at: number, offset: number) =>
    Float32Array.from(
      { length: 256 },
      (_, i) => fround(rest[at]! * Math.floor(fround(rest[at + 1]! * (i - offset)))),
    );
  const first = CHANNELS.map((c) => terms(4 * c, m!)), second = CHANNELS.map((c) => terms(4 * c + 2, n!));
  const channel = (c: number, y: number, u: number, v: number) => {
    const x = fround(fround(light[y]! + first[c]![u]!) + second[c]![v]!);
    return x <= 0 ? 0 : x >= 255 ? 255 : Math.floor(x);
  };
  return {
    colour: (y: number, u: number, v: number) =>
      channel(0, y, u, v) | channel(1, y, u, v) << 8 | channel(2, y, u, v) << 16,
    added: (c: number, u: number, v: number) => first[c]![u]! + second[c]![v]!,
  };
}

const byte = (x: number) => Math.max(0, Math.min(255, Math.round(x)));

/** Of several sources of a colour the least saturated is taken, then the darkest. */
function inverseOf(name: FormulaName): Inverse {
  const forward = forwardOf(name), { offsets: [m, n], light: [a, o], channels } = FORMULAS[name];
  const [red, green, blue] = channels, b = red[2], c = blue[0];
  const first = green[0] * green[1], second = green[2] * green[3];
  const known = new Int32Array(2 ** 24); // 0: not yet looked for; else one more, or one less
  const search = (colour: number) => {
    const [R, G, B] = CHANNELS.map((c) => channelOf(colour, c) + 0.5 - o) as [number, number, number];
    const y = (G - first * B / c - second * R / b) / (1 - first / c - second / b); // times a
    const U = byte((B - y) / c + m), V = byte((R - y) / b + n);
    const isCut = CHANNELS.map((c) => channelOf(colour, c) % 255 === 0), whole = isCut.indexOf(false);
    const far = isCut.includes(true) ? AROUND_CUT : AROUND, farLuma = whole < 0 ? AROUND_CUT : AROUND_LUMA;
    let found = -1 - (U | byte(y / a) << 8 | V << 16), least = Infinity;
    for (let u = Math.max(0, U - far); u <= Math.min(255, U + far); u++) {
      for (let v = Math.max(0, V - far); v <= Math.min(255, V + far); v++) {
        const saturation = Math.abs(u - m) + Math.abs(v - n);
        if (saturation >= least) continue;
        const lit = whole < 0 ? y : channelOf(colour, whole) + 0.5 - o - forward.added(whole, u, v);
        const Y = byte(lit / a), last = Math.min(255, Y + farLuma);
        for (let y = Math.max(0, Y - farLuma); y <= last; y++) {
          if (forward.colour(y, u, v) !== colour) continue;
          least = saturation;
          found = u | y << 8 | v << 16;
          break;
        }
      }
    }
    return found;
  };
  return (colour) => {
    const before = known[colour]!;
    if (before) return before > 0 ? before - 1 : before;
    const found = search(colour);
    known[colour] = found < 0 ? found : found + 1;
    return found;
  };
}

/** What is looked at of an image to tell whether it lies on a lattice. */
const LOOKED_AT = 4096, SOON = 256; // pixels
/** Most pixels off the lattice of an image that lies on it: each takes some bytes. */
const OFF = 0.02;
/** An image of fewer colours may lie on a lattice by chance: it counts as others of its set do. */
const ENOUGH = 64;

/** An image's pixels as the network sees them. */
export interface Planes {
  /** Which formula of the lattice; −1: the pixels are as they were. */
  readonly formula: number;
  /** [height, width, 3]: C1, Y, C2 of each pixel, or its colour. */
  readonly pixels: Uint8Array;
}

/** Finds the planes of an image. */
export type PlaneFinder = (pixels: Uint8Array) => Planes;

const colourAt = (pixels: Uint8Array, at: number) =>
  pixels[at]! | pixels[at + 1]! << 8 | pixels[at + 2]! << 16;

/** The share of pixels off a lattice, of those looked at: 1 as soon as there are too many. */
function shareOff(pixels: Uint8Array, inverse: Inverse): number {
  const count = pixels.length / 3, step = Math.max(1, Math.floor(count / LOOKED_AT));
  let seen = 0, off = 0;
  for (let i = 0; i < count; i += step) {
    if (inverse(colourAt(pixels, 3 * i)) < 0) off++;
    seen++;
    if (off > OFF * Math.max(seen, SOON)) return 1;
  }
  return off / seen;
}

/** Whether an image has so many colours that it does not lie on a lattice by chance. */
function isColourful(pixels: Uint8Array): boolean {
  const colours = new Set<number>();
  for (let at = 0; at < pixels.length && colours.size < ENOUGH; at += 3) {
    const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    if (r !== g || g !== b) colours.add(colourAt(pixels, at));
  }
  return colours.size === ENOUGH;
}

/** Opens the inverses of formulas at first use. */
function inverses(names: readonly FormulaName[]): (i: number) => Inverse {
  const opened: Inverse[] = [];
  return (i) => opened[i] ??= inverseOf(names[i]!);
}

/** Of an image, the formula that it has fewest pixels off; −1 where it lies on none. */
function formulaOf(pixels: Uint8Array, count: number, inverse: (i: number) => Inverse): number {
  let found = -1, least = OFF;
  for (let i = 0; i < count; i++) {
    const off = shareOff(pixels, inverse(i));
    if (off < least) [found, least] = [i, off];
  }
  return found;
}

/** Finds the planes of a set's images, all of the same lattice. */
export function planeFinder(lattice: Lattice): PlaneFinder {
  const shares = sharesOf(lattice), inverse = inverses(shares.map(([name]) => name));
  const mostly = isMostly(lattice);
  return (pixels) => {
    const count = isColourful(pixels) ? shares.length : mostly ? 1 : 0;
    const formula = formulaOf(pixels, count, inverse);
    return { formula, pixels: formula < 0 ? pixels : planes(pixels, inverse(formula)) };
  };
}

/** The planes of any image by one formula of a lattice, whether its pixels lie on it or not; −1: as they are. */
export function planesBy(lattice: Lattice, formula: number): PlaneFinder {
  const inverse = inverses(sharesOf(lattice).map(([name]) => name));
  return (pixels) => ({ formula, pixels: formula < 0 ? pixels : planes(pixels, inverse(formula)) });
}

function planes(pixels: Uint8Array, inverse: Inverse): Uint8Array {
  const found = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 3) {
    const source = inverse(colourAt(pixels, at)), packed = source < 0 ? -1 - source : source;
    found[at] = packed;
    found[at + 1] = packed >> 8;
    found[at + 2] = packed >> 16;
  }
  return found;
}

/** Pixels of a set that have to lie on a lattice for it to pay for its code, and share of its images. */
const LEAST = 8192, LEAST_SHARE = 0.05;

/** The lattice of a set's images; undefined where too few of them lie on one. */
export function latticeOf(set: Dataset): Lattice | undefined {
  if (set.channels === 1) return undefined;
  const inverse = inverses(FORMULA_NAMES), counts = FORMULA_NAMES.map(() => 0);
  let pixels = 0, colourful = 0;
  for (const image of images(set)) {
    if (!isColourful(image.pixels)) continue;
    colourful++;
    const formula = formulaOf(image.pixels, FORMULA_NAMES.length, inverse);
    if (formula < 0) continue;
    counts[formula]!++;
    pixels += image.pixels.length / 3;
  }
  const lying = counts.reduce((sum, count) => sum + count, 0);
  if (pixels < LEAST || lying < LEAST_SHARE * colourful) return undefined;
  const shares = FORMULA_NAMES.flatMap((name, i) => {
    const share = Math.max(1, Math.min(255, Math.round(256 * counts[i]! / colourful)));
    return counts[i] ? [[name, share] as const] : [];
  });
  return Object.fromEntries(shares.sort(([, a], [, b]) => b - a));
}

/** A set as the network sees it: the images that lie on the lattice in Y, C1, C2. Yields how many images are done. */
export function* planesOf(set: Dataset, lattice: Lattice | undefined): Generator<number, Dataset> {
  if (!lattice) return set;
  const find = planeFinder(lattice), symbols = new Uint8Array(set.symbols.length);
  let at = 0, done = 0;
  for (const { pixels } of images(set)) {
    symbols.set(find(pixels).pixels, at);
    at += pixels.length;
    yield ++done;
  }
  return { ...set, symbols };
}
