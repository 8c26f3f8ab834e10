/**
 * Linear prediction by normalised least mean squares: a step down the gradient a sample, as long as the inputs' energy
 * is short. It needs few operations an input, and so can look far back.
 */
import { allocate } from "./memory";

@unmanaged
export class Gradient {
  inputs: i32 = 0; // n, a multiple of 8
  rate: f32 = 0;
  energy: f64 = 0; // Σ of the squared inputs
  first: i32 = 0; // where the newest input is
  weights: usize = 0; // f32[n]
  past: usize = 0; // f32[2n]: a ring of n inputs written twice, so that they lie in a row from each place
  said: f32 = 0;
  next: Gradient | null = null; // of a cascade

  /** Of the value that is to come. */
  predict(): f32 {
    const x = this.past + (<usize> this.first << 2), w = this.weights, bytes = <usize> this.inputs << 2;
    let sum = f32x4.splat(0), more = sum; // two, so that neither waits for the other
    for (let i: usize = 0; i < bytes; i += 32) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(w + i), v128.load(x + i)));
      more = f32x4.add(more, f32x4.mul(v128.load(w + i, 16), v128.load(x + i, 16)));
    }
    sum = f32x4.add(sum, more);
    return (this.said = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
      f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
  }

  /** Learns that `value` came; returns what was not predicted of it. */
  learn(value: f32): f32 {
    const n = this.inputs, w = this.weights, bytes = <usize> n << 2;
    const error = value - this.said;
    let x = this.past + (<usize> this.first << 2);
    const step = f32x4.splat(this.rate * error / <f32> (max(this.energy, 0) + 1));
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(w + i, f32x4.add(v128.load(w + i), f32x4.mul(step, v128.load(x + i))));
    }
    this.first = (this.first || n) - 1;
    x = this.past + (<usize> this.first << 2);
    const gone = <f64> load<f32>(x);
    this.energy += <f64> value * <f64> value - gone * gone;
    store<f32>(x, value);
    store<f32>(x + bytes, value);
    return error;
  }
}

/** A predictor from the last `inputs` values whose weights are 0. */
export function openGradient(inputs: i32, rate: f32, next: Gradient | null): Gradient {
  const found = changetype<Gradient>(allocate(offsetof<Gradient>()));
  const bytes = <usize> inputs << 2;
  found.inputs = inputs;
  found.rate = rate;
  found.next = next;
  found.weights = allocate(bytes);
  found.past = allocate(2 * bytes);
  return found;
}
