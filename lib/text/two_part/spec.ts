/** A small transformer over the bytes of a text: what it is made of, and how its weights lie one after another. */
import type { Random } from "../../random.ts";
import type { LlamaSpec } from "../../decoder/transformer.ts";

/** Embedding → layers of attention and a gated network, each behind a norm → the embedding once more (tied). */
export interface TransformerSpec {
  /** Tells it from a `ByteSpec`. */
  readonly model: "transformer";
  /** Numbers that stand for a byte in its context: a multiple of 8 · `heads`. */
  readonly width: number;
  /** Each is attention, then the gated network. */
  readonly layers: number;
  /** Heads of attention; each has width / heads numbers, 8 or more. */
  readonly heads: number;
  /** Width of the gated network within a layer, a multiple of 8. */
  readonly inner: number;
  /** Bytes that it sees at once, a multiple of 8. */
  readonly context: number;
  /** Of the weights: a step is 1.2 · 2^(2 − bits) of their root mean square. */
  readonly bits: number;
}

/** Bytes of data from which on a width pays for its weights. */
const WIDTHS: readonly (readonly [from: number, width: number])[] = [[500_000, 48], [150_000, 32], [0, 16]];

/** The transformer for so many bytes, but for what is asked. */
export function transformerFor(
  bytes: number,
  asked: { readonly width?: number | undefined; readonly layers?: number | undefined } = {},
): TransformerSpec {
  const { width = WIDTHS.find(([from]) => bytes >= from)![1], layers = 2 } = asked;
  return {
    model: "transformer",
    width,
    layers,
    heads: 2,
    inner: 8 * Math.round(width / 3),
    context: 64,
    bits: 4,
  };
}

/** A model in a few words. */
export function describeTransformer({ width, layers, bits }: TransformerSpec): string {
  return `a transformer of width ${width}, ${layers} layers, about ${bits} bits a weight`;
}

/** A matrix [rows, columns] in the flat weights. */
export interface Matrix {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  /** Standard deviation before training. */
  readonly deviation: number;
}

/** All matrices in their order: the embedding, then each layer's. `symbols` different bytes occur. */
export function matrices(
  { width, layers, inner }: Pick<TransformerSpec, "width" | "layers" | "inner">,
  symbols: number,
): readonly Matrix[] {
  const into = 1 / Math.sqrt(width), back = 1 / Math.sqrt(2 * layers);
  const shapes: (readonly [string, number, number, number])[] = [["embedding", symbols, width, 0.2]];
  for (let i = 0; i < layers; i++) {
    shapes.push(
      [`${i}.queriesKeysValues`, width, 3 * width, into],
      [`${i}.mix`, width, width, into * back],
      [`${i}.gateUp`, width, 2 * inner, into],
      [`${i}.down`, inner, width, back / Math.sqrt(inner)],
    );
  }
  let offset = 0;
  return shapes.map(([name, rows, columns, deviation]) => {
    const matrix = { name, rows, columns, offset, deviation };
    offset += rows * columns;
    return matrix;
  });
}

export function weightCount(
  spec: Pick<TransformerSpec, "width" | "layers" | "inner">,
  symbols: number,
): number {
  const { offset, rows, columns } = matrices(spec, symbols).at(-1)!;
  return offset + rows * columns;
}

/** Normal weights, f32[weightCount]. */
export function initialWeights(spec: TransformerSpec, symbols: number, { normal }: Random): Float32Array {
  const weights = new Float32Array(weightCount(spec, symbols));
  for (const { rows, columns, offset, deviation } of matrices(spec, symbols)) {
    for (let i = 0; i < rows * columns; i++) weights[offset + i] = deviation * normal();
  }
  return weights;
}

/** FLOP of predicting one byte, matrix products alone; training takes three times as many. */
export function flopPerByte(spec: TransformerSpec, symbols: number): number {
  return 2 * weightCount(spec, symbols) + 4 * spec.layers * spec.width * spec.context;
}

/** What norms add to a mean square. */
export const EPSILON = 1e-5;
/** Pair i of a head turns by BASE^(−2i / depth) a position: the slowest by a radian in about as many bytes as it sees. */
export const BASE = 256;

/**
 * The same for the decoder, which takes any model of this architecture. Its tokens are the symbols and some that are
 * never coded, whose embedding is zero; the first of them stands before every text.
 */
export function llamaOf({ width, layers, heads, inner }: TransformerSpec, symbols: number): LlamaSpec {
  const vocabulary = 8 * (Math.floor(symbols / 8) + 1), headWidth = width / heads;
  const shape = { vocabulary, width, layers, heads, keyHeads: heads, headWidth, inner };
  return { ...shape, tied: true, base: BASE, epsilon: EPSILON };
}
