/** What a smaller model saves in computing: counted, as times depend on kernels and machines. */
import { type Way, wayName } from "./tensor_file.ts";
import { isMatrix, rankOf, rowsAndColumns, type Tensors } from "./tensors.ts";

/** Multiplications of one answer. */
export interface Multiplications {
  /** As the way is named in a task's points. */
  readonly way: string;
  /** By kernels that multiply every number. */
  readonly all: number;
  /** By kernels that skip zeros, if there were such. */
  readonly notZero: number;
}

/**
 * Counts the multiplications that a model's matrices cost in each form: two thin matrices are multiplied one after the
 * other; values that are shared, or have fewer bits, are as many as before.
 *
 * @param uses How often each matrix is multiplied with a vector for one answer, by name; once where left out.
 */
export function multiplications(
  model: Tensors,
  ways: readonly Way[],
  uses: Readonly<Record<string, number>> = {},
): readonly Multiplications[] {
  const matrices = Object.entries(model).filter(([, tensor]) => isMatrix(tensor));
  return ways.map((way) => {
    const all = matrices.reduce((sum, [name, tensor]) => {
      const [rows, columns] = rowsAndColumns(tensor), { rank: share = 1 } = way;
      const rank = share < 1 ? rankOf(tensor, share) : 0;
      return sum + (uses[name] ?? 1) * (rank ? rank * (rows + columns) : rows * columns);
    }, 0);
    return { way: wayName(way), all, notZero: Math.round((1 - (way.zeros ?? 0)) * all) };
  });
}
