/** A model of random weights, small enough for tests and for runs that shall not fetch a real one: it knows nothing. */
import type { Rows } from "../../../scripts/laboratory/large_model/layout.ts";
import type { Published } from "../../../scripts/laboratory/large_model/llama.ts";
import type { LlamaSpec } from "../../../lib/decoder/transformer.ts";
import type { Vocabulary } from "../../../scripts/laboratory/large_model/tokenizer.ts";
import type { Random } from "../../../lib/random.ts";

/** The same architecture as SmolLM2, ten million times less to compute. */
const SMALL: LlamaSpec = {
  vocabulary: 264,
  width: 24,
  layers: 2,
  heads: 6,
  keyHeads: 2,
  headWidth: 8,
  inner: 40,
  tied: true,
  base: 10_000,
  epsilon: 1e-5,
};

/** Pairs of tokens that become one. */
const MERGES = ["t h", "th e", "a n", "i n", "e r", "an d", "o n", "r e", "o f", "s t"];

/** Bytes that have a token: those from 245 on have none, and are escaped. */
const SPELLED = 245;

/** Numbers that are drawn, around 0. */
function drawnRows(random: Random, count: number, columns: number, spread: number): Rows {
  const values = Float32Array.from(
    { length: count * columns },
    () => spread * Math.sqrt(3) * (2 * random.uniform() - 1),
  );
  return { count, columns, row: (i, to) => to.set(values.subarray(i * columns, (i + 1) * columns)) };
}

/** A model's parts, with weights drawn from a seeded stream. */
export function randomModel(random: Random, spec: LlamaSpec = SMALL): Published {
  const { vocabulary, width, layers, heads, keyHeads, headWidth, inner, tied } = spec;
  const rows = (count: number, columns: number) =>
    drawnRows(random, count, columns, 1.5 / Math.sqrt(columns));
  const ones = () => Float32Array.from({ length: width }, () => 0.5 + random.uniform());
  const parts = {
    embedding: rows(vocabulary, width),
    layers: Array.from({ length: layers }, () => ({
      attentionNorm: ones(),
      projection: rows((heads + 2 * keyHeads) * headWidth, width),
      joining: rows(width, heads * headWidth),
      innerNorm: ones(),
      gate: rows(2 * inner, width),
      down: rows(width, inner),
    })),
    finalNorm: ones(),
    ...(tied ? {} : { output: rows(vocabulary, width) }),
  };
  return { spec, vocabulary: vocabularyOf(vocabulary), parts };
}

/** One token for most bytes, some for pairs, and others that spell nothing. */
function vocabularyOf(size: number): Vocabulary {
  const texts = ["", ...Array.from({ length: SPELLED }, (_, byte) => String.fromCharCode(byte))];
  const merges = MERGES.map((merge) => {
    const [left = "", right = ""] = merge.split(" "), merged = texts.push(left + right) - 1;
    return [texts.indexOf(left), texts.indexOf(right), merged] as const;
  });
  const spelling = Array.from(
    { length: size },
    (_, i) => Uint8Array.from([...texts[i] ?? ""], (char) => char.charCodeAt(0)),
  );
  return { spelling, merges, none: 0 };
}
