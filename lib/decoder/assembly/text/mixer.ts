/**
 * Logistic mixing in two layers. Each of seven sets of weights, chosen by a context of its own, adds the inputs up to a
 * stretched probability; a second layer adds up those seven. Weights go down the gradient of the code length.
 */
import { sigmoid, sigmoid4, sum4 } from "../math";
import { allocate, rate } from "./block";

/**
 * Inputs; those that nobody sets are always 0, and of the last one its weight's place has the number of decisions that
 * the set has seen.
 */
const INPUTS = 48;
const ROW: usize = INPUTS << 2;
const COUNT: usize = ROW - 4;
const SETS = 7;

/** f32[INPUTS] */
export let inputs: usize;
let weights: usize;
let total: i32; // sets of weights in all
let final: usize; // f32[256][8], weights of the second layer
let chosen: usize; // u32[SETS], addresses of the weights in use
let finalChosen: usize;
let mixed: usize; // f32[8], stretched probabilities of the sets
let single: usize; // f32[8], their probabilities

/** The second layer's stretched probability of a 1, and the probability. */
export let logit: f32;
export let probability: f32;

/**
 * Of the first layer: the rate at first, and after how many decisions of a set it is halfway to the final one. Found by
 * trial: half or twice the rate costs 0.19 or 0.03 % of 400,000 bytes of a novel, half or twice the decisions 0.09 or
 * −0.03 %.
 */
const FIRST_RATE: f32 = 0.05, HALFWAY: f32 = 100;
/** Of the second: half or twice costs 0.02 or 0.05 % of these. */
const FINAL_RATE: f32 = 0.0007;

/** Of logits: e^−12 is less than the least share of the coder, 1 of 65,536. */
const LIMIT: f32 = 12;

export function allocateMixer(sets: i32): void {
  total = sets;
  inputs = allocate(ROW);
  weights = allocate(sets * ROW);
  final = allocate(256 << 5);
  chosen = allocate(32);
  mixed = allocate(32);
  single = allocate(32);
}

/** `paired` inputs come in pairs, of which the first one counts at the beginning; then come others. */
export function openMixer(paired: i32): void {
  for (let s = 0; s < total; s++) {
    const w = weights + s * ROW;
    for (let i = 0; i < INPUTS - 1; i++) {
      store<f32>(w + (i << 2), i >= paired ? 0.1 : i & 1 ? 0.05 : 0.18);
    }
  }
  for (let i = 0; i < 256 * 8; i++) store<f32>(final + (i << 2), 1 / <f32> SETS);
}

/** Chooses, for set k, weights number `n` of all. */
export function choose(k: i32, n: i32): void {
  store<u32>(chosen + (k << 2), weights + n * ROW);
}

/** Mixes the inputs; `context` chooses the second layer's weights. */
export function mix(context: i32): void {
  for (let k = 0; k < SETS; k++) {
    const w: usize = load<u32>(chosen + (k << 2));
    let a = i64x2(0, 0), b = i64x2(0, 0);
    for (let i: usize = 0; i < ROW; i += 32) {
      a = f32x4.add(a, f32x4.mul(v128.load(w + i), v128.load(inputs + i)));
      b = f32x4.add(b, f32x4.mul(v128.load(w + i, 16), v128.load(inputs + i, 16)));
    }
    store<f32>(mixed + (k << 2), sum4(f32x4.add(a, b)));
  }
  const limit = f32x4.splat(LIMIT), least = f32x4.splat(-LIMIT);
  const a = f32x4.max(f32x4.min(v128.load(mixed), limit), least),
    b = f32x4.max(f32x4.min(v128.load(mixed, 16), limit), least);
  v128.store(mixed, a);
  v128.store(mixed, b, 16);
  v128.store(single, sigmoid4(a));
  v128.store(single, sigmoid4(b), 16);
  finalChosen = final + (context << 5);
  logit = sum4(
    f32x4.add(f32x4.mul(a, v128.load(finalChosen)), f32x4.mul(b, v128.load(finalChosen, 16))),
  );
  logit = max(min(logit, LIMIT), -LIMIT);
  probability = sigmoid(logit);
}

export function updateMixer(bit: i32): void {
  const lowest = <f32> rate(0) * (<f32> 1 / 16384);
  for (let k = 0; k < SETS; k++) {
    const w: usize = load<u32>(chosen + (k << 2)), seen = load<f32>(w + COUNT) + 1;
    const speed = lowest + (FIRST_RATE - lowest) * HALFWAY / (HALFWAY + seen);
    const e = f32x4.splat((<f32> bit - load<f32>(single + (k << 2))) * speed);
    for (let i: usize = 0; i < ROW; i += 16) {
      v128.store(w + i, f32x4.add(v128.load(w + i), f32x4.mul(e, v128.load(inputs + i))));
    }
    store<f32>(w + COUNT, min(seen, 65535));
  }
  const e = f32x4.splat((<f32> bit - probability) * FINAL_RATE);
  v128.store(finalChosen, f32x4.add(v128.load(finalChosen), f32x4.mul(e, v128.load(mixed))));
  const w = f32x4.add(v128.load(finalChosen, 16), f32x4.mul(e, v128.load(mixed, 16)));
  v128.store(finalChosen, w, 16);
}
