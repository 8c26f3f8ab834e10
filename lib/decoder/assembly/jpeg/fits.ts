/** Two fits by least squares for each place in the block, of brightness and of colours: of a coefficient, and of its size. */
import { LeastSquares, openLeastSquares } from "../audio/least_squares";
import { openMemory } from "../audio/memory";
import { allocate } from "../text/block";

/** Inputs of the two. */
const VALUE = 8, SIZE = 16;
/** Fits in all; bytes that one takes at most. */
const FITS = 2 * 64 * 2, BYTES = 6144;

let fits: usize; // u32[FITS], addresses
let room: usize;
let inputs: usize; // f64[VALUE + 2], f64[SIZE + 2]
let next: usize; // input
let fit: usize; // those of the place

export function allocateFits(): void {
  fits = allocate(FITS << 2);
  inputs = allocate((VALUE + 2 + SIZE + 2) << 3);
  room = allocate(FITS * BYTES);
}

export function openFits(): void {
  openMemory(room);
  for (let i = 0; i < FITS; i++) {
    const made = openLeastSquares(i & 1 ? SIZE : VALUE, 16, 0.9995, 0.0005);
    store<usize>(fits + (i << 2), changetype<usize>(made));
  }
}

/** Begins with the inputs for a value. */
export function beginFits(place: usize): void {
  fit = fits + (place << 3);
  next = inputs;
}

export function give(input: f64): void {
  store<f64>(next, input);
  next += 8;
}

/** What the value is expected to be; inputs for its size follow. */
export function expectedValue(): f64 {
  next += 16;
  return changetype<LeastSquares>(load<usize>(fit)).predict(inputs);
}

export function expectedSize(): f64 {
  return changetype<LeastSquares>(load<usize>(fit, 4)).predict(inputs + ((VALUE + 2) << 3));
}

export function learnFits(value: f64, size: f64): void {
  changetype<LeastSquares>(load<usize>(fit)).learn(inputs, value);
  changetype<LeastSquares>(load<usize>(fit, 4)).learn(inputs + ((VALUE + 2) << 3), size);
}
