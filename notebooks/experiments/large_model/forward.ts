/**
 * The forward pass of a model in f32, for what its matrices are given: the module that codes text shows only what comes
 * out at the end. Windows are independent, and of one length.
 */
import type { Rows } from "../../../scripts/laboratory/large_model/layout.ts";
import type { Published } from "../../../scripts/laboratory/large_model/llama.ts";
import type { Matrices } from "./matrices.ts";

/** The matrices of a layer. */
export const MATRICES = ["projection", "joining", "gate", "down"] as const;

/** A matrix [n, k] and what it is given, [rows, k], before it is multiplied. */
export interface Watched {
  readonly layer: number;
  readonly matrix: typeof MATRICES[number];
  readonly weights: Float32Array;
  readonly inputs: Float32Array;
  readonly columns: number;
}

/** All numbers of a matrix, row by row. */
export function numbersOf({ count, columns, row }: Rows): Float32Array {
  const all = new Float32Array(count * columns), one = new Float64Array(columns);
  for (let i = 0; i < count; i++) {
    row(i, one);
    all.set(one, i * columns);
  }
  return all;
}

/**
 * What stands before the output, [windows × tokens, width], for windows of tokens that are read; a multiple of 4 in all.
 * A generator, so that whoever goes through it may do something between two matrices.
 */
export function* forward(
  { spec, parts }: Pick<Published, "spec" | "parts">,
  windows: readonly ArrayLike<number>[],
  matrices: Matrices,
): Generator<Watched, Float32Array> {
  const { inner, epsilon } = spec, length = windows[0]!.length;
  const x = embedded(parts.embedding, windows), angles = anglesOf(spec, length);
  for (const [layer, part] of parts.layers.entries()) {
    const apply = function* (matrix: typeof MATRICES[number], inputs: Float32Array) {
      const { columns } = part[matrix], weights = numbersOf(part[matrix]);
      yield { layer, matrix, weights, inputs, columns };
      return matrices.multiply(inputs, weights, columns);
    };
    const seen = yield* apply("projection", normalised(x, part.attentionNorm, epsilon));
    add(x, yield* apply("joining", attended(seen, spec, length, angles)));
    const between = yield* apply("gate", normalised(x, part.innerNorm, epsilon));
    add(x, yield* apply("down", passed(between, inner)));
  }
  return normalised(x, parts.finalNorm, epsilon);
}

function embedded(embedding: Rows, windows: readonly ArrayLike<number>[]): Float32Array {
  const { columns } = embedding, row = new Float64Array(columns);
  const tokens = windows.flatMap((window) => Array.from(window));
  const x = new Float32Array(tokens.length * columns);
  tokens.forEach((token, i) => {
    embedding.row(token, row);
    x.set(row, i * columns);
  });
  return x;
}

/** v / √(mean v² + ε) · weights, for each row. */
function normalised(x: Float32Array, weights: Float32Array, epsilon: number): Float32Array {
  const width = weights.length, out = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    let squares = 0;
    for (let i = 0; i < width; i++) squares += x[from + i]! ** 2;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let i = 0; i < width; i++) out[from + i] = x[from + i]! * factor * weights[i]!;
  }
  return out;
}

function add(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}

/** Gates let pass what stands behind them: v · sigmoid(v) · w. */
function passed(y: Float32Array, inner: number): Float32Array {
  const rows = y.length / (2 * inner), out = new Float32Array(rows * inner);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const v = y[2 * inner * row + i]!;
      out[inner * row + i] = v / (1 + Math.exp(-v)) * y[2 * inner * row + inner + i]!;
    }
  }
  return out;
}

/** cos and sin of each position's angles. */
function anglesOf({ headWidth, base }: Published["spec"], length: number): [Float64Array, Float64Array] {
  const half = headWidth / 2;
  const angle = Float64Array.from(
    { length: length * half },
    (_, at) => Math.floor(at / half) * base ** (-2 * (at % half) / headWidth),
  );
  return [angle.map(Math.cos), angle.map(Math.sin)];
}

/** What heads find, [rows, heads · headWidth]: y holds queries, keys and values of each position. */
function attended(
  y: Float32Array,
  { heads, keyHeads, headWidth }: Published["spec"],
  length: number,
  [cosines, sines]: readonly [Float64Array, Float64Array],
): Float32Array {
  const row = (heads + 2 * keyHeads) * headWidth, rows = y.length / row, half = headWidth / 2;
  for (let at = 0; at < rows; at++) {
    for (let pair = 0; pair < (heads + keyHeads) * half; pair++) {
      const from = at * row + 2 * pair, turn = at % length * half + pair % half;
      const a = y[from]!, b = y[from + 1]!, c = cosines[turn]!, s = sines[turn]!;
      y[from] = a * c - b * s;
      y[from + 1] = a * s + b * c;
    }
  }
  const out = new Float32Array(rows * heads * headWidth), scores = new Float64Array(length);
  for (let at = 0; at < rows; at++) {
    const first = at - at % length;
    for (let head = 0; head < heads; head++) {
      const shared = Math.floor(head * keyHeads / heads), query = at * row + head * headWidth;
      const keys = (heads + shared) * headWidth, values = keys + keyHeads * headWidth;
      let most = -Infinity, sum = 0;
      for (let t = first; t <= at; t++) {
        let product = 0;
        for (let i = 0, key = t * row + keys; i < headWidth; i++) product += y[query + i]! * y[key + i]!;
        most = Math.max(most, scores[t - first] = product / Math.sqrt(headWidth));
      }
      for (let t = 0; t <= at - first; t++) sum += scores[t] = Math.exp(scores[t]! - most);
      const to = (at * heads + head) * headWidth;
      for (let t = first; t <= at; t++) {
        const share = scores[t - first]! / sum, value = t * row + values;
        for (let i = 0; i < headWidth; i++) out[to + i]! += share * y[value + i]!;
      }
    }
  }
  return out;
}
