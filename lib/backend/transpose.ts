/** Transposing a matrix in memory. */

/** Rows that are read together: a cache line of one row still serves the following columns. */
const BLOCK = 16;

/** Writes source[rows, columns], which starts at `from`, to target[columns, rows], which starts at `to`. */
export function transpose(
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  rows: number,
  columns: number,
): void {
  for (let first = 0; first < rows; first += BLOCK) {
    const last = Math.min(rows, first + BLOCK);
    for (let column = 0; column < columns; column++) {
      let write = to + column * rows + first;
      for (let row = first; row < last; row++) target[write++] = source[from + row * columns + column]!;
    }
  }
}
