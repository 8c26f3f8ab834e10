/** Small language models: what they are made of, and what they cost. */
import type { Initial } from "./weights.ts";

/** How a part of what the network carries is left out while it learns. */
export interface Dropout {
  /** Share that is left out. */
  readonly rate: number;
  /** One mask for all steps of a sequence (Gal & Ghahramani 2016), or a new one at every step. */
  readonly mask: "per sequence" | "per step";
}

/** Embedding → long short-term memory → one logit a character. */
export interface RecurrentSpec {
  readonly kind: "recurrent";
  /** Characters in the alphabet. */
  readonly symbols: number;
  readonly embedding: number;
  readonly hidden: number;
  /** On the embedding, the state that is fed back, and the output; none where left out. */
  readonly dropout?: Dropout;
}

/** Embedding and position → blocks of causal attention and a two-layer network → one logit a character. */
export interface AttentionSpec {
  readonly kind: "attention";
  readonly symbols: number;
  /** A multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Characters that it sees at once. */
  readonly context: number;
}

export type LanguageSpec = RecurrentSpec | AttentionSpec;

/** Width of a block's inner layer, in widths of the model. */
const INNER = 4;

const matrix = (inputs: number, outputs: number, scale = 1): Initial => ({
  shape: [inputs, outputs],
  deviation: scale / Math.sqrt(inputs),
});
const constant = (size: number, value = 0): Initial => ({ shape: [size], value });

/** The weights of a model by name, and what they are before training. */
export function initialWeights(spec: LanguageSpec): Readonly<Record<string, Initial>> {
  return spec.kind === "recurrent" ? recurrentWeights(spec) : attentionWeights(spec);
}

function recurrentWeights({ symbols, embedding, hidden }: RecurrentSpec) {
  return {
    embedding: { shape: [symbols, embedding], deviation: 1 },
    input: matrix(embedding, 4 * hidden),
    recurrent: matrix(hidden, 4 * hidden),
    inputGate: constant(hidden),
    forgetGate: constant(hidden, 1), // remembers until it learns to forget
    candidate: constant(hidden),
    outputGate: constant(hidden),
    output: matrix(hidden, symbols),
    outputBias: constant(symbols),
  };
}

function attentionWeights({ symbols, width, blocks, context }: AttentionSpec) {
  const small = 1 / Math.sqrt(2 * blocks); // so that the sum over all branches keeps its scale
  const norm = (name: string) => ({ [`${name}Gain`]: constant(width, 1), [`${name}Bias`]: constant(width) });
  const block = (i: number): Record<string, Initial> => ({
    ...norm(`${i}.attention`),
    [`${i}.queriesKeysValues`]: matrix(width, 3 * width),
    [`${i}.mix`]: matrix(width, width, small),
    ...norm(`${i}.inner`),
    [`${i}.inner`]: matrix(width, INNER * width),
    [`${i}.innerOffset`]: constant(INNER * width),
    [`${i}.outer`]: matrix(INNER * width, width, small),
  });
  return {
    embedding: { shape: [symbols, width], deviation: 0.3 },
    position: { shape: [context, width], deviation: 0.3 },
    ...Object.assign({}, ...Array.from({ length: blocks }, (_, i) => block(i))) as Record<string, Initial>,
    ...norm("last"),
    output: matrix(width, symbols),
    outputBias: constant(symbols),
  };
}

/** Number of weights. */
export function languageParameters(spec: LanguageSpec): number {
  return Object.values(initialWeights(spec))
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * FLOP of predicting one character, matrix products alone; training takes three times as many. Attention compares each
 * character with the whole window, as it is computed here.
 */
export function languageFlop(spec: LanguageSpec): number {
  const lookedUp = ["embedding", "position"];
  const products = Object.entries(initialWeights(spec)).filter(([name, { shape }]) =>
    shape.length === 2 && !lookedUp.includes(name)
  ).reduce((sum, [, { shape }]) => sum + 2 * shape[0]! * shape[1]!, 0);
  return products + (spec.kind === "attention" ? 4 * spec.blocks * spec.width * spec.context : 0);
}

/** The recurrent model whose number of weights is nearest to that of another one, at the same number of characters. */
export function recurrentLike(other: LanguageSpec, embedding: number): RecurrentSpec {
  const spec = (hidden: number): RecurrentSpec => ({
    kind: "recurrent",
    symbols: other.symbols,
    embedding,
    hidden,
  });
  const target = languageParameters(other),
    off = (hidden: number) => Math.abs(languageParameters(spec(hidden)) - target);
  let hidden = 1;
  while (off(hidden + 1) < off(hidden)) hidden++;
  return spec(hidden);
}
