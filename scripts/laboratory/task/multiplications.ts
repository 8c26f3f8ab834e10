/** What a smaller model saves in computing: counted, as times depend on kernels and machines. */
import type { Way } from "./tensor_file.ts";
import { rankOf, rowsAndColumns, type Tensor, type Tensors } from "./tensors.ts";

/**
 * Multiplications of a matrix with a vector, in a file that was made in that way: zeros are left out, as kernels may that
 * skip them; two thin matrices are multiplied one after the other; values that are shared, or have fewer bits, are as many
 * as before.
 */
export function multiplications(
  matrix: Pick<Tensor, "shape">,
  { zeros = 0, rank: share = 1 }: Way,
): number {
  const [rows, columns] = rowsAndColumns(matrix), rank = share < 1 ? rankOf(matrix, share) : 0;
  return (1 - zeros) * (rank ? rank * (rows + columns) : rows * columns);
}

/** How often each matrix is multiplied by for one sample; those that are only looked up are not among them. */
export type Uses = Readonly<Record<string, number>>;

/** Multiplications with a model's matrices for one sample. */
export function productsOf(tensors: Tensors, way: Way, uses: Uses): number {
  return Object.entries(uses).reduce(
    (sum, [name, times]) => sum + times * multiplications(tensors[name]!, way),
    0,
  );
}
