/** A model of the Llama architecture out of a GGUF file. */
import { MdlError } from "../../../lib/errors.ts";
import { type Gguf, readGguf, readRow, type Tensor, type Value } from "./gguf.ts";
import { layOut, type Parts, type Rows, stacked } from "./layout.ts";
import { type LlamaSpec, weightBytes } from "../../../lib/decoder/transformer.ts";
import type { Vocabulary } from "./tokenizer.ts";

/** A model as it is needed to code text. */
export interface LanguageModel {
  readonly spec: LlamaSpec;
  readonly vocabulary: Vocabulary;
  /** Spelling of the tokens, and behind it the weights: what a receiver has. Shared, so that Workers read it in place. */
  readonly memory: Uint8Array<SharedArrayBuffer>;
  /** Where the weights begin in it. */
  readonly weightsAt: number;
}

/** Kinds of tokens: those that steer are never spelled. */
const CONTROL = 3;

/** A model as its file has it. */
export interface Published {
  readonly spec: LlamaSpec;
  readonly vocabulary: Vocabulary;
  readonly parts: Parts;
}

/** @throws {MdlError} `unreadable` for a file of anything else */
export function readLlama(file: Uint8Array): Published {
  const gguf = readGguf(file), spec = specOf(gguf);
  return { spec, vocabulary: vocabularyOf(gguf), parts: partsOf(gguf, spec) };
}

/** A model from its parts; in the memory of another one, which it then is no longer, where there is room. */
export function modelOf({ spec, vocabulary, parts }: Published, other?: LanguageModel): LanguageModel {
  const spelling = spell(vocabulary.spelling), weightsAt = spelling.length;
  const size = weightsAt + weightBytes(spec), there = other && other.memory.buffer.byteLength >= size;
  const memory = new Uint8Array(there ? other.memory.buffer : new SharedArrayBuffer(size), 0, size);
  memory.set(spelling);
  layOut(parts, memory, weightsAt);
  return { spec, vocabulary, memory, weightsAt };
}

/** Lengths and bytes of tokens as the decoder has them. */
function spell(spelling: readonly Uint8Array[]): Uint8Array {
  const lengths = Math.ceil(spelling.length / 4) * 4;
  const bytes = spelling.reduce((sum, { length }) => sum + length, lengths);
  const all = new Uint8Array(Math.ceil(bytes / 4) * 4);
  all.set(spelling.map(({ length }) => length));
  let at = lengths;
  for (const token of spelling) {
    all.set(token, at);
    at += token.length;
  }
  return all;
}

function specOf({ metadata, tensors }: Gguf): LlamaSpec {
  const text = (name: string) => metadata.get(name);
  if (text("general.architecture") !== "llama") refuse("it is no model of the Llama architecture");
  const number = (name: string): number => {
    const value = metadata.get(`llama.${name}`);
    return typeof value === "number" ? value : refuse(`it does not say its ${name}`);
  };
  const width = number("embedding_length"), heads = number("attention.head_count");
  return {
    vocabulary: tensorOf(tensors, "token_embd.weight").rows,
    width,
    layers: number("block_count"),
    heads,
    keyHeads: number("attention.head_count_kv"),
    headWidth: width / heads,
    inner: number("feed_forward_length"),
    tied: !tensors.has("output.weight"),
    base: number("rope.freq_base"),
    epsilon: number("attention.layer_norm_rms_epsilon"),
  };
}

function tensorOf(tensors: Gguf["tensors"], name: string): Tensor {
  return tensors.get(name) ?? refuse(`it has no tensor ${name}`);
}

function partsOf({ tensors }: Gguf, spec: LlamaSpec): Parts {
  const { width, heads, keyHeads, headWidth, inner, layers } = spec;
  const rows = (name: string, count: number, columns: number): Rows => {
    const tensor = tensorOf(tensors, `${name}.weight`);
    if (tensor.rows !== count || tensor.columns !== columns) refuse(`its tensor ${name} has another shape`);
    return { count, columns, row: (i, to) => readRow(tensor, i, to) };
  };
  const vector = (name: string): Float32Array => {
    const values = new Float64Array(width);
    rows(name, 1, width).row(0, values);
    return Float32Array.from(values);
  };
  return {
    embedding: rows("token_embd", spec.vocabulary, width),
    layers: Array.from({ length: layers }, (_, i) => ({
      attentionNorm: vector(`blk.${i}.attn_norm`),
      projection: stacked(
        rows(`blk.${i}.attn_q`, heads * headWidth, width),
        rows(`blk.${i}.attn_k`, keyHeads * headWidth, width),
        rows(`blk.${i}.attn_v`, keyHeads * headWidth, width),
      ),
      joining: rows(`blk.${i}.attn_output`, width, heads * headWidth),
      innerNorm: vector(`blk.${i}.ffn_norm`),
      gate: stacked(
        rows(`blk.${i}.ffn_gate`, inner, width),
        rows(`blk.${i}.ffn_up`, inner, width),
      ),
      down: rows(`blk.${i}.ffn_down`, width, inner),
    })),
    finalNorm: vector("output_norm"),
    ...(spec.tied ? {} : { output: rows("output", spec.vocabulary, width) }),
  };
}

function vocabularyOf({ metadata }: Gguf): Vocabulary {
  const list = <T extends Value>(name: string): readonly T[] => {
    const value = metadata.get(`tokenizer.ggml.${name}`);
    return Array.isArray(value) ? value as readonly T[] : refuse(`it has no list of ${name}`);
  };
  const tokens = list<string>("tokens"), types = list<number>("token_type"), byte = printedBytes();
  const spelling = tokens.map((token, i) =>
    types[i] === CONTROL ? new Uint8Array() : Uint8Array.from([...token], (char) => byte.get(char) ?? 0)
  );
  const number = new Map(tokens.map((token, i) => [token, i]));
  const merges = list<string>("merges").map((merge) => {
    const [left = "", right = ""] = merge.split(" ");
    const found = [left, right, left + right].map((token) =>
      number.get(token) ?? refuse(`it merges ${token}`)
    );
    return found as [number, number, number];
  });
  const none = metadata.get("tokenizer.ggml.unknown_token_id");
  return typeof none === "number"
    ? { spelling, merges, none }
    : refuse("it has no token that stands for none");
}

/** Characters that stand for bytes in the names of tokens: themselves where they can be seen, else from U+0100 on. */
function printedBytes(): ReadonlyMap<string, number> {
  const seen = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let hidden = 256;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(seen(byte) ? byte : hidden++), byte]),
  );
}

function refuse(why: string): never {
  throw new MdlError("unreadable", `The file of a model cannot be used: ${why}.`);
}
