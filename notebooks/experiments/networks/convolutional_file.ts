/**
 * A set of images as a file of the convolutional autoencoder: the decoder's weights by codebooks, then the codes, both
 * entropy coded. What the file leaves out is the code that runs the network, and tfjs itself: unlike a program of
 * `lib/program/` it is not complete, and since it is decoded in floating point, another backend gives other last digits.
 *
 *     version 1 | coarse, fine, levels, images (varints) | switches | bits | step (f32)
 *     for each layer of the decoder: 2^bits values (f32), bias (f32)
 *     length (varint) and bytes of: weights' indices | coarse codes | fine codes
 */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { sha256 } from "../../../lib/hash.ts";
import { MdlError } from "../../../lib/errors.ts";
import {
  decodeSequence,
  encodeSequence,
  type Sequence,
} from "../../../scripts/laboratory/coding/symbol_code.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import { type Codebook, codebookOf } from "../../../scripts/laboratory/coding/codebook.ts";
import { floatBytes, readFloats } from "../../../scripts/laboratory/coding/numbers.ts";
import {
  codeGrids,
  codeLength,
  type ConvolutionalSpec,
  convolutionLayers,
  convolutionParameters,
  decodeCodes,
  encodeImages,
  layerTensors,
  SIDE,
} from "./convolutional.ts";
import { type Autoencoder, imagesTensor } from "./train_convolutional.ts";
import { taken } from "./weights.ts";

/** Images that go through the network at once. */
const BATCH = 50;

/** Limits of what is read, before memory is taken: channels of a code, codes of all images, levels of one on a side. */
const WIDEST = 256, MOST_CODES = 2 ** 26, MOST_LEVELS = 2 ** 12;

/** Codes of all images before rounding, [images, places, channels]; no fine ones where there is no hierarchy. */
export interface SetCodes {
  readonly coarse: Float32Array;
  readonly fine: Float32Array;
}

/** How exactly weights and codes are written. */
export interface Precision {
  /** Of an index into a layer's codebook, before entropy coding: 1 to 8. */
  readonly bits: number;
  /** Codes are rounded to multiples of it; 1 is what the network was trained for. */
  readonly step: number;
}

/** What a file holds. */
export interface ConvolutionalFile extends Precision {
  readonly spec: ConvolutionalSpec;
  readonly images: number;
  /** The decoder's, f32. */
  readonly weights: Float32Array;
  readonly codes: SetCodes;
}

/** Runs the encoder over a set. */
async function codesOf({ spec, weights }: Autoencoder, set: Dataset): Promise<SetCodes> {
  const images = imagesTensor(set), count = images.shape[0];
  const [coarse, fine] = codeGrids(spec).map(({ places, channels }) =>
    new Float32Array(count * places * channels)
  );
  for (let at = 0; at < count; at += BATCH) {
    const codes = tf.tidy(() => {
      const layers = layerTensors(spec, tf.tensor1d(weights));
      const { coarse, fine } = encodeImages(spec, layers, images.slice([at], [Math.min(BATCH, count - at)]));
      return fine ? [coarse, fine] : [coarse];
    });
    for (const [g, code] of codes.entries()) {
      const all = [coarse!, fine!][g]!;
      all.set(await taken(code), at * all.length / count);
    }
  }
  images.dispose();
  return { coarse: coarse!, fine: fine! };
}

/** Runs the decoder: pixels of `images` images, [images, 32, 32], from its weights and codes. */
export async function pixelsOf(
  { spec, images, weights, codes }: Omit<ConvolutionalFile, keyof Precision>,
): Promise<Uint8Array> {
  const pixels = new Uint8Array(images * SIDE ** 2), grids = codeGrids(spec);
  for (let at = 0; at < images; at += BATCH) {
    const decoded = tf.tidy(() => {
      const count = Math.min(BATCH, images - at);
      const [coarse, fine] = [codes.coarse, codes.fine].map((all, g) => {
        const { side, places, channels } = grids[g]!, size = places * channels;
        return tf.tensor4d(all.subarray(at * size, (at + count) * size), [count, side, side, channels]);
      });
      const layers = layerTensors(spec, tf.tensor1d(weights), "decoder");
      return decodeCodes(spec, layers, { coarse: coarse!, ...(spec.fine ? { fine: fine! } : {}) })
        .mul(255).round().clipByValue(0, 255);
    });
    pixels.set(await taken(decoded), at * SIDE ** 2);
  }
  return pixels;
}

/** The decoder's layers with the place of each kernel and bias in its flat weights. */
function decoderPlaces(spec: ConvolutionalSpec) {
  let at = 0;
  return convolutionLayers(spec).filter(({ side }) => side === "decoder").map(
    ({ shape: [h, w, inputs, outputs] }) => {
      const kernel = at, bias = at + h * w * inputs * outputs;
      at = bias + outputs;
      return { kernel, bias, end: at };
    },
  );
}

/** How the weights' indices are coded: each layer has frequencies of its own. */
function indexSequence(spec: ConvolutionalSpec, bits: number): Sequence & { readonly count: number } {
  const sizes = decoderPlaces(spec).map(({ kernel, bias }) => bias - kernel);
  const owner = Uint8Array.from(sizes.flatMap((size, layer) => Array<number>(size).fill(layer)));
  return { alphabet: 2 ** bits, contexts: sizes.length, context: (i) => owner[i]!, count: owner.length };
}

/** How codes are coded: each channel has frequencies of its own. */
function codeSequence(spec: ConvolutionalSpec, channels: number, step: number): Sequence {
  return { alphabet: 2 * mostOf(spec, step) + 1, contexts: channels, context: (i) => i % channels };
}

const mostOf = ({ levels }: ConvolutionalSpec, step: number) => Math.round(levels / step);

/** The decoder by codebooks of 2^bits values: its bytes, and the weights that they give back. */
function packWeights(
  { spec, weights }: Autoencoder,
  bits: number,
): { bytes: Bytes; weights: Float32Array } {
  const own = weights.slice(convolutionParameters(spec, "encoder")), shared = own.slice();
  const books: Codebook[] = [], tables: Uint8Array[] = [];
  for (const { kernel, bias, end } of decoderPlaces(spec)) {
    const book = codebookOf(own.subarray(kernel, bias), bits);
    book.indices.forEach((k, i) => shared[kernel + i] = book.values[k]!);
    books.push(book);
    tables.push(floatBytes(book.values), floatBytes(own.subarray(bias, end)));
  }
  const coded = encodeSequence(concat(books.map(({ indices }) => indices)), indexSequence(spec, bits));
  return { bytes: concat([...tables, varint(coded.length), coded]), weights: shared };
}

/** Codes rounded to multiples of the step: their bytes, and the codes that they give back. */
function packCodes(
  spec: ConvolutionalSpec,
  codes: SetCodes,
  step: number,
): { bytes: Bytes; codes: SetCodes } {
  const most = mostOf(spec, step), parts: ArrayLike<number>[] = [];
  const [coarse, fine] = codeGrids(spec).map(({ channels }, g) => {
    const whole = (g ? codes.fine : codes.coarse).map((z) =>
      Math.max(-most, Math.min(most, Math.round(z / step)))
    );
    const coded = encodeSequence(whole.map((q) => q + most), codeSequence(spec, channels, step));
    parts.push(varint(coded.length), coded);
    return whole.map((q) => q * step);
  });
  return { bytes: concat(parts), codes: { coarse: coarse!, fine: fine! } };
}

/** The bytes in front of weights and codes. */
function packHeader(spec: ConvolutionalSpec, images: number, { bits, step }: Precision): Bytes {
  const { coarse, fine, levels, shared, attention } = spec;
  return concat([
    [1],
    ...[coarse, fine, levels, images].map(varint),
    [Number(shared) + 2 * Number(attention), bits],
    floatBytes(Float32Array.of(step)),
  ]);
}

/**
 * Reads a file to its last byte.
 *
 * @throws {MdlError} `damaged`
 */
export function readConvolutionalFile(bytes: Uint8Array): ConvolutionalFile {
  const reader = new ByteReader(bytes, "autoencoder");
  if (reader.byte() !== 1) throw reader.damaged("has an unknown version", 0);
  const [coarse, fine, levels, images] = Array.from({ length: 4 }, () => reader.varint());
  const switches = reader.byte(), bits = reader.byte(), step = readFloats(reader, 1)[0]!;
  const spec = {
    coarse: coarse!,
    fine: fine!,
    levels: levels!,
    shared: (switches & 1) > 0,
    attention: (switches & 2) > 0,
  };
  if (switches > 3 || bits < 1 || bits > 8 || !(step > 0) || !(levels! > 0) || !(coarse! > 0)) {
    throw reader.damaged("describes a network that cannot be");
  }
  const codes = images! * codeLength(spec);
  if (coarse! > WIDEST || fine! > WIDEST || codes > MOST_CODES || !(levels! / step <= MOST_LEVELS)) {
    throw reader.damaged("is larger than any that is made");
  }
  const weights = new Float32Array(convolutionParameters(spec, "decoder"));
  const books = decoderPlaces(spec).map((place) => {
    const values = readFloats(reader, 2 ** bits);
    weights.set(readFloats(reader, place.end - place.bias), place.bias);
    return { ...place, values };
  });
  const sequence = indexSequence(spec, bits);
  const indices = decodeSequence(reader.take(reader.varint()), sequence.count, sequence);
  let at = 0;
  for (const { kernel, bias, values } of books) {
    for (let i = kernel; i < bias; i++) weights[i] = values[indices[at++]!]!;
  }
  const most = mostOf(spec, step);
  const [first, second] = codeGrids(spec).map(({ places, channels }) => {
    const part = reader.take(reader.varint());
    const whole = decodeSequence(part, images! * places * channels, codeSequence(spec, channels, step));
    return Float32Array.from(whole, (q) => (q - most) * step);
  });
  reader.close();
  return { spec, images: images!, bits, step, weights, codes: { coarse: first!, fine: second! } };
}

/** A file that was read again, compared with what went into it, and decoded. */
export interface ConvolutionalCoding extends Precision {
  readonly bytes: number;
  /** Of which the decoder's weights, and the codes. */
  readonly weightBytes: number;
  readonly codeBytes: number;
  readonly file: Bytes;
  /** What the file decodes to. */
  readonly decoded: Dataset;
}

/** Precisions that are tried. */
const BITS = [2, 3, 4, 5, 6], STEPS = [0.25, 0.5, 1, 1.5, 2, 3, 6];

/** Least share of a budget that a file uses, if finer steps of its codes can use it: within 0.5 % files are as long. */
const USED = 0.995;

/** Halvings of the range of steps that are tried for it. */
const HALVINGS = 12;

/** Images on which precisions are compared. */
const SAMPLE = 100;

/** A precision, and its mean squared error on a sample of the images. */
export interface Fit extends Precision {
  readonly error: number;
}

/** Makes files of one set with one network. */
export interface ConvolutionalCoder {
  /**
   * A file at that precision, read again and decoded from what was read.
   *
   * @throws {MdlError} `mismatch` when it does not give back weights and codes, bit for bit
   */
  at(precision: Precision): Promise<ConvolutionalCoding>;
  /** The precision that keeps the budget with the smallest error on a sample of the images; undefined where none does. */
  fit(budget: number): Promise<Fit | undefined>;
  /**
   * The file of that precision, its codes in steps so fine that it uses the budget to 0.5 %; undefined where even the
   * coarsest one has more bytes.
   */
  atBytes(budget: number): Promise<ConvolutionalCoding | undefined>;
}

/** Runs the encoder over a set and gets ready to write files of it. */
export async function convolutionalCoder(
  autoencoder: Autoencoder,
  set: Dataset,
): Promise<ConvolutionalCoder> {
  const { spec } = autoencoder, images = set.names.length, codes = await codesOf(autoencoder, set);
  const weightsAt = remembered((bits) => packWeights(autoencoder, bits));
  const codesAt = remembered((step) => packCodes(spec, codes, step));
  const size = (precision: Precision) =>
    packHeader(spec, images, precision).length + weightsAt(precision.bits).bytes.length +
    codesAt(precision.step).bytes.length;
  const at = async (precision: Precision): Promise<ConvolutionalCoding> => {
    const weights = weightsAt(precision.bits), coded = codesAt(precision.step);
    const file = concat([packHeader(spec, images, precision), weights.bytes, coded.bytes]);
    const read = readConvolutionalFile(file);
    if (
      !(same(read.weights, weights.weights) && same(read.codes.coarse, coded.codes.coarse) &&
        same(read.codes.fine, coded.codes.fine))
    ) {
      throw new MdlError("mismatch", "The autoencoder's file does not give weights and codes back.");
    }
    const symbols = await pixelsOf(read);
    const name = `${set.name} (autoencoder, ${file.length} B)`;
    return {
      ...precision,
      bytes: file.length,
      file,
      weightBytes: weights.bytes.length,
      codeBytes: coded.bytes.length,
      decoded: { ...set, name, symbols, sha256: sha256(symbols) },
    };
  };
  /** Mean squared error on evenly spread images. */
  const errorAt = async ({ bits, step }: Precision) => {
    const taken = Math.min(SAMPLE, images), every = Math.floor(images / taken);
    const rounded = codesAt(step).codes, grids = codeGrids(spec);
    const [coarse, fine] = [rounded.coarse, rounded.fine].map((all, g) => {
      const length = grids[g]!.places * grids[g]!.channels, some = new Float32Array(taken * length);
      for (let n = 0; n < taken; n++) {
        some.set(all.subarray(n * every * length, (n * every + 1) * length), n * length);
      }
      return some;
    });
    const sample = { coarse: coarse!, fine: fine! };
    const pixels = await pixelsOf({ spec, images: taken, weights: weightsAt(bits).weights, codes: sample });
    const one = SIDE ** 2;
    const sum = pixels.reduce(
      (sum, v, i) => sum + (v - set.symbols[Math.floor(i / one) * every * one + i % one]!) ** 2,
      0,
    );
    return sum / pixels.length;
  };
  const fit = async (budget: number): Promise<Fit | undefined> => {
    const fitting = BITS.flatMap((bits) => {
      const step = STEPS.find((step) => size({ bits, step }) <= budget);
      return step === undefined ? [] : [{ bits, step }];
    });
    const tried: Fit[] = [];
    for (const precision of fitting) tried.push({ ...precision, error: await errorAt(precision) });
    return tried.sort((a, b) => a.error - b.error)[0];
  };
  const fits = remembered(fit);
  /** The finest step between one that fits and the next finer one that was tried that still keeps the budget. */
  const refined = ({ bits, step }: Precision, budget: number): Precision => {
    let coarse = step, fine = STEPS[STEPS.indexOf(step) - 1] ?? step / 2;
    for (let n = 0; n < HALVINGS && size({ bits, step: coarse }) < USED * budget; n++) {
      const middle = Math.fround((coarse + fine) / 2); // as the file has it
      if (size({ bits, step: middle }) <= budget) coarse = middle;
      else fine = middle;
    }
    return { bits, step: coarse };
  };
  const atBytes = remembered(async (budget) => {
    const found = await fits(budget);
    return found && await at(refined(found, budget));
  });
  return { at, fit: fits, atBytes };
}

const same = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** Computes each value once. */
function remembered<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
}
