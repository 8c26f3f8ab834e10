/**
 * The model for small files that repeat themselves: the plain one, and three things more. A place is followed where the
 * last three bytes were the same as here, as long as its bytes are those that come: the byte there, and for how many it was
 * right, are the context in order 0's stead. Another context is the word so far, or of records the place in it and the
 * byte above. And a weight is the sum of two: of a set that this length chooses, and of one by the bits that are known.
 */
import { allocate, clear, record, size } from "./block";
import { at, item, last, partial } from "./history";
import { mixed } from "./plain";
import { divisor } from "./temperature";

// Offsets: an input has 16 bytes, as in the plain model; a set has 8 of them, of which those by known bits have the weight
// alone. Then come slots.
const INPUTS = 8 << 4, BY_BITS = 16 * INPUTS, SLOTS = BY_BITS + 256 * INPUTS;
/** Binary logarithm of the places that are kept, u32 each, by hash of three bytes. */
const PLACES = 18;

const RATE: f32 = 0.004;
/** A slot's step is 1 / (count + FIRST), and its count at most LIMIT. */
const FIRST: f32 = 1.2, LIMIT: f32 = 30;

let inputs: usize;
let places: usize;
let before: u64; // the last seven bytes, the latest at bit 8
let place: usize; // of the byte that is expected
let expected: u32; // that byte, and in the lower four bits for how many it was right; 0: there is none
let word: u32;
let more: u32; // the other context
let set: usize; // inputs in use
let probability: f32;

export function allocateModel(): void {
  inputs = allocate((8 << size()) + SLOTS);
  places = allocate(4 << PLACES);
}

export function openModel(): void {
  clear();
  for (let i = 0; i < SLOTS; i += 16) store<f32>(inputs + i, 0.125);
  before = 0;
  expected = 0;
}

/** Takes account of the last byte. */
export function renewContexts(): void {
  const c = last & 255;
  before = (before | c) << 8;
  const entry = places + (<usize> (mixed(before << 32) >> (64 - PLACES)) << 2);
  word = c > 64 ? (word + c) * 0x2f0b5 : 0;
  const length = record();
  // in front of the first item there are zeros
  more = length ? <u32> (at - item) % length << 8 | load<u8>(at - length) : word;
  let right = expected & 15;
  if (right && expected >> 8 == c) {
    place++;
    right += u32(right < 15);
  } else {
    place = load<u32>(entry);
    right = u32(place != 0);
  }
  store<u32>(entry, at);
  expected = load<u8>(place) << 8 | right;
}

/** The probability of a 1. */
export function predict(): f32 {
  let x: f32 = 0;
  set = inputs + (expected & 15) * INPUTS;
  for (let i = 0; i < INPUTS; i += 16) {
    const context: u64 = i ? i == INPUTS - 16 ? more : before << (56 - (i >> 1)) : expected, input = set + i;
    const slot = inputs + SLOTS + (<usize> (mixed(mixed(context + i) ^ partial) >> (64 - size())) << 3);
    const d = load<f32>(slot), stretched = d / sqrt<f32>(<f32> 0.252 - d * d);
    store<u32>(input, slot, 4);
    store<f32>(input, stretched, 8);
    x += stretched * (load<f32>(input) + load<f32>(inputs + BY_BITS + partial * INPUTS + i));
  }
  if (!ENCODE) x /= divisor;
  probability = <f32> 0.5 + <f32> 0.5 * x / sqrt<f32>(1 + x * x);
  return probability;
}

export function learn(bit: i32): void {
  for (let i = 0; i < INPUTS; i += 16) {
    const input = set + i,
      other = inputs + BY_BITS + partial * INPUTS + i,
      slot: usize = load<u32>(input, 4),
      d = load<f32>(slot),
      n = load<f32>(slot, 4),
      step = (<f32> bit - probability) * RATE * load<f32>(input, 8);
    store<f32>(slot, d + (<f32> bit - <f32> 0.5 - d) / (n + FIRST));
    store<f32>(slot, min(n + 1, LIMIT), 4);
    store<f32>(input, load<f32>(input) + step);
    store<f32>(other, load<f32>(other) + step);
  }
}
