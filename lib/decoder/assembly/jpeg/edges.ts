/**
 * Where blocks meet their samples are to be alike, which says what is missing of a coefficient (as in Lepton: Horn et al.
 * 2017). A row of coefficients is compared with the left block's, a column with that of the block above: sums of cosines, once
 * in the middle of the outermost samples, and once at the edge between them.
 */
import { allocate } from "../text/block";

/** Sums: of eight rows, of eight columns; and how far behind them those at the edge are. */
export const ROWS: usize = 0, COLUMNS: usize = 8, EDGE: usize = 64;

let cosines: usize; // f32[8] in the middle, f32[8] at the edge
let ends: usize; // f32[4][8], rows of the left block and columns of the one above as they end
let begins: usize; // f32[4][8], this block's as they begin, as far as it is known

export function allocateEdges(): void {
  cosines = allocate(64);
  ends = allocate(128);
  begins = allocate(128);
}

/** √2 cos (vπ/16), by 2 cos a cos b = cos (a + b) + cos (a − b). */
export function openEdges(): void {
  let before: f32 = 1.3870398, here: f32 = 1.4142135;
  for (let v = 0; v < 8; v++) {
    store<f32>(cosines + (v << 2), v ? here : 1);
    store<f32>(cosines + (v << 2), v ? 1.4142135 : 1, 32);
    const next = here * <f32> 1.9615705 - before;
    before = here;
    here = next;
  }
}

/** Begins a block between these two. */
export function meet(left: usize, above: usize, quanta: usize): void {
  memory.fill(begins, 0, 128);
  memory.fill(ends, 0, 128);
  for (let z: usize = 0; z < 64; z++) {
    const q = load<f32>(quanta + (z << 2)), u = z >> 3, v = z & 7;
    const l = <f32> load<i16>(left + (z << 1)) * q, a = <f32> load<i16>(above + (z << 1)) * q;
    add(ends, ROWS + u, v, v & 1 ? -l : l);
    add(ends, COLUMNS + v, u, u & 1 ? -a : a);
  }
}

/** Adds a coefficient of the block, times its quantum. */
export function know(z: usize, value: f32): void {
  add(begins, ROWS + (z >> 3), z & 7, value);
  add(begins, COLUMNS + (z & 7), z >> 3, value);
}

function add(sums: usize, sum: usize, frequency: usize, value: f32): void {
  const p = sums + (sum << 2), c = cosines + (frequency << 2);
  store<f32>(p, load<f32>(p) + value * load<f32>(c));
  store<f32>(p, load<f32>(p, 64) + value * load<f32>(c, 32), 64);
}

/** What a sum lacks, as a coefficient; `edge` is 0 or EDGE. */
export function lacking(sum: usize, frequency: usize, edge: usize, quantum: f32): f32 {
  const p = (sum << 2) + edge;
  const c = load<f32>(cosines + (frequency << 2) + (edge >> 1));
  return (load<f32>(ends + p) - load<f32>(begins + p)) / (quantum * c);
}
