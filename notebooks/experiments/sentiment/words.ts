/** The words that a model knows: they are part of its file, since its numbers mean nothing without them. */
import { ByteReader, concat } from "../../../lib/program/bytes.ts";
import { packedTexts, unpackedTexts } from "../../../scripts/laboratory/coding/packed.ts";
import type { ModelFile } from "../../../scripts/laboratory/task/task.ts";
import { decodeTensors, filesOf, type Way } from "../../../scripts/laboratory/task/tensor_file.ts";
import type { Tensors } from "../../../scripts/laboratory/task/tensors.ts";

/** Words, exclamation and question marks of a text, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+(?:'[a-z]+)*|[!?]/g) ?? [];
}

/** The words that stand in the most texts, in alphabetical order: so they take least space. */
export function vocabularyOf(
  texts: readonly { readonly words: readonly string[] }[],
  most: number,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { words } of texts) {
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, most)
    .map(([word]) => word).sort();
}

/** A model of words: row i of its matrices of words is the i-th word's. */
export interface WordModel {
  readonly words: readonly string[];
  readonly tensors: Tensors;
}

/** The model's files: the words, then the file of the tensors. */
export function wordModelFiles({ words, tensors }: WordModel, ways: readonly Way[]): readonly ModelFile[] {
  const list = packedTexts(words);
  return filesOf(tensors, ways).map((file) => ({ ...file, bytes: concat([list, file.bytes]) }));
}

/** @throws {MdlError} `damaged` */
export function decodeWordModel(file: Uint8Array): WordModel {
  const reader = new ByteReader(file, "model"), words = unpackedTexts(reader);
  return { words, tensors: decodeTensors(reader.take(reader.left)) };
}
