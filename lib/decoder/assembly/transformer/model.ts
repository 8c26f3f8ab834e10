/**
 * A transformer of the Llama architecture: its dimensions, where its weights lie, and the memory that it works in. All is
 * read from a block in memory, so that one module serves every size. `README.md` lists block and layout.
 */

export let vocabulary: i32;
export let width: i32;
export let layers: i32;
export let heads: i32;
/** Heads of keys and values; each serves heads / keyHeads queries. */
export let keyHeads: i32;
/** Of a head. */
export let headWidth: i32;
/** Width of the feed-forward layer. */
export let inner: i32;
/** Positions whose keys are kept, a multiple of 8: the first `sinks` of a window, and the latest. */
export let ring: i32;
export let sinks: i32;
export let epsilon: f32;
/** The most positions of a window, windows side by side, and rows of a step. */
export let positions: i32;
export let lanes: i32;
export let rows: i32;
/** Rows of queries, keys and values together. */
export let projected: i32;

let rotation: f64;
let first: usize; // of the weights
let layerBytes: usize;
let embeddingBytes: usize;
let tied: bool;

let top: usize;

/** Memory of so many bytes at an address that 64 divides. Nothing is freed. */
export function take(bytes: usize): usize {
  const taken = top;
  top = (top + bytes + 63) & ~63;
  return taken;
}

/** Address behind all that was taken. */
export function taken(): usize {
  return top;
}

/** Bytes of a matrix: rows of int8, and a scale for each. */
function matrixBytes(n: i32, k: i32): usize {
  return <usize> n * (k + 4);
}

export function openModel(block: usize): void {
  vocabulary = load<i32>(block);
  width = load<i32>(block, 4);
  layers = load<i32>(block, 8);
  heads = load<i32>(block, 12);
  keyHeads = load<i32>(block, 16);
  headWidth = load<i32>(block, 20);
  inner = load<i32>(block, 24);
  ring = load<i32>(block, 28);
  sinks = load<i32>(block, 32);
  tied = load<u32>(block, 36) != 0;
  rotation = load<f64>(block, 40);
  epsilon = load<f32>(block, 48);
  positions = load<i32>(block, 52);
  lanes = load<i32>(block, 56);
  rows = load<i32>(block, 60);
  first = load<u32>(block, 64);
  top = (<usize> load<u32>(block, 68) + 63) & ~63;
  projected = (heads + 2 * keyHeads) * headWidth;
  embeddingBytes = matrixBytes(vocabulary, width);
  layerBytes = downAt() + matrixBytes(width, inner);
}

/** Within a layer: the norm before attention, and behind it queries, keys and values. */
export function attentionNorm(layer: i32): usize {
  return first + embeddingBytes + <usize> layer * layerBytes;
}
export function projection(layer: i32): usize {
  return attentionNorm(layer) + 4 * width;
}
function outputAt(): usize {
  return 4 * width + matrixBytes(projected, width);
}
/** What makes one vector of the heads' results. */
export function joining(layer: i32): usize {
  return attentionNorm(layer) + outputAt();
}
function innerNormAt(): usize {
  return outputAt() + matrixBytes(width, heads * headWidth);
}
export function innerNorm(layer: i32): usize {
  return attentionNorm(layer) + innerNormAt();
}
/** Gate and, behind it, what it lets pass. */
export function gate(layer: i32): usize {
  return innerNorm(layer) + 4 * width;
}
function downAt(): usize {
  return innerNormAt() + 4 * width + matrixBytes(2 * inner, width);
}
export function down(layer: i32): usize {
  return attentionNorm(layer) + downAt();
}
/** Behind the last layer. */
export function finalNorm(): usize {
  return attentionNorm(layers);
}
export function embedding(): usize {
  return first;
}
/** A row for each token that may come: the embedding's where they are tied. */
export function output(): usize {
  return tied ? first : finalNorm() + 4 * width;
}

/** cos and sin, f32, of each position's angles: [positions, headWidth / 2]. */
export let cosines: usize;
export let sines: usize;

/** Angle i turns by rotation^i a position, each step by the one before: + and × alone, so the same on every engine. */
export function openAngles(): void {
  const half = headWidth >> 1;
  cosines = take(<usize> positions * half * 4);
  sines = take(<usize> positions * half * 4);
  let angle: f64 = 1;
  for (let i = 0; i < half; i++) {
    let cos: f64 = 0, sin: f64 = 0, term: f64 = 1;
    for (let k = 0; k < 24; k += 4) { // Taylor, for angles up to 1
      cos += term - term * angle * angle / <f64> ((k + 1) * (k + 2));
      term *= angle / <f64> (k + 1);
      sin += term - term * angle * angle / <f64> ((k + 2) * (k + 3));
      term *= angle * angle * angle / <f64> ((k + 2) * (k + 3) * (k + 4));
    }
    let c: f64 = 1, s: f64 = 0;
    for (let p = 0; p < positions; p++) {
      const at = <usize> (p * half + i) << 2;
      store<f32>(cosines + at, <f32> c);
      store<f32>(sines + at, <f32> s);
      const next = c * cos - s * sin;
      s = s * cos + c * sin;
      c = next;
    }
    angle *= rotation;
  }
}
