/**
 * Linear prediction by recursive least squares with forgetting: the covariances of what was seen fade by `memory` a
 * sample, and every few samples the normal equations are solved anew. f64 throughout, in one fixed order.
 *
 * What is predicted is one more column behind the inputs, so that the elimination takes it along.
 */
import { allocate } from "./memory";

@unmanaged
export class LeastSquares {
  inputs: i32 = 0; // n, even
  every: i32 = 0; // samples between two solutions
  memory: f64 = 0; // what is left of the past after one sample
  ridge: f64 = 0; // added to the diagonal
  seen: i32 = 0;
  covariance: usize = 0; // f64[n, n + 2], from the diagonal on
  upper: usize = 0; // f64[n, n + 2], the same after elimination
  weights: usize = 0; // f64[n]

  /** What the weights make of the inputs at `x`. */
  predict(x: usize): f64 {
    return dot(this.weights, x, this.inputs);
  }

  /** Learns that the inputs at `x` stood before `y`. `x` has room for two more. */
  learn(x: usize, y: f64): void {
    const n = <usize> this.inputs << 3, end = n + 16, kept = load<f64>(x + n);
    const old = f64x2.splat(this.memory), share = 1 - this.memory;
    store<f64>(x + n, y);
    for (let i: usize = 0, row = this.covariance; i < n; i += 8, row += end) {
      const xi = f64x2.splat(load<f64>(x + i) * share);
      for (let j = i & ~15; j < end; j += 16) {
        const c = row + j;
        v128.store(c, f64x2.add(f64x2.mul(v128.load(c), old), f64x2.mul(xi, v128.load(x + j))));
      }
    }
    store<f64>(x + n, kept);
    if (++this.seen % this.every == 0) this.solve();
  }

  /** Weights = (covariance + ridge)⁻¹ target. They stay as they are where rounding leaves no positive pivot. */
  solve(): void {
    const n = <usize> this.inputs << 3, end = n + 16, w = this.weights;
    memory.copy(this.upper, this.covariance, <usize> this.inputs * end);
    let row = this.upper;
    for (let k: usize = 0; k < n; k += 8) {
      const pivot = load<f64>(row + k) + this.ridge;
      if (!(pivot > 1e-9)) return;
      const inverse = 1 / pivot;
      store<f64>(row + k, inverse);
      let below = row + end;
      for (let i = k + 8; i < n; i += 8) {
        const f = f64x2.splat(load<f64>(row + i) * inverse);
        for (let j = i & ~15; j < end; j += 16) {
          v128.store(below + j, f64x2.sub(v128.load(below + j), f64x2.mul(f, v128.load(row + j))));
        }
        below += end;
      }
      row += end;
    }
    for (let i = this.inputs - 1; i >= 0; i--) {
      row -= end;
      const at = <usize> i << 3, next = at + 8;
      const rest = load<f64>(row + n) - dot(row + next, w + next, this.inputs - 1 - i);
      store<f64>(w + at, rest * load<f64>(row + at));
    }
  }
}

/** Σ a[i]·b[i] of n f64. */
function dot(a: usize, b: usize, n: i32): f64 {
  let sum = f64x2.splat(0);
  for (; n > 1; n -= 2) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return n ? total + load<f64>(a) * load<f64>(b) : total;
}

/** A predictor of `inputs` inputs whose weights are 0. */
export function openLeastSquares(inputs: i32, every: i32, memory: f64, ridge: f64): LeastSquares {
  const fit = changetype<LeastSquares>(allocate(offsetof<LeastSquares>()));
  const matrix = <usize> inputs * <usize> (inputs + 2) << 3;
  fit.inputs = inputs;
  fit.every = every;
  fit.memory = memory;
  fit.ridge = ridge;
  fit.covariance = allocate(matrix);
  fit.upper = allocate(matrix);
  fit.weights = allocate(<usize> inputs << 3);
  return fit;
}
