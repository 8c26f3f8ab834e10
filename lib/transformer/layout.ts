/** Weights as the module reads them: int8 rows with a scale each, in blocks of 8 rows and pairs of columns. */
import { type TransformerSpec, weightBytes } from "./spec.ts";

/** Rows of numbers, made one after another: `row` writes the i-th into `to`. */
export interface Rows {
  readonly count: number;
  readonly columns: number;
  row(i: number, to: Float64Array): void;
}

/** The parts of a model, each as what can be read of it. A layer's parts are in the order of memory. */
export interface Parts {
  readonly embedding: Rows;
  readonly layers: readonly {
    readonly attentionNorm: Float32Array;
    /** Queries, keys, values. */
    readonly projection: Rows;
    readonly joining: Rows;
    readonly innerNorm: Float32Array;
    /** Gates, and behind them what they let pass. */
    readonly gate: Rows;
    readonly down: Rows;
  }[];
  readonly finalNorm: Float32Array;
  /** Where it is not the embedding. */
  readonly output?: Rows;
}

/** The largest whole number that a weight becomes. */
const MOST = 127;

/** Writes the parts of a model; returns its weights. */
export function layOut(spec: TransformerSpec, parts: Parts): Uint8Array<ArrayBuffer> {
  const weights = new Uint8Array(weightBytes(spec)), view = new DataView(weights.buffer);
  let at = 0;
  const matrix = (rows: Rows) => at = writeMatrix(rows, view, at);
  const vector = (values: Float32Array) => {
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
    at += 4 * values.length;
  };
  matrix(parts.embedding);
  for (const { attentionNorm, projection, joining, innerNorm, gate, down } of parts.layers) {
    vector(attentionNorm);
    matrix(projection);
    matrix(joining);
    vector(innerNorm);
    matrix(gate);
    matrix(down);
  }
  vector(parts.finalNorm);
  if (parts.output) matrix(parts.output);
  return weights;
}

/** Rows of several matrices with the same columns, one after another. */
export function stacked(...parts: readonly Rows[]): Rows {
  const owners = parts.flatMap((rows) => Array.from({ length: rows.count }, (_, i) => ({ rows, i })));
  return {
    count: owners.length,
    columns: parts[0]!.columns,
    row(index, to) {
      const { rows, i } = owners[index]!;
      rows.row(i, to);
    },
  };
}

/** A matrix [n, k] at `at`: n·k int8, and n scales f32. Returns the address behind it. */
function writeMatrix({ count, columns, row }: Rows, view: DataView, at: number): number {
  const values = new Float64Array(columns), bytes = new Int8Array(view.buffer), scales = at + count * columns;
  for (let i = 0; i < count; i++) {
    row(i, values);
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value));
    const scale = Math.fround(largest / MOST), first = at + (i >> 3) * 8 * columns + 2 * (i & 7);
    for (let k = 0; k < columns; k += 2) {
      const to = first + 8 * k;
      bytes[to] = whole(values[k]!, scale);
      bytes[to + 1] = whole(values[k + 1]!, scale);
    }
    view.setFloat32(scales + 4 * i, scale, true);
  }
  return scales + 4 * count;
}

function whole(value: number, scale: number): number {
  return scale === 0 ? 0 : Math.max(-MOST, Math.min(MOST, Math.round(value / scale)));
}
