/**
 * One binary decision, and what all earlier ones say of it (logistic mixing as in PAQ; Mahoney 2005). The caller names
 * contexts by their hashes; every context remembers, for every node of the symbol's tree, how often the decision was 1.
 * Three sets of weights, each picked by a selector of the caller's, mix what they say; a last set mixes the three.
 */
import { exp4, log, sum4 } from "../math";
import { code, learning } from "../range_coder";
import { divisor } from "../text/temperature";
import { allocate, parameter } from "./memory";

/** Contexts of a decision at most, and floats of a set of weights: two for each context, a constant, how often it learned. */
const CONTEXTS: i32 = 17;
const STRIDE: i32 = 36;
/** Sets of weights in all, and of those that mix mixtures. */
const SETS: i32 = 8192;
/** How fast weights learn in the end, and how much faster at first. */
const RATE: f32 = 0.006;
const EARLY: f32 = 0.1;
/** How many decisions a context's memory spans. */
const SPAN: u32 = 120;

let slots: usize; // of each context and node: f32 P(1), u16 decisions seen, u16 check
let mask: u32;
let hashes: usize; // u32[CONTEXTS]
let seen: usize; // u32[CONTEXTS], addresses of the slots
let inputs: usize; // f32[STRIDE]
let weights: usize; // f32[SETS][STRIDE]
let last: usize; // f32[SETS][4]
let stretches: usize; // f32[4097]
let count: i32; // contexts

/** Reserves its memory: the slots, and about 1.4 MB. */
export function openMix(): void {
  mask = (1 << parameter(3)) - 1;
  slots = allocate((<usize> mask + 1) << 3);
  hashes = allocate(CONTEXTS << 2);
  seen = allocate(CONTEXTS << 2);
  inputs = allocate(STRIDE << 2);
  weights = allocate((SETS * STRIDE) << 2);
  last = allocate(SETS << 4);
  stretches = allocate(4097 << 2);
  for (let i = 0; i < 4097; i++) {
    const p: f32 = (max(<f32> i, 0.5) - (i == 4096 ? <f32> 0.5 : 0)) / 4096;
    store<f32>(stretches + (i << 2), log(p / (1 - p)));
  }
  for (let i = 0; i < SETS * STRIDE; i++) {
    store<f32>(weights + (i << 2), i % STRIDE < STRIDE - 2 ? (i & 1 ? 0.05 : 0.15) : 0);
  }
  for (let i = 0; i < SETS << 2; i++) store<f32>(last + (i << 2), i % 4 < 3 ? 0.333 : 0);
}

/** A hash of two numbers. */
export function hash(a: u32, b: u32): u32 {
  let h = (a ^ (b + 0x7f4a7c15 + (a << 6) + (a >> 2))) * 0x9e3779b1;
  h = (h ^ (h >> 15)) * 0x85ebca77;
  return h ^ (h >> 13);
}

/** Forgets the contexts of the last symbol. */
export function clear(): void {
  count = 0;
}

/** Adds a context. */
export function context(h: u32): void {
  store<u32>(hashes + (count << 2), hash(h, count));
  count++;
}

function squash(x: f32): f32 {
  return 1 / (1 + f32x4.extract_lane(exp4(f32x4.splat(-x)), 0));
}

/** The slot of a context at a node: its own or its neighbour's place, whichever has it, else the less used of both. */
function slotOf(h: u32): usize {
  const check = h >> 16;
  const a = slots + ((h & mask) << 3), b = a ^ 8;
  if (load<u16>(a, 6) == check) return a;
  if (load<u16>(b, 6) == check) return b;
  const worse = load<u16>(a, 4) <= load<u16>(b, 4) ? a : b;
  store<f32>(worse, 0.5);
  store<u32>(worse, check << 16, 4);
  return worse;
}

function dot(w: usize): f32 {
  let sum = f32x4.mul(v128.load(w), v128.load(inputs));
  for (let i = 16; i < STRIDE << 2; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(w + i), v128.load(inputs + i)));
  }
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3);
}

function learn(w: usize, error: f32): void {
  const times = load<f32>(w, (STRIDE - 1) << 2) + 1;
  const step = f32x4.splat(error * (RATE + EARLY / (1 + times * <f32> 0.05)));
  for (let i = 0; i < STRIDE << 2; i += 16) {
    v128.store(w + i, f32x4.add(v128.load(w + i), f32x4.mul(step, v128.load(inputs + i))));
  }
  store<f32>(w, times, (STRIDE - 1) << 2);
}

/** Codes a decision at a node of the symbol's tree; `a`, `b` and `c` pick the sets of weights, `a` the last set, too. */
export function decide(bit: i32, node: u32, a: i32, b: i32, c: i32): i32 {
  memory.fill(inputs, 0, STRIDE << 2);
  for (let i = 0; i < count; i++) {
    const slot = slotOf(hash(load<u32>(hashes + (i << 2)), node));
    store<u32>(seen + (i << 2), <u32> slot);
    const n = load<u16>(slot, 4);
    if (!n) continue;
    const p = load<f32>(slot);
    store<f32>(inputs + (i << 3), load<f32>(stretches + (<usize> (p * 4096) << 2)));
    store<f32>(inputs + (i << 3), (p - 0.5) * <f32> min(n, 30) * 0.25, 4);
  }
  store<f32>(inputs, 0.3, (STRIDE - 2) << 2);
  const wa = weights + <usize> (a * STRIDE << 2),
    wb = weights + <usize> (b * STRIDE << 2),
    wc = weights + <usize> (c * STRIDE << 2),
    wl = last + (a << 4);
  const most = f32x4.splat(12);
  const logits = f32x4.max(f32x4.min(f32x4(dot(wa), dot(wb), dot(wc), 0), most), f32x4.neg(most));
  const weighted = f32x4.mul(logits, v128.load(wl));
  let logit = f32x4.extract_lane(weighted, 0) + f32x4.extract_lane(weighted, 1) +
    f32x4.extract_lane(weighted, 2);
  if (!ENCODE) logit /= divisor;
  const p = squash(logit);
  bit = codeBit(bit, p);
  if (!learning()) return bit;
  const parts = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(logits))));
  learn(wa, <f32> bit - f32x4.extract_lane(parts, 0));
  learn(wb, <f32> bit - f32x4.extract_lane(parts, 1));
  learn(wc, <f32> bit - f32x4.extract_lane(parts, 2));
  v128.store(wl, f32x4.add(v128.load(wl), f32x4.mul(f32x4.splat((<f32> bit - p) * 0.006), logits)));
  for (let i = 0; i < count; i++) {
    const slot = <usize> load<u32>(seen + (i << 2)), n = load<u16>(slot, 4), before = load<f32>(slot);
    store<f32>(slot, before + (<f32> bit - before) / (<f32> n + 1.2));
    if (n < SPAN) store<u16>(slot, n + 1, 4);
  }
  return bit;
}

/** Encoder: the chance of a 1 that `decide` would code with; nothing is learnt, and no slot taken. */
export function chanceOf(node: u32, a: i32, b: i32, c: i32): f32 {
  memory.fill(inputs, 0, STRIDE << 2);
  for (let i = 0; i < count; i++) {
    const h = hash(load<u32>(hashes + (i << 2)), node), check = h >> 16;
    let slot = slots + ((h & mask) << 3);
    if (load<u16>(slot, 6) != check) slot ^= 8;
    const n = load<u16>(slot, 6) == check ? load<u16>(slot, 4) : 0;
    if (!n) continue;
    const p = load<f32>(slot);
    store<f32>(inputs + (i << 3), load<f32>(stretches + (<usize> (p * 4096) << 2)));
    store<f32>(inputs + (i << 3), (p - 0.5) * <f32> min(n, 30) * 0.25, 4);
  }
  store<f32>(inputs, 0.3, (STRIDE - 2) << 2);
  const most = f32x4.splat(12), wl = last + (a << 4), unit = STRIDE << 2;
  const logits = f32x4(dot(weights + a * unit), dot(weights + b * unit), dot(weights + c * unit), 0);
  return squash(sum4(f32x4.mul(f32x4.max(f32x4.min(logits, most), f32x4.neg(most)), v128.load(wl))));
}

/** Codes a bit that is 1 with probability `p`. */
export function codeBit(bit: i32, p: f32): i32 {
  const zero = min<u32>(max<u32>(<u32> ((<f32> 1 - p) * <f32> 65536), 1), 65535);
  return code(bit, zero);
}
