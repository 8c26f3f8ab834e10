/** Weights as the module reads them: int8 rows with a scale each, in blocks of 8 rows and pairs of columns. */

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

/** Writes the parts of a model to `at` in `memory`, which has `weightBytes` there. */
export function layOut(parts: Parts, memory: Uint8Array, from: number): void {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  let at = from;
  const matrix = (rows: Rows) => void (at = writeMatrix(rows, view, at));
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
function writeMatrix(rows: Rows, view: DataView, at: number): number {
  const { count, columns } = rows, scales = at + count * columns;
  const values = new Float64Array(columns),
    bytes = new Int8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let i = 0; i < count; i++) {
    rows.row(i, values);
    let largest = 0;
    for (let k = 0; k < columns; k++) largest = Math.max(largest, Math.abs(values[k]!));
    const scale = Math.fround(largest / MOST), factor = scale === 0 ? 0 : 1 / scale;
    const first = at + (i >> 3) * 8 * columns + 2 * (i & 7);
    for (let k = 0; k < columns; k += 2) {
      bytes[first + 8 * k] = Math.round(values[k]! * factor);
      bytes[first + 8 * k + 1] = Math.round(values[k + 1]! * factor);
    }
    view.setFloat32(scales + 4 * i, scale, true);
  }
  return scales + 4 * count;
}
