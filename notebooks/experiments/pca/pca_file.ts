/**
 * A set of images as a file of principal components, with everything in it that the images are made of again: mean
 * image, basis, coefficients. Where the images are UΣVᵀ, both UΣ and ΣVᵀ are rounded to multiples of one step: then a bit
 * more is worth the same in either. The whole numbers are entropy coded (`integer_code.ts`).
 *
 *     "PCA1", u32 images, u16 height, u16 width, u8 channels, u16 dimensions, f32 step, f32 strength of each dimension,
 *     then the code: the mean in quarters of a symbol, as differences from symbol to symbol; for each dimension its scaled
 *     direction and the coefficient of each image. Little-endian.
 */
import { MOST_SYMBOLS } from "../../../lib/sources/loading.ts";
import { MdlError } from "../../../lib/errors.ts";
import { checkArguments, DATASET, decimal, object, whole } from "../../../lib/options.ts";
import {
  integerDecoder,
  integerEncoder,
  LARGEST_INTEGER,
} from "../../../scripts/laboratory/coding/integer_code.ts";
import { type Components, dot, type Images, shapeOf } from "./pca.ts";

const MAGIC = "PCA1", HEADER = 19;

/** Steps of the mean image in a symbol. */
const MEAN_STEPS = 4;

/** Contexts of the code: the mean, then two for each dimension. */
const MEAN = 0, direction = (k: number) => 1 + 2 * k, coefficient = (k: number) => 2 + 2 * k;

export interface PcaOptions {
  /** Components that are kept; the others are lost. */
  readonly dimensions: number;
  /** Coefficients and scaled directions are rounded to multiples of this. */
  readonly step: number;
}

/** Coefficients of a set's images in its components, f64[images] each: curves are made of many files of one set. */
const known = new WeakMap<Components, { symbols: Images["symbols"]; coefficients: Float64Array[] }>();

/** The coefficients in each of the first components; what was computed for another file of the set is not again. */
function coefficientsOf(set: Images, components: Components, dimensions: number): readonly Float64Array[] {
  const { mean, basis, count, size } = components, { symbols } = set;
  const there = known.get(components), coefficients = there?.symbols === symbols ? there.coefficients : [];
  known.set(components, { symbols, coefficients });
  if (coefficients.length < dimensions) {
    const images = Array.from({ length: count }, (_, n) => mean.map((m, d) => symbols[n * size + d]! - m));
    for (const axis of basis.slice(coefficients.length, dimensions)) {
      coefficients.push(Float64Array.from(images, (image) => dot(image, axis)));
    }
  }
  return coefficients;
}

/**
 * Codes the images of a set in their first components.
 *
 * @param components Of this very set, by `principalComponents`.
 * @throws {MdlError} `usage` for dimensions that are none, or a step so small that the numbers do not fit in 20 bits.
 */
export function encodePca(
  set: Images,
  components: Components,
  options: PcaOptions,
): Uint8Array<ArrayBuffer> {
  checkArguments("encodePca", { set, components, ...options }, { // a point of a curve may be the options
    set: DATASET,
    components: object("components, as principalComponents gives them", "mean", "basis", "strengths"),
    dimensions: whole(0),
    step: decimal(0),
  });
  const { dimensions, step } = options;
  const { mean, basis, strengths, count } = components, { height, width } = set.groups[0]!;
  if (!Number.isInteger(dimensions) || dimensions < 0 || dimensions > basis.length) {
    throw new MdlError("usage", `There are 0 to ${basis.length} dimensions, not ${dimensions}.`);
  }
  if (!(step > 0) || (strengths[0] ?? 0) / step > LARGEST_INTEGER) {
    throw new MdlError("usage", `The step ${step} is none, or too small for this set.`);
  }
  const header = new Uint8Array(HEADER + 4 * dimensions), view = new DataView(header.buffer);
  new TextEncoder().encodeInto(MAGIC, header);
  view.setUint32(4, count, true);
  view.setUint16(8, height, true);
  view.setUint16(10, width, true);
  view.setUint8(12, set.channels);
  view.setUint16(13, dimensions, true);
  view.setFloat32(15, step, true);
  strengths.slice(0, dimensions).forEach((s, k) => view.setFloat32(HEADER + 4 * k, s, true));
  const stored = view.getFloat32(15, true), encoder = integerEncoder();
  mean.reduce((before, m) => {
    const rounded = Math.round(m * MEAN_STEPS);
    encoder.put(rounded - before, MEAN);
    return rounded;
  }, 0);
  const coefficients = coefficientsOf(set, components, dimensions);
  for (let k = 0; k < dimensions; k++) {
    for (const v of basis[k]!) encoder.put(Math.round(v * strengths[k]! / stored), direction(k));
    for (const c of coefficients[k]!) encoder.put(Math.round(c / stored), coefficient(k));
  }
  return concatenated(header, encoder.end());
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/**
 * The images in such a file: mean plus coefficients times directions, rounded to symbols.
 *
 * @throws {MdlError} `unreadable` when the file is none, or its header is cut short; `too-large` when it promises more
 * symbols than MDLab takes; `damaged` when its code cannot be.
 */
export function decodePca(file: Uint8Array): Images {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const dimensions = file.length >= HEADER ? view.getUint16(13, true) : 0;
  if (new TextDecoder().decode(file.subarray(0, 4)) !== MAGIC || file.length < HEADER + 4 * dimensions) {
    throw new MdlError("unreadable", "The file is no complete file of principal components.");
  }
  const count = view.getUint32(4, true),
    channels = view.getUint8(12) as 1 | 3,
    step = view.getFloat32(15, true);
  const groups = [{ count, height: view.getUint16(8, true), width: view.getUint16(10, true) }];
  const { size } = shapeOf({ groups, channels, symbols: new Uint8Array() });
  if (count * size > MOST_SYMBOLS) {
    throw new MdlError(
      "too-large",
      `The file promises ${count} images of ${size} symbols, more than can be decoded.`,
    );
  }
  const next = integerDecoder(file.subarray(HEADER + 4 * dimensions));
  const mean = new Float64Array(size);
  for (let d = 0, sum = 0; d < size; d++) mean[d] = (sum += next(MEAN)) / MEAN_STEPS;
  const values = new Float64Array(count * size), axis = new Float64Array(size); // [count, size], [size]
  for (let n = 0; n < count; n++) values.set(mean, n * size);
  for (let k = 0; k < dimensions; k++) {
    const strength = view.getFloat32(HEADER + 4 * k, true);
    for (let d = 0; d < size; d++) axis[d] = next(direction(k)) * step / strength;
    for (let n = 0; n < count; n++) {
      const c = next(coefficient(k)) * step;
      if (c !== 0) { for (let d = 0; d < size; d++) values[n * size + d]! += c * axis[d]!; }
    }
  }
  return { groups, channels, symbols: new Uint8Array(Uint8ClampedArray.from(values).buffer) };
}
