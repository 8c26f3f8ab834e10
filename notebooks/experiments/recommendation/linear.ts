/** Small systems of linear equations with a positive definite matrix. */

/** Adds weight · v · vᵀ to the lower triangle of a matrix, f64[size, size]; v begins at `at`. */
export function addProduct(a: Float64Array, v: ArrayLike<number>, at: number, size: number, weight = 1) {
  for (let i = 0; i < size; i++) {
    const left = weight * v[at + i]!;
    for (let j = 0; j <= i; j++) a[i * size + j]! += left * v[at + j]!;
  }
}

/**
 * Solves A x = b by Cholesky's decomposition, in place: b becomes x, A's lower triangle its factor. `size` rows of
 * A, f64[size, size]; rows of one kind after another, so that nothing is allocated in loops.
 */
export function solve(a: Float64Array, b: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      a[i * size + j] = i === j ? Math.sqrt(sum) : sum / a[j * size + j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * size + k]! * b[k]!;
    b[i] = sum / a[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < size; k++) sum -= a[k * size + i]! * b[k]!;
    b[i] = sum / a[i * size + i]!;
  }
}
