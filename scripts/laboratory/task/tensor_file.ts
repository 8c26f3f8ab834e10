/**
 * A model as a file: everything that its numbers are made of again, and nothing else. Matrices may share their numbers
 * (codebooks, entropy coded), have zeros, or be written as two thin ones (Deep Compression; Han, Mao, Dally 2016).
 *
 *     version 1 | number of tensors (varint) | for each: length and letters of its name | dimensions | shape (varints)
 *     for each: rank (varint, 0 for one that is written whole) | its numbers, or those of left and right (../coding/numbers.ts)
 */
import { decodeNumbers, encodeNumbers } from "../coding/numbers.ts";
import { ByteReader, type Bytes, concat, varint } from "../../../lib/program/bytes.ts";
import type { ModelFile } from "./task.ts";
import {
  factorised,
  isMatrix,
  productOf,
  pruned,
  rankOf,
  rowsAndColumns,
  sizeOf,
  type Tensor,
  type Tensors,
} from "./tensors.ts";

/** How a model is made smaller; all mechanisms are left out by default. */
export interface Way {
  /** Share of each matrix's numbers that become 0, those nearest to it: 0 to 1. */
  readonly zeros?: number;
  /** Share of each matrix's full rank that is kept: 0 to 1. Matrices that two thin ones do not make shorter stay whole. */
  readonly rank?: number;
  /** The numbers of each matrix share 2^bits values: 1 to 8. Left out, they are written as they are, 32 bits each. */
  readonly bits?: number;
}

/** Sharing alone, from much to little; zeros and low rank with it. */
export const WAYS: readonly Way[] = [
  {},
  ...[8, 6, 5, 4, 3, 2, 1].map((bits) => ({ bits })),
  ...[0.5, 0.7, 0.8, 0.9, 0.95].map((zeros) => ({ zeros, bits: 4 })),
  ...[0.5, 0.25, 0.125].map((rank) => ({ rank, bits: 5 })),
];

/** Which mechanism a way stands for. */
export function mechanismOf({ zeros, rank, bits }: Way): string {
  if (zeros) return "zeros and codebooks";
  if (rank) return "low rank and codebooks";
  return bits ? "codebooks" : "as trained";
}

/** A way in words. */
export function wayName({ zeros, rank, bits }: Way): string {
  const parts = [
    zeros ? `${Math.round(100 * zeros)} % zeros` : "",
    rank ? `rank ${Number((100 * rank).toFixed(1))} %` : "",
    bits ? `${2 ** bits} values` : "f32",
  ];
  return parts.filter(Boolean).join(", ");
}

/** Limits of what is read, before memory is taken. */
const MOST_TENSORS = 4096, MOST_DIMENSIONS = 8, MOST_NUMBERS = 2 ** 28;

/**
 * A model's file.
 *
 * @param way One for all tensors, or each one's by its name.
 * @throws {MdlError} `usage` for a way that is none
 */
export function encodeTensors(tensors: Tensors, way: Way | ((name: string) => Way)): Bytes {
  const names = Object.keys(tensors), wayOf = typeof way === "function" ? way : () => way;
  return concat([
    [1],
    varint(names.length),
    ...names.flatMap((name) => {
      const letters = new TextEncoder().encode(name), { shape } = tensors[name]!;
      return [varint(letters.length), letters, varint(shape.length), ...shape.map(varint)];
    }),
    ...Object.entries(tensors).flatMap(([name, tensor]) => written(tensor, wayOf(name))),
  ]);
}

/** The rank, then the tensor or its two factors. */
function written(tensor: Tensor, way: Way): ArrayLike<number>[] {
  if (!isMatrix(tensor)) return [varint(0), ...encodeNumbers(tensor.values, 0)];
  const { zeros = 0, rank = 1, bits = 0 } = way, kept = rank < 1 ? rankOf(tensor, rank) : 0;
  const parts = kept ? Object.values(factorised(tensor, kept)) : [tensor];
  return [varint(kept), ...parts.flatMap((part) => encodeNumbers(pruned(part, zeros).values, bits))];
}

/**
 * The model that a file is of.
 *
 * @throws {MdlError} `damaged`
 */
export function decodeTensors(file: Uint8Array): Tensors {
  const reader = new ByteReader(file, "model");
  if (reader.byte() !== 1) throw reader.damaged("has an unknown version", 0);
  const count = reader.varint();
  if (count > MOST_TENSORS) throw reader.damaged("has more tensors than any that is made");
  let left = MOST_NUMBERS;
  const heads = Array.from({ length: count }, () => {
    const name = new TextDecoder().decode(reader.take(reader.varint())), dimensions = reader.varint();
    if (dimensions > MOST_DIMENSIONS) throw reader.damaged("has more dimensions than any that is made");
    const shape = Array.from({ length: dimensions }, () => reader.varint());
    if ((left -= sizeOf(shape)) < 0) throw reader.damaged("is larger than any that is made");
    return { name, shape };
  });
  const tensors = heads.map(({ name, shape }) => [name, read(reader, shape)] as const);
  reader.close();
  return Object.fromEntries(tensors);
}

function read(reader: ByteReader, shape: readonly number[]): Tensor {
  const rank = reader.varint();
  if (!rank) return { shape, values: decodeNumbers(reader, sizeOf(shape)) };
  const [rows, columns] = rowsAndColumns({ shape });
  if (rank > Math.min(rows, columns)) throw reader.damaged("has a rank that cannot be");
  const left = { shape: [rows, rank], values: decodeNumbers(reader, rows * rank) };
  return productOf(
    { left, right: { shape: [rank, columns], values: decodeNumbers(reader, rank * columns) } },
    shape,
  );
}

/** What a model is when it has been written in a way, and read again. */
export const shrunk = (tensors: Tensors, way: Way): Tensors => decodeTensors(encodeTensors(tensors, way));

/** A model's files, one a way, as a task has them. */
export function filesOf(tensors: Tensors, ways: readonly Way[] = WAYS): readonly ModelFile[] {
  return ways.map((way) => ({
    way: wayName(way),
    family: mechanismOf(way),
    bytes: encodeTensors(tensors, way),
  }));
}
