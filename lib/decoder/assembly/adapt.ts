/**
 * Weights that follow the image (dynamic evaluation: Krause et al. 2018): after each symbol, all that had a part in it
 * take a small step down the gradient of its code length, and each image begins with the trained ones. Inputs and
 * gradients of every layer are measured by their mean squares so far, so that one rate serves all layers and images.
 */
import { inputs, scale } from "./context";
import { sigmoid4, sum4 } from "./math";
import { end4, FLOOR, share, slope } from "./mixture";
import { blocks, cellSize, features, weights, width } from "./model";
import { hidden, OUTPUTS, outputs, VECTOR } from "./network";

/**
 * How fast the weights of a layer follow, in 50,000ths, found by trial; negative where inputs are linear: shifted by 23
 * bits these are the bits of the least value of an input that counts, far below 0 or next to it.
 */
const INPUT = -3;
const FIRST = 6;
const SECOND = 3;
const OUTPUT = 1;
const UNIT: f32 = 0.00002;
/** Share of the last symbol in a mean square, and the least that one comes to. */
const NEW: f32 = 0.001;
/** Inputs up to this do not count: their products would have no place in an f32, and processors take long over them. */
const TINY: f32 = 1e-9;
/** Behind minus the gradients of what a layer puts out are its steps. */
const STEPS: usize = VECTOR >> 1;

/** Encoder: nothing is coded, and gradients of the weights are added up, those of biases included. */
export let learning: bool;

/** Bytes of all weights: behind them are the trained ones, then the mean squares of each layer, then sums of gradients. */
function total(): usize {
  return <usize> cellSize << 2;
}

/** Takes memory, and the weights as they are as the trained ones. */
export function openAdapting(): void {
  const trained = weights + total();
  memory.copy(trained, weights, total());
  memory.fill(trained + total(), 0x3f, total()); // each is 0.75
}

/** Begins an image. */
export function beginAdapting(): void {
  memory.copy(weights, weights + total(), total());
}

export function setLearning(on: bool): void {
  learning = on;
}

/** What the four mean squares at `p` come to with x. */
function meanSquares4(p: usize, x: v128): v128 {
  const f = v128.load(p), some = f32x4.splat(NEW), x2 = f32x4.add(f32x4.mul(x, x), some);
  return f32x4.add(f, f32x4.mul(some, f32x4.sub(x2, f)));
}

/** Of a layer as `dense` (network.ts) has it: adds W·d to `to`, where an input counted, and moves W. `speed` is as above. */
function adaptLayer(x: usize, n: i32, speed: i32, w: usize, m: i32, d: usize, to: usize): void {
  const row = <usize> m << 2, last = d + row, end = x + (<usize> n << 2);
  let square = w + 2 * total();
  for (let p = d; p < last; p += 16, square += 16) {
    const g = v128.load(p), f = meanSquares4(square, g);
    v128.store(square, f);
    v128.store(p, f32x4.div(g, f32x4.sqrt(f)), STEPS);
  }
  for (; x < end; x += 4, square += 4, to += 4) {
    const y = max(load<f32>(x), reinterpret<f32>(speed << 23));
    const f = f32x4.extract_lane(meanSquares4(square, f32x4.splat(y)), 0);
    store<f32>(square, f);
    if (abs(y) > TINY) {
      if (ENCODE && learning) addGradients(y, d, last, w);
      const step = f32x4.splat(UNIT * abs(<f32> speed) * y / f);
      let dot = i32x4.splat(0);
      for (let p = d; p < last; p += 16, w += 16) {
        const a = v128.load(w);
        dot = f32x4.add(dot, f32x4.mul(a, v128.load(p)));
        v128.store(w, f32x4.add(a, f32x4.mul(step, v128.load(p, STEPS))));
      }
      store<f32>(to, load<f32>(to) + sum4(dot));
    } else w += row;
  }
  if (ENCODE && learning) addGradients(1, d, last, w);
}

/** Adds −y·d, d ending before `last`, to the sums of the gradients by the weights at `w`. */
function addGradients(y: f32, d: usize, last: usize, w: usize): void {
  for (let sum = w + 3 * total(); d < last; d += 16, sum += 16) {
    v128.store(sum, f32x4.sub(v128.load(sum), f32x4.mul(f32x4.splat(y), v128.load(d))));
  }
}

/** Lets the weights follow a symbol, the k-th of its pixel, that `predict` has been asked for. */
export function adapt(k: i32, symbol: i32): void {
  // in place of the outputs, minus the gradient by them, as if values went on above 255; see loss.ts
  const below = outputs, above = below + VECTOR;
  const upper = end4(<f32> symbol + 1), lower = end4(<f32> symbol);
  const su = sigmoid4(upper), sl = symbol ? sigmoid4(lower) : i32x4.splat(0);
  const part = f32x4.sub(su, sl);
  const ratio = f32x4.div(share, f32x4.splat(sum4(f32x4.mul(share, part)) + FLOOR));
  const bu = f32x4.sub(su, f32x4.mul(su, su)), bl = f32x4.sub(sl, f32x4.mul(sl, sl));
  v128.store(below, f32x4.sub(f32x4.mul(ratio, part), share));
  v128.store(below, f32x4.mul(f32x4.mul(ratio, f32x4.sub(bl, bu)), f32x4.mul(slope, f32x4.splat(scale))), 16);
  v128.store(below, f32x4.mul(ratio, f32x4.sub(f32x4.mul(lower, bl), f32x4.mul(upper, bu))), 32);

  const row: usize = width << 2, square = (width + 1) * row;
  memory.fill(above, 0, row);
  let x = hidden + <usize> blocks * 2 * row, w = weights + total() - (width + 1) * (OUTPUTS << 2);
  adaptLayer(x, width, OUTPUT, w, OUTPUTS, below, above);
  for (let l = 0; l < blocks; l++) {
    memory.fill(below, 0, row);
    adaptLayer(x -= row, width, SECOND, w -= square, width, above, below);
    adaptLayer(x -= row, width, FIRST, w -= square, width, below, above);
  }
  adaptLayer(inputs, features, INPUT, weights + k * (features + 1) * row, width, above, below);
}
