/** Models as their numbers: named tensors, and how they are made smaller before they are written. */
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { MdlError } from "../../../lib/errors.ts";

/** Numbers in rows, the last dimension varying fastest. */
export interface Tensor {
  readonly shape: readonly number[];
  /** f32, as many as the product of the shape. */
  readonly values: Float32Array;
}

/** A model: its tensors by name, in a fixed order. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Numbers in a tensor of that shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A matrix has rows and columns; what has fewer dimensions, such as a bias, is left as it is when a model shrinks. */
export const isMatrix = ({ shape }: Pick<Tensor, "shape">): boolean => shape.length > 1;

/** Rows and columns of a tensor seen as a matrix: its last dimension is the columns. */
export function rowsAndColumns({ shape }: Pick<Tensor, "shape">): readonly [number, number] {
  return [sizeOf(shape.slice(0, -1)), shape.at(-1)!];
}

/**
 * The tensor with that share of its numbers, those nearest to 0, set to 0 (magnitude pruning; Han, Mao, Dally 2016).
 *
 * @throws {MdlError} `usage` for a share outside [0, 1)
 */
export function pruned(tensor: Tensor, share: number): Tensor {
  if (!(share >= 0 && share < 1)) {
    throw new MdlError("usage", `A share of numbers to set to 0 is from 0 to 1, not ${share}.`);
  }
  const cut = Math.floor(share * tensor.values.length);
  if (!cut) return tensor;
  const least = tensor.values.map(Math.abs).sort()[cut]!;
  return { ...tensor, values: tensor.values.map((v) => Math.abs(v) < least ? 0 : v) };
}

/** The rank that is that share of a matrix's full one; 0 where two such thin matrices have no fewer numbers than it. */
export function rankOf(tensor: Pick<Tensor, "shape">, share: number): number {
  const [rows, columns] = rowsAndColumns(tensor);
  const rank = Math.max(1, Math.round(share * Math.min(rows, columns)));
  return rank * (rows + columns) < rows * columns ? rank : 0;
}

/** Two thin matrices whose product is nearest to a matrix: f32[rows, rank] and f32[rank, columns]. */
export interface Factors {
  readonly left: Tensor;
  readonly right: Tensor;
}

/**
 * The best approximation of a matrix by two of that rank (Eckart & Young 1936); each takes half of the singular values, so
 * that both have numbers of one size.
 */
export function factorised(tensor: Tensor, rank: number): Factors {
  const [rows, columns] = rowsAndColumns(tensor);
  const matrix = Matrix.from1DArray(rows, columns, tensor.values);
  const parts = new SingularValueDecomposition(matrix, { autoTranspose: true });
  const { leftSingularVectors: u, rightSingularVectors: v, diagonal } = parts;
  const roots = diagonal.slice(0, rank).map(Math.sqrt);
  const left = new Float32Array(rows * rank), right = new Float32Array(rank * columns);
  roots.forEach((root, k) => {
    for (let r = 0; r < rows; r++) left[r * rank + k] = u.get(r, k) * root;
    for (let c = 0; c < columns; c++) right[k * columns + c] = v.get(c, k) * root;
  });
  return { left: { shape: [rows, rank], values: left }, right: { shape: [rank, columns], values: right } };
}

/** left · right as a tensor of that shape, in one fixed order. */
export function productOf({ left, right }: Factors, shape: readonly number[]): Tensor {
  const [rows, rank] = rowsAndColumns(left), columns = right.shape[1]!;
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < rank; k++) {
      const factor = left.values[r * rank + k]!;
      for (let c = 0; c < columns; c++) values[r * columns + c]! += factor * right.values[k * columns + c]!;
    }
  }
  return { shape, values };
}
