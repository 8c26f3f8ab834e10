/**
 * The plain model, for files so small that a decoder is most of them: orders 0 to 6, each a slot found by hash
 * without a check, and one layer of mixing. In place of the logarithm of the odds stands x = d / √(¼ − d²), d = p − ½,
 * and in place of the logistic function its inverse, p = ½ + ½ x / √(1 + x²): square roots are instructions.
 */
import { allocate, clear, size } from "./block";
import { last, partial } from "./history";
import { divisor } from "./temperature";

const INPUTS = 7;

// for each input 16 bytes: its weight, address of the slot in use, x; behind them slots, f32 d and f32 count, 2^size of
// them
let inputs: usize;
let before: u64; // the last seven bytes, the latest at bit 8
let probability: f32;

const SLOTS = INPUTS << 4;
const RATE: f32 = 0.005;

export function allocateModel(): void {
  inputs = allocate((8 << size()) + SLOTS);
}

export function openModel(): void {
  clear();
  for (let i = 0; i < INPUTS; i++) store<f32>(inputs + (i << 4), 0.25);
  before = 0;
}

/** Takes account of the last byte. */
export function renewContexts(): void {
  before = (before | (last & 255)) << 8;
}

/** A hash, in the upper bits. */
export function mixed(context: u64): u64 {
  return context * 0x9e3779b97f4a7c15;
}

/** The probability of a 1. */
export function predict(): f32 {
  let x: f32 = 0;
  for (let i = 0; i < INPUTS; i++) {
    const context = before << (56 - 8 * i), input = inputs + (i << 4);
    const slot = inputs + SLOTS + (<usize> (mixed(mixed(context + i) ^ partial) >> (64 - size())) << 3);
    const d = load<f32>(slot), stretched = d / sqrt<f32>(<f32> 0.2505 - d * d);
    store<u32>(input, slot, 4);
    store<f32>(input, stretched, 8);
    x += stretched * load<f32>(input);
  }
  if (!ENCODE) x /= divisor;
  probability = <f32> 0.5 + <f32> 0.5 * x / sqrt<f32>(1 + x * x);
  return probability;
}

export function learn(bit: i32): void {
  for (let i = 0; i < INPUTS; i++) {
    const input = inputs + (i << 4),
      slot: usize = load<u32>(input, 4),
      d = load<f32>(slot),
      n = load<f32>(slot, 4);
    store<f32>(slot, d + (<f32> bit - <f32> 0.5 - d) / (n + <f32> 1.5));
    store<f32>(slot, n + 1, 4);
    store<f32>(input, load<f32>(input) + (<f32> bit - probability) * RATE * load<f32>(input, 8));
  }
}
