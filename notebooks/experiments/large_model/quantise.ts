/**
 * Weights in fewer bits: rounded in groups to evenly spaced values, or to a codebook that a whole matrix shares. What
 * comes out is numbers again, and the bytes that they would take.
 */
import type { Parts, Rows } from "../../../scripts/laboratory/large_model/layout.ts";
import type { Published } from "../../../scripts/laboratory/large_model/llama.ts";

/** How weights become fewer bits. */
export interface Quantisation {
  /** `even`: 2^bits evenly spaced values between a group's least and largest; `codebook`: 2^bits values that all share. */
  readonly kind: "even" | "codebook";
  readonly bits: number;
}

/** Weights that share a scale. */
export const GROUP = 32;

/** Bits of a group besides its weights: where its values begin, and how far they reach. */
const SIDE = 32;

/** Numbers of a sample by which a codebook is made, and rounds of Lloyd's algorithm. */
const SAMPLE = 2 ** 15, ROUNDS = 24;

/** Steps of the table by which a number finds its value. */
const STEPS = 2 ** 11;

/** A model with other weights, and the bytes of a file with them; norms stay f32. */
export interface Variant extends Published {
  readonly bytes: number;
}

/** A model's layers and embedding in fewer bits each; `layers` keeps the first and last of them, so many in all. */
export function quantised(
  { spec, vocabulary, parts }: Published,
  inner: Quantisation,
  embedding: Quantisation,
  layers: number = spec.layers,
): Variant {
  let bits = 0;
  const shrink = (rows: Rows, by: Quantisation): Rows => {
    bits += rows.count * rows.columns * (by.bits + SIDE / GROUP);
    if (by.kind === "codebook") bits += 16 * 2 ** by.bits;
    return by.kind === "even" ? even(rows, by.bits) : shared(rows, by.bits);
  };
  const kept = parts.layers.filter((_, i) => i < layers / 2 || i >= spec.layers - Math.floor(layers / 2));
  const small: Parts = {
    ...parts,
    embedding: shrink(parts.embedding, embedding),
    layers: kept.map(({ attentionNorm, projection, joining, innerNorm, gate, down }) => ({
      attentionNorm,
      projection: shrink(projection, inner),
      joining: shrink(joining, inner),
      innerNorm,
      gate: shrink(gate, inner),
      down: shrink(down, inner),
    })),
  };
  const norms = 4 * spec.width * (2 * kept.length + 1);
  return {
    spec: { ...spec, layers: kept.length },
    vocabulary,
    parts: small,
    bytes: Math.ceil(bits / 8) + norms,
  };
}

/** Each group of a row changed in place; the last group of a row may be shorter. */
function byGroups(rows: Rows, change: (values: Float64Array) => void): Rows {
  const { count, columns } = rows;
  return {
    count,
    columns,
    row(i, to) {
      rows.row(i, to);
      for (let k = 0; k < columns; k += GROUP) change(to.subarray(k, k + GROUP));
    },
  };
}

/** As numbers of 16 bits would be: 11 bits of fraction. */
function half(x: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10);
  return Math.round(x / unit) * unit;
}

function even(rows: Rows, bits: number): Rows {
  const most = 2 ** bits - 1;
  return byGroups(rows, (values) => {
    const [least, reach] = lineOf(values), from = half(least);
    const step = half((least + reach - from) / most) || 1;
    for (let i = 0; i < values.length; i++) {
      values[i] = from + step * Math.max(0, Math.min(most, Math.round((values[i]! - from) / step)));
    }
  });
}

/**
 * The numbers of a group, of which the least is taken for 0 and the largest for 1, find the nearest value of the
 * codebook; then the group's line is fitted to them (least squares), and they look once more.
 */
function shared(rows: Rows, bits: number): Rows {
  const codebook = codebookOf(rows, 2 ** bits), nearest = tableOf(codebook);
  const found = new Float64Array(GROUP);
  return byGroups(rows, (values) => {
    let [from, reach] = lineOf(values);
    if (reach === 0) return;
    for (let round = 0; round < 3; round++) {
      let codes = 0, numbers = 0, square = 0, product = 0;
      for (let i = 0; i < values.length; i++) {
        const x = Math.max(0, Math.min(1, (values[i]! - from) / reach));
        const value = found[i] = codebook[nearest[Math.round(x * STEPS)]!]!;
        codes += value;
        numbers += values[i]!;
        square += value * value;
        product += value * values[i]!;
      }
      const n = values.length, slope = (n * product - codes * numbers) / (n * square - codes * codes);
      if (!(slope > 0) || slope === Infinity) break;
      reach = half(slope);
      from = half((numbers - reach * codes) / n);
    }
    for (let i = 0; i < values.length; i++) values[i] = from + reach * found[i]!;
  });
}

/** A group's least number, and how far it is to the largest. */
function lineOf(values: Float64Array): [from: number, reach: number] {
  let least = Infinity, largest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return [least, largest - least];
}

/** Numbers in ascending order, and how much each counts. */
interface Sample {
  readonly sorted: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Some of a matrix's numbers, each as a share of the way from its group's least to its largest. All count alike; or, as
 * `columns` says how much each column does, so much times the square of that way.
 */
function sampleOf(rows: Rows, columns?: ArrayLike<number>): Sample {
  const { count, columns: width } = rows, some = Math.max(1, Math.min(count, Math.floor(SAMPLE / width)));
  const all = new Float64Array(some * width), row = new Float64Array(width);
  const weights = new Float64Array(some * width).fill(1);
  for (let i = 0; i < some; i++) {
    rows.row(Math.floor(i * count / some), row);
    for (let k = 0; k < width; k += GROUP) {
      const group = row.subarray(k, k + GROUP), [from, reach] = lineOf(group);
      for (let j = 0; j < group.length; j++) {
        all[i * width + k + j] = (group[j]! - from) / (reach || 1);
        if (columns) weights[i * width + k + j] = columns[k + j]! * reach ** 2;
      }
    }
  }
  const order = Uint32Array.from(all, (_, i) => i).sort((a, b) => all[a]! - all[b]!);
  return {
    sorted: Float64Array.from(order, (i) => all[i]!),
    weights: Float64Array.from(order, (i) => weights[i]!),
  };
}

/** Values from 0 to 1, ascending, for a matrix: each is the mean of the numbers nearest to it (Lloyd 1982). */
export function codebookOf(rows: Rows, size: number, columns?: ArrayLike<number>): Float64Array {
  const { sorted, weights } = sampleOf(rows, columns);
  const values = Float64Array.from({ length: size }, (_, i) => {
    return sorted[Math.min(sorted.length - 1, Math.floor((i + 0.5) * sorted.length / size))]!;
  });
  for (let round = 0; round < ROUNDS; round++) {
    let at = 0;
    for (let i = 0; i < size; i++) {
      const end = i + 1 < size ? (values[i]! + values[i + 1]!) / 2 : Infinity;
      let sum = 0, all = 0;
      for (; at < sorted.length && sorted[at]! <= end; at++) {
        sum += weights[at]! * sorted[at]!;
        all += weights[at]!;
      }
      if (all > 0) values[i] = sum / all;
    }
  }
  return values;
}

/** The index of the nearest value for numbers from 0 to 1. */
function tableOf(codebook: Float64Array): Uint8Array {
  const table = new Uint8Array(STEPS + 1);
  let best = 0;
  for (let i = 0; i <= STEPS; i++) {
    const x = i / STEPS;
    while (best + 1 < codebook.length && Math.abs(codebook[best + 1]! - x) <= Math.abs(codebook[best]! - x)) {
      best++;
    }
    table[i] = best;
  }
  return table;
}
