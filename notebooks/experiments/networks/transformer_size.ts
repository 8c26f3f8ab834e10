/**
 * How many parameters the models that the article names have (9.1): counted from their architecture, part by part.
 *
 * Sources: Vaswani et al., "Attention Is All You Need" (2017), table 3; Devlin et al., "BERT" (2019), section 3. The exact
 * totals of BERT are those of the published uncased checkpoints without the heads of pre-training.
 */

/** An architecture of transformer layers. */
export interface TransformerShape {
  readonly name: string;
  /** Numbers that stand for a token wherever it goes through the model. */
  readonly width: number;
  /** Hidden units of the feed-forward layers. */
  readonly hidden: number;
  readonly encoderLayers: number;
  /** Decoder layers have a second attention, which looks at the encoder. */
  readonly decoderLayers: number;
  /** Tokens with an embedding; input and output share it. */
  readonly vocabulary: number;
  /** Embeddings of positions and of kinds of sentences that are learnt; sinusoids have none. */
  readonly positions: number;
  /** A layer norm behind the embeddings, and a dense layer ("pooler") on the first token. */
  readonly bert: boolean;
  /** Parameters as the paper gives them, and exactly where a checkpoint is published. */
  readonly published: number;
  readonly exact?: number;
}

const VASWANI = {
  encoderLayers: 6,
  decoderLayers: 6,
  vocabulary: 37_000,
  positions: 0,
  bert: false,
} as const;
const DEVLIN = { decoderLayers: 0, vocabulary: 30_522, positions: 512 + 2, bert: true } as const;

export const TRANSFORMERS: readonly TransformerShape[] = [
  { name: "Transformer base", width: 512, hidden: 2048, ...VASWANI, published: 65e6 },
  { name: "Transformer big", width: 1024, hidden: 4096, ...VASWANI, published: 213e6 },
  {
    name: "BERT base",
    width: 768,
    hidden: 3072,
    encoderLayers: 12,
    ...DEVLIN,
    published: 110e6,
    exact: 109_482_240,
  },
  {
    name: "BERT large",
    width: 1024,
    hidden: 4096,
    encoderLayers: 24,
    ...DEVLIN,
    published: 340e6,
    exact: 335_141_888,
  },
];

/** The parts that parameters are counted by. */
export const TRANSFORMER_PARTS = [
  "embeddings",
  "attention",
  "feed-forward",
  "layer norms",
  "pooler",
] as const;
export type TransformerPart = typeof TRANSFORMER_PARTS[number];

/** Weights and biases of a dense layer. */
const dense = (inputs: number, outputs: number) => (inputs + 1) * outputs;

/** Parameters by part; the number of heads does not matter, as they share the width between them. */
export function transformerParts(shape: TransformerShape): Readonly<Record<TransformerPart, number>> {
  const { width, hidden, encoderLayers, decoderLayers, vocabulary, positions, bert } = shape;
  const layers = encoderLayers + decoderLayers, attentions = layers + decoderLayers;
  const norms = attentions + layers + Number(bert); // one behind each attention and each feed-forward layer
  return {
    "embeddings": (vocabulary + positions) * width,
    "attention": attentions * 4 * dense(width, width), // queries, keys, values, and what comes out
    "feed-forward": layers * (dense(width, hidden) + dense(hidden, width)),
    "layer norms": norms * 2 * width,
    "pooler": bert ? dense(width, width) : 0,
  };
}

/** All parameters. */
export function transformerParameters(shape: TransformerShape): number {
  return Object.values(transformerParts(shape)).reduce((sum, n) => sum + n);
}

/**
 * FLOP of the dense layers for one token (multiply and add count as two): twice their weights. Where there is a decoder,
 * for a token that is read and one that is written, which is chosen by multiplying with all embeddings; otherwise
 * embeddings are looked up only. What attention computes beyond its layers grows with the length of the text and is
 * left out.
 */
export function transformerFlop(shape: TransformerShape): number {
  const { width, hidden, encoderLayers, decoderLayers, vocabulary } = shape;
  const layers = encoderLayers + decoderLayers, attentions = layers + decoderLayers;
  const choice = decoderLayers > 0 ? vocabulary * width : 0;
  return 2 * (attentions * 4 * width ** 2 + layers * 2 * width * hidden + choice);
}
