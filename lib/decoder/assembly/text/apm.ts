/**
 * Adaptive probability maps (secondary symbol estimation): under three contexts, what came of a probability like the
 * mixer's. A map has 33 points over the stretched probability; what it says is interpolated, and the nearer point moves.
 */
import { sigmoid } from "../math";
import { allocate } from "./block";
import { logit, probability } from "./mixer";

const MAPS = 3, POINTS = 33, CONTEXTS = 65536, RATE = 5;

let points: usize; // u16[MAPS][CONTEXTS][POINTS]
let nearest: usize; // u32[MAPS]

export function allocateRefinement(): void {
  points = allocate(MAPS * CONTEXTS * POINTS << 1);
  nearest = allocate(16);
}

export function openRefinement(): void {
  for (let j = 0; j < POINTS; j++) {
    const v = <u32> (sigmoid((<f32> j - 16) * <f32> 0.5) * 65535);
    for (let i = 0; i < MAPS * CONTEXTS; i++) store<u16>(points + (i * POINTS + j << 1), v);
  }
}

/** The mean of the mixer's probability and of the maps', whose contexts are below 2¹⁶. */
export function refine(a: u32, b: u32, c: u32): f32 {
  return (probability + point(0, a) + point(1, b) + point(2, c)) * <f32> 0.25;
}

function point(map: u32, context: u32): f32 {
  const x = max(min(logit, <f32> 7.999), <f32> -7.999) * 2 + 16, j = <u32> x, f = x - <f32> j;
  const p = points + (((map << 16) + context) * POINTS + j << 1);
  store<u32>(nearest + (map << 2), f > 0.5 ? p + 2 : p);
  return (<f32> load<u16>(p) * (1 - f) + <f32> load<u16>(p, 2) * f) * (<f32> 1 / 65536);
}

export function updateRefinement(bit: i32): void {
  for (let map = 0; map < MAPS; map++) {
    const p: usize = load<u32>(nearest + (map << 2)), v: u32 = load<u16>(p);
    store<u16>(p, bit ? v + ((65535 - v) >> RATE) : v - (v >> RATE));
  }
}
