/**
 * Principal components of a set of images: the linear dimension reduction that keeps most of the variance (article
 * 9.5). Computed in full precision; `pca_file.ts` makes a file of them.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Dataset } from "../../../lib/image/dataset.ts";
import { MdlError } from "../../../lib/errors.ts";

/** The components of a set of `count` images of `size` symbols each. */
export interface Components {
  readonly count: number;
  readonly size: number;
  /** The mean image, f64[size]. */
  readonly mean: Float64Array;
  /** Orthonormal directions, the one of the largest variance first: f64[size] each. */
  readonly basis: readonly Float64Array[];
  /** Root of the sum of the squared coefficients of each, in units of a symbol; falls. */
  readonly strengths: Float64Array;
}

/** The part of a set that has its pixels in images of one size. */
export type Images = Pick<Dataset, "groups" | "channels" | "symbols">;

/** A direction whose strength is below this share of the first one's is rounding error. */
const NOISE = 1e-7;

/**
 * All principal components of a set (at most as many as images or symbols of one), by decomposing the smaller of the two
 * Gram matrices of the centred images. The order of operations is fixed: one machine always gives the same.
 *
 * @throws {MdlError} `unsupported` when the images differ in size; `too-large` above 2,048 of both images and symbols.
 */
export function principalComponents(set: Images): Components {
  const { count, size } = shapeOf(set);
  if (Math.min(count, size) > 2048) {
    const text = `${count} images of ${size} symbols have too many components: take at most 2,048 of either.`;
    throw new MdlError("too-large", text);
  }
  const mean = new Float64Array(size);
  set.symbols.forEach((v, i) => mean[i % size]! += v / count);
  const rows = Array.from({ length: count }, (_, n) => centred(set, n, mean));
  const columns = count <= size ? rows : transposed(rows, size);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram(columns), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const strengthOf = (i: number) => Math.sqrt(Math.max(0, realEigenvalues[i]!));
  const kept = order.filter((i) => strengthOf(i) > NOISE * Math.max(1, strengthOf(order[0]!)));
  const basis = kept.map((i) => {
    const vector = Float64Array.from(eigenvectorMatrix.getColumn(i));
    if (count > size) return vector;
    return combined(rows, vector.map((v) => v / strengthOf(i))); // of the images' Gram matrix
  });
  return { count, size, mean, basis, strengths: Float64Array.from(kept, strengthOf) };
}

/**
 * Coefficients of images of the same size in the first `dimensions` components: f64[images, dimensions].
 *
 * @throws {MdlError} `usage` when an image has another number of symbols.
 */
export function project({ mean, basis, size }: Components, set: Images, dimensions: number): Float64Array {
  const { count, size: own } = shapeOf(set);
  if (own !== size) {
    throw new MdlError("usage", `Components of ${size} symbols cannot take images of ${own}.`);
  }
  const used = basis.slice(0, dimensions), out = new Float64Array(count * used.length);
  for (let n = 0, at = 0; n < count; n++) {
    const row = centred(set, n, mean);
    for (const direction of used) out[at++] = dot(row, direction);
  }
  return out;
}

/** Number of a set's images and symbols of each. */
export function shapeOf(
  { groups, channels, symbols }: Images,
): { readonly count: number; readonly size: number } {
  const [group, ...others] = groups;
  if (!group || others.some(({ height, width }) => height !== group.height || width !== group.width)) {
    const text = "Principal components need images of one size: bring them to one (size).";
    throw new MdlError("unsupported", text);
  }
  const size = group.height * group.width * channels;
  return { count: symbols.length / size, size };
}

function centred({ symbols }: Images, n: number, mean: Float64Array): Float64Array {
  return mean.map((m, d) => symbols[n * mean.length + d]! - m);
}

function transposed(rows: readonly Float64Array[], size: number): Float64Array[] {
  return Array.from({ length: size }, (_, d) => Float64Array.from(rows, (row) => row[d]!));
}

/** The sum of the rows, each times its weight. */
function combined(rows: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(rows[0]!.length);
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n]!, weight = weights[n]!;
    for (let d = 0; d < out.length; d++) out[d]! += weight * row[d]!;
  }
  return out;
}

/** Dot products of all pairs. */
function gram(vectors: readonly Float64Array[]): Matrix {
  const out = new Matrix(vectors.length, vectors.length);
  vectors.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const product = dot(a, vectors[j]!);
      out.set(i, j, product);
      out.set(j, i, product);
    }
  });
  return out;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
