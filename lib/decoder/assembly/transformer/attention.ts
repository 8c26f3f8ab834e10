/**
 * Attention with keys and values as int8, each with a step of its own. Keys [positions, headWidth] and values
 * [headWidth, positions] are matrices as `multiply` takes them. Of each window the first positions stay, the others form
 * a ring in which the latest takes the place of the oldest.
 */
import { exp4, sum4 } from "../math";
import { max4, quantise, stepOf, whole8 } from "./activation";
import { most, multiply, vectorAt } from "./matrix";
import { cosines, heads, headWidth, keyHeads, lanes, layers, ring, sines, sinks, take } from "./model";

let keys: usize;
let keySteps: usize;
let values: usize;
let valueSteps: usize;
let queries: usize; // int16, of the heads that share keys
let weights: usize; // int16, of the same
let factors: usize; // steps of either
let scores: usize;
let result: usize; // of those heads
let ones: usize;

/** The largest magnitude of a key's or a value's numbers. */
const BYTE: f32 = 127;

export function openAttention(): void {
  const places = <usize> lanes * layers * keyHeads * ring, group = <usize> (heads / keyHeads + 3) & ~3;
  keys = take(places * headWidth);
  values = take(places * headWidth);
  keySteps = take(places * 4);
  valueSteps = take(places * 4);
  queries = take(group * headWidth * 2);
  weights = take(group * ring * 2);
  factors = take(group * 4);
  scores = take(group * ring * 4);
  result = take(group * headWidth * 4);
  ones = take(<usize> headWidth * 4);
  for (let i = 0; i < headWidth; i++) store<f32>(ones + (i << 2), 1);
}

/** Turns the pairs of n heads by a position's angles. */
function rotate(v: usize, n: i32, position: i32): void {
  const half = headWidth >> 1, from = <usize> position * half << 2;
  for (; n > 0; n--) {
    for (let i = 0; i < half; i++) {
      const c = load<f32>(cosines + from + (i << 2)), s = load<f32>(sines + from + (i << 2));
      const a = load<f32>(v), b = load<f32>(v, 4);
      store<f32>(v, a * c - b * s);
      store<f32>(v, a * s + b * c, 4);
      v += 8;
    }
  }
}

/**
 * One position of a window in one layer: v holds queries, keys and values of all heads; the heads' results take the place
 * of the queries.
 */
export function attend(v: usize, layer: i32, position: i32, lane: i32): void {
  rotate(v, heads + keyHeads, position);
  const place = position < ring ? position : sinks + (position - sinks) % (ring - sinks);
  const known = min(position + 1, ring), head = <usize> headWidth << 2, shared = heads / keyHeads;
  for (let h = 0; h < keyHeads; h++) {
    const from = <usize> ((lane * layers + layer) * keyHeads + h) * ring;
    keep(v + <usize> (heads + h) * head, v + <usize> (heads + keyHeads + h) * head, from, place);
    look(v + <usize> (h * shared) * head, shared, from, known);
  }
}

/** Puts key and value of a position into the ring that begins at place `from` of all. */
function keep(key: usize, value: usize, from: usize, place: i32): void {
  const keyStep = stepOf(key, headWidth, BYTE), valueStep = stepOf(value, headWidth, BYTE);
  store<f32>(keySteps + (from + place << 2), keyStep);
  store<f32>(valueSteps + (from + place << 2), valueStep);
  let k = keys + (from + (place & ~7)) * headWidth + ((place & 7) << 1);
  let x = values + from * headWidth + (<usize> (place >> 1) << 4) + (place & 1);
  const toKey = f32x4.splat(1 / keyStep), toValue = f32x4.splat(1 / valueStep);
  for (let i = 0; i < headWidth; i += 8) {
    const a = whole8(key, toKey), packed = i8x16.narrow_i16x8_s(a, a);
    v128.store_lane<i16>(k, packed, 0);
    v128.store_lane<i16>(k, packed, 1, 16);
    v128.store_lane<i16>(k, packed, 2, 32);
    v128.store_lane<i16>(k, packed, 3, 48);
    k += 64;
    const b = whole8(value, toValue), bytes = i8x16.narrow_i16x8_s(b, b);
    v128.store_lane<i8>(x, bytes, 0);
    v128.store_lane<i8>(x, bytes, 1, 2);
    v128.store_lane<i8>(x, bytes, 2, 4);
    v128.store_lane<i8>(x, bytes, 3, 6);
    v128.store_lane<i8>(x, bytes, 4, 8);
    v128.store_lane<i8>(x, bytes, 5, 10);
    v128.store_lane<i8>(x, bytes, 6, 12);
    v128.store_lane<i8>(x, bytes, 7, 14);
    x += <usize> ring << 3;
    key += 32;
    value += 32;
  }
}

/** What `shared` queries at q find among the places that are known; the results take their place. */
function look(q: usize, shared: i32, from: usize, known: i32): void {
  const length = (known + 7) & ~7, row = <usize> ring << 2, head = <usize> headWidth << 2;
  const scale = <f32> 1 / sqrt<f32>(<f32> headWidth);
  for (let i = 0; i < shared; i++) {
    const step = quantise(q + i * head, headWidth, most(headWidth), vectorAt(queries, i, headWidth));
    store<f32>(factors + (i << 2), step * scale);
  }
  const key = keys + from * headWidth, block = <usize> headWidth << 3;
  multiply(key, block, length, headWidth, keySteps + (from << 2), shared, queries, factors, scores, row);
  for (let i = 0; i < shared; i++) weigh(scores + i * row, i, from, known, length);
  const value = values + from * headWidth, wide = <usize> ring << 3;
  multiply(value, wide, headWidth, length, ones, shared, weights, factors, result, head);
  memory.copy(q, result, shared * head);
}

/** Softmax of scores, times the values' steps, as an int16 vector. */
function weigh(s: usize, i: i32, from: usize, known: i32, length: i32): void {
  for (let t = known; t < length; t++) store<f32>(s + (t << 2), -1e30);
  let m = f32x4.splat(-1e30), sum = f32x4.splat(0);
  const bytes = <usize> length << 2, steps = valueSteps + (from << 2);
  for (let t: usize = 0; t < bytes; t += 16) m = f32x4.max(m, v128.load(s + t));
  const top = f32x4.splat(max4(m));
  for (let t: usize = 0; t < bytes; t += 16) {
    const e = exp4(f32x4.sub(v128.load(s + t), top));
    sum = f32x4.add(sum, e);
    v128.store(s + t, f32x4.mul(e, v128.load(steps + t)));
  }
  for (let t = known; t < length; t++) store<f32>(s + (t << 2), 0);
  const step = quantise(s, length, most(length), vectorAt(weights, i, length));
  store<f32>(factors + (i << 2), step / sum4(sum));
}
